"""What counts as the same text."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Marks that no reader sees: soft hyphen, zero-width spaces and joiners, word joiner, byte order mark.
IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
APOSTROPHES = "\u2018\u2019\u02bc"

_PLAIN = str.maketrans({**dict.fromkeys(IGNORED), **dict.fromkeys(APOSTROPHES, "'")})
# most texts have none of these marks, and looking for them is ten times faster than exchanging them
_MARKED = re.compile(f"[{IGNORED}{APOSTROPHES}]")


def normal(text: str) -> str:
    """The form in which two texts are the same text: NFC, one plain space for any white space, trimmed, apostrophes
    straight, invisible marks gone. Case, quotation marks and punctuation stay. Idempotent."""
    plain = text.translate(_PLAIN) if _MARKED.search(text) else text
    return " ".join(unicodedata.normalize("NFC", plain).split())


def folded(text: str) -> str:
    """`normal(text)` without the difference of case: the form in which words are compared."""
    return unicodedata.normalize("NFC", normal(text).casefold())


def fingerprint(text: str) -> str:
    """16 hexadecimal digits standing for `normal(text)`, the same in every process; `""` for a text without content."""
    plain = normal(text)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16] if plain else ""
