"""What counts as the same text."""

from __future__ import annotations

import hashlib
import unicodedata

# Marks that no reader sees: soft hyphen, zero-width spaces and joiners, word joiner, byte order mark.
IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
APOSTROPHES = "\u2018\u2019\u02bc"

_PLAIN = str.maketrans({**dict.fromkeys(IGNORED), **dict.fromkeys(APOSTROPHES, "'")})


def normal(text: str) -> str:
    """The form in which two texts are the same text: NFC, one plain space for any white space, trimmed, apostrophes
    straight, invisible marks gone. Case, quotation marks and punctuation stay. Idempotent."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_PLAIN)).split())


def folded(text: str) -> str:
    """`normal(text)` without the difference of case: the form in which words are compared."""
    return unicodedata.normalize("NFC", normal(text).casefold())


def fingerprint(text: str) -> str:
    """16 hexadecimal digits standing for `normal(text)`, the same in every process; `""` for a text without content."""
    plain = normal(text)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16] if plain else ""
