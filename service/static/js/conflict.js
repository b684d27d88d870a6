// Two people, one segment: three texts, word by word, and a choice.
import { merged, show } from "./words.js";
import { clock } from "./times.js";
import { t } from "./speech.js";

export class Conflicts {
  constructor(dialog) {
    this.dialog = dialog;
    this.turn = Promise.resolve(); // one dialog at a time
    dialog.addEventListener("keydown", (event) => this.pressed(event));
    dialog.addEventListener("cancel", (event) => event.preventDefault()); // a choice is needed: Esc would lose one text
  }

  // 1, 2 and 3 choose; in the field for the edited text they are typed, and Ctrl+Enter saves it.
  pressed(event) {
    const inField = event.target.matches("textarea");
    const choice = inField ? { Enter: (event.ctrlKey || event.metaKey) && "merged" }[event.key] : { 1: "mine", 2: "theirs", 3: "merged" }[event.key];
    if (!choice) return;
    event.preventDefault();
    this.dialog.querySelector(`[data-choice="${choice}"]`).click();
  }

  // Ask which text stands. Answers ["mine" | "theirs" | "merged", text].
  settle(segment, { base, theirs, mine }) {
    const asked = this.turn.then(() => this.ask(segment, base, theirs, mine));
    this.turn = asked.catch(() => {});
    return asked;
  }

  ask(segment, base, theirs, mine) {
    const slot = (name) => this.dialog.querySelector(`[data-slot="${name}"]`);
    const before = base.text || segment.base;
    slot("conflict-words").textContent =
      t("Segment {0}: {1} saved it at {2}, after you had opened it.", segment.position, theirs.person || t("somebody"), theirs.at ? clock(theirs.at) : "–");
    slot("base").textContent = before || "(empty)";
    slot("theirs-title").textContent = t("Theirs: {0}, {1}", theirs.person || t("somebody"), theirs.at ? clock(theirs.at) : "–");
    // where both began with nothing, what differs is what one has and the other has not
    show(slot("theirs"), before || theirs.text, theirs.text);
    show(slot("mine"), before || theirs.text, mine);
    const both = before && merged(before, mine, theirs.text);
    slot("merged").value = both ?? mine;
    slot("merged-how").textContent = both ? t("Both changes stand in it: they touch different words.") : "";
    const approved = theirs.state === "approved";
    slot("conflict-why").textContent = approved ? t("Theirs is approved; it has to be reopened before another text can stand.") : "";
    for (const choice of ["mine", "merged"]) this.dialog.querySelector(`[data-choice="${choice}"]`).disabled = approved;
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.dialog.onclick = (event) => {
        const choice = event.target.closest("[data-choice]")?.dataset.choice;
        if (!choice) return;
        this.dialog.close();
        resolve([choice, { mine, theirs: theirs.text, merged: slot("merged").value }[choice]]);
      };
    });
  }
}
