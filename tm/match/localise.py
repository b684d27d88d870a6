"""The target of a similar unit with the placeables of the text to translate: made only where it is certain."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from tm.match.alignment import aligned
from tm.match.house import DEFAULT_STYLE, HouseStyle, like
from tm.text.amounts import amount
from tm.text.placeables import figures
from tm.text.tokens import Token, measured, tokens
from tm.types import Language, Span

__all__ = ["HouseStyle", "Localised", "localise"]

# A value that also stands in letters would be left behind.
_LETTERS = """
1 one once single first\n2 two both twice second\n3 three third\n4 four fourth\n5 five fifth\n6 six sixth
7 seven seventh\n8 eight eighth\n9 nine ninth\n10 ten tenth\n11 eleven eleventh\n12 twelve twelfth dozen
13 thirteen\n14 fourteen\n15 fifteen\n16 sixteen\n17 seventeen\n18 eighteen\n19 nineteen
20 twenty\n30 thirty\n40 forty\n50 fifty\n60 sixty\n70 seventy\n80 eighty\n90 ninety
"""
_IN_LETTERS = {int(line.split()[0]): set(line.split()[1:]) for line in _LETTERS.strip().splitlines()}
_ARTICLE = re.compile(r"(?i)\b(an?)\s[€$£¥]?$")
_AN = re.compile(r"8|1[18](?:$|[^\d]|\d\d(?:$|\D))")


@dataclass(frozen=True, slots=True)
class Localised:
    """`target` with every differing placeable exchanged, or untouched. `complete`: no placeable of the two sources
    differs any more. `stale`: where in `target` values stand that belong to the unit's source only."""

    target: str
    complete: bool
    stale: tuple[Span, ...] = ()


def localise(query: str, unit_source: str, unit_target: str, style: HouseStyle = DEFAULT_STYLE) -> Localised:
    """Put the dates, times and figures of the French `query` into `unit_target`, the English of `unit_source`.

    Each differing placeable must have exactly one counterpart, whose value stands once in `unit_source` and once in
    `unit_target`, and its English form must be certain; otherwise nothing at all is exchanged.
    """
    return localised(tokens(query), tokens(unit_source), unit_target, style)


def localised(
    query: Sequence[Token], unit: Sequence[Token], unit_target: str, style: HouseStyle = DEFAULT_STYLE
) -> Localised:
    """`localise` for French texts that are tokens already."""
    wanted, held = measured(query), measured(unit)
    if [_key(t) for t in wanted if _placeable(t)] == [_key(t) for t in held if _placeable(t)]:
        return Localised(unit_target, complete=True)
    target = tokens(unit_target, "en")
    exchanges = _exchanges(wanted, held, target, unit_target, style)
    if exchanges is None:
        gone = {_key(t) for t in held if _placeable(t)} - {_key(t) for t in wanted}
        return Localised(
            unit_target, complete=False, stale=tuple(Span(t.start, t.end) for t in target if _key(t) in gone)
        )
    text = unit_target
    for token, written in sorted(exchanges, key=lambda exchange: -exchange[0].start):
        text = text[: token.start] + written + text[token.end :]
    return Localised(text, complete=True)


def _placeable(token: Token) -> bool:
    return token.kind not in ("word", "punctuation")


def _key(token: Token) -> tuple[str, Hashable]:
    return token.kind, token.value


def _exchanges(
    wanted: list[Token], held: list[Token], target: Sequence[Token], text: str, style: HouseStyle
) -> list[tuple[Token, str]] | None:
    pairs = _counterparts(wanted, held)
    if pairs is None:
        return None
    values = {_key(token) for token in held}
    found = []
    for new, old in pairs:
        new, old, places = _matched(new, old, target)
        known = held if old.kind != "number" else [_number(token, "fr") or token for token in held]
        if [_key(token) for token in known].count(_key(old)) != 1 or len(places) != 1:
            return None
        if _echoed(new, old, places[0], target, values):
            return None
        written = like(new, places[0], old, style)
        if written is None or not _article_fits(text[: places[0].start], written):
            return None
        found.append((places[0], written))
    return found


def _matched(new: Token, old: Token, target: Sequence[Token]) -> tuple[Token, Token, list[Token]]:
    """A placeable and the one it stands for, with all places of the latter in the target. Where the target parts an
    amount from its unit, or has a unit that the source has not, the numbers alone."""
    places = [token for token in target if _key(token) == _key(old)]
    if not places and new.kind in ("money", "measure") and _unit(new) == _unit(old):
        new, old = figures(new, "fr") or new, figures(old, "fr") or old
    if not places and old.kind == "number":
        numbers = [_number(token, "en") for token in target]
        places = [token for token in numbers if token is not None and _key(token) == _key(old)]
    return new, old, places


def _number(token: Token, language: Language) -> Token | None:
    return token if token.kind == "number" else figures(token, language)


def _unit(token: Token) -> tuple[str, int] | None:
    parts = amount(token.text, "fr")
    return (parts.unit, parts.exponent) if parts else None


def _counterparts(wanted: list[Token], held: list[Token]) -> list[tuple[Token, Token]] | None:
    """The placeables that differ, each with the one it stands for; None where this is not certain."""
    pairs = aligned(wanted, held)
    placed = [(i, j) for i, j in pairs if _placeable(wanted[i])]
    if not sum(map(_placeable, wanted)) == len(placed) == sum(map(_placeable, held)):
        return None
    differing = [(i, j) for i, j in placed if _key(wanted[i]) != _key(held[j])]
    if len(pairs) < max(len(wanted), len(held)):  # the words differ too: the places must be sure, the values not moved
        words = {(i, j) for i, j in pairs if wanted[i].kind == "word"}
        if not all({(i - 1, j - 1), (i + 1, j + 1)} & words for i, j in differing):
            return None
        if {_key(wanted[i]) for i, _ in differing} & {_key(token) for token in held}:
            return None
    return [(wanted[i], held[j]) for i, j in differing]


def _components(token: Token, language: Language) -> set[int]:
    """The whole numbers that a placeable is made of."""
    inside = figures(token, language)
    value = inside.value if inside else token.value
    if isinstance(value, tuple):
        return {part for part in value[:4] if isinstance(part, int)}
    return {int(value)} if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else set()


def _echoed(new: Token, old: Token, place: Token, target: Sequence[Token], known: set[tuple[str, Hashable]]) -> bool:
    """Whether the target says a part of the old value a second time, in letters or in a placeable of its own."""
    changed = _components(old, "fr") - _components(new, "fr")
    elsewhere = [t for t in target if not t.start <= place.start < t.end]
    if any(_placeable(t) and _key(t) not in known and _components(t, "en") & changed for t in elsewhere):
        return True
    letters = {word for number in changed for word in _in_letters(number)}
    counted = old.kind in ("number", "ordinal", "money", "measure")
    return counted and any(t.kind == "word" and t.value in letters for t in target)


def _in_letters(number: int) -> set[str]:
    return _IN_LETTERS.get(number, _IN_LETTERS.get(number // 10 * 10, set()) if number < 100 else set())


def _article_fits(before: str, written: str) -> bool:
    article = _ARTICLE.search(before)
    return article is None or (len(article[1]) == 2) == (_AN.match(written.lstrip("€$£¥")) is not None)
