// What stands beside the list: where there is room, at its side; else a sheet at the bottom that is pulled up. The parts of
// the panel have a line of buttons that lead to each.
import { t } from "./speech.js";

export class Side {
  constructor(editor) {
    this.editor = editor;
    this.element = editor.slot("side");
    this.handle = this.element.querySelector('[data-act="sheet"]');
    this.parts = editor.slot("parts");
    // the sheet stands on the bar, and what is beside the list hangs below the head: either may need more than one line
    for (const [name, part] of [["--bar", ".bar-below"], ["--head", ".bench-head"]]) {
      const element = editor.root.querySelector(part);
      new ResizeObserver(() => editor.root.style.setProperty(name, `${element.offsetHeight}px`)).observe(element);
    }
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.target.closest("[data-own-keys]")) return;
      this.pull(false);
      editor.field?.focus();
    });
    this.parts.addEventListener("click", (event) => {
      const button = event.target.closest("[data-part]");
      if (button) this.show(document.getElementById(button.dataset.part));
    });
  }

  get acts() {
    return {
      side: () => { this.pull(true); (this.parts.querySelector("button") ?? this.element).focus(); },
      sheet: () => this.pull(!this.element.classList.contains("pulled")),
    };
  }

  pull(up) {
    this.element.classList.toggle("pulled", up);
    this.handle.setAttribute("aria-expanded", String(up));
  }

  show(heading) {
    heading.closest("section").scrollIntoView({ block: "start" });
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  panelled(panel) {
    const headings = [...panel.querySelectorAll("section:not([hidden]) > h2[id]")];
    this.parts.replaceChildren(...headings.map((heading) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.part = heading.id;
      const count = heading.parentElement.querySelectorAll(":scope > ol > li, :scope > ul > li").length;
      button.textContent = `${heading.firstChild.textContent.trim()}${count ? ` ${count}` : ""}`;
      return button;
    }));
    const best = panel.querySelector(".proposal .rate")?.textContent.trim();
    this.editor.slot("sheet-says").textContent = [best && t("best match {0}", best), ...headings.slice(1).map((one) => one.firstChild.textContent.trim())]
      .filter(Boolean).join(" · ") || t("no match");
  }
}
