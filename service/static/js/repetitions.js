// Segments with the same source: a confirmation goes into all of them, as one act that can be taken back.
import { Refusal, parsed, send } from "./http.js";
import { operation } from "./segments.js";
import { clock } from "./times.js";
import { counted, t } from "./speech.js";

export class Repetitions {
  constructor(editor) {
    this.editor = editor;
    this.last = null; // the last act that went into several segments
  }

  get acts() {
    const { editor } = this;
    return {
      "confirm-alone": () => editor.confirm((segment) => editor.following(segment)[0], true),
      "take-back": () => this.takeBack(),
      "next-twin": () => this.next(),
    };
  }

  // The server has confirmed a segment, and others with it.
  saved(segment, answer) {
    if (answer.act === undefined) return;
    const others = this.take(answer);
    if (others.length) this.last = { act: answer.act };
    const said = [t("saved {0}", clock(answer.saved_at))];
    if (others.length) said.push(t("also in {0}", counted(others.length, "repetition")));
    for (const [position, why] of answer.left) said.push(t("not in {0}: it {1}", position, why));
    this.editor.say("told", said.join(" · "));
  }

  take(answer) {
    const { editor } = this;
    const rows = [...parsed(answer.others).querySelectorAll("li.segment")];
    for (const row of rows) {
      const segment = editor.byId.get(row.dataset.id);
      if (segment) editor.arrived(segment, row);
    }
    return rows;
  }

  async takeBack() {
    const { editor, last } = this;
    if (!last) return editor.say("told", t("There is nothing to take back."));
    last.operation ??= operation();
    try {
      const url = `/releases/${editor.root.dataset.release}/take-back`;
      const answer = await editor.saving.patience.insist(() => send("POST", url, last));
      this.last = null;
      this.take(answer);
      const left = answer.left.map(([position, why]) => t("Segment {0} was left: {1}.", position, why));
      editor.say("told", [t("Taken back out of {0}.", counted(answer.count, "segment")), ...left].join(" "));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      editor.say("refused", error.message);
    }
  }

  next() {
    const { editor } = this;
    const { key } = editor.active.row.dataset;
    const ring = [...editor.order.slice(editor.active.position), ...editor.order.slice(0, editor.active.position - 1)];
    const found = key && ring.find((segment) => segment.row.dataset.key === key);
    if (!found) return editor.say("told", t("This source stands nowhere else in the release."));
    editor.goTo.open(found.position);
  }
}
