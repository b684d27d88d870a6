// An element that asks for itself anew while something behind it is at work.
import { get, parsed } from "./http.js";
import { bind } from "./main.js";

export function start(element) {
  let wait = Number(element.dataset.every);
  const again = () => setTimeout(look, wait);

  async function look() {
    if (!element.isConnected) return;
    if (document.hidden || element.contains(document.activeElement)) return again(); // nothing moves under a hand
    try {
      const body = parsed(await fragment(element));
      const fresh = body.querySelector(element.tagName.toLowerCase());
      if (!fresh) return;
      element.replaceWith(fresh);
      bind(fresh);
    } catch {
      wait = Math.min(wait * 2, 30000);
      again();
    }
  }
  again();
}

async function fragment(element) {
  const html = await (await get(element.dataset.url)).text();
  // a table row means nothing to a parser outside of a table
  return element.tagName === "TR" ? `<table><tbody>${html}</tbody></table>` : html;
}
