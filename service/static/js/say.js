// What scripts say, in the language of the page: the texts stand here in English, the others come from the server.
const language = document.documentElement.lang || "en";
const catalogue = language === "en" ? {} : await import(`/words/${language}.js`).then((found) => found.default, () => ({}));
const forms = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => {
  const value = values[name];
  return typeof value === "number" ? figures.format(value) : value ?? all;
});

// A text; `{name}` stands for a value.
export const t = (text, values = {}) => filled(catalogue[text] ?? text, values);

// The form of a text that goes with a number, which is its value `{n}`.
export function tn(one, many, n, values = {}) {
  const [singular, plural] = catalogue[one] ?? [one, many];
  return filled(forms.select(n) === "one" ? singular : plural, { n, ...values });
}
