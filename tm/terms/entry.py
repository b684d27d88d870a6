"""What an entry of a glossary must be, whether somebody types it or a file brings it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tm.errors import InputError
from tm.terms.finder import LONGEST
from tm.terms.words import words
from tm.text.normalise import folded
from tm.types import Concept, Term, TermStatus

LONGEST_TERM, LONGEST_NOTE, LONGEST_DOMAIN, MOST = 300, 2_000, 100, 30
_ORDER: dict[TermStatus, int] = {"preferred": 0, "allowed": 1, "forbidden": 2}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"\s+")


def checked(concept: Concept, where: str = "") -> Concept:
    """The entry as it is kept: white space at the edges gone, terms that stand twice once, English terms by status.

    `where` says where it comes from. Raises InputError TERM_MISSING (no French), TERM_WORDS (a term without a letter,
    or of more than 12 words), TERM_TOO_LONG, TERM_TWICE (one English term with two statuses), TERM_TOO_MANY,
    CONTROL_CHARACTER.
    """
    french = _once(concept.french)
    english = {one.text: one for one in (Term(_tidy(term.text), term.status) for term in concept.english) if one.text}
    if not french:
        raise InputError("The entry has no French term.", code="TERM_MISSING", where=where, todo="Give one.")
    for text in (*french, *english):
        _check_term(text, where)
    _check_twice(concept.english, where)
    if max(len(french), len(english)) > MOST:
        message = f"An entry has at most {MOST} terms of a language."
        raise InputError(message, code="TERM_TOO_MANY", where=where, todo="Make several of it.")
    domain, note = _tidy(concept.domain), concept.note.replace("\r\n", "\n").strip()
    _check_length("domain", domain, LONGEST_DOMAIN, where)
    _check_length("note", note, LONGEST_NOTE, where)
    ordered = sorted(english.values(), key=lambda term: _ORDER[term.status])
    return Concept(tuple(french), tuple(ordered), domain, note, concept.agreed, concept.id)


def _tidy(text: str) -> str:
    return text.strip() if " " not in text.strip() else _BLANKS.sub(_blank, text.strip())


def _blank(found: re.Match[str]) -> str:
    """No-break spaces stay: they are part of how a term is written."""
    return found[0] if len(found[0]) == 1 and found[0] not in "\n\t" else " "


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in map(_tidy, texts) if text))


def _check_term(text: str, where: str) -> None:
    _check_length("term", text, LONGEST_TERM, where)
    if not 1 <= len(words(text)) <= LONGEST:
        raise InputError(
            f"“{text[:60]}” cannot be found in a text: a term has 1 to {LONGEST} words.",
            code="TERM_WORDS",
            where=where,
            todo="Write it as it stands in texts.",
        )


def _check_length(what: str, text: str, longest: int, where: str) -> None:
    if len(text) > longest:
        message = f"A {what} has at most {longest:,} characters; this one has {len(text):,}."
        raise InputError(message, code="TERM_TOO_LONG", where=where, todo="Shorten it.")
    if found := _CONTROL.search(text):
        message = f"A {what} holds the control character U+{ord(found[0]):04X}."
        raise InputError(message, code="CONTROL_CHARACTER", where=where, todo="Take it out.")


def _check_twice(english: Iterable[Term], where: str) -> None:
    seen: dict[str, TermStatus] = {}
    for term in english:
        text = _tidy(term.text)
        if seen.setdefault(text, term.status) != term.status:
            raise InputError(
                f"“{text[:60]}” is {seen[text]} and {term.status} at once.",
                code="TERM_TWICE",
                where=where,
                todo="Leave one of the two out.",
            )


def key_of(concept: Concept) -> frozenset[tuple[str, str]]:
    """What makes two entries the same: a French term, in a domain."""
    return frozenset((folded(text), folded(concept.domain)) for text in concept.french)


def joined(one: Concept, other: Concept) -> Concept:
    """Two entries for the same as one: the terms of both, the first deciding where they do not agree. Raises InputError
    where that is too much for an entry."""
    known = {term.text for term in one.english}
    english = (*one.english, *(term for term in other.english if term.text not in known))
    notes = dict.fromkeys(note for note in (one.note, other.note) if note)
    whole = Concept((*one.french, *other.french), english, one.domain, "\n".join(notes), one.agreed, one.id)
    return checked(whole, f"“{one.french[0]}”")
