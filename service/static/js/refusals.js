// What was refused after one had gone on to another segment: it stays in sight until that segment is opened.
import { t } from "./speech.js";

export class Refusals {
  constructor(editor) {
    this.editor = editor;
    this.words = new Map(); // by segment
  }

  // Say why an act was not done: in the bar, and on the row of a segment that nobody looks at any more.
  tell(segment, words) {
    const { editor } = this;
    if (segment === editor.active) return editor.say("refused", words);
    if (segment.row.isConnected) this.set(segment, words);
    const named = new RegExp(`\\bsegment ${segment.position}\\b`, "i").test(words);
    return editor.say("refused", named ? words : t("Segment {0}: {1}", segment.position, words));
  }

  // Whatever is said in the bar next, it says this too.
  get reminder() {
    const left = [...this.words.keys()].filter((segment) => segment.row.isConnected).map((segment) => segment.position);
    return left.length ? t("not done: segment {0}", left.sort((one, other) => one - other).join(", ")) : "";
  }

  set(segment, words) {
    this.words.set(segment, words);
    this.changed(segment);
  }

  drop(segment) {
    if (this.words.delete(segment)) this.changed(segment);
  }

  changed(segment) {
    const marks = segment.row.querySelector(".marks");
    marks.querySelector(".not-done")?.remove();
    if (!this.words.has(segment)) return;
    const mark = document.createElement("span");
    mark.className = "not-done";
    mark.textContent = t("not done: {0}", this.words.get(segment));
    marks.prepend(mark);
  }

  // Who opens it reads it there.
  opened(segment) {
    const words = this.words.get(segment);
    if (!words) return;
    this.drop(segment);
    this.editor.told = words;
    this.editor.draw();
  }

  saved(segment) { this.drop(segment); }
}
