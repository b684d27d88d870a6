"""What somebody looks for in texts: words as they stand, or a regular expression that may not take for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from tm.errors import InputError

LONGEST = 500  # characters of what is looked for
PATIENCE = 0.2  # seconds for one text: an expression that needs longer runs away


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is looked for, and what is put in its place. `expression`: it is a regular expression, and `\\1` in the
    replacement stands for its first group; else both are taken as they stand. `whole`: whole words only; `case`: small
    letters and capitals differ."""

    find: str
    replacement: str = ""
    expression: bool = False
    whole: bool = False
    case: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One place of a text: what stands at `[start, end)`, and what would stand there."""

    start: int
    end: int
    new: str


def changes_in(pattern: Pattern) -> Callable[[str], list[Change]]:
    """A function that finds the places of a text.

    Raises InputError: PATTERN_EMPTY, PATTERN_TOO_LONG, PATTERN_INVALID for an expression that is none or a replacement
    that does not go with it, and, when a text is looked through, PATTERN_SLOW.
    """
    compiled = _compiled(pattern)

    def find(text: str) -> list[Change]:
        try:
            places = list(compiled.finditer(text, timeout=PATIENCE))
            filled = [place for place in places if place.end() > place.start()]
            return [Change(place.start(), place.end(), _new(pattern, place)) for place in filled]
        except TimeoutError:
            raise InputError(
                "This expression takes too long on these texts.", code="PATTERN_SLOW", todo="Make it simpler."
            ) from None
        except (regex.error, IndexError) as error:
            raise _invalid(f"The replacement does not go with the expression: {error}.") from None

    return find


def _compiled(pattern: Pattern) -> regex.Pattern[str]:
    if not pattern.find:
        raise InputError("There is nothing to look for.", code="PATTERN_EMPTY", todo="Type what is to be found.")
    if max(len(pattern.find), len(pattern.replacement)) > LONGEST:
        raise InputError(f"At most {LONGEST} characters can be looked for.", code="PATTERN_TOO_LONG")
    words = pattern.find if pattern.expression else regex.escape(pattern.find)
    if pattern.whole:
        words = rf"(?<!\w)(?:{words})(?!\w)"
    try:
        return regex.compile(words, 0 if pattern.case else regex.IGNORECASE)
    except regex.error as error:
        raise _invalid(f"This is no regular expression: {error}.") from None


def _new(pattern: Pattern, place: regex.Match[str]) -> str:
    return str(place.expand(pattern.replacement)) if pattern.expression else pattern.replacement


def _invalid(message: str) -> InputError:
    return InputError(message, code="PATTERN_INVALID", todo="Mend it, or look for the words as they stand.")


def applied(text: str, changes: list[Change]) -> str:
    """The text with all changes made."""
    parts, end = [], 0
    for change in changes:
        parts += [text[end : change.start], change.new]
        end = change.end
    return "".join([*parts, text[end:]])
