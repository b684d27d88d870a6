"""Exchange files made and taken in, for tests of imports."""

from __future__ import annotations

import io
from contextlib import nullcontext

from sqlalchemy import select

from service.desk import imports, undo
from tm.exchange import tmx
from tm.store.units import Unit, UnitChange
from tm.types import Context, Pair, Provenance


def pair(source, target, position=0, document="Communiqué", origin="imported", **context):
    return Pair(source, target, Provenance(document, position, origin, context=Context(**context)))


def some(count, document="Communiqué"):
    return [pair(f"Phrase numéro {n} du {document}.", f"Sentence {n}.", n, document) for n in range(count)]


def as_tmx(pairs):
    stream = io.BytesIO()
    tmx.write(pairs, stream, tool_version="1")
    return stream.getvalue()


def take_in(session, actor, settings, data, name="memory.tmx", **how):
    """An import from its submission to its end, in the test's own transaction."""
    act = imports.submit(session, actor, name, data, settings=settings, **how)
    counts = imports.carry_on(lambda: nullcontext(session), act.id, settings=settings)
    return act, counts


def undo_wholly(session, actor, act, reason="The wrong file."):
    """An undo to its end, however busy the machine is."""
    undo.undo_import(session, actor, act.id, reason)
    undo.go_back(lambda: nullcontext(session), act.id, lambda done, total: None)


def state(session):
    """What every unit is."""
    session.flush()
    facts = select(Unit.id, Unit.status, Unit.origin, Unit.source, Unit.target, Unit.superseded_by).order_by(Unit.id)
    return {row[0]: tuple(row[1:]) for row in session.execute(facts)}


def statuses(session):
    session.expire_all()
    return dict(session.execute(select(Unit.target, Unit.status)).all())


def changes(session):
    return session.execute(select(UnitChange.action, UnitChange.before, UnitChange.after).order_by(UnitChange.id)).all()
