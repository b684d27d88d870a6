"""Placeables: dates, times, numbers, percentages, money, measures, ordinals, centuries, references and addresses, each
with its value.

A value is the same in French and in English: `3,5` and `3.5`, `12 mars 2024` and `March 12, 2024`, `15 h 30` and
`3.30 p.m.` are equal. What can be read in two ways (`1.500` in French) has its spelling and a question mark as its
value, so that it equals nothing but itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal

from tm.text.amounts import amount, patterns
from tm.text.normalise import normal
from tm.types import Language

TokenKind = Literal[
    "word",
    "number",
    "percent",
    "money",
    "measure",
    "date",
    "time",
    "ordinal",
    "century",
    "reference",
    "url",
    "email",
    "punctuation",
]


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text, `text[start:end]`, with a value that can be compared across French and English.

    Values: word: its case-folded form; number and percent: a decimal as a string; money and measure: `(decimal,
    currency or unit)`; date: `("date", year, month, day)` with None for what is not said, and the weekday (0 is Monday)
    as a fifth part where it is named; two days of one month: `("range" | "pair", year, month, first, last)`, and their
    weekdays where they are named; time: `(hour, minute)`; ordinal and century: an integer; else its text.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    value: Hashable


# Names of months and weekdays; the first of each line is the full name. English ones count with a capital only ("may").
FRENCH_MONTHS = """
janvier janv.
février févr. fév. fevrier
mars
avril avr.
mai
juin
juillet juil.
août aout
septembre sept.
octobre oct.
novembre nov.
décembre déc. decembre
"""
ENGLISH_MONTHS = """
January Jan.
February Feb.
March Mar.
April Apr.
May
June Jun.
July Jul.
August Aug.
September Sept. Sep.
October Oct.
November Nov.
December Dec.
"""
FRENCH_WEEKDAYS = "lundi\nmardi\nmercredi\njeudi\nvendredi\nsamedi\ndimanche"
ENGLISH_WEEKDAYS = """
Monday Mon.
Tuesday Tues. Tue.
Wednesday Wed.
Thursday Thurs. Thur. Thu.
Friday Fri.
Saturday Sat.
Sunday Sun.
"""


def _numbered(names: str, first: int) -> dict[str, int]:
    lines = names.strip().splitlines()
    return {name.rstrip(".").lower(): at for at, line in enumerate(lines, first) for name in line.split()}


MONTHS = _numbered(FRENCH_MONTHS, 1) | _numbered(ENGLISH_MONTHS, 1)
WEEKDAYS = _numbered(FRENCH_WEEKDAYS, 0) | _numbered(ENGLISH_WEEKDAYS, 0)


def _french(names: str) -> str:
    # without its full stop, "sept." is a number
    return "(?i:" + "|".join(re.escape(name) + ("" if name[-1] == "." else r"\b") for name in names.split()) + ")"


def _english(names: str) -> str:
    plain = [name.rstrip(".") for name in names.split()]
    return "(?:" + "|".join([*plain, *map(str.upper, plain)]) + r")\b\.?"


_S = r"\s"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DAY_TH = _DAY + r"(?:er|ᵉʳ|st|nd|rd|th)?"
_YEAR = r"(?:1\d|2[01])\d\d(?!\d)"
_TO = rf"(?:{_S}?[-–—]{_S}?|{_S}(?:au|à|to|et|and){_S}(?:le{_S})?)"
_SIGN = r"(?:(?:(?<=[\s(])|(?<!.))[+\-−](?=\d))?"
_FRACTION = r"(?:[.,]\d{1,20}(?!\d|[.,]\d))?"
_TH = r"(?:st|nd|rd|th)"
_E = r"(?:èmes?|emes?|es?|ᵉ)"
_ROMAN = rf"(?:I(?:er|re)s?|(?:[IVX][IVXLC]{{0,6}}|[LC][IVXLC]{{1,6}}){_E})"
_GROUPED = {
    "fr": rf"\d{{1,3}}(?:{_S}\d{{3}}){{1,8}}(?!\d)|\d{{1,3}}(?:\.\d{{3}}){{1,8}}(?=,\d)",
    "en": r"\d{1,3}(?:,\d{3}){1,8}(?!\d)|\d{1,3}(?:\s\d{3}){1,8}(?!\d)",
}


def _pattern(language: Language) -> re.Pattern[str]:
    month = _english(ENGLISH_MONTHS) if language == "en" else f"(?:{_french(FRENCH_MONTHS)}|{_english(ENGLISH_MONTHS)})"
    weekday = f"(?:{_french(FRENCH_WEEKDAYS)}|{_english(ENGLISH_WEEKDAYS)}),?{_S}{{1,3}}"
    days = rf"{_DAY_TH}(?:{_TO}(?:{weekday})?{_DAY_TH})?(?!\w)"
    number = rf"{_SIGN}(?:{_GROUPED[language]}|\d{{1,40}}(?!\d)){_FRACTION}"
    arabic = rf"\d{{1,4}}(?:ers?|ᵉʳ|res?|ères?|nde?s?|{_E})" if language == "fr" else rf"\d{{1,4}}{_TH}"
    ordinal = f"(?:{_ROMAN}|{arabic})" if language == "fr" else arabic
    money, measure = patterns(language, number)
    kinds = [
        ("url", r"(?:https?://|www\.)[^\s<>\"«»“”]{1,2000}(?<![.,;:!?)\]'’])"),
        ("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
        ("iso", rf"{_YEAR}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])(?![\w-])"),
        ("numeric", rf"{_DAY}(?:/(?:1[0-2]|0?[1-9])/|\.(?:1[0-2]|0?[1-9])\.){_YEAR}(?!\w)"),
        ("date", rf"(?:{weekday})?{days}{_S}{{1,3}}(?:of{_S})?{month}(?:,?{_S}{{1,3}}{_YEAR})?(?!\w)"),
        ("date", rf"{month}{_S}{{1,3}}{_YEAR}(?!\w)"),
        # "In March 29 nations met" reads as a date too: then the two sides differ, and nothing is substituted
        ("date", rf"(?:{weekday})?{month}{_S}{{1,3}}{days}(?!{_S}?%|[.,:/]\d)(?:,?{_S}{{1,3}}{_YEAR})?(?!\w)"),
        (
            "reference",
            r"(?:[A-Z0-9][A-Z0-9-]{0,11}/){0,5}[A-Z0-9][A-Z0-9-]{0,11}\(\d{4}\)\d{1,6}(?:-[A-Z0-9]{1,8}){0,3}(?!\w)",
        ),
        ("reference", rf"(?:[A-Z][A-Z0-9-]{{0,11}}/){{1,6}}\d[\d/]{{0,12}}(?![\w/])|\(\d{{4}}\){_S}?\d{{1,6}}(?!\w)"),
        ("reference", r"\d{1,6}(?:\.\d{1,6}){2,8}(?![\w.]\w)|\d{1,6}(?:/\d{1,6}){1,3}(?![\w/])"),
        ("century", rf"{ordinal}[\s-](?i:siècles?|century|centuries)\b"),
        ("ordinal", rf"{ordinal}(?!\w)"),
        ("time", rf"(?:2[0-4]|[01]?\d){_S}?(?:[hH](?:{_S}?[0-5]\d)?|heures?{_S}[0-5]\d)(?!\w)"),
        ("time", r"(?:2[0-4]|[01]?\d):[0-5]\d(?:[ap]m\b|\s?[ap]\.m\.|\s[ap]m\b)?(?![\w:]|\.\d)"),
        ("time", rf"(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?{_S}?[ap](?:\.m\.|m\b)"),
        # without "à", hours are a length of time ("pendant 9 heures")
        ("time", rf"(?<=[àÀ]{_S})(?:2[0-4]|[01]?\d){_S}heures?\b"),
        ("money", money),
        ("measure", measure),
        ("percent", rf"{number}{_S}?(?:%|(?i:pour{_S}cent|per{_S}cent|percent)\b)"),
        ("number", rf"{number}(?!\w)"),
    ]
    if language == "fr":
        del kinds[6]  # the month before the day
    # no group holds another, so that the number of the group tells the kind
    return re.compile(
        r"(?<![\w@])(?:" + "|".join(f"(?P<{kind}_{at}>{body})" for at, (kind, body) in enumerate(kinds)) + ")"
    )


PATTERNS: dict[Language, re.Pattern[str]] = {"fr": _pattern("fr"), "en": _pattern("en")}
_HINT = re.compile(rf"[\d@]|www\.|://|\b{_ROMAN}")
_PARTS = re.compile(r"\d+|[^\W\d_]+")


def roman(letters: str) -> int | None:
    """The value of a canonical Roman numeral up to 399, None for anything else."""
    value, rest = 0, letters
    for sign, worth in (
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    ):
        most = 3 if len(sign) == 1 and sign in "CXI" else 1
        while most and rest.startswith(sign):
            value, rest, most = value + worth, rest[len(sign) :], most - 1
    return value if value and not rest else None


def _number(text: str, language: Language) -> Hashable:
    figures = re.sub(r"(?i)\s*(?:%|pour\s+cent|per\s+cent|percent)$", "", text).replace("−", "-").lstrip("+")
    plain = re.sub(r"\s", "", figures)
    if language == "fr" and re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif language == "en":
        if re.search(r",(?!\d{3}(?!\d))", plain):
            return f"{plain}?"  # a French decimal in an English text
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", figures):
        return f"{plain}?"  # thousands or thousandths
    whole, _, fraction = plain.replace(",", ".").partition(".")
    if re.match(r"-?0\d", whole):
        return plain  # a code, not a quantity
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _date(text: str, language: Language) -> Hashable:
    parts = [part.lower() for part in _PARTS.findall(text)]
    figures = [part for part in parts if part.isdecimal()]
    year = int(figures.pop()) if len(figures[-1]) == 4 else None
    month = next((MONTHS[part] for part in parts if part in MONTHS), None)
    if month is None:
        return normal(text)  # a letter that only looks like one of the name
    days = [int(figure) for figure in figures]
    weekdays = [WEEKDAYS[part] for part in parts if part in WEEKDAYS]
    if len(days) == 2:
        kind = "pair" if {"et", "and"} & set(parts) else "range"
        sound = days[0] < days[1] and len(weekdays) in (0, 2)
        return (kind, year, month, *days, *weekdays) if sound else normal(text)
    return ("date", year, month, days[0] if days else None, *weekdays)


def _figures_date(text: str, language: Language) -> Hashable:
    first, month, last = (int(figure) for figure in re.findall(r"\d+", text))
    return ("date", first, month, last) if first > 31 else ("date", last, month, first)


def _time(text: str, language: Language) -> Hashable:
    hour, minute = ([int(figure) for figure in re.findall(r"\d+", text)] + [0])[:2]
    half = re.search(r"([ap])\.?m", text)
    if half and hour > 12:
        return normal(text)
    return (hour % 12 + (12 if half[1] == "p" else 0) if half else hour, minute)


def _ordinal(text: str, language: Language) -> Hashable:
    figures = re.match(r"\d+", text)
    return int(figures[0]) if figures else roman(re.match(r"[IVXLC]*", text)[0]) or normal(text)  # type: ignore[index]


def _amount(text: str, language: Language) -> Hashable:
    parts = amount(text, language)
    worth = str(_number(parts.figures, language)) if parts else "?"
    if parts is None or not re.fullmatch(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", worth):
        return normal(text)  # a spelling with two readings
    return (parts.of(worth), parts.unit)


def _verbatim(text: str, language: Language) -> Hashable:
    return normal(text)


_READ: dict[str, tuple[TokenKind, Callable[[str, Language], Hashable]]] = {
    "url": ("url", _verbatim),
    "email": ("email", _verbatim),
    "iso": ("date", _figures_date),
    "numeric": ("date", _figures_date),
    "date": ("date", _date),
    "reference": ("reference", _verbatim),
    "century": ("century", _ordinal),
    "ordinal": ("ordinal", _ordinal),
    "time": ("time", _time),
    "money": ("money", _amount),
    "measure": ("measure", _amount),
    "percent": ("percent", _number),
    "number": ("number", _number),
}


def figures(token: Token, language: Language) -> Token | None:
    """The number inside an amount of money or a measure; None for any other token."""
    parts = amount(token.text, language) if token.kind in ("money", "measure") else None
    if parts is None:
        return None
    start = token.start + len(parts.before)
    end = start + len(parts.figures)
    return Token("number", parts.figures, start, end, _number(parts.figures, language))


def placeables(text: str, language: Language = "fr") -> list[Token]:
    """The placeables of `text` in order, not overlapping, with offsets into `text`. `text` must hold no invisible marks
    and no doubled spaces and be in NFC (`tm.text.tokens.tokens` sees to that for any text). Linear time."""
    if not _HINT.search(text):
        return []
    found = []
    for match in PATTERNS[language].finditer(text):
        kind, read = _READ[str(match.lastgroup).partition("_")[0]]
        found.append(Token(kind, match[0], match.start(), match.end(), read(match[0], language)))
    return found
