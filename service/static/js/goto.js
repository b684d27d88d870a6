// To a segment by its number.
import { t } from "./speech.js";

export class GoTo {
  constructor(editor) {
    this.editor = editor;
    this.form = editor.slot("goto");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.open(Number(this.form.elements.position.value));
    });
    this.form.addEventListener("keydown", (event) => { if (event.key === "Escape") editor.field?.focus(); });
  }

  get acts() {
    return {
      "go-to": () => { this.form.elements.position.focus(); this.form.elements.position.select(); },
      "copy-link": () => this.copyLink(),
    };
  }

  // The lasting address of the open segment; where a page may not write to the clipboard, it is shown to be copied.
  async copyLink() {
    const { editor } = this;
    const address = `${location.origin}/segments/${editor.active.id}`;
    try {
      await navigator.clipboard.writeText(address);
      editor.say("told", t("The address of segment {0} is copied.", editor.active.position));
    } catch {
      editor.say("told", address);
    }
  }

  open(position) {
    const { editor } = this;
    const found = editor.order.find((segment) => segment.position === position);
    if (!found) return editor.say("told", t("There is no segment {0}.", position));
    if (!editor.shown(found)) editor.filters.clear();
    editor.open(found);
  }
}
