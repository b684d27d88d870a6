// One act on all segments that are shown: how many it touches and what it leaves is said before it is done.
import { Refusal, send } from "./http.js";
import { operation } from "./segments.js";
import { counted, t } from "./speech.js";

const segments = (n) => counted(n, "segment");

export class Bulk {
  constructor(editor) {
    this.editor = editor;
    this.dialog = editor.slot("bulk");
    this.form = this.dialog.querySelector("form");
    this.url = `/releases/${editor.root.dataset.release}/bulk`;
    this.asked = 0;
    this.form.addEventListener("change", () => this.foresee());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.do(); });
    this.slot("bulk-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => editor.field?.focus());
  }

  get acts() { return { bulk: () => this.open() }; }
  get button() { return this.form.querySelector("[type=submit]"); }

  slot(name) { return this.editor.slot(name, this.dialog); }

  open() {
    const { editor } = this;
    editor.keepAll();
    this.seen = Object.fromEntries(editor.order.filter((segment) => editor.shown(segment)).map(({ id, version }) => [id, version]));
    this.dialog.showModal();
    this.foresee();
  }

  get wanted() {
    const { act, reason, category, least, acknowledged } = this.form.elements;
    return { act: act.value, reason: reason.value, category: category.value, least: Number(least.value) || 100, acknowledged: acknowledged.checked, seen: this.seen };
  }

  async foresee() {
    const number = (this.asked += 1);
    const { act } = this.wanted;
    this.slot("bulk-reason").hidden = act !== "send-back";
    this.slot("bulk-category").hidden = act !== "send-back";
    this.slot("bulk-least").hidden = act !== "insert";
    this.slot("bulk-acknowledged").hidden = act !== "approve";
    this.button.disabled = true;
    await this.trying(async () => {
      const { count, left } = await send("POST", this.url, this.wanted);
      if (number !== this.asked) return;
      this.slot("bulk-said").textContent = t("It touches {0} of {1} shown.", segments(count), Object.keys(this.seen).length);
      this.list(left);
      this.button.disabled = !count;
      this.button.textContent = t("Do it to {0}", segments(count));
    });
  }

  list(left) {
    this.slot("bulk-left").replaceChildren(...left.map(([position, why]) => {
      const item = document.createElement("li");
      item.textContent = `${position}: ${why}`;
      return item;
    }));
  }

  async do() {
    const { editor, wanted } = this;
    if (wanted.act === "send-back" && !wanted.reason.trim()) return this.tell(t("Say in a few words why."));
    const body = { ...wanted, operation: operation() };
    await this.trying(async () => {
      const answer = await editor.saving.patience.insist(() => send("POST", this.url, body));
      editor.repetitions.take(answer);
      this.dialog.close();
      const left = answer.left.length ? t("{0} left as they are.", segments(answer.left.length)) : "";
      editor.say("told", `${t("Done to {0}.", segments(answer.count))} ${left}`.trim());
    });
  }

  tell(words) {
    this.slot("bulk-trouble").textContent = words;
    this.slot("bulk-trouble").hidden = false;
  }

  async trying(work) {
    this.slot("bulk-trouble").hidden = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      this.tell(error instanceof Refusal ? error.message : t("The server does not answer just now. Try again in a moment."));
    }
  }
}
