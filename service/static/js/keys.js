// Keys to acts. Digits go by their place on the keyboard, because on a French one they need Shift; letters by their name.
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

export function actOf(event) {
  const ctrl = mac ? event.metaKey || event.ctrlKey : event.ctrlKey;
  const { altKey: alt, shiftKey: shift, key, code } = event;
  if (event.isComposing) return null;
  if (key === "F3" && !ctrl && !alt && !shift) return ["look-up"];
  if (ctrl && !alt) {
    if (key === "Enter") return [shift ? "confirm-todo" : "confirm"];
    if (!shift && key === "ArrowDown") return ["next"];
    if (!shift && key === "ArrowUp") return ["previous"];
    if (!shift && (key === "Insert" || key.toLowerCase() === "i")) return ["copy"];
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
    if (digit) return [shift ? "insert-repaired" : "insert", Number(digit[1])];
  }
  if (alt && !ctrl && !shift) {
    const letter = mac ? code.replace("Key", "").toLowerCase() : key.toLowerCase();
    const act = { a: "approve", r: "send-back", h: "help", k: "look-up", m: "mend" }[letter];
    if (act) return [act];
  }
  if (key === "?" && !ctrl && !alt && !event.target.closest("input, textarea, select, dialog")) return ["help"];
  return null;
}
