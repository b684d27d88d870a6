// Watches a release: every second while the worker proposes, else now and then, for what colleagues do.
import { get, parsed } from "./http.js";

const LIVE = 1000, CALM = 20000, HURRY = 30000, MOST_ROWS = 100;

export class Pulse {
  constructor(release, { segments, changed, recut, worker, fill }) {
    Object.assign(this, { release, segments, changed, recut, worker, fill });
    this.etag = "";
    this.hurried = 0; // until when to look often, because something was cut anew
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.look(); });
  }

  start(live) {
    this.plan(live ? 0 : CALM);
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait);
  }

  // Look at once, and often until what was cut anew has its proposals.
  async now() {
    await this.looking;
    this.hurried = Date.now() + HURRY;
    this.etag = "";
    await this.look();
  }

  look() {
    clearTimeout(this.timer);
    if (document.hidden) return null; // visibilitychange looks again
    this.looking ??= this.once().finally(() => { this.looking = null; });
    return this.looking;
  }

  async once() {
    let wait = this.live ? LIVE : CALM;
    try {
      const response = await get(`/releases/${this.release}/pulse`, this.etag ? { "If-None-Match": this.etag } : {});
      if (response.status !== 304) {
        const found = await response.json();
        await this.take(found);
        this.etag = response.headers.get("ETag") ?? "";
        this.live = found.live;
        const cutting = Date.now() < this.hurried && found.segments.some(([, , proposed]) => !proposed);
        wait = found.live || cutting ? LIVE : CALM;
      }
    } catch {
      wait = CALM / 4;
    }
    this.plan(wait);
  }

  async take(found) {
    this.worker(found);
    if (found.segments.length && !this.segments().size) return this.fill();
    const behind = found.segments.filter(([id, version, proposed, comments]) => {
      const segment = this.segments().get(id);
      return segment && (version > segment.version || (proposed && !segment.proposed) || comments !== segment.comments);
    }).map(([id]) => id);
    const ids = found.segments.map(([id]) => id);
    const fresh = ids.filter((id) => !this.segments().has(id));
    const rows = await this.rows([...behind, ...fresh]);
    for (const row of rows) if (this.segments().has(row.dataset.id)) this.changed(this.segments().get(row.dataset.id), row);
    if (fresh.length || ids.length !== this.segments().size) this.recut(ids, rows.filter((row) => fresh.includes(row.dataset.id)));
  }

  async rows(wanted) {
    const found = [];
    for (let start = 0; start < wanted.length; start += MOST_ROWS) {
      const ids = wanted.slice(start, start + MOST_ROWS);
      const body = parsed(await (await get(`/releases/${this.release}/rows?ids=${ids.join(",")}`)).text());
      found.push(...body.querySelectorAll("li.segment"));
    }
    return found;
  }
}
