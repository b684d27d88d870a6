// Which words of a text differ from another text: longest common subsequence over words and the spaces between.

const cut = (text) => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) || [];

export function compare(before, after) {
  // Pieces of `after`: [text, isNew]; what is only in `before` is given as [text, null].
  const one = cut(before), other = cut(after);
  const common = table(one, other);
  const pieces = [];
  let i = 0, j = 0;
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      add(pieces, other[j], false);
      i += 1;
      j += 1;
    } else if (j >= other.length || (i < one.length && common[i + 1][j] >= common[i][j + 1])) {
      add(pieces, one[i], null);
      i += 1;
    } else {
      add(pieces, other[j], true);
      j += 1;
    }
  }
  return pieces;
}

// One text from two that both began with `base`: what each has changed, where the changes do not touch; else null.
export function merged(base, mine, theirs) {
  const words = cut(base);
  const changes = [...hunks(words, cut(mine)), ...hunks(words, cut(theirs))].sort((one, other) => one.from - other.from || one.to - other.to);
  const text = [];
  let at = 0, last = null;
  for (const change of changes) {
    if (last && change.from === last.from && change.to === last.to && change.text === last.text) continue; // both did the same
    if (last && change.from <= last.to) return null;
    text.push(...words.slice(at, change.from), change.text);
    at = change.to;
    last = change;
  }
  return [...text, ...words.slice(at)].join("");
}

// Where `other` differs from `one`: {from, to} in words of `one`, and the text that stands there instead.
function hunks(one, other) {
  const common = table(one, other);
  const found = [];
  let i = 0, j = 0, open = null;
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      open = null;
      i += 1;
      j += 1;
      continue;
    }
    if (!open) found.push(open = { from: i, to: i, text: "" });
    if (j >= other.length || (i < one.length && common[i + 1][j] >= common[i][j + 1])) open.to = i += 1;
    else { open.text += other[j]; j += 1; }
  }
  return found;
}

function table(one, other) {
  const rows = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      rows[i][j] = one[i] === other[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
    }
  }
  return rows;
}

function add(pieces, text, kind) {
  const last = pieces[pieces.length - 1];
  if (last && last[1] === kind) last[0] += text;
  else pieces.push([text, kind]);
}

// The text `after`, whole and readable, with the words marked that `before` does not have.
export function show(element, before, after) {
  const pieces = joined(compare(before, after).filter(([, kind]) => kind !== null));
  element.replaceChildren(...pieces.map(([text, isNew]) => {
    if (!isNew) return document.createTextNode(text);
    const mark = document.createElement("ins");
    mark.textContent = text;
    return mark;
  }));
}

// A lone space between two new words is no anchor for the eye: the words are one mark.
function joined(pieces) {
  const found = [];
  pieces.forEach(([text, isNew], at) => {
    const between = !text.trim() && pieces[at - 1]?.[1] && pieces[at + 1]?.[1];
    add(found, text, isNew || Boolean(between));
  });
  return found;
}
