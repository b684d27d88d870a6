// The bar at the bottom: segments by state, words left, and when it was saved last.
import { clock } from "./times.js";

const ORDER = ["approved", "translated", "rejected", "draft", "pretranslated", "untranslated"];
const WORDS = { rejected: "sent back", pretranslated: "pre-translated" };
const DONE = new Set(["approved", "translated"]);
const SVG = "http://www.w3.org/2000/svg";

export class Bar {
  constructor(root) {
    this.svg = root.querySelector('[data-slot="bar"]');
    this.counts = root.querySelector('[data-slot="counts"]');
    this.saved = root.querySelector('[data-slot="saved"]');
  }

  show(segments) {
    const counts = Object.fromEntries(ORDER.map((state) => [state, 0]));
    let left = 0;
    for (const segment of segments) {
      counts[segment.state] += 1;
      if (!DONE.has(segment.state)) left += segment.words;
    }
    const present = ORDER.filter((state) => counts[state]);
    const words = present.map((state) => `${counts[state]} ${WORDS[state] ?? state}`).join(", ");
    this.counts.textContent = `${words || "no segments yet"} · ${left.toLocaleString("en")} ${left === 1 ? "word" : "words"} left`;
    this.svg.setAttribute("aria-label", words || "no segments yet");
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
    this.saved.className = `saved is-${kind}`;
    this.saved.textContent = {
      saved: () => `saved ${clock(detail)}`,
      draft: () => `draft saved ${clock(detail)}`,
      typing: () => "typing …",
      saving: () => "saving …",
      waiting: () => "not saved, trying again: leave this page open",
      away: () => "the server does not answer: kept in this browser, sent later",
      "signed-out": () => "not saved, please sign in",
      refused: () => detail,
      told: () => detail,
    }[kind]();
  }
}
