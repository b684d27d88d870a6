// Text put into a field so that the browser's own undo takes it out again.

export function instead(field, text) {
  field.focus();
  field.select();
  if (!document.execCommand("insertText", false, text) || field.value !== text) field.value = text;
}

export function within(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) field.setRangeText(text, start, end, "end");
}

// What stands before and after decides whether a space is needed: a word never runs into its neighbour.
export function atCursor(field, text) {
  field.focus();
  const { selectionStart: start, selectionEnd: end, value } = field;
  const joins = (one, other) => /[\p{L}\p{N}]$|[,;:.!?)»”’]$/u.test(one) && /^[\p{L}\p{N}(«“‘]/u.test(other);
  const before = joins(value.slice(0, start), text) ? " " : "";
  const after = joins(text, value.slice(end)) ? " " : "";
  const whole = before + text + after;
  if (!document.execCommand("insertText", false, whole)) field.setRangeText(whole, start, end, "end");
}
