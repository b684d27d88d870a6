"""One look at one page: fetched if it has changed, read apart, and nothing written yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from service.desk.apart import Apart
from service.desk.manners import Manners
from service.errors import UrlFailed, UrlRefused
from service.fetch import Fetched, Known
from service.storage.sources import SourcePage
from tm.documents.pagelinks import header_versions
from tm.errors import InputError, PasserelleError

GONE = (404, 410)
PASSING = ("READ_TIMEOUT", "READ_FAILED", "PAGE_CUT")  # of a page that may be whole the next time


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a page from earlier visits."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    text_hash: str = ""

    @classmethod
    def of(cls, page: SourcePage | None) -> Before:
        """What a row says; nothing, where there is none."""
        if page is None:
            return cls()
        return cls(page.etag, page.last_modified, page.body_hash, page.text_hash)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found. `outcome`: unchanged, read, unreadable, refused, failed, vanished. `body` is there when bytes
    came that are not those of the last time; `facts` when they were read."""

    outcome: str
    code: str | None = None
    reason: str = ""
    body: bytes | None = None
    etag: str = ""
    last_modified: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def look(url: str, before: Before, manners: Manners, apart: Apart) -> Look:
    """Fetch a page unless it is unchanged, and read it."""
    known = Known(before.etag, before.last_modified) if before.body_hash else Known()
    try:
        fetched = manners.fetch(url, known=known)
    except UrlRefused as error:
        return Look("refused", error.code, error.message)
    except UrlFailed as error:
        code = f"HTTP_{error.status}" if error.status else error.code
        return Look("vanished" if error.status in GONE else "failed", code, error.message)
    if fetched.unchanged:
        return Look("unchanged", etag=before.etag, last_modified=before.last_modified)
    side = {"url": fetched.url, "charset": fetched.charset, "whole": fetched.sized}
    found = understood(fetched.body, before, side, apart, fetched.known)
    if found.facts:
        found.facts["final"] = fetched.url
        found.facts["versions"] += _in_headers(fetched)
    return found


def understood(body: bytes, before: Before, side: dict[str, Any], apart: Apart, known: Known) -> Look:
    """Read bytes that came, unless they are those of the last time."""
    said: dict[str, Any] = {"etag": known.etag, "last_modified": known.last_modified}
    if hashlib.sha256(body).hexdigest() == before.body_hash:
        return Look("unchanged", **said)
    try:
        facts = apart.page(body, side=side)
    except InputError as error:
        if error.code in PASSING:
            return Look("failed", error.code, error.message)
        return Look("unreadable", error.code, _plain(error), body, **said)
    return Look("read", body=body, facts={**facts, "side": side}, **said)


def _in_headers(fetched: Fetched) -> list[dict[str, str]]:
    return [{"language": found.language, "url": found.url} for found in header_versions(fetched.links, fetched.url)]


def _plain(error: PasserelleError) -> str:
    """The sentence alone: what to do is for who hands in a file."""
    return error.message
