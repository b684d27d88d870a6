"""How an organisation's releases look and read: its name, mark and header, the form of dates, its spelling."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from tm.errors import InputError

DATE_FORMS = {"dmy": "12 March 2024", "mdy": "March 12, 2024", "iso": "2024-03-12"}
QUOTES = {"double": "“…”", "single": "‘…’", "straight": '"…"'}
SPELLINGS = {"en-GB": "British", "en-GB-oxendict": "British, with -ize", "en-US": "American"}
LONGEST = 500
_MONTHS = (
    "January February March April May June July August September October November December".split(),
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
)


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """The style that a publication is rendered in. `logo` is the hash of a PNG or SVG picture, or ""; `logo_words` says
    what it shows."""

    organisation: str = ""
    organisation_fr: str = ""
    header: str = ""
    header_fr: str = ""
    footer: str = ""
    footer_fr: str = ""
    logo: str = ""
    logo_words: str = ""
    date_form: str = "dmy"
    quotes: str = "double"
    spelling: str = "en-GB"

    @classmethod
    def of(cls, values: dict[str, Any]) -> HouseStyle:
        """The style with these values; unknown ones are left out. Raises InputError (`CHOICE_UNKNOWN`,
        `TEXT_TOO_LONG`)."""
        known = {one.name for one in fields(cls)}
        style = cls(**{name: str(value) for name, value in values.items() if name in known})
        for name, table in (("date_form", DATE_FORMS), ("quotes", QUOTES), ("spelling", SPELLINGS)):
            if getattr(style, name) not in table:
                raise InputError("There is no such choice.", code="CHOICE_UNKNOWN", where=name)
        for name in known:
            if len(getattr(style, name)) > LONGEST:
                raise InputError(f"This text has more than {LONGEST} characters.", code="TEXT_TOO_LONG", where=name)
        return style

    def as_dict(self) -> dict[str, str]:
        """Its values by name."""
        return asdict(self)

    @property
    def language(self) -> str:
        """The language that English texts are declared to be in."""
        return "en-US" if self.spelling == "en-US" else "en-GB"

    def written(self, day: date, side: str) -> str:
        """A day as people read it in English (in this style) or in French."""
        if side == "fr":
            return f"{'1er' if day.day == 1 else day.day} {_MONTHS[1][day.month - 1]} {day.year}"
        month = _MONTHS[0][day.month - 1]
        if self.date_form == "mdy":
            return f"{month} {day.day}, {day.year}"
        return day.isoformat() if self.date_form == "iso" else f"{day.day} {month} {day.year}"
