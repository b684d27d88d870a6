"""The key to what a browser keeps of somebody's typing while the server is away."""

from __future__ import annotations

import base64
import hashlib
import hmac

from service.settings import Settings


def key_of(settings: Settings, person_id: str) -> str:
    """The key, 32 octets in base64, that this person's pages encrypt with. It is the same for every sign-in of theirs,
    so that typing is found again after one; a page has it in its memory alone, so that it leaves with the sign-in."""
    secret = settings.signing_key.encode()
    octets = hmac.new(secret, f"kept in the browser: {person_id}".encode(), hashlib.sha256).digest()
    return base64.b64encode(octets).decode()
