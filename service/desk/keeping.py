"""What a look found is written down: the page as it stands, the counts of the visit, and where to look next."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from service.desk.looking import Look
from service.desk.visits import Plan, note
from service.storage.blobs import Blobs
from service.storage.sources import SourcePage, page_at
from tm.store.base import now

OTHER = {"fr": "en", "en": "fr"}


def key_of(url: str) -> str:
    """The key of an address in the table of pages."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def keep(
    session: Session, plan: Plan, url: str, found: Look, blobs: Blobs, *, listed: dict[str, Any], guess: bool = False
) -> SourcePage:
    """Write down a look at an address. `listed` is what the list itself says of the page's versions; a `guess` at
    which nothing is found is no page that is missing."""
    page = page_at(session, plan.source_id, key_of(url))
    fresh = page is None
    if page is None:
        page = SourcePage(source_id=plan.source_id, url=url, url_key=key_of(url), state="failed")
        session.add(page)
        session.flush()
    if found.body is not None:
        note(session, plan, counts={"fetched": 1})
    if guess and not page.text_hash and found.outcome in ("vanished", "failed", "refused", "unreadable"):
        page.state, page.code = "absent", found.code
    else:
        _settle(session, plan, page, found, blobs, fresh=fresh)
    if listed and {name: page.facts.get(name) for name in listed} != listed:
        page.facts = {**page.facts, **listed}
    page.seen_at = now()
    session.flush()
    return page


def _settle(session: Session, plan: Plan, page: SourcePage, found: Look, blobs: Blobs, *, fresh: bool) -> None:
    if found.outcome in ("refused", "failed", "vanished"):
        first = fresh or page.state != "vanished" or found.outcome != "vanished"
        page.state, page.code, page.reason = found.outcome, found.code, found.reason
        page.failures += 1
        if not page.text_hash:  # nothing was read yet: the next answer is read, whatever it says of its version
            page.body_hash = page.etag = page.last_modified = ""
        if first:  # that it is still gone is no news
            note(session, plan, url=page.url, code=found.code, counts={found.outcome: 1})
        return
    page.failures = 0
    page.etag, page.last_modified = found.etag, found.last_modified
    if found.outcome == "unchanged":
        if page.state not in ("read", "unreadable"):  # it was away for a while
            page.state, page.code, page.reason = "read", None, None
        note(session, plan, counts={"unchanged": 1})
        return
    assert found.body is not None
    page.body_hash = hashlib.sha256(found.body).hexdigest()
    if found.outcome == "unreadable":
        page.state, page.code, page.reason = "unreadable", found.code, found.reason
        note(session, plan, url=page.url, code=found.code, counts={"unreadable": 1})
        return
    page.state, page.code, page.reason = "read", None, None
    _take_in(session, plan, page, found, blobs)


def _take_in(session: Session, plan: Plan, page: SourcePage, found: Look, blobs: Blobs) -> None:
    """A page that was read: new, changed, or the same text on a page that differs elsewhere."""
    facts = dict(found.facts)
    language, title = facts.pop("language"), facts.pop("title")
    text_hash = facts.pop("text_hash")
    kept: dict[str, Any] = {name: page.facts[name] for name in ("listed", "list", "rejected") if name in page.facts}
    if text_hash == page.text_hash:
        note(session, plan, counts={"unchanged": 1})
    else:
        note(session, plan, counts={"changed" if page.text_hash else "new": 1})
        page.text_hash, page.changed_at = text_hash, now()
        assert found.body is not None
        page.blob = blobs.put(found.body)
    page.language, page.title = language[:8], title[:500]
    page.facts = {**kept, **facts}
