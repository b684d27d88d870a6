"""Amounts of money and measures: how French and English write them, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tm.types import Language

# Each currency by what stands for it in values: its French words, its English ones. A dollar that does not say whose it
# is equals another one, and no other currency.
_CURRENCIES: dict[str, tuple[str, str]] = {
    "EUR": ("euros?", "euros?"),
    "USD": (r"dollars?\s(?:américains?|US)", r"(?:US|American)\sdollars?"),
    "CAD": (r"dollars?\scanadiens?", r"Canadian\sdollars?"),
    "AUD": (r"dollars?\saustraliens?", r"Australian\sdollars?"),
    "$": ("dollars?", "dollars?"),
    "GBP": (r"livres?\ssterling", r"pounds?\ssterling"),
    "CHF": (r"francs?\ssuisses?", r"Swiss\sfrancs?"),
    "FRF": (r"francs?\sfrançais", r"French\sfrancs?"),
    "BEF": (r"francs?\sbelges?", r"Belgian\sfrancs?"),
    "DKK": (r"couronnes?\sdanoises?", r"Danish\s(?:kroner|krone|crowns?)"),
    "SEK": (r"couronnes?\ssuédoises?", r"Swedish\s(?:kronor|krona|crowns?)"),
    "NOK": (r"couronnes?\snorvégiennes?", r"Norwegian\s(?:kroner|krone|crowns?)"),
    "ECU": ("[ée]cus?", "ecus?"),
    "JPY": ("yens?", "yen"),
}
SYMBOLS = {"EUR": "€", "USD": "US$", "$": "$", "GBP": "£", "JPY": "¥"}

# Each unit by its symbol in English: further French symbols and words, the same in English, the English plural.
_UNITS: dict[str, tuple[str, str, str]] = {
    "km/h": ("", "kph", ""),
    "km²": (r"km2|kilomètres?\scarrés?", r"km2|sq\.?\skm|square\skilomet(?:re|er)s?", "square kilometres"),
    "m²": (r"m2|mètres?\scarrés?", r"m2|sq\.?\sm|square\smet(?:re|er)s?", "square metres"),
    "m³": (r"m3|mètres?\scubes?", r"m3|cubic\smet(?:re|er)s?", "cubic metres"),
    "km": ("kilomètres?", "kilomet(?:re|er)s?", "kilometres"),
    "cm": ("centimètres?", "centimet(?:re|er)s?", "centimetres"),
    "mm": ("millimètres?", "millimet(?:re|er)s?", "millimetres"),
    "m": ("mètres?", "met(?:re|er)s?", "metres"),
    "kg": ("kilogrammes?|kilos?", "kilogram(?:me)?s?|kilos?", "kilograms"),
    "g": ("grammes?", "gram(?:me)?s?", "grams"),
    "t": ("tonnes?", "tonnes?", "tonnes"),
    "ha": ("hectares?", "hectares?", "hectares"),
    "l": ("litres?", "lit(?:re|er)s?", "litres"),
    "kWh": ("kilowatt-?heures?", r"kilowatt[\s-]hours?", "kilowatt hours"),
    "MWh": ("mégawatt-?heures?", r"megawatt[\s-]hours?", "megawatt hours"),
    "kW": ("kilowatts?", "kilowatts?", "kilowatts"),
    "MW": ("mégawatts?", "megawatts?", "megawatts"),
    "GW": ("gigawatts?", "gigawatts?", "gigawatts"),
    "°C": (r"degrés?\sCelsius", r"degrees?\sCelsius", "degrees Celsius"),
    "GB": ("Go|gigaoctets?", "gigabytes?", "gigabytes"),
    "MB": ("Mo|mégaoctets?", "megabytes?", "megabytes"),
    "nautical mile": (r"milles?\s(?:marins?|nautiques?)", r"nautical\smiles?", "nautical miles"),
}

# Powers of ten by their words, the full one first. A French "billion" is left out: who writes it may mean either.
SCALES: dict[Language, dict[int, tuple[str, str]]] = {
    "fr": {6: ("millions?", "M"), 9: ("milliards?", "Mds?")},
    "en": {3: ("thousand", "k"), 6: ("million", "m"), 9: ("billion", "bn"), 12: ("trillion", "tn")},
}
_SIGNS = r"US\$|[€$£¥]"
_CODES = "|".join(code for code in _CURRENCIES if code != "$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in its parts, as they are written one after another: `before`, `figures`, `gap`, `scale`, `after`.

    `exponent` is the power of ten that `scale` stands for, 0 where there is none; `unit` the currency or unit.
    """

    before: str
    figures: str
    gap: str
    scale: str
    after: str
    exponent: int
    unit: str

    def of(self, number: str) -> str:
        """The value of the amount, as a decimal, where its figures are worth `number`."""
        return f"{Decimal(number).scaleb(self.exponent).normalize():f}"


def _spellings(language: Language) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    side = 0 if language == "fr" else 1
    money = [(unit, f"(?i:{words[side]})") for unit, words in _CURRENCIES.items()]
    measures = [
        # symbols mean something by their case, words do not
        (unit, "|".join(filter(None, [re.escape(unit), f"(?i:{words[side]})" if words[side] else ""])))
        for unit, words in _UNITS.items()
        if language == "en" or unit not in ("GB", "MB", "nautical mile")
    ]
    if language == "fr":
        measures += [(unit, f"(?i:{_UNITS[unit][0]})") for unit in ("GB", "MB", "nautical mile")]
    return money, measures


def _scales(language: Language, form: int) -> str:
    return "|".join(words[form] for words in SCALES[language].values())


def patterns(language: Language, number: str) -> tuple[str, str]:
    """What money and measures look like with the figures `number`: two regular expressions that capture nothing.

    At most four words follow the figures, and one stands before them.
    """
    money, measures = _spellings(language)
    long, short = (f"(?:{_scales(language, form)})" for form in (0, 1))
    of = r"(?:\sde\s|\sd['’‘ʼ]\s?)" if language == "fr" else r"\s"
    scaled = rf"(?:\s{long}{of}|\s)"
    words = "|".join(spelling for _, spelling in money)
    coded = rf"(?:\s{long}\s|\s)(?:{_CODES})"
    # "500 €", "1,5 M€", "20 millions €"
    signed = rf"(?:\s{long}\s|\s?{short}\s?|\s)?(?:{_SIGNS})"
    first = rf"(?:(?:{_SIGNS})\s?|(?:{_CODES})\s){number}(?:\s{long}|\s?{short})?(?!\w)"
    after = [rf"{scaled}(?:{words})", coded, *([signed] if language == "fr" else [])]
    units = "|".join(spelling for _, spelling in measures)
    return (
        rf"{number}(?:{'|'.join(after)})(?!\w)|{first}",
        rf"{number}(?:{scaled}(?:{units})|°C)(?![\w/²³]|['’‘ʼ]\w)",
    )


def _parts(language: Language) -> re.Pattern[str]:
    scales = "|".join(f"(?P<e{power}>{long}|{short})" for power, (long, short) in SCALES[language].items())
    return re.compile(
        r"(?P<before>[^\d+\-−]*)(?P<figures>[+\-−]?\d(?:[\d\s.,]*\d)?)"
        rf"(?:(?P<gap>\s?)(?P<scale>{scales})(?![^\W\d_]))?(?P<after>.*)",
        re.S,
    )


_PARTS: dict[Language, re.Pattern[str]] = {"fr": _parts("fr"), "en": _parts("en")}
_NAMED: dict[Language, list[tuple[str, re.Pattern[str]]]] = {
    language: [
        *((code, re.compile(code)) for code in _CURRENCIES if code != "$"),
        *((code, re.compile(re.escape(sign))) for code, sign in SYMBOLS.items()),
        *((unit, re.compile(words)) for part in _spellings(language) for unit, words in part),
    ]
    for language in ("fr", "en")
}
_LINK = re.compile(r"^\s*(?:(?:de\s|d['’‘ʼ])\s*)?")


def amount(text: str, language: Language) -> Amount | None:
    """The parts of an amount of money or a measure; None for any other text."""
    found = _PARTS[language].fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict(default="")
    for scale in (parts["scale"], ""):  # "5 m" are metres, "€5 m" are millions
        after = parts["after"] if scale else parts["gap"] + parts["scale"] + parts["after"]
        name = parts["before"].strip() or _LINK.sub("", after)
        unit = next((unit for unit, spelling in _NAMED[language] if spelling.fullmatch(name)), None)
        if unit is not None:
            exponent = next((power for power in SCALES[language] if scale and parts[f"e{power}"]), 0)
            gap = parts["gap"] if scale else ""
            return Amount(parts["before"], parts["figures"], gap, scale, after, exponent, unit)
    return None


def plural(unit: str) -> str | None:
    """How English spells out more than one of a unit; None where it has a symbol only."""
    return _UNITS[unit][2] or None if unit in _UNITS else None


def is_symbol(unit: str) -> bool:
    """Whether a unit may be written as its symbol."""
    return unit in _UNITS and unit != "nautical mile"
