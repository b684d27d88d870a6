// What opens inside a bead: the form to edit its texts, and the choice of where to split it.
import { t } from "./speech.js";

const textOf = (row, side) => (row.querySelector(`.${side} .told`) ?? row.querySelector(`.${side} .pieces`)).textContent;

export class EditForm {
  // `kept`: what was typed into this bead before and is not saved yet.
  constructor(template, row, kept) {
    this.element = template.content.firstElementChild.cloneNode(true);
    [this.source, this.target] = this.element.querySelectorAll("textarea");
    this.before = { source: textOf(row, "french"), target: textOf(row, "english") };
    Object.assign(this, { row });
    this.source.value = kept?.source ?? this.before.source;
    this.target.value = kept?.target ?? this.before.target;
    for (const field of [this.source, this.target]) field.addEventListener("input", () => this.fit(field));
  }

  open() {
    for (const field of [this.source, this.target]) this.fit(field);
    this.target.focus();
  }

  fit(field) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  }

  get values() { return { source: this.source.value, target: this.target.value }; }
  get changed() { return this.source.value !== this.before.source || this.target.value !== this.before.target; }
}

export class Split {
  constructor(template, row) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.pieces = { fr: [...row.querySelectorAll(".french .piece")], en: [...row.querySelectorAll(".english .piece")] };
    this.cut = { fr: Math.ceil(this.pieces.fr.length / 2), en: Math.ceil(this.pieces.en.length / 2) };
    if (!this.possible(this.cut)) this.cut.en = 0;
    if (!this.possible(this.cut)) this.cut.fr = 0;
    this.edited = row.querySelector(".told") !== null;
  }

  get size() { return this.pieces.fr.length + this.pieces.en.length; }

  possible({ fr, en }) { return fr + en > 0 && fr + en < this.size; }

  // Both parts need a segment: a cut that would leave one without is not moved to.
  move(side, by) {
    const next = { ...this.cut, [side]: this.cut[side] + by };
    if (next[side] < 0 || next[side] > this.pieces[side].length || !this.possible(next)) return;
    this.cut = next;
    this.draw();
  }

  draw() {
    for (const [side, pieces] of Object.entries(this.pieces)) {
      pieces.forEach((piece, at) => piece.classList.toggle("second", at >= this.cut[side]));
    }
    const { fr, en } = this.cut;
    const rest = [this.pieces.fr.length - fr, this.pieces.en.length - en];
    const words = t("The first bead takes {0} French and {1} English, the second {2} French and {3} English.", fr, en, ...rest);
    this.words = this.edited ? `${words} ${t("The edited text will be gone.")}` : words;
    this.element.querySelector('[data-slot="split-words"]').textContent = this.words;
  }

  clear() {
    for (const piece of [...this.pieces.fr, ...this.pieces.en]) piece.classList.remove("second");
  }
}
