// Who else is here, and on which segment: advisory, nobody waits for anybody.
import { send } from "./http.js";
import { t } from "./speech.js";

const SOON = 1200; // milliseconds after coming to a segment, so that who only passes through tells nobody
const EVERY = 20000;

export class Presence {
  constructor(editor) {
    this.editor = editor;
    this.others = [];
    this.url = `/releases/${editor.root.dataset.release}/presence`;
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); else this.soon(SOON); });
    this.soon(SOON);
  }

  opened() { this.soon(SOON); }
  changed() { this.show(); }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), wait);
  }

  async tell() {
    const { timer } = this;
    try {
      const { others } = await send("POST", this.url, { segment: this.editor.active?.id ?? null });
      this.others = others;
      this.show();
    } catch {
      // a courtesy: whoever cannot be told now is told the next time
    }
    if (!document.hidden && this.timer === timer) this.soon(EVERY); // who went on meanwhile is told soon
  }

  leave() {
    clearTimeout(this.timer);
    send("POST", this.url, { segment: null }, { keepalive: true }).catch(() => {});
  }

  show() {
    const { editor } = this;
    for (const mark of editor.root.querySelectorAll(".here")) mark.remove();
    for (const { name, segment } of this.others) {
      const place = editor.byId.get(segment)?.row.querySelector(".place");
      if (!place) continue;
      const mark = document.createElement("span");
      mark.className = "here";
      mark.textContent = t("{0} is here", name);
      place.append(mark);
    }
    const words = this.others.map(({ name, segment }) => {
      const position = editor.byId.get(segment)?.position;
      return position ? t("{0} (segment {1})", name, position) : name;
    });
    const said = words.length ? t("Also here: {0}", words.join(", ")) : "";
    if (editor.slot("others").textContent !== said) editor.slot("others").textContent = said;
  }
}
