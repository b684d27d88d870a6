// Characters that show nothing or turn the reading order round: each gets a sign, and turns nothing round but itself. The
// text stays the same to the letter.
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

export function reveal(root) {
  if (!UNSEEN.test(root.textContent)) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (UNSEEN.test(data) && !parent.closest("option, script, style, textarea, title, .unseen")) found.push(walker.currentNode);
  }
  for (const text of found) text.replaceWith(...text.data.split(new RegExp(`(${UNSEEN.source})`, "u")).filter(Boolean).map(signed));
}

function signed(piece) {
  if (!UNSEEN.test(piece)) return piece;
  const sign = document.createElement("span");
  sign.className = "unseen";
  sign.dataset.sign = `U+${piece.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  sign.textContent = piece;
  return sign;
}
