// The terms of the open segment: marked in its source, put in by a key, held against what is typed, and added to.
import { parsed, send } from "./http.js";
import { t } from "./speech.js";
import { reveal } from "./unseen.js";

const LONGEST = 300; // characters that are taken for a term

export class Terms {
  constructor(editor) {
    this.editor = editor;
    this.dialog = editor.slot("term-dialog");
    this.form = this.dialog?.querySelector("form");
    this.form?.addEventListener("submit", (event) => this.add(event));
    this.dialog?.querySelector('[data-slot="term-cancel"]').addEventListener("click", () => this.dialog.close());
    this.dialog?.addEventListener("close", () => editor.field?.focus());
  }

  get acts() {
    return { "insert-term": (button, rank) => this.insert(button, rank), "add-term": () => this.ask() };
  }

  // Those of the open segment: until its panel has come, that of the one before still stands there.
  get section() {
    const { active, panel } = this.editor;
    return panel.element.querySelector(`.panel-of[data-for="${active?.id}"] [data-slot="terms"]`);
  }

  panelled() { this.mark(); }
  changed(segment) { if (segment === this.editor.active) this.mark(); }
  closed(segment) { this.write(segment.row.querySelector(".source"), []); }

  // The server has looked at a draft: the terms as they stand in it.
  found(segment, answer) {
    if (!answer.terms || this.editor.active !== segment || !this.section) return;
    const focused = this.section.contains(document.activeElement) && document.activeElement.dataset.rank;
    this.section.replaceWith(parsed(answer.terms).firstElementChild);
    if (focused) this.section.querySelector(`[data-rank="${focused}"]`)?.focus();
    this.mark();
  }

  mark() {
    const { section, editor } = this;
    if (section) this.write(editor.active.row.querySelector(".source"), JSON.parse(section.dataset.marks));
  }

  // The source with its terms marked; its text stays the same to the letter. Where only standings have changed, nothing
  // is put anew: somebody may just be marking words in it.
  write(source, marks) {
    const places = marks.map(([start, end]) => `${start}-${end}`).join();
    const there = source.querySelectorAll("mark.term");
    if ((source.dataset.terms ?? "") === places && there.length === marks.length) {
      marks.forEach(([, , standing], at) => { there[at].className = `term term-is-${standing}`; });
      return;
    }
    source.dataset.terms = places;
    const text = source.textContent;
    const pieces = [];
    let at = 0;
    for (const [start, end, standing] of marks) {
      const mark = document.createElement("mark");
      mark.className = `term term-is-${standing}`;
      mark.textContent = text.slice(start, end);
      pieces.push(text.slice(at, start), mark);
      at = end;
    }
    source.replaceChildren(...[...pieces, text.slice(at)].filter(Boolean));
    reveal(source);
  }

  insert(button, rank) {
    const card = button ?? this.section?.querySelector(`[data-act="insert-term"][data-rank="${rank}"]`);
    if (card) this.editor.add(card.dataset.text);
    else this.editor.say("told", t("There is no term {0} here.", rank));
  }

  // --- adding one -------------------------------------------------------------------------------------------------

  // What is marked in the source and in the translation stands in the form already.
  ask() {
    if (!this.dialog) return;
    const { active, field } = this.editor;
    const marked = getSelection();
    const inSource = active.row.querySelector(".source").contains(marked.anchorNode);
    this.form.reset();
    this.form.elements.french.value = inSource ? tidy(marked.toString()) : "";
    this.form.elements.english.value = tidy(field.value.slice(field.selectionStart, field.selectionEnd));
    this.say("");
    this.dialog.showModal();
    const { french, english } = this.form.elements;
    (french.value && !english.value ? english : french).focus();
  }

  async add(event) {
    event.preventDefault();
    const segment = this.editor.active;
    const values = Object.fromEntries(new FormData(this.form));
    const button = this.form.querySelector("button.main");
    button.disabled = true;
    try {
      const answer = await send("POST", `/terms/from/${segment.id}`, values);
      this.dialog.close();
      this.editor.say("told", answer.said);
      for (const one of this.editor.order) this.editor.panel.forget(one); // it may be a term of any of them
      await this.editor.saving.keep(segment);
      this.editor.panel.refresh(segment);
    } catch (error) {
      this.say(error.message || t("The server does not answer just now. Try again in a moment."));
    } finally {
      button.disabled = false;
    }
  }

  say(words) {
    this.editor.slot("term-trouble").textContent = words;
  }
}

const tidy = (text) => text.trim().replace(/\s+/g, " ").slice(0, LONGEST);
