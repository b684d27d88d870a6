// Inline codes of the open segment: one character each, put in by a key or a click, and marked where one is missing.
import { within } from "./insert.js";
import { t } from "./speech.js";

export const CODE = /[\ue100-\ue6ff]/gu;
export const plain = (text) => text.replace(CODE, "");
const count = (text, mark) => text.split(mark).length - 1;

export class Codes {
  constructor(editor) {
    this.editor = editor;
    editor.root.addEventListener("input", (event) => { if (event.target === editor.field) this.mark(); });
  }

  get acts() { return { "insert-code": (button) => this.insert(button?.dataset.marks) }; }

  get list() {
    const { active, panel } = this.editor;
    return [...panel.element.querySelectorAll(`.panel-of[data-for="${active?.id}"] [data-slot="codes"] li`)];
  }

  // The codes of the source that the text has not, in the order of the source; a pair of which nothing is there is one.
  get missing() {
    const { active, field } = this.editor;
    const marks = [...new Set(active.source.match(CODE) ?? [])].filter((mark) => count(field.value, mark) < count(active.source, mark));
    return marks.map((mark) => {
      const partner = String.fromCharCode(mark.charCodeAt(0) + 0x200);
      return mark < "\ue300" && marks.includes(partner) ? mark + partner : mark;
    });
  }

  insert(wanted) {
    const { field } = this.editor;
    if (field.readOnly) return;
    const marks = wanted ?? this.missing[0];
    if (!marks) return this.editor.say("told", this.editor.active.source.match(CODE) ? t("All codes are there.") : t("This segment has no codes."));
    const { selectionStart: start, selectionEnd: end, value } = field;
    const [first, last = ""] = [...marks];
    const marked = last ? value.slice(start, end) : "";
    within(field, start, last ? end : start, first + marked + last);
    const inside = start + 1 + marked.length;
    field.setSelectionRange(marked ? inside + 1 : inside, marked ? inside + 1 : inside);
    this.editor.typed();
    this.mark();
  }

  panelled() { this.mark(); }
  changed() { this.mark(); }

  mark() {
    const { active, field } = this.editor;
    if (!active || !field) return;
    for (const item of this.list) {
      const there = [...item.querySelector("button").dataset.marks].every((mark) => field.value.includes(mark));
      const said = item.querySelector(".there");
      said.textContent = there ? said.dataset.there : said.dataset.missing;
      item.classList.toggle("missing", !there);
    }
  }
}
