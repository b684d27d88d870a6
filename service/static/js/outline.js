// The sections of the release, with how far each is; folded away where there is no room beside the list.
import { t } from "./speech.js";

const DONE = new Set(["translated", "approved"]);

export class Outline {
  constructor(editor) {
    this.editor = editor;
    this.element = editor.slot("outline");
    this.links = [...this.element.querySelectorAll(".sections a")];
    this.starts = this.links.map((link) => editor.order[Number(link.dataset.first) - 1]);
    this.element.addEventListener("click", (event) => this.clicked(event));
    const wide = matchMedia("(min-width: 1200px)");
    const fold = () => { this.element.open = wide.matches; };
    wide.addEventListener("change", fold);
    fold();
  }

  unfold() { this.element.open = true; }

  clicked(event) {
    const link = event.target.closest(".sections a");
    if (!link) return;
    event.preventDefault();
    this.editor.goTo.open(Number(link.dataset.first));
  }

  // A section is a run of segments, so one walk over all of them is enough.
  counted() {
    const done = this.editor.order.map((segment) => DONE.has(segment.state));
    for (const link of this.links) {
      const first = Number(link.dataset.first), last = Number(link.dataset.last);
      const all = last - first + 1;
      const count = done.slice(first - 1, last).filter(Boolean).length;
      const progress = link.querySelector("progress");
      progress.max = all;
      progress.value = count;
      link.querySelector("[data-slot=section-done]").textContent = t("{0} of {1}", count, all);
    }
  }

  // Segments have other numbers: a section begins where its first segment stands now, or stood.
  recut() {
    const { order, byId } = this.editor;
    const firsts = this.starts.map((start) => (byId.has(start.id) ? start.position : Math.min(start.position, order.length)));
    this.links.forEach((link, index) => {
      link.dataset.first = firsts[index];
      link.dataset.last = (firsts[index + 1] ?? order.length + 1) - 1;
      if (link.closest(".part")) link.querySelector(".section-title").textContent = t("{0} to {1}", link.dataset.first, link.dataset.last);
    });
  }

  opened(segment) {
    for (const link of this.links) {
      const here = segment.position >= Number(link.dataset.first) && segment.position <= Number(link.dataset.last);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
