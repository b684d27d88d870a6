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
