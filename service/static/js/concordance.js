// The concordance while somebody types: what is found takes the place of what was found before, and the address follows,
// so that the page can be loaded again, kept or sent to a colleague.
import { Refusal, SignedOut, get, parsed } from "./http.js";
import { counted, t } from "./speech.js";

const PAUSE = 200; // milliseconds after the last key
const SHORTEST = 2; // letters; a single one stands almost everywhere

export function start(form) {
  const slot = (name) => document.querySelector(`[data-slot="${name}"]`);
  const results = slot("results");
  const field = form.elements.phrase;
  let timer, asked = 0;

  form.addEventListener("input", (event) => { if (event.target.matches("input:not([type=checkbox])")) soon(); });
  form.addEventListener("change", (event) => { if (event.target !== field) search(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  results.addEventListener("click", (event) => {
    const link = event.target.closest("[data-act=more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    more(link);
  });
  document.addEventListener("keydown", walk);
  if (field.value !== field.defaultValue) soon(); // who is quick has typed before this was loaded

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  }

  function wanted() {
    const values = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...values]) if (!value.trim()) values.delete(name);
    return values;
  }

  async function search() {
    clearTimeout(timer);
    const values = wanted();
    const phrase = (values.get("phrase") ?? "").trim();
    history.replaceState(null, "", phrase ? `${form.action}?${values}` : form.action);
    if (phrase.length && phrase.length < SHORTEST) return;
    const fresh = await fetched(`${form.dataset.hits}?${values}`);
    if (!fresh) return;
    slot("how")?.remove();
    results.replaceChildren(fresh);
    slot("said").textContent = fresh.dataset.said;
  }

  async function more(link) {
    const fresh = await fetched(form.dataset.hits + new URL(link.href).search);
    if (!fresh) return;
    const body = results.querySelector("tbody");
    const first = fresh.querySelector("tbody tr");
    if (first && body) {
      body.append(...fresh.querySelectorAll("tbody tr"));
      first.querySelector("a")?.focus();
    }
    link.closest(".actions").replaceWith(...fresh.querySelectorAll(".actions"));
    const count = body?.rows.length ?? 0;
    const units = counted(count, "unit");
    slot("said").textContent = "more" in fresh.dataset
      ? t("More than {0} with “{1}”", units, field.value.trim()) : t("{0} with “{1}”", units, field.value.trim());
  }

  // The fragment at an address, or nothing where a later question has been asked meanwhile.
  async function fetched(url) {
    const number = (asked += 1);
    results.setAttribute("aria-busy", "true");
    try {
      const body = parsed(await (await get(url)).text());
      return number === asked ? body.querySelector(".hits") : null;
    } catch (error) {
      if (number !== asked) return null;
      if (error instanceof SignedOut) location.reload(); // the address holds the question: it is asked again afterwards
      else if (error instanceof Refusal) form.submit(); // the page itself says what is wrong with it
      else slot("said").textContent = t("The server does not answer just now. Try again in a moment.");
      return null;
    } finally {
      if (number === asked) results.removeAttribute("aria-busy");
    }
  }

  // Arrow keys go from the field through what was found, and back.
  function walk(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const links = [...results.querySelectorAll("tbody a, [data-act=more]")];
    const at = links.indexOf(document.activeElement);
    if (at < 0 && (document.activeElement !== field || event.key === "ArrowUp")) return;
    event.preventDefault();
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (at < 1 ? field : links[at])).focus();
  }
}
