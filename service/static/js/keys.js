// Keys to acts. Digits go by their place on the keyboard, because on a French one they need Shift; letters by their name.
import { t } from "./speech.js";

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const NAMES = { ArrowDown: "down", ArrowUp: "up", ArrowLeft: "left", ArrowRight: "right", " ": "space" };

// A key press as a chord: `ctrl+shift+enter`; digits are `digit`, and which one is told apart.
export function chordOf(event) {
  const { altKey: alt, shiftKey: shift, key, code } = event;
  const ctrl = mac ? event.metaKey || event.ctrlKey : event.ctrlKey;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
  let name = (NAMES[key] ?? key).toLowerCase();
  if (alt && /^Key[A-Z]$/.test(code) && !/^[a-z]$/.test(name)) name = code.slice(3).toLowerCase(); // Alt writes signs on a Mac
  if (digit && (ctrl || alt)) name = "digit";
  const held = [ctrl && "ctrl", alt && "alt", shift && name !== "?" && "shift"].filter(Boolean);
  return { chord: [...held, name].join("+"), digit: digit ? Number(digit[1]) : null };
}

export class Keys {
  // `bindings`: {act: [chord, …]}
  constructor(bindings) {
    this.bindings = bindings;
    this.acts = new Map(Object.entries(bindings).flatMap(([act, chords]) => chords.map((chord) => [chord, act])));
  }

  // The act of a key press, with its digit, or null. A chord without Ctrl or Alt belongs to the open text field, but for
  // the function keys, and for `?`, which is a letter where one types.
  find(event, field) {
    if (event.isComposing) return null;
    const { chord, digit } = chordOf(event);
    const act = this.acts.get(chord);
    if (!act) return null;
    const bare = !/^(ctrl|alt)\+|^(shift\+)?f\d+$/.test(chord);
    if (bare && (chord === "?" ? event.target.closest("input, textarea, select, dialog") : event.target !== field)) return null;
    return [act, digit];
  }

  // Keys that stand on buttons are those that this person has: <kbd data-key="insert" data-digit="2">.
  label(root) {
    for (const kbd of root.querySelectorAll("kbd[data-key]")) {
      const chord = this.bindings[kbd.dataset.key]?.[0];
      kbd.hidden = !chord;
      if (chord) kbd.textContent = chord.split("+").map((part) => shown(part, kbd.dataset.digit)).join(" ");
    }
  }
}

const CAPS = {
  down: () => "↓", up: () => "↑", enter: () => t("Enter"), shift: () => t("Shift"), escape: () => t("Esc"), space: () => t("Space"),
};

function shown(part, digit) {
  if (part === "digit") return digit;
  return CAPS[part]?.() ?? part[0].toUpperCase() + part.slice(1);
}
