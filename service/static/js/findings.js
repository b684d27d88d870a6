// What a second reader would find in the open text: told as one types, shown in the field, mended by a key.
import { parsed } from "./http.js";
import { within } from "./insert.js";

export class Findings {
  constructor(editor) {
    this.editor = editor;
    this.said = "";
  }

  get acts() {
    return { "next-finding": () => this.next(), mend: (button) => this.mend(button), "show-finding": (button) => this.show(button) };
  }

  // That of the open segment: until its panel has come, the one before it still stands there.
  get section() {
    const { active, panel } = this.editor;
    return panel.element.querySelector(`.panel-of[data-for="${active?.id}"] [data-slot="findings"]`);
  }

  // The findings of a text that the server has just been sent.
  found(segment, answer) {
    const fresh = parsed(answer.findings).firstElementChild;
    this.editor.panel.forget(segment);
    if (this.editor.active !== segment || !this.section) return;
    this.section.replaceWith(fresh);
    this.tell();
  }

  // Said aloud when it is something new, and not at every key.
  tell() {
    const messages = [...this.section.querySelectorAll(".finding bdi")].map((one) => one.textContent);
    const words = messages.length ? `${messages.length} ${messages.length === 1 ? "finding" : "findings"}: ${messages[0]}`
      : this.said && "No findings are left.";
    if (words !== this.said) this.editor.slot("findings-said").textContent = words;
    this.said = messages.length ? words : "";
  }

  // From one finding that has a place to the next, round again.
  next() {
    const shown = [...this.section?.querySelectorAll('[data-act="show-finding"]') ?? []];
    if (!shown.length) return this.editor.say("told", "No finding has a place in this text.");
    this.at = this.at === undefined || this.at + 1 >= shown.length ? 0 : this.at + 1;
    this.show(shown[this.at]);
    this.editor.say("told", `Finding ${this.at + 1} of ${shown.length}.`);
  }

  opened() { this.at = undefined; }

  show(button) {
    const { field } = this.editor;
    field.focus();
    field.setSelectionRange(Number(button.dataset.start), Number(button.dataset.end));
  }

  // The one whose button was pressed, or the first that can be mended.
  mend(pressed) {
    const button = pressed ?? this.section?.querySelector('[data-act="mend"]');
    const { field, bar } = this.editor;
    if (field.readOnly) return;
    if (!button) return bar.say("told", "There is nothing here that one key can mend.");
    const { start, end, old, new: text } = button.dataset;
    // the finding is of the text as it was sent: what was typed since may have moved its place
    if (field.value.slice(Number(start), Number(end)) !== old) return bar.say("told", "The text has just changed: in a moment.");
    within(field, Number(start), Number(end), text);
    this.editor.typed();
    this.editor.saving.keep(this.editor.active);
  }
}
