"""Addresses that differ in nothing but the name of a language: `?selectedLocale=fr`, `/fr/`, `release_fr.html`."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

# each spelling in one language, and its like in the other
_NAMES = (
    ("fr", "en"), ("fra", "eng"), ("fre", "eng"), ("francais", "english"), ("français", "english"),
    ("french", "english"), ("fr-fr", "en-gb"), ("fr_fr", "en_gb"), ("fr-fr", "en-us"), ("fr_fr", "en_us"),
    ("fr-ca", "en-ca"), ("fr_ca", "en_ca"), ("fr-be", "en-be"), ("fr-ch", "en-ch"), ("fr-fr", "en"), ("fr", "en-gb"),
)  # fmt: skip
_TABLES = {"en": [(fr, en) for fr, en in _NAMES], "fr": [(en, fr) for fr, en in _NAMES]}
_PARAMETER = re.compile(r"(?<![^?&])([\w.\[\]-]+)=([^&]*)")
_LOCALE = re.compile(r"lang|locale|^l$|^hl$|^lg$|lng", re.IGNORECASE)
_NAME_END = re.compile(r"(?<=[._-])([a-z]{2,3})(?=(?:\.[a-z0-9]{1,5})?\Z)", re.IGNORECASE)


def counterparts(url: str, language: str) -> list[str]:
    """Addresses at which the same page may stand in `language` (`en` or `fr`), the likeliest first; `[]` where the
    address names no language. The last ones leave the language out, as sites do for their main one."""
    parts = urlsplit(url)
    swapped = [*_in_query(parts, language), *_in_path(parts, language), *_in_name(parts, language)]
    swapped += _in_host(parts, language)
    left_out = [*_without_parameter(parts, language), *_without_folder(parts, language)]
    found = dict.fromkeys(urlunsplit(candidate) for candidate in swapped + left_out)
    return [candidate for candidate in found if candidate != url]


def _others(word: str, language: str) -> list[str]:
    """The word, if it names the other language, as it is said for this one, in the same case."""
    found = [there for here, there in _TABLES[language] if here == word.lower()]
    return [name.upper() if word.isupper() else name.capitalize() if word.istitle() else name for name in found]


def _in_query(parts: SplitResult, language: str) -> list[SplitResult]:
    found = []
    for match in _PARAMETER.finditer(parts.query):
        for name in _others(match[2], language):
            found.append(parts._replace(query=parts.query[: match.start(2)] + name + parts.query[match.end(2) :]))
    return found


def _in_path(parts: SplitResult, language: str) -> list[SplitResult]:
    pieces = parts.path.split("/")
    return [
        parts._replace(path="/".join([*pieces[:at], name, *pieces[at + 1 :]]))
        for at, piece in enumerate(pieces)
        for name in _others(piece, language)
    ]


def _in_name(parts: SplitResult, language: str) -> list[SplitResult]:
    folder, slash, name = parts.path.rpartition("/")
    found = []
    for match in _NAME_END.finditer(name):
        for other in _others(match[1], language):
            found.append(parts._replace(path=f"{folder}{slash}{name[: match.start(1)]}{other}{name[match.end(1) :]}"))
    return found


def _in_host(parts: SplitResult, language: str) -> list[SplitResult]:
    first, dot, rest = parts.netloc.partition(".")
    return [parts._replace(netloc=f"{name}{dot}{rest}") for name in _others(first, language)] if rest else []


def _without_parameter(parts: SplitResult, language: str) -> list[SplitResult]:
    for match in _PARAMETER.finditer(parts.query):
        if _LOCALE.search(match[1]) and _others(match[2], language):
            rest = (parts.query[: match.start()] + parts.query[match.end() :]).replace("&&", "&").strip("&")
            return [parts._replace(query=rest)]
    return []


def _without_folder(parts: SplitResult, language: str) -> list[SplitResult]:
    pieces = parts.path.split("/")
    at = next((at for at, piece in enumerate(pieces) if _others(piece, language)), None)
    return [parts._replace(path="/".join([*pieces[:at], *pieces[at + 1 :]]) or "/")] if at is not None else []
