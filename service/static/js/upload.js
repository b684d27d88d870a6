// The form for a new release: drop a file, and see what is wrong beside the form with everything still in it.
import { Refusal, SignedOut, send } from "./http.js";
import { LANGUAGE, t } from "./speech.js";

export function start(form) {
  const slot = (name) => form.querySelector(`[data-slot="${name}"]`);
  const file = form.elements.file;
  const drop = slot("drop");

  file.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => over(event, true));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, (event) => over(event, false));
  drop.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
    show();
  });
  form.addEventListener("submit", submit);

  function over(event, inside) {
    event.preventDefault();
    drop.classList.toggle("over", inside);
  }

  function show() {
    const chosen = file.files[0];
    slot("chosen").textContent = chosen ? `${chosen.name}, ${t("{0} kB", Math.ceil(chosen.size / 1000).toLocaleString(LANGUAGE))}` : "";
    if (chosen && chosen.size > Number(form.dataset.limit)) {
      trouble({ message: t("This file is larger than is allowed here."), todo: t("Split it."), code: "TOO_LARGE" });
    } else {
      slot("trouble").replaceChildren();
    }
  }

  async function submit(event) {
    event.preventDefault();
    if (file.files[0]?.size > Number(form.dataset.limit)) return show();
    slot("trouble").replaceChildren();
    slot("state").textContent = t("Reading …");
    const data = new FormData(form);
    if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
    try {
      location.assign((await send("POST", form.action, data)).location);
    } catch (error) {
      slot("state").textContent = "";
      if (error instanceof Refusal) return refused(error.answer);
      const words = error instanceof SignedOut ? t("Your sign-in has ended. Sign in in another tab, then try again.")
        : t("The server does not answer. Nothing is lost; try again in a moment.");
      trouble({ message: words, code: "NOT_SENT" });
    }
  }

  function refused(answer) {
    trouble(answer);
    slot("again").hidden = answer.code !== "ALREADY_HERE";
  }

  function trouble({ message, where, todo, code, location: place }) {
    const box = document.createElement("div");
    box.className = "trouble";
    const words = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = message;
    words.append(strong, ` ${where ? `(${where}) ` : ""}${todo || ""}`);
    if (place) {
      const link = document.createElement("a");
      link.href = place;
      link.textContent = t("Open that release");
      words.append(" ", link);
    }
    const name = document.createElement("p");
    name.className = "code";
    name.textContent = code;
    box.append(words, name);
    slot("trouble").replaceChildren(box);
  }
}
