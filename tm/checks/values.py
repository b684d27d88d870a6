"""Figures, dates, times, amounts, references and addresses: whether both sides say the same, by value.

What stands in figures on one side may stand in letters on the other (`deux`, `2`), a date may be told in part (`le 12`,
`12 March`), an amount may be parted from its unit. What is left over after that is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tm.checks.findings import Finding, Mend
from tm.checks.letters import spelled
from tm.match.house import english
from tm.text.placeables import MONTHS, figures
from tm.text.tokens import Token, tokens
from tm.types import Language, Span

CODE_OF = {
    "number": "NUMBER",
    "percent": "NUMBER",
    "ordinal": "NUMBER",
    "century": "NUMBER",
    "measure": "AMOUNT",
    "money": "AMOUNT",
    "date": "DATE",
    "time": "TIME",
    "reference": "REFERENCE",
    "url": "ADDRESS",
    "email": "ADDRESS",
}
_OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}
_SCALES = (1, 1000, 10**6, 10**9)  # `18 millions` has the figures 18, "eighteen million" is 18,000,000
_FIGURES = re.compile(r"\d+")


def values(source: str, target: str) -> Iterator[Finding]:
    """What differs between the values of a French text and of its translation."""
    sides: dict[Language, list[Token]] = {"fr": list(tokens(source, "fr")), "en": list(tokens(target, "en"))}
    left = {language: [token for token in found if token.kind in CODE_OF] for language, found in sides.items()}
    _drop(left, lambda one, other: (one.kind, one.value) == (other.kind, other.value))
    yield from _weekdays(left)
    _drop(left, _same_day)
    _drop(left, lambda one, other: bool(_parts(one)) and _parts(one) == _parts(other) and _alike(one, other))
    _drop(left, _same_figures)
    spare = {language: _numbers_of(found, sides[language]) for language, found in left.items()}
    for language in left:
        other = spare[_OTHER[language]]
        written = target if language == "fr" else source
        left[language] = [
            token
            for token in left[language]
            if not (_told(token, sides[_OTHER[language]], other, language) or _inside_a_word(token, written))
        ]
    yield from _differing(left["fr"], left["en"])


def _drop(left: dict[Language, list[Token]], same: Callable[[Token, Token], bool]) -> None:
    """Take out what both sides have, each as often as both have it."""
    french, english_ = [], list(left["en"])
    for token in left["fr"]:
        at = next((at for at, other in enumerate(english_) if same(token, other)), None)
        if at is None:
            french.append(token)
        else:
            del english_[at]
    left["fr"], left["en"] = french, english_


def _same_day(one: Token, other: Token) -> bool:
    """Whether two dates are the same day, of which one side alone says the year (`le 27 septembre dernier`)."""
    if not (one.kind == other.kind == "date" and isinstance(one.value, tuple) and isinstance(other.value, tuple)):
        return False
    (ours, _), (theirs, _) = _parted(one.value), _parted(other.value)
    return None in (ours[1], theirs[1]) and ours[2:] == theirs[2:] and ours[3] is not None


def _same_figures(one: Token, other: Token) -> bool:
    """Whether the figures are the same where one side has none of the unit (`dont 10`, `EUR 10 million`), where they
    can be read in two ways (`42.000`), or where a time has no sign of one (`7 h 40`, `7.40`)."""
    plain = [re.sub(r"\D", "", token.text) for token in (one, other)]
    if one.kind == other.kind:
        return plain[0] == plain[1] and bool(re.search(r"\d[.,\s]\d{3}(?!\d)", one.text + " " + other.text))
    if {one.kind, other.kind} == {"time", "number"}:
        return plain[0] == plain[1] and "." in one.text + other.text
    inner = figures(one, "fr") or one, figures(other, "en") or other
    return all(token.kind == "number" for token in inner) and inner[0].value == inner[1].value


def _inside_a_word(token: Token, text: str) -> bool:
    """Whether the figures of a plain number stand in a word of the other text: `1980s`, `DG1`."""
    if token.kind != "number":
        return False
    figures_ = re.escape(token.text)
    return re.search(rf"(?<![\d.,]){figures_}(?=[^\W\d])|(?<=[^\W\d]){figures_}(?!\d)", text) is not None


def _alike(one: Token, other: Token) -> bool:
    """Whether two placeables may say the same in two ways: all but addresses, and not a percentage for a number."""
    kinds = {one.kind, other.kind}
    return not kinds & {"url", "email"} and (len(kinds) == 1 or not kinds & {"percent", "money"})


def _parts(token: Token) -> tuple[int, ...]:
    """The whole numbers that a placeable is made of, months included; none where its figures are not whole."""
    if token.kind == "date" and isinstance(token.value, tuple):
        told, _ = _parted(token.value)
        return tuple(sorted(part for part in told[1:] if isinstance(part, int)))
    if token.kind == "time" and isinstance(token.value, tuple):
        return tuple(part for part in token.value if part)
    if isinstance(token.value, int):
        return (token.value,)
    if token.kind == "reference":
        return tuple(map(int, _FIGURES.findall(token.text)))
    value = token.value[0] if isinstance(token.value, tuple) else token.value
    return (int(value),) if isinstance(value, str) and value.isdecimal() else ()


def _numbers_of(left: Sequence[Token], every: Sequence[Token]) -> set[int]:
    """All whole numbers that are left over on a side, and the months that stand alone in it."""
    found = {part for token in left for part in _parts(token)}
    return found | {MONTHS[str(token.value)] for token in every if token.kind == "word" and token.value in MONTHS}


def _told(token: Token, others: Sequence[Token], numbers: set[int], language: Language) -> bool:
    """Whether the other side tells the value in letters, or in parts of other placeables."""
    if token.kind in ("url", "email", "reference"):
        return False
    parts = _parts(token)
    if not parts:
        return False
    stated = spelled((str(word.value) for word in others if word.kind == "word"), _OTHER[language])
    return all(part in numbers or stated & {part * scale for scale in _SCALES} for part in parts)


def _weekdays(left: dict[Language, list[Token]]) -> Iterator[Finding]:
    """Dates that are the same but for the day of the week: both are taken out of what is left over."""
    for token in list(left["fr"]):
        for other in left["en"]:
            one, two = _named(token), _named(other)
            if one and two and one[0] == two[0]:
                left["fr"].remove(token)
                left["en"].remove(other)
                if one[1] and two[1] and one[1] != two[1]:
                    message = f"“{token.text}” and “{other.text}” name different days of the week."
                    yield Finding("WEEKDAY", message, _span(token), _span(other), _mend(token, other))
                break


def _named(token: Token) -> tuple[tuple[object, ...], tuple[object, ...]] | None:
    """The date and the days of the week of a token."""
    if token.kind != "date" or not isinstance(token.value, tuple):
        return None
    return _parted(token.value)


def _parted(value: tuple[object, ...]) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """The kind, year, month and days of a date, and its days of the week."""
    size = 4 if value[0] == "date" else 5
    return value[:size], value[size:]


def _differing(french: list[Token], translated: list[Token]) -> Iterator[Finding]:
    """Findings for what is left over: in pairs of a kind where both sides have one."""
    free = list(translated)
    for token in french:
        code = CODE_OF[token.kind]
        other = next((other for other in free if other.kind == token.kind), None)
        other = other or next((other for other in free if CODE_OF[other.kind] == code), None)
        if other is None:
            yield Finding(code, f"“{token.text}” is not in the translation.", _span(token))
            continue
        free.remove(other)
        message = f"“{token.text}” became “{other.text}”."
        yield Finding(code, message, _span(token), _span(other), _mend(token, other))
    for other in free:
        yield Finding(CODE_OF[other.kind], f"“{other.text}” is not in the French text.", target=_span(other))


def _mend(token: Token, other: Token) -> Mend | None:
    """The value of the source in English, in the place of another of its kind."""
    written = token.text if token.kind in ("url", "email", "reference") else english(token)
    return Mend(_span(other), written) if written is not None and token.kind == other.kind else None


def _span(token: Token) -> Span:
    return Span(token.start, token.end)
