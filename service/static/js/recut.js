// Rows that come and go because segments were split or merged, here or by a colleague. What was typed into a segment that
// gave way goes on in the one that has its source now.
import { Refusal, send } from "./http.js";
import { Segment } from "./segments.js";
import { t } from "./speech.js";

// The text of a segment without the typed text, or its beginning, which the server may have had before the cut and handed
// over: it comes once more, whole.
function without({ draftAt, text }, typed) {
  const wanted = typed.trim();
  const there = text.trimEnd();
  for (let size = draftAt ? wanted.length : 0; size > 0 && size >= wanted.length / 2; size -= 1) {
    if (` ${there}`.endsWith(` ${wanted.slice(0, size)}`)) return there.slice(0, there.length - size);
  }
  return text;
}

export class Recut {
  constructor(editor) { this.editor = editor; }

  // `ids` are the segments of the release in their order now, `rows` the rows of those that this page does not have yet.
  take(ids, rows) {
    const { editor } = this;
    const stay = new Set(ids);
    let heir = null;
    for (const segment of editor.order) {
      if (stay.has(segment.id)) heir = segment;
      else this.giveWay(segment, heir);
    }
    this.place(ids, new Map(rows.map((row) => [row.dataset.id, row])));
    editor.order = ids.map((id) => editor.byId.get(id)).filter(Boolean);
    editor.order.forEach((segment, index) => this.renumber(segment, index + 1));
    editor.tell("recut");
    editor.counted();
    if (!editor.active && heir) editor.open(this.heir ?? heir);
    this.heir = null;
  }

  giveWay(segment, heir) {
    const { editor } = this;
    const { text, base, dirty } = segment;
    clearTimeout(segment.timer);
    segment.text = segment.kept = segment.target; // nothing is sent for it any more
    if (segment === editor.active) {
      editor.close();
      this.heir = heir;
      editor.say("told", t("Segment {0} was merged into segment {1}.", segment.position, heir.position));
    }
    segment.row.remove();
    editor.byId.delete(segment.id);
    editor.panel.forget(segment);
    editor.kept.arrived(segment);
    if (dirty) this.inherit(heir, text, base);
  }

  // The text goes in the place of the one that it was typed over, which stands at the end of the merged text.
  inherit(heir, text, base) {
    const { editor } = this;
    const before = base && heir.text.endsWith(base) ? heir.text.slice(0, -base.length) : heir.text;
    heir.text = [before.trimEnd(), text.trimStart()].filter(Boolean).join(" ");
    editor.saving.typed(heir);
    editor.mark(heir);
    if (heir === editor.active) editor.draw();
  }

  // A part that was split off follows the other in its block: the first segment of a block never comes or goes.
  place(ids, rows) {
    const { editor } = this;
    let before = null;
    for (const id of ids) {
      const row = rows.get(id);
      if (row && before) {
        before.row.after(row);
        editor.byId.set(id, new Segment(row));
      }
      before = editor.byId.get(id) ?? before;
    }
  }

  renumber(segment, position) {
    const { row } = segment;
    if (row.id === `s${position}` && segment.position === position) return;
    segment.position = position;
    row.id = `s${position}`;
    row.dataset.position = position;
    row.querySelector(".number").lastChild.textContent = position;
    if (segment === this.editor.active) this.editor.name();
  }

  // Something typed into a segment that this page does not have: if it was merged, the text goes on in the other one.
  async findHeir(id, draft) {
    const { editor } = this;
    try {
      await send("PUT", `/segments/${id}/draft`, { text: draft.text, seen: draft.seen });
    } catch (error) {
      const heir = error instanceof Refusal && error.code === "SEGMENT_MERGED" && editor.byId.get(error.answer.into);
      if (!heir) return;
      heir.text = without(heir, draft.text);
      this.inherit(heir, draft.text, draft.base);
      editor.kept.arrived({ id });
    }
  }
}
