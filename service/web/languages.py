"""The languages of the screens: English, in which they are written, and French, from `service/locale/fr.po`.

A person's own choice goes first, then what their browser asks for. The catalogue is compiled in memory from the PO
file, so that what the translators of the product read and write is what is served.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, get_locale

from service.auth.guard import caller
from service.desk.outcomes import Tongue

CATALOGUES = Path(__file__).parents[1] / "locale"
NAMES = {"en": "English", "fr": "Français"}
# those that can be spoken: a language without a catalogue is not offered
LANGUAGES = {name: word for name, word in NAMES.items() if name == "en" or (CATALOGUES / f"{name}.po").is_file()}
PLACE = re.compile(r"\{\d\}")
FIGURE = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+")  # as the desk writes it; a plain number is alike everywhere
SCRIPTS = Path(__file__).parents[1] / "static" / "js"
SAID = re.compile(r'(?<![\w.])t\("([^"]+)"')
COUNTED = re.compile(r'(?<![\w.])counted\([^"]+?, "([^"]+)"(?:, "([^"]+)")?\)')


def configure(app: Flask) -> None:
    """Choose the language of each request, and give templates the words for it."""
    Babel(app, locale_selector=_chosen)
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(
        lambda: {"spoken": language(), "languages": LANGUAGES, "script_words": lambda: words_of_scripts(language())}
    )


def language() -> str:
    """The language of this request, or `en` outside of one."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def _chosen() -> str:
    who = caller()
    if who is not None and who.language in LANGUAGES:
        return who.language
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


@lru_cache
def catalogue(name: str) -> NullTranslations:
    """The catalogue of a language; an empty one for English, in which the texts are written."""
    path = CATALOGUES / f"{name}.po"
    if not path.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=name))
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, **values: Any) -> str:
    """A text in the language of this request; `{name}` stands for a value."""
    said: str = catalogue(language()).ugettext(text)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a text that goes with a number."""
    said: str = catalogue(language()).ungettext(one, many, number)
    return said


def say(text: str, *values: object) -> str:
    """A text in the language of this request; `{0}` stands for the first value."""
    return gettext(text).format(*values)


class Spoken(Tongue):
    """How the desk's sentences are said in the language of this request."""

    def counted(self, number: int, one: str, many: str = "") -> str:
        """A number with its noun."""
        return f"{format_decimal(number, locale=language())} {ngettext(one, many or one + 's', number)}"

    def decimal(self, number: float) -> str:
        """A number with one place behind the point."""
        said: str = format_decimal(number, "#,##0.0", locale=language())
        return said

    def say(self, text: str, *values: object) -> str:
        """A sentence with values in it."""
        return say(text, *values)


@lru_cache
def words_of_scripts(name: str) -> dict[str, Any]:
    """What scripts say, in a language: by the English text, and with both forms where a number goes before it."""
    known = catalogue(name)
    found: dict[str, Any] = {}
    for path in sorted(SCRIPTS.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        found |= {said: known.ugettext(said) for said in SAID.findall(text) if said not in found}
        for one, many in COUNTED.findall(text):
            found[one] = [known.ungettext(one, many or one + "s", number) for number in (1, 2)]
    return found


def sentence(text: str) -> str:
    """A sentence that the desk or the memory has made, which know no languages: found whole in the catalogue, or by the
    pattern that it was made with (`At most {0} characters.`), and so what stands in it. One that is not there stays as
    it is."""
    name = language()
    if name == "en" or not text:
        return text
    found = gettext(text)
    if found != text:
        return found
    for pattern, said in _patterns(name):
        if made := pattern.fullmatch(text):
            return said.format(*(_within(made, number + 1) for number in range(made.re.groups)))
    return text


def _within(made: re.Match[str], number: int) -> str:
    """A value in a sentence: a figure, a sentence of its own, or a word of ours; what people have written stays as it
    is, and so does a figure between quotation marks, which is theirs."""
    text = made[number]
    quoted = made.string[: made.start(number)].endswith(("“", "‘"))
    if FIGURE.fullmatch(text) and not quoted:
        return _in_figures(text)
    return sentence(text) if text.endswith(".") else gettext(text)


def _in_figures(text: str) -> str:
    """A figure that the desk wrote as English does (`1,000`, `0.67`), with its places, as this language writes it."""
    places = len(text.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * places if places else "")
    said: str = format_decimal(Decimal(text.replace(",", "")), pattern, locale=language())
    return said


@lru_cache
def _patterns(name: str) -> list[tuple[re.Pattern[str], str]]:
    """Sentences with values in them, those with the most words of their own first. What only scripts say is none, nor
    is what begins with a value and has no end: it would fit nearly anything."""
    with (CATALOGUES / f"{name}.po").open("rb") as file:
        messages = [m for m in read_po(file, locale=name) if isinstance(m.id, str) and m.string and PLACE.search(m.id)]
    ours = words_of_scripts(name).keys()
    messages = [m for m in messages if m.id not in ours and (m.id[-1] in ".?" or not PLACE.match(str(m.id)))]
    messages.sort(key=lambda message: -len(PLACE.sub("", str(message.id))))
    return [(re.compile("(.*?)".join(map(re.escape, PLACE.split(str(m.id)))), re.S), str(m.string)) for m in messages]
