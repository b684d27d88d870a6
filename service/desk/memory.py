"""Questions to the memory, asked by people, and its upkeep."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.desk.projects import scopes_of
from tm.errors import InputError
from tm.store import memory as store
from tm.store.memory import Hits, Memory, Phrase, Query, Wanted
from tm.store.units import Unit
from tm.store.writing import tick
from tm.text.normalise import fingerprint
from tm.types import Language, Match

if TYPE_CHECKING:
    from service.settings import Settings

LONGEST_PHRASE = 500


def concordance(
    session: Session,
    actor: Actor,
    memory: Memory,
    phrase: str,
    language: Language,
    *,
    inflected: bool = False,
    statuses: Collection[str] | None = None,
    scope: int | None = None,
    document: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Hits:
    """Units that hold a phrase in one language, the newest first, with its places on both sides; among those that the
    actor may see. `before`, from the answer, asks for the next page. Raises InputError (`PHRASE_TOO_LONG`)."""
    require(actor, "memory.concordance")
    if len(phrase) > LONGEST_PHRASE:
        raise InputError(f"A phrase has at most {LONGEST_PHRASE} characters.", code="PHRASE_TOO_LONG")
    if not phrase.strip():
        return Hits((), None, memory.warning)
    scopes = scopes_of(session, actor)
    wanted = Phrase(
        phrase,
        language,
        inflected,
        scopes if scope is None else scopes & {scope},
        statuses,
        document,
        before,
    )
    return memory.concordance(session, wanted, limit)


def lookup(
    session: Session,
    actor: Actor,
    memory: Memory,
    texts: Sequence[str],
    *,
    threshold: int,
    limit: int,
    settings: Settings,
) -> list[tuple[Match, ...]]:
    """Matches for texts that stand alone (no context, so at most 100), the best first, among what the actor may see."""
    require(actor, "memory.concordance")
    wanted = Wanted(threshold, limit, scopes_of(session, actor), style=settings.house_style)
    return memory.lookup(session, [Query(text) for text in texts], wanted)


def statistics(session: Session) -> dict[str, int]:
    """How much the memory holds: units by status, occurrences, imports, and its tick."""
    return store.statistics(session)


def rebuild(session: Session, actor: Actor | None = None) -> int:
    """Make what is derived anew: every unit's keys, and with a new tick every index. Returns the keys that changed."""
    if actor is not None:
        require(actor, "memory.rebuild")
    moment, changed, last = tick(session), 0, 0
    while True:
        rows = session.execute(
            select(Unit.id, Unit.source, Unit.target, Unit.source_key, Unit.target_key)
            .where(Unit.id > last)
            .order_by(Unit.id)
            .limit(2000)
        ).all()
        if not rows:
            break
        changed += sum(_rekey(session, row, moment) for row in rows)
        last = rows[-1].id
    return changed


def _rekey(session: Session, row: object, moment: int) -> int:
    source_key, target_key = fingerprint(row.source), fingerprint(row.target)  # type: ignore[attr-defined]
    if (source_key, target_key) == (row.source_key, row.target_key):  # type: ignore[attr-defined]
        return 0
    session.execute(
        update(Unit)
        .where(Unit.id == row.id)  # type: ignore[attr-defined]
        .values(source_key=source_key, target_key=target_key, changed=moment)
        .execution_options(synchronize_session=False)
    )
    return 1
