// Matches and other ready-made texts, put into the open segment.
import { atCursor, instead } from "./insert.js";
import { t } from "./speech.js";

export class Matches {
  constructor(editor) {
    this.editor = editor;
  }

  get acts() {
    const { editor } = this;
    return {
      copy: () => this.put(editor.active.source, null),
      insert: (button, rank) => this.insert(rank),
      "insert-repaired": (button, rank) => this.insert(rank, true),
      "insert-fragment": (button, rank) => this.insert(rank),
      "match-down": () => this.choose(this.chosen + 1),
      "match-up": () => this.choose(this.chosen - 1),
      "select-match": (button, rank) => this.choose(rank),
      "insert-chosen": () => this.insert(this.chosen),
      "insert-at-cursor": () => this.addChosen(),
      reuse: (button) => this.put(button.dataset.text, null),
    };
  }

  opened() { this.chosen = 1; }

  panelled() { this.mark(); }

  get cards() { return [...this.editor.panel.element.querySelectorAll(".proposal, .fragment")]; }

  // The chosen match is the one that is inserted by a key without a number.
  choose(rank) {
    const { cards } = this;
    if (rank < 1 || rank > cards.length) return this.editor.say("told", cards.length ? t("There is no match {0} here.", rank) : t("There is no match here."));
    this.chosen = rank;
    this.mark();
    cards[rank - 1].scrollIntoView({ block: "nearest" });
    this.editor.say("told", t("Match {0} of {1} chosen.", rank, cards.length));
  }

  mark() {
    this.cards.forEach((card, at) => card.classList.toggle("chosen", at + 1 === this.chosen));
  }

  addChosen() {
    const text = this.cards[this.chosen - 1]?.dataset.text;
    if (text) this.add(text);
  }

  put(text, proposal, repaired = false) {
    const { active: segment, field } = this.editor;
    if (!segment || field.readOnly) return;
    instead(field, text);
    Object.assign(segment, { proposal, repaired });
    this.editor.typed();
  }

  add(text) {
    if (this.editor.field.readOnly) return;
    atCursor(this.editor.field, text);
    this.editor.typed();
  }

  // A match takes the place of the text; where there are none, what is known of a part goes in where the cursor is.
  insert(rank, repaired = false) {
    const { active, panel } = this.editor;
    const here = panel.current === active;
    const card = here && panel.proposal(rank);
    const part = here && panel.fragment(rank);
    const mended = repaired ? card?.dataset?.repaired : undefined;
    if (card) this.put(mended ?? card.dataset.text, rank, mended !== undefined);
    else if (part?.dataset.text) this.add(part.dataset.text);
    else this.editor.say("told", t("There is no match {0} here.", rank));
  }
}
