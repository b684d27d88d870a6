// Chords are pressed rather than spelled: in a field for keys, Ctrl or Alt with a key, or a function key, writes itself.
import { chordOf } from "./keys.js";

export function start(form) {
  form.addEventListener("keydown", (event) => {
    const field = event.target.closest('[data-slot="chords"]');
    const { chord } = chordOf(event);
    if (!field || !/^(ctrl\+|alt\+)|^(shift\+)?f\d+$/.test(chord) || /\+(control|alt|shift|meta)$/.test(chord)) return;
    event.preventDefault();
    const chords = new Set(field.value.split(/\s+/).filter(Boolean));
    chords.add(chord);
    field.value = [...chords].join(" ");
  });
}
