// Acts on the text of the open field: case, a no-break space, and texts that stood here before, also before the last save.
import { instead, within } from "./insert.js";
import { t } from "./speech.js";

const NBSP = "\u00a0";
const small = (text) => text.toLowerCase();
const first = (text) => small(text).replace(/(^|[\s\u00a0(«“"'’-])(\p{L})/gu, (all, before, letter) => before + letter.toUpperCase());
const large = (text) => text.toUpperCase();

export class Texts {
  constructor(editor) {
    this.editor = editor;
  }

  get acts() {
    return {
      clear: () => this.editor.put(""),
      case: () => this.change(),
      "no-break-space": () => this.change(() => NBSP, false),
      older: () => this.go(1),
      newer: () => this.go(-1),
    };
  }

  opened() { this.forget(); }
  forget() { this.texts = null; }

  // The marked text, or the word that the cursor is in.
  get range() {
    const { selectionStart: start, selectionEnd: end, value } = this.editor.field;
    if (start !== end) return [start, end];
    const before = /[\p{L}\p{N}’'-]*$/u.exec(value.slice(0, start))[0].length;
    const after = /^[\p{L}\p{N}’'-]*/u.exec(value.slice(end))[0].length;
    return [start - before, end + after];
  }

  change(how = null, words = true) {
    const { field } = this.editor;
    if (field.readOnly) return;
    const [start, end] = words ? this.range : [field.selectionStart, field.selectionEnd];
    const text = field.value.slice(start, end);
    if (words && !text) return;
    const fresh = how ? how(text) : this.next(text);
    within(field, start, end, fresh);
    if (words) field.setSelectionRange(start, start + fresh.length);
    this.editor.typed();
  }

  next(text) {
    if (text === small(text)) return first(text);
    return text === first(text) && text !== large(text) ? large(text) : small(text);
  }

  // The texts that stood here, the newest first: what is in the field, then what the history has.
  go(by) {
    const { editor } = this;
    if (editor.field.readOnly) return;
    if (!this.texts || editor.field.value !== this.texts[this.at]) {
      const history = [...editor.panel.element.querySelectorAll(`.panel-of[data-for="${editor.active.id}"] [aria-labelledby="history-of"] [data-act="reuse"]`)];
      this.texts = [editor.field.value, ...history.map((button) => button.dataset.text)].filter((text, at, all) => all.indexOf(text) === at);
      this.at = 0;
    }
    const wanted = this.at + by;
    if (!(wanted in this.texts)) return editor.say("told", by > 0 ? t("There is no older text.") : t("There is no later text."));
    this.at = wanted;
    const { texts } = this;
    instead(editor.field, texts[wanted]);
    Object.assign(editor.active, { proposal: null, repaired: false });
    editor.typed();
    editor.say("told", t("Text {0} of {1}, the newest first.", wanted + 1, texts.length));
  }
}
