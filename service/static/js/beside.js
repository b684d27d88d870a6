// The concordance beside the list: the marked words, looked up in the memory without leaving the segment.
import { plain } from "./codes.js";
import { get, parsed } from "./http.js";
import { t } from "./speech.js";

const PAUSE = 200; // milliseconds after the last key

export class Beside {
  constructor(editor) {
    this.editor = editor;
    this.form = editor.slot("concordance");
    this.results = editor.slot("concordance-hits");
    this.asked = 0;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.search(); });
    this.form.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.search(), PAUSE); });
    this.form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); editor.side.pull(false); editor.field?.focus(); } });
  }

  get acts() {
    return { "look-up": () => this.lookUp() };
  }

  // What is marked in the field or on the page; with nothing marked, the field for it.
  lookUp() {
    const { field, side } = this.editor;
    const typed = document.activeElement === field ? field.value.slice(field.selectionStart, field.selectionEnd) : "";
    const marked = getSelection();
    const words = plain(typed || marked.toString()).trim().replace(/\s+/g, " ").slice(0, 500);
    const written = marked.anchorNode?.parentElement?.closest("[lang]")?.lang;
    side.pull(true);
    if (words) {
      this.form.elements.phrase.value = words;
      this.form.elements.language.value = typed || written === "en" ? "en" : "fr";
      this.search();
    }
    this.form.elements.phrase.focus();
    this.form.elements.phrase.select();
    this.form.scrollIntoView({ block: "nearest" });
  }

  async search() {
    clearTimeout(this.timer);
    const number = (this.asked += 1);
    const values = new URLSearchParams(new FormData(this.form));
    const phrase = values.get("phrase").trim();
    this.editor.slot("concordance-page").href = phrase ? `/memory?${values}` : "/memory";
    if (phrase.length < 2) return this.results.replaceChildren();
    try {
      const fresh = parsed(await (await get(`/memory/hits?${values}`)).text()).querySelector(".hits");
      if (number !== this.asked) return;
      for (const link of fresh.querySelectorAll("a")) link.target = "passerelle-memory";
      this.results.replaceChildren(fresh);
      this.editor.slot("concordance-said").textContent = fresh.dataset.said;
    } catch {
      if (number === this.asked) this.editor.slot("concordance-said").textContent = t("The server does not answer just now. Try again in a moment.");
    }
  }
}
