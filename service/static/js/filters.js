// Which segments are shown: one of the filters, and what the form beside the list asks for.
import { plain as withoutCodes } from "./codes.js";
import { t } from "./speech.js";

export const TODO = new Set(["untranslated", "pretranslated", "draft", "rejected"]);

export const FILTERS = {
  all: () => true,
  todo: (segment) => ["untranslated", "pretranslated", "draft"].includes(segment.state),
  fuzzy: (segment) => TODO.has(segment.state) && segment.rate !== null && segment.rate < 100,
  review: (segment) => segment.state === "translated",
  rejected: (segment) => segment.state === "rejected",
  edited: (segment) => segment.state === "translated" && segment.inserted !== null && segment.distance > 0,
  unedited: (segment) => segment.state === "translated" && segment.inserted !== null && segment.inserted < 100 && segment.distance === 0,
  found: (segment) => Boolean(segment.found?.[0] || segment.found?.[1]),
  since: (segment) => segment.changed,
  talked: (segment) => segment.comments > 0,
};

const PAUSE = 120; // milliseconds after the last key in the field for text
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’ʼ]/g, "'").replace(/\s+/g, " ").toLowerCase();

function bandOf({ rate }) {
  if (rate === null || rate < 50) return "none";
  if (rate >= 101) return "101–102";
  return ["100", "95–99", "85–94", "75–84", "50–74"].find((band) => rate >= Number(band.split("–")[0]));
}

export class Filters {
  constructor(editor) {
    this.editor = editor;
    this.name = "all";
    this.form = editor.slot("narrowing");
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-filter]");
      if (button) this.choose(button.dataset.filter);
    });
    this.form.addEventListener("change", () => this.apply());
    this.form.addEventListener("input", (event) => { if (event.target.name === "text") this.soon(); });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.apply(); });
    this.form.addEventListener("keydown", (event) => { if (event.key === "Escape") editor.field?.focus(); });
    editor.root.addEventListener("click", (event) => {
      if (event.target.closest('[data-act="show-all"]')) this.clear();
    });
  }

  get acts() {
    return { "find-text": () => { this.editor.outline.unfold(); this.form.elements.text.focus(); this.form.elements.text.select(); } };
  }

  get buttons() { return this.form.querySelectorAll("[data-filter]"); }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply(), PAUSE);
  }

  choose(name) {
    this.name = name;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.filter === name));
    this.apply();
  }

  clear() {
    this.form.reset();
    this.choose("all");
  }

  // What is asked for now, as a question to a segment.
  get wanted() {
    const { text, state, band, role } = Object.fromEntries(new FormData(this.form));
    const letters = plain(text.trim());
    const asked = [FILTERS[this.name]];
    if (state) asked.push((segment) => segment.state === state);
    if (band) asked.push((segment) => bandOf(segment) === band);
    if (role) asked.push((segment) => segment.role === role);
    if (letters) asked.push((segment) => plain(withoutCodes(segment.source)).includes(letters) || plain(withoutCodes(segment.text)).includes(letters));
    this.narrowed = asked.length > 1 || this.name !== "all";
    return (segment) => asked.every((one) => one(segment));
  }

  apply() {
    clearTimeout(this.timer);
    const { editor, wanted } = this;
    let count = 0;
    for (const segment of editor.order) {
      const yes = wanted(segment);
      segment.row.hidden = !yes;
      count += yes;
    }
    for (const block of editor.root.querySelectorAll(".block")) block.hidden = !block.querySelector("li.segment:not([hidden])");
    for (const stretch of editor.root.querySelectorAll(".stretch")) stretch.hidden = !stretch.querySelector(".block:not([hidden])");
    editor.slot("none").hidden = count > 0 || !editor.order.length;
    this.form.querySelector('[data-act="show-all"]').hidden = !this.narrowed;
    editor.slot("narrowed").textContent = this.narrowed ? t("{0} of {1} shown", count, editor.order.length) : "";
    const first = editor.order.find((segment) => editor.shown(segment));
    if (first && (!editor.active || !editor.shown(editor.active))) editor.open(first, { focus: !this.form.contains(document.activeElement) });
  }

  counted() {
    for (const button of this.buttons) {
      button.querySelector("[data-count]").textContent = this.editor.order.filter(FILTERS[button.dataset.filter]).length;
    }
  }
}
