// The sign-in over the page, when it has ended while somebody was typing.
import { get, renewToken, send } from "./http.js";
import { t } from "./speech.js";

export class SignIn {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.trouble = dialog.querySelector('[data-slot="sign-in-trouble"]');
    dialog.addEventListener("cancel", (event) => event.preventDefault());
  }

  // Resolves once the same person is signed in again, here or in another tab; many may wait for the one dialog.
  ask() {
    this.waiting ??= this.again().finally(() => { this.waiting = null; });
    return this.waiting;
  }

  async again() {
    if (await this.isBack().catch(() => false)) return undefined;
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.form.onsubmit = async (event) => {
        event.preventDefault();
        if (!(await this.attempt())) return;
        this.dialog.close();
        resolve();
      };
    });
  }

  async attempt() {
    this.trouble.hidden = true;
    try {
      if (!(await this.isBack())) renewToken((await send("POST", "/sign-in", new FormData(this.form))).csrf_token);
      this.form.elements.password.value = "";
      return true;
    } catch (error) {
      this.trouble.textContent = error.message || t("The server does not answer.");
      this.trouble.hidden = false;
      return false;
    }
  }

  // the form token of this page has ended together with the sign-in
  async isBack() {
    const found = await (await get("/sign-in", { Accept: "application/json" })).json();
    renewToken(found.csrf_token);
    return found.email === this.form.elements.email.value;
  }
}
