"""Characters that show nothing: those that turn the reading order round, so that one thing is read and another is
published, and those of no width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from tm.checks.findings import Finding, Mend
from tm.types import Span

MOST = 20
# marks, embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX #9), and tag characters
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
_IN_FRENCH = re.compile(f"[{_TURNING}]")
_IN_ENGLISH = re.compile(f"[{_TURNING}\u200b\u2060-\u2065\ufeff]")


def unseen(source: str, target: str) -> Iterator[Finding]:
    """Each such character of the translation (of very many, the first), to be taken out; and the first of the source
    that turns the order round, because whoever translates may have read something else than what stands there."""
    for found in islice(_IN_ENGLISH.finditer(target), MOST):
        span = Span(*found.span())
        yield Finding(
            "UNSEEN",
            f"A character that shows nothing stands here: {_name(found[0])}.",
            target=span,
            mend=Mend(span, ""),
        )
    first = _IN_FRENCH.search(source)
    if first:
        message = f"The French text has a character that shows nothing and may hide its order: {_name(first[0])}."
        yield Finding("UNSEEN", message, Span(*first.span()))


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"
