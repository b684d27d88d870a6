"""Where to go after signing in."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_next(target: str, otherwise: str) -> str:
    """`target` when it is a path on this very site, else `otherwise`: nobody is led away after signing in."""
    if not target.isprintable() or not target.startswith("/") or target.startswith(("//", "/\\")):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else target
