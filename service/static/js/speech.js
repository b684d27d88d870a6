// What scripts say, in the language of the page: English as it is written, or what the page brought along for it.
const brought = document.getElementById("words");
const WORDS = brought ? JSON.parse(brought.textContent) : {};
export const LANGUAGE = document.documentElement.lang || "en";
const single = LANGUAGE === "fr" ? (n) => n < 2 : (n) => n === 1;

// A sentence; `{0}` stands for the first value.
export function t(text, ...values) {
  const said = [WORDS[text] ?? text].flat()[0];
  return said.replace(/\{(\d)\}/g, (_, place) => values[place]);
}

// A number with its noun.
export function counted(n, one, many = `${one}s`) {
  const [alone, several] = WORDS[one] instanceof Array ? WORDS[one] : [one, many];
  return `${n.toLocaleString(LANGUAGE)} ${single(n) ? alone : several}`;
}
