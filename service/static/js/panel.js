// What stands beside the open segment: its matches and its history, asked for ahead of time for the next ones.
import { get, parsed } from "./http.js";
import { bind } from "./main.js";
import { t } from "./speech.js";

export class Panel {
  // `drawn(element, segment)` is told whenever the panel has been filled.
  constructor(element, drawn) {
    this.element = element;
    this.drawn = drawn;
    this.asked = new Map(); // segment id -> promise of its panel, ready to be put into the page
    this.current = null;
  }

  // Forget what is known of a segment, because it has changed.
  forget(segment) {
    this.asked.delete(segment.id);
  }

  prefetch(segment) {
    if (segment && !this.asked.has(segment.id)) this.ask(segment);
  }

  ask(segment) {
    const promise = get(`/segments/${segment.id}/panel`).then((response) => response.text()).then(parsed);
    this.asked.set(segment.id, promise);
    promise.catch(() => this.asked.delete(segment.id));
    return promise;
  }

  async open(segment) {
    this.current = segment;
    try {
      const made = await (this.asked.get(segment.id) ?? this.ask(segment));
      if (this.current !== segment) return;
      this.element.replaceChildren(...document.importNode(made, true).childNodes);
      bind(this.element);
      this.drawn(this.element, segment);
    } catch {
      if (this.current !== segment) return;
      const note = document.createElement("p");
      note.className = "quiet-note";
      note.textContent = t("The matches could not be fetched. They come when the server answers again.");
      this.element.replaceChildren(note);
    }
  }

  refresh(segment) {
    this.forget(segment);
    return this.current === segment ? this.open(segment) : undefined;
  }

  proposal(rank) {
    return this.element.querySelector(`.proposal[data-rank="${rank}"]`);
  }

  fragment(rank) {
    return this.element.querySelector(`.fragment[data-rank="${rank}"]`);
  }
}
