// Keys of the review page to acts. Letters go by their name; they count while nobody types in a field.
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const PLAIN = {
  j: "next", ArrowDown: "next", k: "previous", ArrowUp: "previous", n: "next-doubtful", N: "previous-doubtful",
  a: "accept", x: "reject", e: "edit", m: "merge", s: "split", u: "undo", r: "realign", b: "back", q: "queue", "?": "help",
  f: "french-down", F: "french-up", g: "english-down", G: "english-up",
};
const SPLITTING = { Enter: "save-split", Escape: "leave", ArrowUp: "cut-fr-up", ArrowDown: "cut-fr-down" };
const SHIFTED = { ArrowUp: "cut-en-up", ArrowDown: "cut-en-down" };

export function beadActOf(event, mode) {
  const ctrl = mac ? event.metaKey || event.ctrlKey : event.ctrlKey;
  const { altKey: alt, shiftKey: shift, key, target } = event;
  if (event.isComposing) return null;
  if (mode === "edit" && target.closest("textarea")) {
    return key === "Escape" ? "leave" : key === "Enter" && ctrl ? "save-edit" : null;
  }
  if (target.closest("input, textarea, select")) return null;
  if (ctrl && !alt && !shift && key.toLowerCase() === "z") return mode ? null : "undo";
  if (ctrl || alt || event.metaKey) return null;
  if (mode === "edit") return key === "Escape" ? "leave" : null;
  const onControl = target.closest("button, a, summary");
  if (mode === "split") {
    if (key === "Enter" && onControl) return null;
    return (shift ? SHIFTED[key] : SPLITTING[key]) ?? null;
  }
  if (key === "Enter") return onControl || shift ? null : "accept";
  return PLAIN[key] ?? null;
}
