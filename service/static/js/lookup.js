// From the editor to the concordance: the marked words, looked up in a tab of their own, always the same one.

export function lookUp(field) {
  const typed = document.activeElement === field ? field.value.slice(field.selectionStart, field.selectionEnd) : "";
  const marked = getSelection();
  const words = (typed || marked.toString()).trim().replace(/\s+/g, " ").slice(0, 500);
  const written = marked.anchorNode?.parentElement?.closest("[lang]")?.lang;
  const language = typed || written === "en" ? "en" : "fr";
  open(words ? `/memory?${new URLSearchParams({ phrase: words, language })}` : "/memory", "passerelle-concordance");
}
