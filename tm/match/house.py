"""Placeables written in English: in the house style, or in the form of another English placeable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tm.text.amounts import SCALES, SYMBOLS, Amount, amount, is_symbol, plural
from tm.text.normalise import normal
from tm.text.placeables import ENGLISH_MONTHS, ENGLISH_WEEKDAYS, MONTHS, WEEKDAYS, Token, figures

MONTH_NAMES = [line.split()[0] for line in ENGLISH_MONTHS.strip().splitlines()]
WEEKDAY_NAMES = [line.split()[0] for line in ENGLISH_WEEKDAYS.strip().splitlines()]

_PERCENT_SIGN = re.compile(r"(?i)\s*(?:%|pour\s+cent|per\s+cent|percent)$")
_NUMBER = re.compile(r"([+\-−]?)(\d[\d\s.,]*?)(?:[.,](\d+))?")
_PARTS = re.compile(r"\d+|[^\W\d_]+|.", re.S)


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How English is written where the target at hand does not say it by its own form."""

    thousands: str = ","
    percent: str = "%"
    clock: Literal["24", "12"] = "24"
    money: Literal["code", "symbol"] = "code"


DEFAULT_STYLE = HouseStyle()


def english(token: Token, style: HouseStyle = DEFAULT_STYLE) -> str | None:
    """A French placeable in house style: `12 March 2024`, `1,500`, `3.5`, `2%`, `EUR 1.5 billion`, `120 km`, `15:30`,
    `75th`, `21st century`. None where it cannot be read with certainty, or is the address of a page."""
    match token.kind, token.value:
        case "date", ("date", year, month, day, *weekday):
            named = [WEEKDAY_NAMES[at] for at in weekday if isinstance(at, int)]
            return " ".join(
                str(part) for part in (*named, day, MONTH_NAMES[int(str(month)) - 1], year) if part is not None
            )
        case "date", ("range" | "pair" as kind, year, month, first, last, *weekdays):
            named = [WEEKDAY_NAMES[at] + " " for at in weekdays if isinstance(at, int)] or ["", ""]
            between = " and " if kind == "pair" else " to " if weekdays else "-"
            when = f"{MONTH_NAMES[int(str(month)) - 1]}{'' if year is None else f' {year}'}"
            return f"{named[0]}{first}{between}{named[1]}{last} {when}"
        case "time", (int(), int()):
            return _time(token, "15:30" if style.clock == "24" else "3.30 p.m.")
        case "number", str():
            return _figures(token, style.thousands)
        case "percent", str():
            written = _figures(token, style.thousands)
            return None if written is None else written + style.percent
        case (("money" | "measure"), (str(), str(unit))):
            return _amount(token, unit, style)
        case "ordinal", int(value):
            return _nth(value)
        case "century", int(value):
            return f"{_nth(value)} century"
        case (("reference" | "email"), str()):
            return normal(token.text)
        case _:
            return None


def like(new: Token, old: Token, old_source: Token, style: HouseStyle = DEFAULT_STYLE) -> str | None:
    """The French placeable `new` in the form of `old`, an English one that renders `old_source`; None where the form of
    `old` does not carry over with certainty. All three are of one kind."""
    match new.kind:
        case "number":
            return _quantity(new, old, old_source, style)
        case "percent":
            sign = _PERCENT_SIGN.search(old.text)
            written = _figures(new, style.thousands)
            return None if written is None or sign is None else written + sign[0]
        case "money" | "measure":
            return _amount_like(new, old, style)
        case "date":
            return _date(new, old, style)
        case "time":
            return _time(new, old.text)
        case "ordinal" | "century" if isinstance(new.value, int):
            return re.sub(r"^\d+(?:st|nd|rd|th)", _nth(new.value), old.text)
        case _:
            return english(new, style)


def _amount(token: Token, unit: str, style: HouseStyle) -> str | None:
    parts, number = amount(token.text, "fr"), figures(token, "fr")
    written = _figures(number, style.thousands) if number else None
    if parts is None or written is None:
        return None
    if parts.exponent:
        written = f"{written} {SCALES['en'][parts.exponent][0]}"
    if token.kind == "money":
        if unit == "$" or (style.money == "symbol" and unit in SYMBOLS):
            return f"{SYMBOLS[unit]}{written}"
        return f"{unit} {written}"
    spelled = len(re.sub(r"\W", "", parts.after)) > 3
    if not spelled and is_symbol(unit):
        return f"{written} {unit}"
    return None if _is_one(token) else f"{written} {plural(unit)}"


def _is_one(token: Token) -> bool:
    return isinstance(token.value, tuple) and str(token.value[0]).lstrip("-") == "1"


def _amount_like(new: Token, old: Token, style: HouseStyle) -> str | None:
    ours, model, number = amount(new.text, "fr"), amount(old.text, "en"), figures(new, "fr")
    if ours is None or model is None or number is None:
        return None
    named = _renamed(ours.unit, model)
    spelled = re.search(r"[^\W\d_]{4}", model.after) is not None
    if named is None or (spelled and _is_one(new) != _is_one(old)):
        return None  # one euro, two euros
    separator = re.search(r"\d(\D)\d{3}(?!\d)", model.figures.split(".")[0])
    written = _figures(number, separator[1] if separator else style.thousands, True if separator else None)
    if written is None:
        return None
    before, after = named
    return f"{before}{written}{_scaled(ours.exponent, model)}{after}"


def _renamed(unit: str, model: Amount) -> tuple[str, str] | None:
    """What stands before and after the figures where the unit is `unit` in place of the model's."""
    if unit == model.unit:
        return model.before, model.after
    if model.before.strip() == model.unit and unit != "$":
        return model.before.replace(model.unit, unit), model.after
    if model.after.strip() == model.unit and is_symbol(unit) and is_symbol(model.unit):
        return model.before, model.after.replace(model.unit, unit)
    return None


def _scaled(exponent: int, model: Amount) -> str:
    if not exponent:
        return ""
    short = bool(model.scale) and model.scale in (form for _, form in SCALES["en"].values())
    return f"{model.gap if model.scale else ' '}{SCALES['en'][exponent][short]}"


def _nth(number: int) -> str:
    ending = "th" if 10 < number % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _figures(token: Token, thousands: str, grouped: bool | None = None) -> str | None:
    """A number as English writes it, its decimals as they were written; grouped as in the French unless told."""
    if not re.fullmatch(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", str(token.value)):
        return None  # a code, or a spelling with two readings
    bare = _PERCENT_SIGN.sub("", token.text).strip()
    sign, whole, fraction = re.fullmatch(_NUMBER, bare).groups()  # type: ignore[union-attr]
    digits = re.sub(r"\D", "", whole)
    if grouped is None:
        grouped = len(digits) != len(whole) or len(digits) > 4
    if grouped:
        digits = f"{int(digits):,}".replace(",", thousands)
    return ("-" if sign in ("-", "−") else sign) + digits + (f".{fraction}" if fraction else "")


def _quantity(new: Token, old: Token, old_source: Token, style: HouseStyle) -> str | None:
    if (str(new.value).lstrip("-") == "1") != (str(old.value).lstrip("-") == "1"):
        return None  # one country, two countries
    separator = re.search(r"\d(\D)\d{3}(?!\d)", old.text.split(".")[0])
    thousands = separator[1] if separator else style.thousands
    if not re.fullmatch(r"\d{4,}", new.text):
        # where a year or a code stood, only another one can stand
        return _figures(new, thousands) if not _plain(old_source) or re.search(r"\d\s\d", new.text) else None
    if separator:
        return _figures(new, thousands, grouped=True)
    same_kind = _plain(old_source) and len(old_source.text) == len(new.text)
    return _figures(new, thousands, grouped=False) if same_kind else None


def _plain(token: Token) -> bool:
    """Whether the number could be a year or a code: four figures or more, without grouping."""
    return re.fullmatch(r"\d{4,}", token.text) is not None


def _time(token: Token, form: str) -> str | None:
    match token.value:
        case (int(hour), int(minute)):
            pass
        case _:
            return None
    half = re.fullmatch(r"(\d+)(?:([.:])\d\d)?(\s*)([ap])(\.?)m(\.?)", form)
    if half is None:
        parts = re.fullmatch(r"(\d+)(\s?)([:hH])(\s?)(\d\d)?", form)
        if parts is None:
            return None
        hours = f"{hour}" if len(parts[1]) == 1 else f"{hour:02}"
        minutes = f"{parts[4]}{minute:02}" if minute or parts[5] else ""
        return f"{hours}{parts[2]}{parts[3]}{minutes}"
    if (hour, minute) in ((0, 0), (12, 0)) or hour == 24:
        return None  # noon and midnight
    minutes = f"{half[2] or '.'}{minute:02}" if minute or half[2] else ""
    return f"{hour % 12 or 12}{minutes}{half[3]}{'a' if hour < 12 else 'p'}{half[5]}m{half[6]}"


def _date(new: Token, old: Token, style: HouseStyle) -> str | None:
    match new.value, old.value:
        case (("date", _, _, new_day, *_) as value, ("date", _, _, old_day, *_) as model):
            if (new_day is None) != (old_day is None):
                return None  # "in March" and "on 12 March"
            if [part is None for part in value] != [part is None for part in model]:
                # parts come or go: simple only where nothing but "12 March 2024" is meant
                plain = re.fullmatch(r"(?:[A-Z][a-z]+day )?(?:\d\d? )?[A-Z][a-z]{2,}(?: \d{4})?", old.text)
                return english(new, style) if plain and old.text == english(old, style) else None
            days = [new_day]
        case (("range" | "pair" as kind, year, _, first, last, *named), (str() as old_kind, old_year, _, _, *model)):
            if kind != old_kind or (year is None) != (old_year is None) or len(named) != len(model[1:]):
                return None
            days = [first, last]
        case _:
            return None
    return _redated(new, old, [int(str(day)) for day in days if day is not None])


def _redated(new: Token, old: Token, days: list[int]) -> str | None:
    """The English date `old` with its month, days, year and weekday exchanged for those of `new`, part by part."""
    value = new.value if isinstance(new.value, tuple) else ()
    year, month, weekdays = value[1], value[2], value[4:] if value[0] == "date" else value[5:]
    if not re.search(r"[^\W\d]", old.text):
        return _in_figures(old.text, year, month, days[0])
    written: list[str] = []
    for part in _PARTS.findall(old.text):
        name = part.lower()
        if part.isdecimal():
            written.append(str(year) if len(part) == 4 else f"{days[0]:0{len(part) if part[0] == '0' else 1}}")
        elif name in MONTHS:
            written.append(_named(MONTH_NAMES[month - 1], part))
        elif name in WEEKDAYS:
            written.append(_named(WEEKDAY_NAMES[weekdays[0]], part))
        elif name in ("st", "nd", "rd", "th"):
            written.append(_nth(days[0])[-2:])
        elif part == "." and written[-1] == "May":
            continue  # which has no abbreviation
        else:
            written.append(part)
            if name in ("-", "–", "—", "to", "and"):
                days, weekdays = days[1:] or days, weekdays[1:] or weekdays
    text = "".join(written)
    return None if "?" in text else text


def _named(name: str, model: str) -> str:
    """`name` cut and cased as `model` is; "?" where its length cannot be told."""
    full = {each.lower() for each in (*MONTH_NAMES, *WEEKDAY_NAMES)}
    if model.lower() in full:
        short = name
    elif len(model) == 3:
        short = name[:3]
    else:
        return "?"
    return short.upper() if model.isupper() and len(model) > 1 else short


def _in_figures(model: str, year: int, month: int, day: int) -> str | None:
    first, second, _ = re.findall(r"\d+", model)
    if len(first) == 4:
        return f"{year}-{month:02}-{day:02}"
    if int(first) == int(second):
        return None  # 03/03/2024 does not say which is the day; where they differ, equality with the source has said it
    separator = "/" if "/" in model else "."
    width = 2 if first[0] == "0" or second[0] == "0" else 1
    return f"{day:0{width}}{separator}{month:0{width}}{separator}{year}"
