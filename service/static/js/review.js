// The review page: beads in two columns, gone through with keys. Every act goes to the server at once, one after the
// other; rows change when it has answered, and what somebody has typed stays here until then.
import { beadActOf } from "./bead_keys.js";
import { EditForm, Split } from "./bead_forms.js";
import { Refusal, get, parsed, send } from "./http.js";
import { Patience } from "./patience.js";
import { SignIn } from "./signin.js";
import { clock } from "./times.js";
import { counted, t } from "./speech.js";

const STATES = {
  waiting: (n) => counted(n, "doubtful", "doubtful"), accepted: (n) => counted(n, "accepted", "accepted"),
  held: (n) => counted(n, "held back", "held back"), rejected: (n) => counted(n, "rejected", "rejected"),
};
const DONE = {
  accept: t("accepted"), reject: t("rejected"), edit: t("saved and accepted"), merge: t("merged with the next"),
  split: t("split"), move: t("segment moved"),
};
const UNDOING = {
  accept: t("accepting"), reject: t("rejecting"), edit: t("editing"), merge: t("merging"), split: t("splitting"),
  move: t("moving a segment"), realign: t("aligning again"),
};
const STALE = "STALE_BEAD";

export function start(root) {
  new Review(root);
}

class Review {
  constructor(root) {
    Object.assign(this, { root, url: root.dataset.url, works: root.dataset.works === "1" });
    this.typed = new Map(); // by bead: texts that are not saved yet
    this.queue = Promise.resolve();
    this.pending = 0;
    this.work = this.works ? this.template("work").content.firstElementChild.cloneNode(true) : null;
    this.signIn = new SignIn(this.slot("sign-in"));
    this.patience = new Patience({ report: (kind) => this.say(kind), signIn: () => this.signIn.ask() });
    this.read();
    this.listen();
    this.openFirst();
  }

  slot(name, within = this.root) { return within.querySelector(`[data-slot="${name}"]`); }
  template(name) { return this.root.querySelector(`template[data-slot="${name}"]`); }
  get rows() { return [...this.grid.querySelectorAll(".bead")]; }
  row(id) { return this.rows.find((row) => row.dataset.id === id); }

  read() {
    const beads = this.slot("beads");
    this.grid = this.slot("grid", beads);
    this.version = Number(beads.dataset.version);
    this.counted(beads.dataset.undo, beads.dataset.undoBy);
  }

  listen() {
    this.root.addEventListener("click", (event) => this.clicked(event));
    this.root.addEventListener("submit", (event) => { if (event.target.id === "acts") event.preventDefault(); });
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("hashchange", () => this.openFirst());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.comeBack(); });
    addEventListener("beforeunload", (event) => {
      this.keepTyped();
      if (this.pending || this.typed.size) event.preventDefault();
    });
  }

  openFirst() {
    const wanted = location.hash.startsWith("#b-") && this.row(location.hash.slice(3));
    const first = wanted || this.rows.find((row) => row.dataset.state === "waiting") || this.rows[0];
    if (first) this.go(first);
  }

  // --- where one is -----------------------------------------------------------------------------------------------

  go(row, { focus = true } = {}) {
    if (!row) return;
    if (this.active !== row) {
      this.leave();
      this.active?.classList.remove("active");
      this.active?.setAttribute("tabindex", "-1");
      this.active = row;
      row.classList.add("active");
      row.classList.remove("changed");
      row.setAttribute("tabindex", "0");
      if (this.work) row.append(this.work);
      this.note("");
      this.offer();
      history.replaceState(null, "", `#b-${row.dataset.id}`);
    }
    if (focus) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  offer() {
    if (!this.work) return;
    const { rows, active } = this;
    const at = rows.indexOf(active);
    const has = (side) => active.querySelectorAll(`.${side} .piece`).length > 0;
    const off = (act, yes) => { this.work.querySelector(`[data-act="${act}"]`).disabled = yes; };
    off("accept", active.dataset.whole !== "1");
    off("merge", at === rows.length - 1);
    off("split", active.querySelectorAll(".piece").length < 2);
    for (const side of ["french", "english"]) {
      off(`${side}-up`, at === 0 || !has(side));
      off(`${side}-down`, at === rows.length - 1 || !has(side));
    }
  }

  beside(by) { return this.rows[this.rows.indexOf(this.active) + by]; }

  // The next doubtful bead, from the beginning again where there is none behind.
  doubtful(by = 1) {
    const { rows } = this;
    const at = rows.indexOf(this.active);
    const ring = [...rows.slice(at + 1), ...rows.slice(0, at)];
    return (by > 0 ? ring : ring.reverse()).find((row) => row.dataset.state === "waiting");
  }

  onward() {
    const next = this.active.dataset.state === "waiting" ? this.doubtful() : this.beside(1);
    if (next) this.go(next);
  }

  // --- acts -------------------------------------------------------------------------------------------------------

  clicked(event) {
    const button = event.target.closest("[data-act]");
    if (button && button.tagName !== "A") {
      event.preventDefault();
      return this.do(button.dataset.act);
    }
    const row = event.target.closest(".bead");
    if (row && row !== this.active && !event.target.closest("a")) this.go(row, { focus: getSelection().isCollapsed });
  }

  pressed(event) {
    if (document.querySelector("dialog[open]") || event.defaultPrevented) return;
    const act = beadActOf(event, this.mode);
    if (!act) return;
    event.preventDefault();
    this.do(act);
  }

  do(name) {
    const acts = {
      next: () => this.go(this.beside(1)),
      previous: () => this.go(this.beside(-1)),
      "next-doubtful": () => this.toDoubtful(1),
      "previous-doubtful": () => this.toDoubtful(-1),
      back: () => { location.href = this.root.dataset.back; },
      queue: () => { location.href = this.root.dataset.queue; },
      help: () => this.slot("help").showModal(),
    };
    const working = {
      accept: () => this.settle("accept"),
      reject: () => this.settle("reject"),
      merge: () => this.if("merge", () => this.act("merge", this.active)),
      "french-up": () => this.move("french-up", "fr", true),
      "french-down": () => this.move("french-down", "fr", false),
      "english-up": () => this.move("english-up", "en", true),
      "english-down": () => this.move("english-down", "en", false),
      undo: () => this.act("undo"),
      realign: () => this.act("realign"),
      edit: () => this.calm(() => this.edit()),
      split: () => this.calm(() => this.split()),
      leave: () => this.leave({ focus: true }),
      "save-edit": () => this.saveEdit(),
      "save-split": () => this.saveSplit(),
      "cut-fr-up": () => this.cut("fr", -1),
      "cut-fr-down": () => this.cut("fr", 1),
      "cut-en-up": () => this.cut("en", -1),
      "cut-en-down": () => this.cut("en", 1),
    };
    (acts[name] ?? (this.works && this.active ? working[name] : null))?.();
  }

  toDoubtful(by) {
    const found = this.doubtful(by);
    if (found) return this.go(found);
    const last = this.active?.dataset.state === "waiting";
    this.say("told", last ? t("This is the only doubtful bead left.") : t("No doubtful bead is left."));
  }

  // Do what a button of the open bead stands for, if it may be pressed now.
  if(name, work) {
    if (!this.work.querySelector(`[data-act="${name}"]`).disabled) return work();
    const why = {
      merge: t("There is no bead after this one."),
      split: t("A bead of one segment cannot be split."),
      accept: t("This bead has only one side, or its French is English already: merge, edit or reject it."),
    };
    this.say("refused", why[name] ?? t("There is no segment to move that way."));
  }

  move(name, side, up) { this.if(name, () => this.act("move", this.active, { side, up })); }

  settle(name) {
    const row = this.active;
    const go = () => { this.act(name, row); this.onward(); };
    if (name === "accept") this.if("accept", go);
    else go();
  }

  // What looks at the row as it is waits for the acts on their way.
  calm(work) {
    const { active } = this;
    return this.pending ? this.queue.then(() => { if (this.active === active) work(); }) : work();
  }

  act(name, row = null, details = {}) {
    if (row && this.mode && row === this.active) this.leave();
    this.pending += 1;
    this.say("saving");
    const id = row?.dataset.id;
    this.queue = this.queue.then(() => this.carry(name, id, details))
      .catch((error) => { console.error(error); this.say("refused", t("Something went wrong on this page. Load it again.")); })
      .finally(() => { this.pending -= 1; });
    return this.queue;
  }

  async carry(name, id, details) {
    const body = { act: name, ...details };
    if (id) {
      const row = this.row(id);
      if (!row) return this.say("refused", t("That bead is no longer there."));
      Object.assign(body, { bead: id, seen: this.seenAround(row) });
    } else {
      body.version = this.version;
    }
    let attempts = 0;
    try {
      const answer = await this.patience.insist(() => { attempts += 1; return send("POST", `${this.url}/acts`, body); });
      if (name === "edit") this.typed.delete(id);
      await this.take(name, id, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.refused(error, name, id, attempts);
    }
  }

  seenAround(row) {
    const rows = this.rows;
    const at = rows.indexOf(row);
    return Object.fromEntries(rows.slice(Math.max(at - 1, 0), at + 2).map((one) => [one.dataset.id, Number(one.dataset.version)]));
  }

  // Put the rows that an act has made in the place of those that were there.
  async take(name, id, answer) {
    const gone = answer.gone.map((one) => this.row(one));
    const number = (this.rows.indexOf(this.row(id)) + 1) || 0;
    const undone = name === "undo" ? this.undoing : null;
    if (answer.version !== this.version + 1 || gone.some((row) => !row)) {
      await this.reload();
    } else {
      const fresh = [...parsed(answer.html).querySelectorAll(".bead")];
      const held = gone.includes(this.active);
      const focused = held && this.active.contains(document.activeElement);
      const here = this.active;
      gone[0].before(...fresh);
      if (held || name === "undo" || name === "realign") {
        const same = fresh.find((row) => row.dataset.id === here.dataset.id) ?? fresh[0];
        this.go(name === "undo" || name === "realign" ? fresh[0] : same, { focus: focused || !held });
      }
      for (const row of gone) row.remove();
      this.version = answer.version;
      this.counted(answer.undo ?? "", answer.undo_by ?? "");
      this.offer();
    }
    const words = undone ? t("Undone: {0}.", UNDOING[undone]) : name === "realign" ? t("Aligned again between the accepted beads.")
      : name === "undo" ? t("Undone.") : t("Bead {0} {1}.", number, DONE[name]);
    this.say("saved", `${words} ${this.left()} · ${clock(answer.saved_at)}`);
  }

  async refused(error, name, id, attempts) {
    if (error.code === STALE || error.status === 404) {
      await this.reload();
      const seen = attempts > 1 ? t("It may have been saved before the line broke.") : t("Nothing of yours was done to them.");
      this.say("refused", t("Somebody has changed these beads meanwhile. {0} They are shown as they stand now.", seen));
      if (this.row(id) && name !== "edit") this.go(this.row(id));
    } else {
      const words = `${error.message} ${error.answer.todo ?? ""}`.trim();
      this.say("refused", words);
      if (this.row(id)) { this.go(this.row(id)); this.note(words); }
    }
    if (name === "edit") this.takeUp(id);
  }

  // What was typed is not lost: the form opens again, or where its bead is gone the words are shown.
  takeUp(id) {
    const row = this.row(id);
    if (row) {
      const note = this.slot("saved").textContent;
      this.go(row);
      this.edit();
      return this.note(note);
    }
    const { source, target } = this.typed.get(id);
    this.slot("orphan-french").textContent = source;
    this.slot("orphan-english").textContent = target;
    this.slot("orphan").hidden = false;
    this.typed.delete(id);
  }

  // Whoever comes back sees what colleagues have done meanwhile.
  async comeBack() {
    if (this.mode || this.pending) return;
    try {
      const fresh = await this.fetchBeads();
      if (this.mode || this.pending || Number(fresh.dataset.version) === this.version) return;
      this.replace(fresh);
      this.say("told", t("Somebody has changed beads meanwhile: they are marked."));
    } catch {
      // it was only a look; whatever is done next says so itself
    }
  }

  async fetchBeads() {
    return parsed(await (await get(`${this.url}/rows`)).text()).querySelector('[data-slot="beads"]');
  }

  // All rows as they stand on the server; those that came since are marked.
  async reload() {
    this.replace(await this.patience.insist(() => this.fetchBeads()));
  }

  replace(fresh) {
    const known = new Map(this.rows.map((row) => [row.dataset.id, row.dataset.version]));
    const at = this.rows.indexOf(this.active);
    const { id } = this.active.dataset;
    this.slot("beads").replaceWith(fresh);
    this.active = null;
    this.read();
    for (const row of this.rows) row.classList.toggle("changed", known.get(row.dataset.id) !== row.dataset.version);
    this.go(this.row(id) ?? this.rows[Math.min(at, this.rows.length - 1)]);
  }

  // --- editing and splitting ----------------------------------------------------------------------------------------

  edit() {
    if (this.mode) return;
    this.form = new EditForm(this.template("edit"), this.active, this.typed.get(this.active.dataset.id));
    this.enter("edit", this.form.element);
    this.form.open();
  }

  saveEdit() {
    const { active: row, form } = this;
    const { source, target } = form.values;
    if (!source.trim() || !target.trim()) return this.note(t("A unit needs a French and an English text."));
    this.typed.set(row.dataset.id, { source, target });
    this.leave({ focus: true, keep: true });
    this.act("edit", row, { source, target });
    this.onward();
  }

  split() {
    if (this.mode) return;
    this.if("split", () => {
      this.cutting = new Split(this.template("split"), this.active);
      this.enter("split", this.cutting.element);
      this.active.focus({ preventScroll: true });
      this.cutting.draw();
      this.say("told", this.cutting.words);
    });
  }

  cut(side, by) {
    this.cutting.move(side, by);
    this.say("told", this.cutting.words);
  }

  saveSplit() {
    const { active: row, cutting } = this;
    const { fr, en } = cutting.cut;
    this.leave({ focus: true });
    this.act("split", row, { french: fr, english: en });
  }

  enter(mode, element) {
    this.mode = mode;
    this.active.classList.add(`in-${mode}`);
    this.slot("buttons", this.work).hidden = true;
    this.work.prepend(element);
    this.active.scrollIntoView({ block: "nearest" });
  }

  keepTyped() {
    if (this.mode !== "edit") return;
    const { id } = this.active.dataset;
    if (this.form.changed) this.typed.set(id, this.form.values);
    else this.typed.delete(id);
  }

  // Close what is open inside the bead. A changed text is kept, and comes back with the form.
  leave({ focus = false, keep = false } = {}) {
    if (!this.mode) return;
    const { mode, active } = this;
    if (!keep) this.keepTyped();
    (mode === "edit" ? this.form : this.cutting).element.remove();
    if (mode === "split") this.cutting.clear();
    this.mode = this.form = this.cutting = null;
    active.classList.remove(`in-${mode}`);
    this.slot("buttons", this.work).hidden = false;
    this.note("");
    if (focus) active.focus({ preventScroll: true });
    if (focus && !keep) {
      const kept = this.typed.has(active.dataset.id) ? t("What you typed is kept for when you edit it again; it is not saved.") : t("Nothing was changed.");
      this.say("told", kept);
    }
  }

  // --- words ------------------------------------------------------------------------------------------------------

  note(words) {
    if (!this.work) return;
    const note = this.slot("note", this.work);
    note.textContent = words;
    note.hidden = !words;
  }

  left() {
    const waiting = this.rows.filter((row) => row.dataset.state === "waiting").length;
    return waiting ? t("{0} doubtful left.", waiting) : t("No doubtful bead is left.");
  }

  counted(undo, by) {
    const counts = {};
    this.rows.forEach((row, at) => {
      row.querySelector(".number").textContent = at + 1;
      counts[row.dataset.state] = (counts[row.dataset.state] ?? 0) + 1;
    });
    this.slot("counts").textContent = Object.entries(STATES).filter(([state]) => counts[state])
      .map(([state, words]) => words(counts[state])).join(" · ");
    this.undoing = undo || null;
    const button = this.root.querySelector('[data-act="undo"]');
    if (!button) return;
    button.disabled = !undo;
    this.slot("undo").textContent = undo ? ` ${UNDOING[undo] ?? undo}${by ? t(", by {0}", by) : ""}` : "";
  }

  say(kind, words) {
    const saved = this.slot("saved");
    saved.className = `saved is-${kind}`;
    saved.textContent = words ?? {
      saving: t("saving …"), waiting: t("not saved, trying again"), "signed-out": t("not saved, please sign in"),
    }[kind];
  }
}
