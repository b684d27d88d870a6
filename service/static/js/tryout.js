// Rules of segmentation are tried on a text while somebody writes either.
import { parsed } from "./http.js";
import { t } from "./speech.js";

const PAUSE = 300; // milliseconds after the last key
const SHOWN = [200, 413, 422]; // answers that are a list of segments, or say what is wrong with the rules

export function start(form) {
  const slot = form.querySelector("[data-slot=trial]");
  let timer, asked = 0;
  form.addEventListener("input", soon);
  // who is quick has written something before this was loaded
  if ([...form.querySelectorAll("textarea, input")].some((field) => field.value !== field.defaultValue)) soon();

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(cut, PAUSE);
  }

  async function cut() {
    const number = (asked += 1);
    const values = new URLSearchParams(new FormData(form));
    values.set("piece", "1");
    let fresh = null;
    try {
      const response = await fetch(form.dataset.try, { method: "POST", body: values, redirect: "error" });
      if (SHOWN.includes(response.status)) fresh = parsed(await response.text()).querySelector(".trial");
    } catch { /* the server is away for the moment */ }
    if (number !== asked) return;
    if (fresh) slot.replaceChildren(fresh);
    else slot.querySelector(".trial").textContent = t("The server does not answer just now. What you have written is still here.");
  }
}
