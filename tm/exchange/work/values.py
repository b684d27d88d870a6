"""What goes out for a release, and what comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tm.types import Code

UNTRANSLATED, PRETRANSLATED, DRAFT = "untranslated", "pretranslated", "draft"
TRANSLATED, REJECTED, APPROVED = "translated", "rejected", "approved"
STATES = (UNTRANSLATED, PRETRANSLATED, DRAFT, TRANSLATED, REJECTED, APPROVED)


@dataclass(frozen=True, slots=True)
class WorkComment:
    """What somebody has said of a segment, and when (ISO 8601); `open` until it is dealt with."""

    author: str
    at: str
    text: str
    open: bool


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A segment as it goes out. `id` has neither blanks nor marks outside of `A-Za-z0-9._-`; `source` and `target` hold
    inline codes (`tm.text.codes`), and `codes` tells what they stand for. `reason` is why a reviewer has sent it back.
    """

    id: str
    number: int
    block: int
    role: str
    source: str
    target: str
    state: str
    source_hash: str
    codes: tuple[Code, ...] = ()
    rate: int | None = None
    origin: str | None = None
    person: str = ""
    reason: str = ""
    comments: tuple[WorkComment, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkFile:
    """A release as it goes out: its id, its title, the name of the file it came from, its segments in their order."""

    release: str
    title: str
    original: str
    rows: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back for a segment; `place` says where in the file ("row 12", "unit 3", "entry 4").

    `source_hash` is what the file says; where it says nothing, the hash of the source in it. `state` is None where the
    file says none that is known. `approved` means only that the file still says what went out: an approval by somebody
    else comes back as `translated`. `comments` are all that stand in the file, those that went out and then new ones
    among them: `new_comments` tells them apart.
    """

    id: str
    source_hash: str
    source: str | None
    target: str
    state: str | None
    comments: tuple[str, ...] = ()
    place: str = ""


def source_hash(source: str) -> str:
    """16 hexadecimal digits that stand for a source with its codes."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def new_comments(returned: Returned, known: Sequence[str]) -> tuple[str, ...]:
    """The comments that came back and are not among the `known` texts of the segment; a known text that somebody has
    changed is new."""
    left = list(known)
    found = []
    for text in returned.comments:
        if text in left:
            left.remove(text)
        else:
            found.append(text)
    return tuple(found)


def settled(said: str | None, sent: str | None, target: str) -> str | None:
    """The state that comes back, from what a file says and what had been sent: nobody approves elsewhere, what has a
    text is not untranslated, and what has none is not done."""
    if said == APPROVED and sent != APPROVED:
        said = TRANSLATED
    if said == UNTRANSLATED and target:
        return DRAFT
    return UNTRANSLATED if said in (TRANSLATED, APPROVED) and not target else said
