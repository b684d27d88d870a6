// Splitting the open segment, and merging it with the next one.
import { Refusal, send } from "./http.js";
import { operation } from "./segments.js";
import { t } from "./speech.js";

const WORD = /\S+/gu;
const ENDS = /[.!?…;:»]$/u; // a word after which one would split most likely
const characters = (text) => [...text].length; // as the server counts them

export class Cutting {
  constructor(editor) {
    this.editor = editor;
    this.dialog = editor.slot("split");
    this.places = { source: new Places(this.slot("split-source")), target: new Places(this.slot("split-target"), true) };
    this.dialog.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.split(); });
    this.slot("split-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => editor.field?.focus());
    this.lasting = null; // what the last merge offers to make a rule of
  }

  get acts() { return { split: () => this.open(), merge: () => this.merge(), "never-after": () => this.neverAfter() }; }

  slot(name) { return this.editor.slot(name, this.dialog); }

  opened() { this.offer(null); }

  async open() {
    const { active: segment } = this.editor;
    if (!this.may([segment]) || !(await this.stored([segment]))) return;
    if (!/\S\s+\S/u.test(segment.source)) return this.editor.say("told", t("This segment is a single word."));
    this.segment = segment;
    this.slot("split-title").textContent = t("Split segment {0}", segment.position);
    this.places.source.show(segment.source);
    this.places.target.show(segment.target);
    this.slot("split-translation").hidden = !segment.target;
    this.slot("split-trouble").hidden = true;
    this.dialog.showModal();
    this.places.source.element.focus();
  }

  async split() {
    const { segment, places } = this;
    const at = characters(segment.source.slice(0, places.source.at));
    const whole = places.target.at >= segment.target.length;
    const targetAt = whole ? null : characters(segment.target.slice(0, places.target.at));
    const answer = await this.send(segment, "split", { at, target_at: targetAt, seen: segment.version });
    if (!answer) return;
    this.dialog.close();
    this.editor.say("told", t("Split: segments {0} and {1}.", segment.position, segment.position + 1));
  }

  async merge() {
    const { editor } = this;
    const segment = editor.active;
    const following = editor.order[segment.position];
    if (!following || following.row.closest(".block") !== segment.row.closest(".block")) {
      return editor.say("told", t("The next segment stands in another paragraph: only neighbours within one are merged."));
    }
    if (!this.may([segment, following]) || !(await this.stored([segment, following]))) return;
    const known = { following: following.id, following_seen: following.version, seen: segment.version };
    const answer = await this.send(segment, "merge", known);
    if (!answer) return;
    editor.say("told", t("Merged with the next segment."));
    this.offer(answer.never_after && { segment, word: answer.never_after });
  }

  may(segments) {
    const { editor } = this;
    const settled = segments.find((segment) => !segment.editable);
    if (settled) editor.say("refused", t("Segment {0} is approved: it has to be reopened first.", settled.position));
    return !settled && editor.rights.has("segment.cut");
  }

  // What is typed stands on the server before the cut is made there.
  async stored(segments) {
    for (const segment of segments) {
      const { text, proposal, repaired } = segment;
      if (segment.dirty) this.editor.saving.act(segment, "save", { text, confirm: false, proposal, repaired });
    }
    for (const segment of segments) await segment.queue;
    const open = segments.some((segment) => segment.dirty);
    if (open) this.editor.say("refused", t("The text could not be saved just now: nothing was cut."));
    return !open;
  }

  async send(segment, act, body) {
    const { editor } = this;
    const whole = { ...body, operation: operation() };
    try {
      const answer = await editor.saving.patience.insist(() => send("POST", `/segments/${segment.id}/${act}`, whole));
      await editor.pulse.now();
      return answer;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      editor.say("refused", error.message);
      this.slot("split-trouble").textContent = error.message;
      this.slot("split-trouble").hidden = false;
      await editor.pulse.now();
    }
  }

  // --- a lasting rule ----------------------------------------------------------------------------------------------

  offer(lasting) {
    this.lasting = lasting || null;
    const place = lasting && this.editor.slot("lasting", lasting.segment.row);
    if (!place) return;
    place.querySelector("span").textContent = t("Shall no segment of this project end after “{0}” from now on?", lasting.word);
    place.hidden = false;
  }

  async neverAfter() {
    const { editor, lasting } = this;
    if (!lasting) return editor.say("told", t("There is no merge to make a rule of."));
    try {
      await send("POST", `/segments/${lasting.segment.id}/never-after`, { word: lasting.word });
      editor.slot("lasting", lasting.segment.row).hidden = true;
      this.lasting = null;
      editor.say("told", t("A rule of the project: no segment ends after “{0}”.", lasting.word));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      editor.say("refused", error.message);
    }
  }
}

// A text with a place between two of its words, moved by the arrows or chosen by a click. `whole`: it may be the end.
class Places {
  constructor(element, whole = false) {
    Object.assign(this, { element, whole });
    element.addEventListener("keydown", (event) => this.pressed(event));
    element.addEventListener("click", (event) => this.clicked(event));
  }

  get at() { return this.starts[this.chosen]; }

  show(text) {
    const words = [...text.matchAll(WORD)];
    this.text = text;
    this.starts = words.slice(1).map((word) => word.index);
    if (this.whole) this.starts.push(text.length);
    const ends = this.starts.map((_, i) => i).filter((i) => words[i] && ENDS.test(words[i][0]) && this.starts[i] < text.length);
    const middle = (i) => Math.abs(this.starts[i] - text.length / 2);
    const likely = ends.length ? ends : [...this.starts.keys()];
    this.choose(this.whole ? this.starts.length - 1 : likely.reduce((best, i) => (middle(i) < middle(best) ? i : best)));
  }

  choose(index) {
    this.chosen = Math.max(0, Math.min(this.starts.length - 1, index));
    const { element, text, at } = this;
    const first = document.createElement("span"), second = document.createElement("span"), cut = document.createElement("i");
    first.textContent = text.slice(0, at);
    second.textContent = text.slice(at);
    second.className = "second";
    cut.className = "cut-here";
    element.replaceChildren(first, cut, second);
    const words = text.slice(at).match(WORD);
    element.setAttribute("aria-valuemax", this.starts.length);
    element.setAttribute("aria-valuenow", this.chosen + 1);
    element.setAttribute("aria-valuetext", words ? t("before “{0}”", words.slice(0, 3).join(" ")) : t("stays whole with the first part"));
  }

  pressed(event) {
    const { key } = event;
    const to = { ArrowLeft: this.chosen - 1, ArrowRight: this.chosen + 1, Home: 0, End: this.starts.length - 1 }[key];
    if (to !== undefined) this.choose(to);
    else if (key === "Enter") this.element.closest("form").requestSubmit();
    else return;
    event.preventDefault();
  }

  // a click on a word splits before it
  clicked({ clientX, clientY }) {
    const found = document.caretRangeFromPoint?.(clientX, clientY);
    if (!found || !this.element.contains(found.startContainer)) return;
    const offset = found.startOffset + (found.startContainer.parentElement.className === "second" ? this.at : 0);
    const index = this.starts.findLastIndex((start) => start <= offset);
    this.choose(index);
  }
}
