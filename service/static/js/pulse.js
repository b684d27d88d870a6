// Watches a release: every second while the worker proposes, else now and then, for what colleagues do.
import { get, parsed } from "./http.js";

const LIVE = 1000, CALM = 20000, MOST_ROWS = 100;

export class Pulse {
  constructor(release, { segments, changed, worker, fill }) {
    Object.assign(this, { release, segments, changed, worker, fill });
    this.etag = "";
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.look(); });
  }

  start(live) {
    this.plan(live ? 0 : CALM);
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait);
  }

  async look() {
    clearTimeout(this.timer);
    if (document.hidden) return; // visibilitychange looks again
    if (this.looking) return;
    this.looking = true;
    let wait = this.live ? LIVE : CALM;
    try {
      const response = await get(`/releases/${this.release}/pulse`, this.etag ? { "If-None-Match": this.etag } : {});
      if (response.status !== 304) {
        const found = await response.json();
        await this.take(found);
        this.etag = response.headers.get("ETag") ?? "";
        this.live = found.live;
        wait = found.live ? LIVE : CALM;
      }
    } catch {
      wait = CALM / 4;
    } finally {
      this.looking = false;
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
    for (let start = 0; start < behind.length; start += MOST_ROWS) {
      const ids = behind.slice(start, start + MOST_ROWS);
      const body = parsed(await (await get(`/releases/${this.release}/rows?ids=${ids.join(",")}`)).text());
      for (const row of body.querySelectorAll("li.segment")) this.changed(this.segments().get(row.dataset.id), row);
    }
  }
}
