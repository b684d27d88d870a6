// A segment as this page knows it, and its way to the server. Nothing typed is ever only a promise: it stays here until
// the server has said that it has it.
import { Refusal, parsed, send } from "./http.js";
import { Patience } from "./patience.js";
import { localise } from "./times.js";

const PAUSE = 800; // milliseconds after the last key before the draft is sent
const AT_MOST = 1800; // and at most this long while typing goes on

// randomUUID is missing where a page is served without TLS on a local network
export function operation() {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

export class Segment {
  constructor(row) {
    this.row = row;
    this.id = row.dataset.id;
    this.role = row.closest(".block")?.dataset.role;
    this.read(row);
    this.text = row.dataset.draft ?? this.target;
    this.found = null; // errors and warnings in the text, once they are counted
    this.seen = Number(row.dataset.draftVersion ?? this.version); // the version that the text was typed over
    this.base = this.target; // and how it read
    this.kept = this.text; // what the server is known to have
    this.draftAt = row.dataset.draftAt ?? null;
    this.proposal = null; // the rank of the proposal that was inserted
    this.repaired = false; // and whether that was its repaired text
    this.queue = Promise.resolve();
    this.acting = 0;
    this.deeds = 0; // acts on their way, drafts not counted
    this.timer = null;
    this.firstKey = 0;
  }

  read(row) {
    this.position = Number(row.dataset.position);
    this.version = Number(row.dataset.version);
    this.state = row.dataset.state;
    this.words = Number(row.dataset.words);
    this.rate = row.dataset.rate === "" ? null : Number(row.dataset.rate);
    this.proposed = row.dataset.proposed === "1";
    this.own = row.dataset.own === "1";
    this.comments = Number(row.dataset.comments ?? 0);
    this.changed = row.dataset.changed === "1";
    this.inserted = row.dataset.inserted === undefined ? null : Number(row.dataset.inserted); // the rate of what was put in
    this.distance = Number(row.dataset.distance ?? 0); // and how far the text has moved from it
    this.source = row.querySelector(".source").textContent;
    this.target = row.querySelector(".text").textContent;
  }

  get dirty() { return this.text !== this.target; }
  get unsent() { return this.text !== this.kept || this.acting > 0; }
  get editable() { return this.state !== "approved"; }

  // Take a newer row from the server. What was typed here meanwhile stays, over the version it was typed over, unless
  // `untouched` says that the row is the answer to it.
  take(fresh, untouched = !this.dirty && this.acting === 0) {
    for (const { name } of [...this.row.attributes]) {
      if (name.startsWith("data-") && !fresh.hasAttribute(name)) this.row.removeAttribute(name);
    }
    for (const { name, value } of [...fresh.attributes]) if (name.startsWith("data-")) this.row.setAttribute(name, value);
    for (const part of [".place", ".source", ".text", ".match", ".marks"]) {
      this.row.querySelector(part).replaceWith(fresh.querySelector(part));
    }
    localise(this.row);
    this.read(this.row);
    if (untouched) this.settle();
    return untouched;
  }

  // What stands on the server is what stands here.
  settle() {
    this.text = this.base = this.kept = this.target;
    this.seen = this.version;
    this.draftAt = null;
    this.proposal = null;
    this.repaired = false;
  }
}

export class Saving {
  // `report(kind, detail)` is told: saved, draft, waiting, refused, signed-out; `conflicted(segment, error, op)` settles;
  // `found(segment, answer)` is told what the server has answered to a draft; `kept` is where it all stands meanwhile.
  constructor({ report, conflicted, changed, saved, found, signIn, back, kept }) {
    Object.assign(this, { report, conflicted, changed, saved, found, storage: kept });
    this.patience = new Patience({ report, signIn, back });
  }

  typed(segment) {
    this.storage.draft(segment);
    const now = Date.now();
    segment.firstKey ||= now;
    clearTimeout(segment.timer);
    segment.timer = setTimeout(() => this.keep(segment), Math.max(0, Math.min(PAUSE, segment.firstKey + AT_MOST - now)));
  }

  // Send the draft of a segment, after whatever is on its way for it already.
  keep(segment, { leaving = false } = {}) {
    clearTimeout(segment.timer);
    segment.firstKey = 0;
    if (segment.text === segment.kept || !segment.editable) return segment.queue;
    if (leaving) return this.send(segment, true).catch(() => {});
    return this.enqueue(segment, async () => {
      if (segment.text === segment.kept) return;
      const answer = await this.patience.insist(() => this.send(segment, false));
      if (answer) this.report("draft", answer.saved_at);
    });
  }

  async send(segment, keepalive) {
    const text = segment.text;
    const answer = await send("PUT", `/segments/${segment.id}/draft`, { text, seen: segment.seen }, { keepalive });
    segment.kept = text;
    segment.draftAt = answer.saved_at;
    if (segment.text === text) this.storage.arrived(segment);
    this.found(segment, answer);
    return answer;
  }

  // An act on a segment. The operation id is made now and stays the same however often the request has to be sent. What
  // it was done over is known now as well, unless an act before it is on its way still.
  act(segment, name, details = {}) {
    const id = operation();
    const act = { segment: segment.id, name, details, operation: id, seen: segment.deeds ? null : segment.seen };
    return this.carryOut(segment, this.storage.act(id, act), act);
  }

  // An act that an earlier page has begun.
  again(segment, kept, act) { return this.carryOut(segment, kept, act); }

  carryOut(segment, kept, { name, details, operation: id, seen }) {
    clearTimeout(segment.timer);
    segment.firstKey = 0;
    segment.deeds += 1;
    this.report("saving");
    return this.enqueue(segment, async () => {
      const body = { ...details, operation: id, seen: seen ?? segment.seen };
      try {
        const answer = await this.patience.insist(() => send("POST", `/segments/${segment.id}/${name}`, body));
        this.done(segment, details, answer);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.answer.conflict) await this.conflicted(segment, error.answer.conflict, { name, details });
        else this.refuse(segment, error);
      } finally {
        segment.deeds -= 1;
      }
      await this.storage.done(kept, segment);
    });
  }

  refuse(segment, error) {
    this.report("refused", { segment, error });
    if (error.code === "SEGMENT_MERGED") return; // what was typed goes on in the other one
    if (segment.text !== segment.kept) this.typed(segment); // at least the draft is kept
  }

  done(segment, details, answer) {
    const typed = segment.text;
    const typedOn = details.text !== undefined ? typed !== details.text : segment.dirty;
    segment.take(parsed(answer.html).querySelector("li.segment"), true);
    if (typedOn) { // typing went on while the save was on its way: that is a draft over the new version
      segment.text = typed;
      this.typed(segment);
    } else {
      this.storage.arrived(segment);
    }
    this.report("saved", answer.saved_at);
    this.changed(segment);
    this.saved(segment, answer);
  }

  enqueue(segment, work) {
    segment.acting += 1;
    const turn = segment.queue.then(work).catch((error) => this.report("refused", { segment, error }));
    segment.queue = turn.finally(() => { segment.acting -= 1; });
    return segment.queue;
  }
}
