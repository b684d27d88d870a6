// What a second reader would find in the open text: told as one types, shown in the field, mended by a key.
import { Refusal, get, parsed, send } from "./http.js";
import { within } from "./insert.js";
import { counted, t } from "./speech.js";

const QUIET = 400; // milliseconds between two questions for counts
const AT_ONCE = 50; // segments that are asked for at once

export class Findings {
  constructor(editor) {
    this.editor = editor;
    this.said = "";
    this.asked = ""; // the segment, and its version, whose warnings were shown before it is approved
    this.waiting = new Set(); // segments whose findings are not counted yet
    this.countAll();
  }

  get acts() {
    return {
      "next-finding": () => this.next(),
      mend: (button) => this.mend(button),
      "show-finding": (button) => this.show(button),
      intend: (button) => this.ask(button),
      "send-intended": (button) => this.intend(button.closest(".finding")),
      "drop-intended": (button) => this.drop(button.closest(".finding")),
      "not-intended": (button) => this.settle("not-intended", { code: button.closest("li").dataset.code }),
    };
  }

  // That of the open segment: until its panel has come, the one before it still stands there.
  get section() {
    const { active, panel } = this.editor;
    return panel.element.querySelector(`.panel-of[data-for="${active?.id}"] [data-slot="findings"]`);
  }

  // The findings of a text that the server has just been sent.
  found(segment, answer) {
    const fresh = parsed(answer.findings).firstElementChild;
    this.editor.panel.forget(segment);
    if (this.editor.active !== segment || !this.section || this.section.contains(document.activeElement)) return;
    this.section.replaceWith(fresh);
    this.editor.keys.label(fresh);
    this.tell();
  }

  // Said aloud when it is something new, and not at every key.
  tell() {
    const messages = [...this.section.querySelectorAll(".finding bdi")].map((one) => one.textContent);
    const words = messages.length ? t("{0}: {1}", counted(messages.length, "finding"), messages[0])
      : this.said && t("No findings are left.");
    if (words !== this.said) this.editor.slot("findings-said").textContent = words;
    this.said = messages.length ? words : "";
  }

  // From one finding that has a place to the next, round again.
  next() {
    const shown = [...this.section?.querySelectorAll('[data-act="show-finding"]') ?? []];
    if (!shown.length) return this.editor.say("told", t("No finding has a place in this text."));
    this.at = this.at === undefined || this.at + 1 >= shown.length ? 0 : this.at + 1;
    this.show(shown[this.at]);
    this.editor.say("told", t("Finding {0} of {1}.", this.at + 1, shown.length));
  }

  opened() { this.at = undefined; }

  show(button) {
    const { field } = this.editor;
    field.focus();
    field.setSelectionRange(Number(button.dataset.start), Number(button.dataset.end));
  }

  // The one whose button was pressed, or the first that can be mended.
  mend(pressed) {
    const button = pressed ?? this.section?.querySelector('[data-act="mend"]');
    const { field, bar } = this.editor;
    if (field.readOnly) return;
    if (!button) return bar.say("told", t("There is nothing here that one key can mend."));
    const { start, end, old, new: text } = button.dataset;
    // the finding is of the text as it was sent: what was typed since may have moved its place
    if (field.value.slice(Number(start), Number(end)) !== old) return bar.say("told", t("The text has just changed: in a moment."));
    within(field, Number(start), Number(end), text);
    this.editor.typed();
    this.editor.saving.keep(this.editor.active);
  }

  // --- what is meant ------------------------------------------------------------------------------------------------

  ask(pressed) {
    const finding = pressed?.closest(".finding") ?? this.section?.querySelector(".finding");
    if (!finding) return this.editor.say("told", t("Nothing was found in this text."));
    const form = finding.querySelector(".reason-form");
    form.hidden = false;
    const input = form.querySelector("input");
    input.onkeydown = (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.intend(finding); }
      if (event.key === "Escape") this.drop(finding);
    };
    input.focus();
  }

  drop(finding) {
    finding.querySelector(".reason-form").hidden = true;
    this.editor.field.focus();
  }

  intend(finding) {
    const reason = finding.querySelector(".reason-form input").value.trim();
    if (!reason) return this.editor.say("refused", t("Say in a few words why."));
    return this.settle("intended", { code: finding.dataset.code, reason });
  }

  async settle(act, body) {
    const { editor } = this;
    const segment = editor.active;
    try {
      const answer = await editor.saving.patience.insist(() => send("POST", `/segments/${segment.id}/${act}`, body));
      editor.field?.focus();
      this.found(segment, answer);
      this.count(segment, answer.found);
      editor.counted();
      editor.say("told", act === "intended" ? t("Remembered: it is not asked again for this source.") : t("It is a finding again."));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      editor.say("refused", error.message);
    }
  }

  // --- how many there are in each segment --------------------------------------------------------------------------

  countAll() {
    for (const segment of this.editor.order) if (segment.target) this.waiting.add(segment.id);
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), QUIET);
  }

  // A few at a time, when nothing else is going on.
  async fetch() {
    const { editor, waiting } = this;
    const ids = [...waiting].filter((id) => editor.byId.has(id)).slice(0, AT_ONCE);
    if (!ids.length) return waiting.clear();
    try {
      await this.lookUp(ids);
      if (!waiting.size) editor.counted();
      this.soon();
    } catch {
      this.timer = setTimeout(() => this.fetch(), 20 * QUIET);
    }
  }

  async lookUp(ids) {
    const { editor } = this;
    const counts = await (await get(`/releases/${editor.root.dataset.release}/findings?ids=${ids.join(",")}`)).json();
    for (const id of ids) this.waiting.delete(id);
    for (const [id, found] of Object.entries(counts)) if (editor.byId.has(id)) this.count(editor.byId.get(id), found);
  }

  known(segment) { return Boolean(segment.found) && !this.waiting.has(segment.id); }

  count(segment, found) {
    segment.found = found;
    this.waiting.delete(segment.id);
    this.label(segment);
  }

  label(segment) {
    const marks = segment.row.querySelector(".marks");
    marks.querySelector(".finds")?.remove();
    const [errors, warnings] = segment.found ?? [0, 0];
    if (!errors && !warnings) return;
    const mark = document.createElement("span");
    mark.className = errors ? "finds errors" : "finds";
    mark.textContent = [errors && counted(errors, "error"), warnings && counted(warnings, "warning")].filter(Boolean).join(", ");
    marks.prepend(mark);
  }

  saved(segment, answer) { if (answer.found) this.count(segment, answer.found); }

  // A row that came anew: its text may be another one, and others may be held against it.
  changed(segment) {
    this.label(segment);
    this.waiting.add(segment.id);
    this.soon();
  }

  // What stands against an approval: words that say so, or "". Warnings are shown once, then they may stand.
  against(segment) {
    const [errors, warnings] = segment.found ?? [0, 0];
    if (errors) return t("{0} in this text: mend it, or say why it is meant.", counted(errors, "error"));
    const asking = `${segment.id} ${segment.version}`;
    if (!warnings || this.asked === asking) return "";
    this.asked = asking;
    return t("{0} in this text: approve once more if it may stand.", counted(warnings, "warning"));
  }
}
