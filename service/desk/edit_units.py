"""What people change in the memory: a unit's texts, or whether it stands. Each change says who and why, and stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.desk.moves import check_text, checked_reason
from service.desk.policy import Actor, require
from service.desk.projects import scopes_of
from service.errors import NotFound, StaleUnit, Version, WrongState
from service.storage import audit
from tm.errors import InputError
from tm.store.base import now
from tm.store.history import Action, Change, differing, write_down
from tm.store.units import Unit, UnitChange
from tm.store.writing import tick
from tm.text.language import dominant, identify, words
from tm.text.normalise import fingerprint
from tm.types import Language

ENOUGH = 6  # words from which on a language can be certain
SURE = 0.9  # of 7,800 parliamentary segments none was taken for the other language, and 98 % were recognised
NAMES = {"fr": "French", "en": "English"}


def visible(session: Session, actor: Actor, unit_id: int) -> Unit:
    """The unit with this id, as it stands now. Raises NotFound where there is none for this actor."""
    found = session.scalar(
        select(Unit)
        .where(Unit.id == unit_id, Unit.scope.in_(scopes_of(session, actor)))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("unit")
    return found


def edit(
    session: Session,
    actor: Actor,
    unit_id: int,
    *,
    source: str | None = None,
    target: str | None = None,
    reason: str,
    seen: int,
) -> Unit:
    """Change the texts of a unit; `seen` is its `changed` as the actor saw it. Returns the unit that stands now.

    Where the changed pair is another unit of the scope already, this one is superseded by that one. Raises NotFound,
    StaleUnit when the unit has moved since, WrongState for a superseded one, and InputError for a text that is empty,
    the same as before or certainly in the wrong language, and without a reason.
    """
    require(actor, "memory.edit")
    visible(session, actor, unit_id)
    why, moment = checked_reason(reason), tick(session)
    unit = visible(session, actor, unit_id)
    texts = {"source": _text(source, unit.source), "target": _text(target, unit.target)}
    _refuse(session, unit, texts, seen)
    keys = {"source_key": fingerprint(texts["source"]), "target_key": fingerprint(texts["target"])}
    same = select(Unit).where(Unit.scope == unit.scope, Unit.id != unit.id)
    twin = session.scalar(same.filter_by(**keys).execution_options(populate_existing=True))
    if twin is not None:
        if twin.status != "active":
            _change(session, actor, twin, "reactivated", {"status": "active", "superseded_by": None}, moment, why)
        _change(session, actor, unit, "superseded", {"status": "superseded", "superseded_by": twin.id}, moment, why)
        return twin
    _change(session, actor, unit, "edited", texts, moment, why, keys)
    return unit


def _text(given: str | None, before: str) -> str:
    return before if given is None else given.strip()


def _refuse(session: Session, unit: Unit, texts: dict[str, str], seen: int) -> None:
    for text in texts.values():
        check_text(text)
        if not fingerprint(text):
            raise InputError("A unit needs a French and an English text.", code="EMPTY_TEXT")
    if unit.changed != seen:
        raise _moved(session, unit, seen, texts)
    if unit.status == "superseded":
        raise WrongState("This unit is superseded.", code="UNIT_SUPERSEDED", todo="Reactivate it, then change it.")
    if texts == {"source": unit.source, "target": unit.target}:
        raise InputError("Nothing was changed.", code="UNCHANGED")
    if texts["source"] != unit.source:
        _check_language(texts["source"], "fr")
    if texts["target"] != unit.target:
        _check_language(texts["target"], "en")


def _moved(session: Session, unit: Unit, seen: int, texts: dict[str, str]) -> StaleUnit:
    last = session.scalar(
        select(UnitChange).where(UnitChange.unit_id == unit.id).order_by(UnitChange.id.desc()).limit(1)
    )
    who, at = (last.person or "", last.at.isoformat()) if last is not None else ("", "")
    theirs = Version(unit.target, unit.changed, who, at, unit.status)
    return StaleUnit(Version("", seen), theirs, texts["target"], source=unit.source)


def _check_language(text: str, expected: Language) -> None:
    """Refuse a text that is French where English belongs, or the other way round, if there is no doubt about it."""
    found = identify(text) if words(text, ENOUGH) >= ENOUGH else None
    if found is None or found == expected:
        return
    code, probability = dominant(text)
    if code == found and probability >= SURE:
        raise InputError(
            f"The text is in {NAMES[found]}; {NAMES[expected]} belongs here.",
            code="LANGUAGE_DOUBT",
            todo="Check that the texts are on the right side.",
        )


def supersede(session: Session, actor: Actor, unit_id: int, reason: str) -> Unit:
    """Take a unit out of use. Raises NotFound, WrongState when it is superseded already, InputError without reason."""
    return _turn(session, actor, unit_id, reason, "superseded", "superseded")


def reactivate(session: Session, actor: Actor, unit_id: int, reason: str) -> Unit:
    """Bring a superseded unit back. Raises NotFound, WrongState when it is active, InputError without a reason."""
    return _turn(session, actor, unit_id, reason, "reactivated", "active")


def _turn(session: Session, actor: Actor, unit_id: int, reason: str, action: Action, status: str) -> Unit:
    require(actor, "memory.edit")
    visible(session, actor, unit_id)
    why, moment = checked_reason(reason), tick(session)
    unit = visible(session, actor, unit_id)
    if unit.status == status:
        raise WrongState(f"This unit is {status} already.")
    _change(session, actor, unit, action, {"status": status, "superseded_by": None}, moment, why)
    return unit


def _change(
    session: Session,
    actor: Actor,
    unit: Unit,
    action: Action,
    after: dict[str, Any],
    moment: int,
    reason: str,
    derived: dict[str, str] | None = None,
) -> None:
    before, now_is = differing({name: getattr(unit, name) for name in after}, after)
    for name, value in {**after, **(derived or {}), "changed": moment}.items():
        setattr(unit, name, value)
    session.flush()
    write_down(session, [Change(unit.id, action, before, now_is)], person=actor.name, reason=reason)
    audit.record(session, actor.id, f"{action} unit", "memory", str(unit.id))


def count_use(session: Session, unit_id: int) -> None:
    """Note that somebody confirmed a segment that this unit was put into. It changes nothing that is looked up by."""
    session.execute(
        update(Unit)
        .where(Unit.id == unit_id)
        .values(used=Unit.used + 1, used_at=now())
        .execution_options(synchronize_session=False)
    )
