// Binds modules to the elements that ask for them: <div data-module="editor">.
import { localise } from "./times.js";
import { t } from "./speech.js";
import { reveal } from "./unseen.js";

const modules = {
  concordance: () => import("./concordance.js"),
  editor: () => import("./editor.js"),
  "hand-in": () => import("./hand_in.js"),
  live: () => import("./live.js"),
  "own-keys": () => import("./own_keys.js"),
  review: () => import("./review.js"),
  tryout: () => import("./tryout.js"),
  upload: () => import("./upload.js"),
};

let leaving = false;
addEventListener("pagehide", () => { leaving = true; });

// A module that cannot be fetched leaves a page that looks alive and is not: say so, unless the page is going anyway.
async function load(element) {
  try {
    await (await modules[element.dataset.module]?.())?.start(element);
  } catch (error) {
    if (leaving) return;
    console.error(error);
    const note = document.createElement("p");
    note.className = "trouble";
    note.setAttribute("role", "alert");
    note.textContent = t("A part of this page could not be loaded. Load the page again.");
    element.prepend(note);
  }
}

export function bind(root) {
  localise(root);
  reveal(root);
  const asking = [...root.querySelectorAll("[data-module]")];
  if (root.matches?.("[data-module]")) asking.push(root);
  for (const element of asking) {
    if (element.bound) continue;
    element.bound = true;
    load(element);
  }
}

bind(document.documentElement);
