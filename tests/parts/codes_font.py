"""The font in which the editor shows inline codes: a glyph for each, so that a code is one character in a text field.

What opens points to the right, what closes to the left, what stands alone has round corners; the number is cut out.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from tm.text.codes import MOST, CodeForm, character

Shape = list[tuple[float, float]]

TOP, BOTTOM, MIDDLE = 760, -140, 310
UNIT, PIXEL_HEIGHT = 70, 86
WIDE = 4 * UNIT + 46  # a digit and the gap behind it
ROWS = {
    "0": ".##.|#..#|#..#|#..#|#..#|#..#|.##.",
    "1": "..#.|.##.|..#.|..#.|..#.|..#.|.###",
    "2": ".##.|#..#|...#|..#.|.#..|#...|####",
    "3": "###.|...#|...#|.##.|...#|...#|###.",
    "4": "#..#|#..#|#..#|####|...#|...#|...#",
    "5": "####|#...|#...|###.|...#|...#|###.",
    "6": ".##.|#...|#...|###.|#..#|#..#|.##.",
    "7": "####|...#|...#|..#.|..#.|.#..|.#..",
    "8": ".##.|#..#|#..#|.##.|#..#|#..#|.##.",
    "9": ".##.|#..#|#..#|.###|...#|...#|.##.",
}
FORMS: tuple[CodeForm, ...] = ("open", "close", "alone")


def outlines(digit: str) -> list[Shape]:
    """The outlines of a digit, traced along its squares so that what is filled lies on the left."""
    rows = ROWS[digit].split("|")
    filled = {(x, len(rows) - 1 - y) for y, row in enumerate(rows) for x, mark in enumerate(row) if mark == "#"}
    edges: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for x, y in filled:
        for dx, dy, start, end in (
            (0, -1, (x, y), (x + 1, y)), (1, 0, (x + 1, y), (x + 1, y + 1)),
            (0, 1, (x + 1, y + 1), (x, y + 1)), (-1, 0, (x, y + 1), (x, y)),
        ):  # fmt: skip
            if (x + dx, y + dy) not in filled:
                edges.setdefault(start, []).append(end)
    shapes = []
    while edges:
        start = at = next(iter(edges))
        shape: Shape = []
        while True:
            shape.append(at)
            following = edges[at].pop()
            if not edges[at]:
                del edges[at]
            at = following
            if at == start:
                break
        shapes.append(shape)
    return shapes


def box(form: CodeForm, width: float) -> Shape:
    """The outline of a code, clockwise."""
    left, right, point = 40, 40 + width, 150
    if form == "open":
        return [(left, BOTTOM), (left, TOP), (right - point, TOP), (right, MIDDLE), (right - point, BOTTOM)]
    if form == "close":
        return [(left, MIDDLE), (left + point, TOP), (right, TOP), (right, BOTTOM), (left + point, BOTTOM)]
    corner, points = 190, []
    for cx, cy, turn in ((left, BOTTOM, 180), (left, TOP, 90), (right, TOP, 0), (right, BOTTOM, 270)):
        x = cx + corner if cx == left else cx - corner
        y = cy + corner if cy == BOTTOM else cy - corner
        for step in range(7):
            angle = math.radians(turn + 90 - 15 * step)
            points.append((x + corner * math.cos(angle), y + corner * math.sin(angle)))
    return points


def drawn(form: CodeForm, number: int) -> tuple[object, int]:
    """The glyph of a code and its advance."""
    digits = str(number)
    width = len(digits) * WIDE - 46 + (300 if form != "alone" else 220)
    pen = TTGlyphPen(None)
    shapes = [box(form, width)]
    x = 40 + {"open": 95, "close": 205, "alone": 110}[form]
    for digit in digits:
        shapes += [[(x + px * UNIT, 9 + py * PIXEL_HEIGHT) for px, py in shape] for shape in outlines(digit)]
        x += WIDE
    for shape in shapes:
        pen.moveTo(shape[0])
        for point in shape[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph(), round(width + 80)


def build(path: Path) -> None:
    """Write the font."""
    names, glyphs, advances, characters = [".notdef"], {".notdef": TTGlyphPen(None).glyph()}, {".notdef": (500, 0)}, {}
    for form in FORMS:
        for number in range(1, MOST + 1):
            name = f"{form}{number}"
            glyph, advance = drawn(form, number)
            names.append(name)
            glyphs[name], advances[name] = glyph, (advance, 40)
            characters[ord(character(form, number))] = name
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap(characters)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(advances)
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Passerelle Codes", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.font["head"].created = font.font["head"].modified = 3_400_000_000  # the same font, the same bytes
    font.font.recalcTimestamp = False
    font.font.flavor = "woff"
    font.save(path)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
