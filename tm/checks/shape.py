"""How long a translation is, and how many sentences it has."""

from __future__ import annotations

from collections.abc import Iterator

from tm.checks.findings import Finding
from tm.text.segment import split

# Up to so many characters of French, the least and the largest ratio. Of 10,000 real pairs 36 lie outside; short texts
# differ more.
_BOUNDS = ((40, 0.25, 3.5), (100, 0.4, 2.0), (10**9, 0.5, 1.6))
_SHORT = 12  # characters of a text of which nothing can be said


def shape(source: str, target: str) -> Iterator[Finding]:
    """Whether a translation has the length and the sentences that are to be expected."""
    size = len(source.strip())
    if size >= _SHORT:
        least, most = next((least, most) for longest, least, most in _BOUNDS if size < longest)
        ratio = len(target.strip()) / size
        if not least <= ratio <= most:
            how = "short" if ratio < least else "long"
            yield Finding("LENGTH", f"The translation is unusually {how}: {round(100 * ratio)} % of the French text.")
    ours, theirs = len(split(source, "fr")), len(split(target, "en"))
    if ours != theirs:
        yield Finding("SENTENCES", f"The French text has {ours} sentences, the translation {theirs}.")
