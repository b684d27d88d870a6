// Forms that hand files in: what was chosen stays chosen when something is refused.
import { bind } from "./main.js";
import { parsed } from "./http.js";
import { t } from "./speech.js";

export function start(form) {
  const outcome = document.querySelector('[data-slot="outcome"]');
  const button = form.querySelector("button.main");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...form.querySelectorAll('input[type="file"]')].flatMap((input) => [...input.files]);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (!files.length) return trouble(t("No file was chosen."), t("Choose files first."));
    if (size > Number(form.dataset.limit) * 1e6) return trouble(t("These files are larger than is allowed at once."), t("Hand them in in parts."));
    button.disabled = true;
    try {
      await hand(filled(new FormData(form)));
    } catch {
      trouble(t("The server does not answer."), t("Nothing is lost; try again in a moment."));
    } finally {
      button.disabled = false;
    }
  });

  async function hand(data) {
    const response = await fetch(form.action, { method: "POST", body: data });
    if (response.redirected) return location.assign(response.url);
    if (response.status === 401) return trouble(t("Your sign-in has ended."), t("Sign in in another tab, then try again."));
    const page = parsed(await response.text());
    const slots = ["outcome", "pairs"].map((name) => [name, page.querySelector(`[data-slot="${name}"]`)]);
    if (!slots[0][1]) return trouble(t("The server refused this."), t("Load the page again."));
    for (const [name, fresh] of slots) {
      const old = document.querySelector(`[data-slot="${name}"]`);
      old.replaceChildren(...fresh.childNodes);
      bind(old);
    }
    document.querySelector('[data-slot="outcome"]').scrollIntoView({ block: "nearest" });
  }

  // Two fields may have one name: what is empty in one of them is no reason to leave the other out.
  function filled(data) {
    const kept = new FormData();
    for (const [name, value] of data) if (!(value instanceof File) || value.name) kept.append(name, value);
    return kept;
  }

  function trouble(message, todo) {
    const box = document.createElement("div");
    const words = document.createElement("p");
    const strong = document.createElement("strong");
    box.className = "trouble";
    box.setAttribute("role", "alert");
    strong.textContent = message;
    words.append(strong, ` ${todo}`);
    box.append(words);
    outcome.replaceChildren(box);
  }
}
