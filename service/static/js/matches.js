// Matches and other ready-made texts, put into the open segment.
import { atCursor, instead } from "./insert.js";

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
      reuse: (button) => this.put(button.dataset.text, null),
    };
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
    else this.editor.say("told", `There is no match ${rank} here.`);
  }
}
