// Acts that need a reason: sending back and reopening. The form opens in the segment; Enter sends, Esc leaves it.
import { FILTERS } from "./filters.js";
import { t } from "./speech.js";

export class Reasons {
  constructor(editor) {
    this.editor = editor;
    editor.root.addEventListener("keydown", (event) => this.pressed(event));
  }

  get acts() {
    return {
      "send-back": () => this.ask("send-back"),
      reopen: () => this.ask("reopen"),
      "send-reason": () => this.send(),
      "drop-reason": () => this.drop(),
    };
  }

  get form() { return this.editor.slot("reason", this.editor.active.row); }

  pressed(event) {
    if (!event.target.closest(".reason-form")) return;
    if (event.key === "Enter" && event.target.matches("input, select")) { event.preventDefault(); this.send(); }
    if (event.key === "Escape") this.drop();
  }

  ask(act) {
    const button = this.editor.active.row.querySelector(`.work [data-act="${act}"]`);
    if (button.hidden) return;
    const { form } = this;
    this.editor.slot("reason-label", form).textContent = act === "reopen" ? t("Why it is reopened") : t("Why it is sent back");
    this.editor.slot("category", form).hidden = act === "reopen";
    form.dataset.for = act;
    form.hidden = false;
    form.querySelector("input").focus();
  }

  send() {
    const { editor, form } = this;
    const segment = editor.active;
    const reason = form.querySelector("input").value.trim();
    if (!reason) return editor.say("refused", t("Say in a few words why."));
    const category = form.querySelector("select").value;
    this.drop();
    editor.saving.act(segment, form.dataset.for, form.dataset.for === "reopen" ? { reason } : { reason, category });
    if (form.dataset.for === "send-back") editor.move(editor.following(segment).find(FILTERS.review));
  }

  drop() {
    const { form } = this;
    form.hidden = true;
    form.querySelector("input").value = form.querySelector("select").value = "";
    this.editor.field.focus();
  }
}
