// The editor: one segment open at a time, moved through by keys, saved as one types.
import { Bar } from "./bar.js";
import { Conflicts } from "./conflict.js";
import { FEATURES } from "./features.js";
import { FILTERS, TODO } from "./filters.js";
import { Kept, Restoring } from "./kept.js";
import { Keys } from "./keys.js";
import { Panel } from "./panel.js";
import { Pulse } from "./pulse.js";
import { Saving, Segment } from "./segments.js";
import { SignIn } from "./signin.js";
import { clock } from "./times.js";
import { t } from "./speech.js";

const AHEAD = 5; // panels asked for before they are needed

export async function start(root) {
  new Editor(root, await Kept.open(root));
}

class Editor {
  constructor(root, kept) {
    Object.assign(this, { root, kept });
    this.rights = new Set(root.dataset.rights.split(" "));
    this.byId = new Map();
    this.slots = new Map();
    this.order = [];
    for (const row of root.querySelectorAll("li.segment")) {
      const segment = new Segment(row);
      this.byId.set(segment.id, segment);
      this.order.push(segment);
    }
    this.active = null;
    this.bar = new Bar(root, () => this.refusals?.reminder ?? "");
    this.panel = new Panel(this.slot("panel"), (element, segment) => {
      this.keys.label(element);
      this.tell("panelled", element, segment);
    });
    this.keys = new Keys(JSON.parse(root.dataset.keys));
    this.conflicts = new Conflicts(this.slot("conflict"));
    this.signIn = new SignIn(this.slot("sign-in"));
    this.saving = new Saving({
      report: (kind, detail) => this.report(kind, detail),
      conflicted: (segment, conflict, act) => this.settle(segment, conflict, act),
      changed: (segment) => this.changed(segment),
      saved: (segment, answer) => this.tell("saved", segment, answer),
      found: (segment, answer) => this.tell("found", segment, answer),
      signIn: () => this.signIn.ask(),
      back: () => this.active && this.panel.open(this.active),
      kept,
    });
    this.pulse = new Pulse(root.dataset.release, {
      segments: () => this.byId,
      changed: (segment, row) => this.arrived(segment, row),
      recut: (ids, rows) => this.recut.take(ids, rows),
      worker: (found) => this.worker(found),
      fill: () => location.reload(),
    });
    this.features = Object.entries(FEATURES).map(([name, Feature]) => { this[name] = new Feature(this); return this[name]; });
    this.acts = Object.assign(this.coreActs(), ...this.features.map((feature) => feature.acts ?? {}));
    this.listen();
    this.counted();
    this.pulse.start(root.dataset.live === "1" || !this.order.length);
    new Restoring(this).restore();
    this.openFirst();
  }

  // Those of the page itself are looked for once: the page is long.
  slot(name, within = this.root) {
    if (within !== this.root) return within.querySelector(`[data-slot="${name}"]`);
    const known = this.slots.get(name);
    if (known?.isConnected) return known;
    const found = within.querySelector(`[data-slot="${name}"]`);
    this.slots.set(name, found);
    return found;
  }

  // Tell every feature that wants to know.
  tell(what, ...about) {
    for (const feature of this.features) feature[what]?.(...about);
  }

  say(kind, words) {
    this.bar.say(kind, words);
  }

  listen() {
    this.keys.label(this.root);
    this.root.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    this.root.addEventListener("input", (event) => { if (event.target === this.field) this.typed(); });
    this.root.addEventListener("focusout", (event) => { if (event.target === this.field) this.saving.keep(this.active); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.keepAll(); });
    addEventListener("pagehide", () => this.keepAll());
    addEventListener("beforeunload", (event) => { if (this.order.some((segment) => segment.unsent)) event.preventDefault(); });
    addEventListener("hashchange", () => this.openFirst());
    this.narrow = matchMedia("(max-width: 899px)");
  }

  openFirst() {
    const wanted = /^#s(\d+)$/.exec(location.hash);
    const found = wanted && this.order.find((segment) => segment.position === Number(wanted[1]));
    const first = found || this.order.find((segment) => TODO.has(segment.state)) || this.order[0];
    if (first) this.open(first, { focus: Boolean(found) || !this.narrow.matches });
  }

  // --- one segment open -------------------------------------------------------------------------------------------

  open(segment, { focus = true } = {}) {
    if (this.active === segment) return focus ? this.field?.focus() : undefined;
    this.close();
    this.active = segment;
    segment.row.classList.add("active");
    segment.row.closest(".block").classList.add("open");
    segment.row.setAttribute("aria-current", "true");
    const work = this.slot("work").content.firstElementChild.cloneNode(true);
    this.keys.label(work);
    segment.row.querySelector(".target").append(work);
    this.field = work.querySelector("textarea");
    this.name();
    this.draw();
    this.panel.open(segment);
    for (const next of this.following(segment).slice(0, AHEAD)) this.panel.prefetch(next);
    if (focus) this.field.focus({ preventScroll: true });
    segment.row.scrollIntoView({ block: "nearest" });
    clearTimeout(this.addressing); // browsers count changes of the address: who goes fast changes it once
    this.addressing = setTimeout(() => history.replaceState(null, "", `#s${segment.position}`), 300);
    this.tell("opened", segment);
  }

  // The open field is called by the number of its segment.
  name() {
    const { active: segment, field } = this;
    const label = segment.row.querySelector(".work label");
    label.textContent = t("Translation of segment {0}", segment.position);
    label.htmlFor = field.id = `field-${segment.position}`;
  }

  close() {
    const segment = this.active;
    if (!segment) return;
    this.saving.keep(segment);
    this.active = this.field = null;
    this.told = ""; // it was about that segment
    segment.row.querySelector(".work")?.remove();
    segment.row.classList.remove("active");
    segment.row.closest(".block").classList.remove("open");
    segment.row.removeAttribute("aria-current");
    this.mark(segment);
    this.tell("closed", segment);
  }

  // Show the open segment as it stands: text, note, and which acts there are for it.
  draw() {
    const { active: segment, field } = this;
    if (!segment) return;
    if (field.value !== segment.text) field.value = segment.text;
    field.readOnly = !segment.editable || !this.rights.has("segment.edit");
    this.fit();
    const note = this.slot("note", segment.row);
    const behind = segment.dirty && segment.seen !== segment.version;
    const notes = [];
    if (segment.dirty && segment.draftAt) notes.push(t("Your draft of {0}.", clock(segment.draftAt)));
    if (behind) notes.push(t("The text has changed since you began: saving will show both."));
    if (this.told) notes.push(this.told);
    note.textContent = notes.join(" ");
    note.hidden = !notes.length;
    this.offer();
  }

  offer() {
    const { active: segment } = this;
    const button = (act) => segment.row.querySelector(`.work [data-act="${act}"]`);
    const may = (right) => this.rights.has(right);
    const published = this.root.dataset.releaseState === "published";
    const show = (act, yes) => { button(act).hidden = !yes; };
    show("confirm", segment.editable && may("segment.edit"));
    show("copy", segment.editable && may("segment.edit"));
    for (const act of ["split", "merge"]) show(act, segment.editable && may("segment.cut"));
    show("save", segment.editable && segment.dirty && may("segment.edit"));
    show("discard", segment.dirty);
    show("approve", segment.editable && may("segment.approve"));
    show("send-back", segment.state === "translated" && may("segment.send-back"));
    show("reopen", segment.state === "approved" && may("segment.reopen") && !published);
    const why = this.approving.why(segment);
    button("approve").disabled = Boolean(why);
    const approving = segment.state === "translated" && may("segment.approve") && !why;
    button("approve").classList.toggle("main", approving);
    button("confirm").classList.toggle("main", !approving);
    this.slot("why", segment.row).textContent = published ? t("Published: this text stands.")
      : segment.editable && may("segment.approve") ? why : "";
  }

  // as high as its text, in browsers whose stylesheet cannot say so
  fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  // --- typing -----------------------------------------------------------------------------------------------------

  typed() {
    this.active.text = this.field.value;
    this.told = "";
    this.fit();
    this.saving.typed(this.active);
    const { text, kept, dirty, draftAt } = this.active;
    if (text !== kept) this.bar.say("typing");
    else if (dirty && draftAt) this.bar.say("draft", draftAt);
    this.offer();
  }

  put(text) { this.matches.put(text, null); }
  add(text) { this.matches.add(text); }

  keepAll() {
    for (const segment of this.order) if (segment.text !== segment.kept) this.saving.keep(segment, { leaving: true });
  }

  // --- acts -------------------------------------------------------------------------------------------------------

  clicked(event) {
    const button = event.target.closest("[data-act]");
    const row = event.target.closest("li.segment");
    if (button) return this.act(button.dataset.act, Number(button.dataset.rank), button);
    if (row && !event.target.closest("a, .work")) this.open(this.byId.get(row.dataset.id));
  }

  // Forms with keys of their own (`data-own-keys`) are left alone.
  pressed(event) {
    if (document.querySelector("dialog[open]") || event.target.closest("[data-own-keys]")) return;
    if (event.key === "Escape" && event.target === this.field) return this.active.row.querySelector(".number").focus();
    const found = this.keys.find(event, this.field);
    if (!found) return;
    event.preventDefault();
    this.act(...found);
  }

  act(name, digit, button) {
    if (this.active || name === "help" || name === "open") this.acts[name]?.(button, digit);
  }

  coreActs() {
    const todo = (segment) => this.following(segment).find((one) => TODO.has(one.state));
    return {
      open: (button) => this.open(this.byId.get(button.closest("li.segment").dataset.id)),
      confirm: () => this.confirm((segment) => this.following(segment)[0]),
      "confirm-todo": () => this.confirm(todo),
      next: () => this.move(this.following(this.active)[0]),
      previous: () => this.move(this.preceding(this.active)),
      "next-todo": () => this.move(todo(this.active)),
      "next-changed": () => this.move(this.following(this.active).find(FILTERS.since)),
      save: () => this.save(false),
      discard: () => this.discard(),
      help: () => this.slot("help").showModal(),
    };
  }

  // Confirm the open text, in its repetitions as well unless it is to be here alone.
  confirm(choose, alone = false) {
    const segment = this.active;
    const next = choose(segment);
    if (segment.editable && this.rights.has("segment.edit")) {
      if (!segment.text.trim()) return this.bar.say("refused", t("An empty text cannot be confirmed."));
      // confirming what a colleague has confirmed would make it one's own text, which one may not approve
      if (segment.dirty || segment.state !== "translated") this.save(true, alone);
    }
    this.move(next);
  }

  save(confirm, alone = false) {
    const segment = this.active;
    const { text, proposal, repaired } = segment;
    if (confirm && !alone && segment.row.dataset.repeats) this.saving.act(segment, "confirm", { text, proposal, repaired });
    else this.saving.act(segment, "save", { text, confirm, proposal, repaired });
  }

  discard() {
    const segment = this.active;
    segment.text = segment.target;
    segment.seen = segment.version;
    segment.base = segment.target;
    segment.proposal = null;
    segment.repaired = false;
    this.saving.typed(segment); // a draft that says what stands is none
    this.saving.keep(segment);
    this.draw();
    this.field.focus();
  }

  async settle(segment, conflict, { name, details }) {
    const mine = details.text ?? segment.text;
    this.bar.say("refused", t("Not saved yet: choose which text stands."));
    const [choice, text] = await this.conflicts.settle(segment, { ...conflict, mine });
    segment.seen = segment.version = conflict.theirs.version;
    segment.target = segment.base = conflict.theirs.text;
    segment.state = conflict.theirs.state || segment.state;
    if (choice === "theirs" || !["save", "confirm"].includes(name)) {
      segment.text = segment.kept = conflict.theirs.text;
      segment.draftAt = null;
      if (details.text !== undefined) segment.kept = null; // the server's draft gives way as well
      this.saving.keep(segment);
    } else {
      segment.text = text;
      this.saving.act(segment, name, { ...details, text });
    }
    segment.version = -1; // the row is behind: the next look fetches it
    this.pulse.now().then(() => this.draw());
  }

  // --- moving and filtering ---------------------------------------------------------------------------------------

  shown(segment) {
    return !segment.row.hidden;
  }

  following(segment) {
    return this.order.slice(this.order.indexOf(segment) + 1).filter((one) => this.shown(one));
  }

  preceding(segment) {
    return this.order.slice(0, this.order.indexOf(segment)).reverse().find((one) => this.shown(one));
  }

  move(segment) {
    if (segment) return this.open(segment);
    this.bar.say("told", t("That was the last one."));
    this.draw();
  }

  // --- what comes from elsewhere ----------------------------------------------------------------------------------

  arrived(segment, row) {
    const before = segment.target;
    const untouched = segment.take(row);
    this.mark(segment);
    if (segment === this.active) {
      this.told = segment.target !== before && untouched ? t("The text has just changed.") : this.told;
      this.draw();
    }
    this.panel.refresh(segment);
    this.tell("changed", segment);
    this.counted();
  }

  changed(segment) {
    this.panel.refresh(segment);
    this.tell("changed", segment);
    this.mark(segment);
    if (segment === this.active) this.draw();
    this.counted();
  }

  // A row that is not open says when it holds something that is not confirmed.
  mark(segment) {
    const marks = segment.row.querySelector(".marks");
    marks.querySelector(".own-draft")?.remove();
    if (!segment.dirty) return;
    const mark = document.createElement("span");
    mark.className = "own-draft";
    mark.textContent = t("your draft, not confirmed");
    marks.append(mark);
  }

  worker({ live, done, total, failed, state }) {
    this.root.dataset.releaseState = state;
    this.slot("worker").textContent = live ? t("The worker is still proposing: {0} of {1}.", done, total)
      : failed ? t("The proposals stopped: {0}", failed) : "";
  }

  counted() {
    this.bar.show(this.order);
    this.tell("counted");
  }

  report(kind, detail) {
    if (kind === "waiting") return this.bar.say(this.kept.lasting ? "away" : "waiting");
    if (kind !== "refused") return this.bar.say(kind, detail);
    const { segment, error } = detail;
    if (error.code === "SEGMENT_MERGED") this.pulse.now();
    if (segment.row.isConnected && segment === this.active) this.told = error.message;
    this.refusals.tell(segment, error.message);
    this.draw();
  }
}
