// Comments on the open segment: written, answered, settled; @ offers the names of those who may be told.
import { bind } from "./main.js";
import { Refusal, parsed, send } from "./http.js";
import { t } from "./speech.js";

export class Comments {
  constructor(editor) {
    this.editor = editor;
    this.typed = new Map(); // what was typed and not sent, by segment: a panel may be drawn anew meanwhile
    const side = editor.slot("side");
    side.addEventListener("submit", (event) => { if (event.target === this.form) { event.preventDefault(); this.send(); } });
    side.addEventListener("input", (event) => { if (event.target === this.field) this.wrote(); });
    side.addEventListener("keydown", (event) => { if (event.target === this.field) this.pressed(event); });
    side.addEventListener("click", (event) => {
      const name = event.target.closest("#say-names li");
      if (name) this.put(name.textContent);
    });
  }

  get acts() {
    return {
      comment: () => this.begin(null),
      answer: (button) => this.begin(button.dataset.comment),
      settle: (button) => this.act(`/comments/${button.dataset.comment}/settle`, { settled: button.dataset.settled === "1" }),
      "withdraw-comment": (button) => this.act(`/comments/${button.dataset.comment}/withdraw`, {}),
    };
  }

  get section() {
    const { active, panel } = this.editor;
    return panel.element.querySelector(`.panel-of[data-for="${active?.id}"] [data-slot="comments"]`);
  }

  get form() { return this.section?.querySelector("form"); }
  get field() { return this.form?.elements.text; }
  get names() { return this.section.querySelector("#say-names"); }
  get chosen() { return this.names.querySelector('[aria-selected="true"]'); }

  panelled(panel, segment) {
    if (this.wanted === segment) this.begin(null);
    const kept = this.typed.get(segment.id);
    if (!kept || !this.field) return;
    this.field.value = kept.text;
    this.answering(kept.thread);
    if (kept.focused) this.field.focus();
  }

  // Whoever comes back to the segment comes back to its text.
  closed(segment) {
    const kept = this.typed.get(segment.id);
    if (kept) kept.focused = false;
  }

  begin(thread) {
    this.editor.side.pull(true);
    if (!this.field) { // the panel is on its way: what is typed meanwhile is not meant for the translation
      this.wanted = this.editor.active;
      return this.editor.side.element.focus();
    }
    this.wanted = null;
    this.answering(thread);
    this.field.focus();
  }

  answering(thread) {
    this.form.dataset.thread = thread ?? "";
    this.section.querySelector('[data-slot="say-label"]').textContent = thread ? t("Answer") : t("Comment");
  }

  wrote() {
    this.keep();
    this.offer();
  }

  keep() {
    const { field, form } = this;
    if (field.value) this.typed.set(this.editor.active.id, { text: field.value, thread: form.dataset.thread || null, focused: document.activeElement === field });
    else this.typed.delete(this.editor.active.id);
  }

  pressed(event) {
    const { key } = event;
    if (!this.names.hidden && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(key) && !event.ctrlKey) {
      event.preventDefault();
      event.stopPropagation();
      if (key === "ArrowDown" || key === "ArrowUp") this.step(key === "ArrowDown" ? 1 : -1);
      else if (key === "Escape") this.fold();
      else this.put(this.chosen.textContent);
      return;
    }
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.send(); }
    if (key === "Escape") { event.stopPropagation(); this.editor.field?.focus(); }
  }

  // The name that is being typed after an @, as far as it goes.
  get begun() { return /(?:^|\s)@([^@\n]{0,40})$/.exec(this.field.value.slice(0, this.field.selectionStart))?.[1]; }

  offer() {
    const { begun } = this;
    const all = JSON.parse(this.section.dataset.names);
    const found = begun === undefined ? [] : all.filter((name) => name.toLowerCase().startsWith(begun.toLowerCase()) && name !== begun).slice(0, 8);
    this.names.replaceChildren(...found.map((name, at) => {
      const item = document.createElement("li");
      item.id = `say-name-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(at === 0));
      item.textContent = name;
      return item;
    }));
    this.names.hidden = !found.length;
    this.point();
  }

  step(by) {
    const items = [...this.names.children];
    const next = (items.indexOf(this.chosen) + by + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === next)));
    this.point();
  }

  point() {
    if (this.chosen) this.field.setAttribute("aria-activedescendant", this.chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  fold() {
    this.names.replaceChildren();
    this.names.hidden = true;
    this.point();
  }

  put(name) {
    const { field, begun } = this;
    const end = field.selectionStart;
    field.setRangeText(`@${name} `, end - (begun?.length ?? 0) - 1, end, "end");
    field.focus();
    this.fold();
    this.keep();
  }

  async send() {
    const { editor, field, form } = this;
    const segment = editor.active;
    const thread = form.dataset.thread ? Number(form.dataset.thread) : null;
    if (await this.act(`/segments/${segment.id}/comments`, { text: field.value, thread })) {
      this.typed.delete(segment.id);
      editor.say("told", t("Comment sent."));
      editor.field?.focus();
    }
  }

  async act(url, body) {
    const { editor } = this;
    const segment = editor.active;
    try {
      const answer = await editor.saving.patience.insist(() => send("POST", url, body));
      if (segment === editor.active && this.section) {
        this.section.replaceWith(parsed(answer.html).firstElementChild);
        bind(this.section);
      }
      editor.panel.forget(segment);
      segment.comments = -1; // the row is behind: the next look fetches it
      editor.pulse.now();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const trouble = this.section?.querySelector('[data-slot="say-trouble"]');
      if (trouble) { trouble.textContent = error.message; trouble.hidden = false; }
      return false;
    }
  }
}
