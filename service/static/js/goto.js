// To a segment by its number.
export class GoTo {
  constructor(editor) {
    this.editor = editor;
    this.form = editor.slot("goto");
    this.form.addEventListener("submit", (event) => this.go(event));
    this.form.addEventListener("keydown", (event) => { if (event.key === "Escape") editor.field?.focus(); });
  }

  get acts() {
    return { "go-to": () => { this.form.elements.position.focus(); this.form.elements.position.select(); } };
  }

  go(event) {
    event.preventDefault();
    const { editor } = this;
    const position = Number(this.form.elements.position.value);
    const found = editor.order.find((segment) => segment.position === position);
    if (!found) return editor.say("told", `There is no segment ${position}.`);
    if (!editor.shown(found)) editor.filters.choose("all");
    editor.open(found);
  }
}
