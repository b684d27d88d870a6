// The bar at the bottom: segments by state, words left, and when it was saved last.
import { clock } from "./times.js";
import { counted, t } from "./speech.js";

const ORDER = ["approved", "translated", "rejected", "draft", "pretranslated", "untranslated"];
const WORDS = {
  approved: (n) => counted(n, "approved", "approved"),
  translated: (n) => counted(n, "translated", "translated"),
  rejected: (n) => counted(n, "sent back", "sent back"),
  draft: (n) => counted(n, "draft", "drafts"),
  pretranslated: (n) => counted(n, "pre-translated", "pre-translated"),
  untranslated: (n) => counted(n, "untranslated", "untranslated"),
};
const MESSAGES = new Set(["told", "refused"]);
const READ = 6000; // milliseconds in which a message has been read: a draft that is saved meanwhile does not replace it
const DONE = new Set(["approved", "translated"]);
const SVG = "http://www.w3.org/2000/svg";

export class Bar {
  // `reminder()` is what stays to be said whatever comes, or "".
  constructor(root, reminder) {
    this.svg = root.querySelector('[data-slot="bar"]');
    this.counts = root.querySelector('[data-slot="counts"]');
    this.saved = root.querySelector('[data-slot="saved"]');
    this.reminder = reminder;
    this.message = null; // the last one, until something else than a draft is told
  }

  show(segments) {
    const counts = Object.fromEntries(ORDER.map((state) => [state, 0]));
    let left = 0;
    for (const segment of segments) {
      counts[segment.state] += 1;
      if (!DONE.has(segment.state)) left += segment.words;
    }
    const present = ORDER.filter((state) => counts[state]);
    const words = present.map((state) => WORDS[state](counts[state])).join(", ");
    this.counts.textContent = `${words || t("no segments yet")} · ${t("{0} left", counted(left, "word"))}`;
    this.svg.setAttribute("aria-label", words || t("no segments yet"));
    let start = 0;
    this.svg.replaceChildren(...present.map((state) => {
      const part = document.createElementNS(SVG, "rect");
      const width = (100 * counts[state]) / segments.length;
      part.setAttribute("class", `part-${state}`);
      for (const [name, value] of [["x", start], ["width", width], ["height", 3]]) part.setAttribute(name, value);
      start += width;
      return part;
    }));
  }

  say(kind, detail) {
    const words = this.words(kind, detail);
    if (MESSAGES.has(kind)) this.message = { words, kind, until: Date.now() + READ };
    else if (kind !== "draft") this.message = null;
    const before = kind === "draft" && Date.now() < this.message?.until ? this.message : null;
    this.saved.className = `saved is-${before?.kind ?? kind}`;
    this.saved.textContent = [before?.words, words, kind !== "refused" && this.reminder()].filter(Boolean).join(" · ");
  }

  words(kind, detail) {
    return {
      saved: () => t("saved {0}", clock(detail)),
      draft: () => t("draft saved {0}", clock(detail)),
      typing: () => t("typing …"),
      saving: () => t("saving …"),
      waiting: () => t("not saved, trying again: leave this page open"),
      away: () => t("the server does not answer: kept in this browser, sent later"),
      "signed-out": () => t("not saved, please sign in"),
      refused: () => detail,
      told: () => detail,
    }[kind]();
  }
}
