// Find and replace: first what would change, then the change, as one act that can be taken back.
import { Refusal, parsed, send } from "./http.js";
import { operation } from "./segments.js";
import { counted, t } from "./speech.js";


export class Replacing {
  constructor(editor) {
    this.editor = editor;
    this.dialog = editor.slot("replace");
    this.form = this.dialog.querySelector("form");
    this.url = `/releases/${editor.root.dataset.release}/replace`;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.preview(); });
    this.form.addEventListener("input", (event) => { if (event.target.name === "chosen") this.offer(); else this.forget(); });
    this.button.addEventListener("click", () => this.replace());
    this.slot("replace-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => editor.field?.focus());
  }

  get acts() { return { replace: () => this.open() }; }
  get button() { return this.slot("replace-now"); }
  get chosen() { return [...this.form.querySelectorAll("[name=chosen]:checked")]; }

  slot(name) { return this.editor.slot(name, this.dialog); }

  open() {
    const { field } = this.editor;
    const marked = field.value.slice(field.selectionStart, field.selectionEnd);
    if (marked) this.form.elements.find.value = marked;
    this.editor.keepAll();
    this.forget();
    this.dialog.showModal();
    this.form.elements.find.select();
  }

  forget() {
    this.slot("replacements").replaceChildren();
    this.slot("replace-said").textContent = "";
    this.slot("replace-trouble").hidden = true;
    this.offer();
  }

  offer() {
    const { length } = this.chosen;
    this.button.disabled = !length;
    this.button.textContent = length ? t("Replace in {0}", counted(length, "segment")) : t("Replace");
  }

  get pattern() {
    const { find, replacement, expression, whole, case: capitals } = this.form.elements;
    return { find: find.value, replacement: replacement.value, expression: expression.checked, whole: whole.checked, case: capitals.checked };
  }

  async preview() {
    this.forget();
    await this.trying(async () => {
      const { html } = await send("POST", `${this.url}/preview`, this.pattern);
      const found = parsed(html).firstElementChild;
      this.slot("replacements").replaceChildren(found);
      const hits = this.chosen.length;
      this.slot("replace-said").textContent = hits
        ? t("{0} in {1}.", counted(Number(found.dataset.places), "place"), counted(hits, "segment")) : t("Nothing would change.");
      this.offer();
    });
  }

  async replace() {
    const { editor, chosen } = this;
    const seen = Object.fromEntries(chosen.map((box) => [box.value, Number(box.dataset.version)]));
    const body = { ...this.pattern, seen, operation: operation() };
    await this.trying(async () => {
      const answer = await editor.saving.patience.insist(() => send("POST", this.url, body));
      editor.repetitions.last = { act: body.operation };
      editor.repetitions.take(answer);
      this.dialog.close();
      const left = answer.left.map(([position, why]) => t("Not in {0}: {1}.", position, why));
      editor.say("told", [t("Replaced in {0}.", counted(answer.count, "segment")), ...left].join(" "));
    });
  }

  async trying(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      const trouble = this.slot("replace-trouble");
      trouble.textContent = error instanceof Refusal ? `${error.message} ${error.answer.todo ?? ""}`.trim()
        : t("The server does not answer just now. Try again in a moment.");
      trouble.hidden = false;
    }
  }
}
