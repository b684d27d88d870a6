// Which segments are shown.
export const TODO = new Set(["untranslated", "pretranslated", "draft", "rejected"]);

export const FILTERS = {
  all: () => true,
  todo: (segment) => ["untranslated", "pretranslated", "draft"].includes(segment.state),
  fuzzy: (segment) => TODO.has(segment.state) && segment.rate !== null && segment.rate < 100,
  review: (segment) => segment.state === "translated",
  rejected: (segment) => segment.state === "rejected",
};

export class Filters {
  constructor(editor) {
    this.editor = editor;
    this.name = "all";
    editor.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-filter]");
      if (button) this.choose(button.dataset.filter);
    });
  }

  get buttons() { return this.editor.root.querySelectorAll("[data-filter]"); }

  choose(name) {
    const { editor } = this;
    this.name = name;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.filter === name));
    for (const segment of editor.order) segment.row.hidden = !FILTERS[name](segment);
    for (const block of editor.root.querySelectorAll(".block")) block.hidden = !block.querySelector("li.segment:not([hidden])");
    const first = editor.order.find((segment) => editor.shown(segment));
    editor.slot("none").hidden = Boolean(first);
    if (first && (!editor.active || !editor.shown(editor.active))) editor.open(first);
  }

  counted() {
    for (const button of this.buttons) {
      button.querySelector("[data-count]").textContent = this.editor.order.filter(FILTERS[button.dataset.filter]).length;
    }
  }
}
