// What was typed and done and has not reached the server: kept in this browser, taken up again when the page is opened,
// and shown at once in this person's other tabs.
import { Shelf } from "./shelf.js";
import { counted, t } from "./speech.js";

export class Kept {
  static async open(root) {
    const { person, release, storeKey } = root.dataset;
    const kept = new Kept();
    kept.shelf = await Shelf.open(`${person}/${release}/`, storeKey);
    kept.found = await kept.shelf.all().catch(() => []);
    kept.channel = new BroadcastChannel(`passerelle/${person}/${release}`);
    return kept;
  }

  get lasting() { return this.shelf.lasting; }

  draft(segment) {
    const { id, text, seen, base, proposal, repaired, draftAt } = segment;
    this.channel.postMessage({ id, text, seen, base, proposal, repaired });
    return this.shelf.put(`draft/${id}`, { text, seen, base, proposal, repaired, draftAt, at: Date.now() });
  }

  arrived(segment) { return this.shelf.drop(`draft/${segment.id}`); }

  act(operation, act) {
    const name = `act/${String(Date.now()).padStart(15, "0")}-${operation}`;
    this.shelf.put(name, { ...act, operation });
    return name;
  }

  done(name, segment) {
    this.channel.postMessage({ id: segment.id, saved: true });
    return this.shelf.drop(name);
  }

  // What was kept when the page was opened: drafts by segment, acts in their order.
  get drafts() { return this.found.filter(([name]) => name.startsWith("draft/")).map(([name, value]) => [name.slice(6), value]); }
  get acts() { return this.found.filter(([name]) => name.startsWith("act/")); }
}

export class Restoring {
  constructor(editor) {
    this.editor = editor;
    editor.kept.channel.onmessage = ({ data }) => this.heard(data);
  }

  // Before the first segment is opened: drafts that never arrived stand in their fields again, acts are sent anew under the
  // operation that they had, so that one which did arrive is not done twice.
  restore() {
    const { editor } = this;
    let count = 0;
    for (const [id, draft] of editor.kept.drafts) {
      const segment = editor.byId.get(id);
      if (segment) count += this.takeUp(segment, draft);
      else editor.recut.findHeir(id, draft);
    }
    for (const [name, act] of editor.kept.acts) {
      const segment = editor.byId.get(act.segment);
      if (!segment) continue;
      if (act.details.text !== undefined) segment.text = act.details.text;
      editor.saving.again(segment, name, act);
      count += 1;
    }
    if (count) editor.say("told", t("What this browser has kept is being sent: {0}.", counted(count, "text")));
  }

  takeUp(segment, draft) {
    const newer = segment.draftAt && segment.draftAt !== draft.draftAt && Date.parse(segment.draftAt) > draft.at;
    if (newer || draft.text === segment.text || !segment.editable) {
      this.editor.kept.arrived(segment);
      return 0;
    }
    const { text, seen, base, proposal, repaired } = draft;
    Object.assign(segment, { text, seen, base, proposal, repaired });
    this.editor.saving.keep(segment);
    this.editor.mark(segment);
    return 1;
  }

  // Another tab of the same person: one types in one of them at a time, so what comes is the newest.
  heard({ id, saved, ...typed }) {
    const { editor } = this;
    const segment = editor.byId.get(id);
    if (!segment) return;
    if (saved) return editor.pulse.look();
    if (segment.acting) return;
    clearTimeout(segment.timer);
    segment.firstKey = 0;
    Object.assign(segment, typed, { kept: typed.text });
    editor.mark(segment);
    if (segment === editor.active) editor.draw();
  }
}
