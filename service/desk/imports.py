"""Exchange files into the memory, and out of it again: each import is one act, however large, that can be undone.

A file is first read through to its end, so that a bad one stores nothing. Then it is written in short transactions
under one `Import` row, which says how far it is. The doors commit: `carry_on` is handed a door's own transactions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import jobs
from service.desk.exchange_files import ExchangeFile, of_blob, of_path
from service.desk.ingest import clean_name
from service.desk.policy import Actor, require
from service.desk.projects import choose
from service.desk.undo import go_back
from service.errors import WrongState
from service.storage import audit
from service.storage.blobs import Blobs
from tm.documents.guard import too_large
from tm.documents.limits import Limits
from tm.errors import InputError, PasserelleError
from tm.exchange.files import kind_of
from tm.store.importing import Part, counts_of, is_going_on, pairs_done, under_lock, write_part
from tm.store.placing import prepare
from tm.store.units import SHARED, Import
from tm.store.writing import Counts, batches

if TYPE_CHECKING:
    from io import BufferedReader

    from service.settings import Settings

PART = 2000  # pairs made ready at a time, while nobody waits
Transaction = Callable[[], AbstractContextManager[Session]]
Report = Callable[[int, int], None]  # how many pairs are done, of how many


def submit(
    session: Session, actor: Actor, filename: str, data: bytes, *, settings: Settings, project: str | None = None
) -> Import:
    """Take in an exchange file as bytes, to be read and written by a background job; `project` is a project's key.

    Raises InputError (`TYPE_UNKNOWN`, `EMPTY_FILE`, `PROJECT_UNKNOWN`) and TooLarge. Whatever else is wrong with the
    file, the job says, and nothing of it is stored.
    """
    require(actor, "memory.import")
    name = clean_name(filename)
    kind_of(name)
    if not data:
        raise _empty(name)
    limits = Limits(upload=settings.upload_limit)
    if len(data) > limits.upload:
        raise too_large(limits)
    scope = scope_of(session, actor, project)
    act = _begun(session, actor, name, Blobs(settings.blob_folder).put(data), scope)
    jobs.enqueue(session, "import", act.id, actor.id)
    return act


def begin(session: Session, actor: Actor, file: Path, *, project: str | None = None) -> Import:
    """Begin the import of a file on this machine, or find the one that stopped half-way. To be followed by `carry_on`.

    Raises InputError (`TYPE_UNKNOWN`, `EMPTY_FILE`, `FILE_UNREADABLE`, `PROJECT_UNKNOWN`).
    """
    require(actor, "memory.import")
    kind_of(file.name)
    scope = scope_of(session, actor, project)
    with of_path(file).open() as stream:
        if not stream.read(1):
            raise _empty(str(file))
        stream.seek(0)
        key = hashlib.file_digest(cast("BufferedReader", stream), "sha256").hexdigest()
    return _begun(session, actor, file.name, key, scope)


def _empty(where: str) -> InputError:
    return InputError("The file is empty.", code="EMPTY_FILE", where=where)


def scope_of(session: Session, actor: Actor, project: str | None) -> int:
    """The scope of the project with this key, or what is shared. Raises InputError (`PROJECT_UNKNOWN`) unless it is
    the actor's."""
    chosen = choose(session, actor, project or "")
    return chosen.number if chosen is not None else SHARED


def _begun(session: Session, actor: Actor, name: str, key: str, scope: int) -> Import:
    stopped = session.scalar(
        select(Import).where(Import.document_key == key, Import.scope == scope, Import.state == "running").limit(1)
    )
    if stopped is not None and is_going_on(stopped):
        return stopped
    act = Import(kind=kind_of(name), label=name, document_key=key, scope=scope, state="running", person=actor.name)
    session.add(act)
    session.flush()
    audit.record(session, actor.id, "began import", "memory", act.id)
    return act


def carry_on(
    transaction: Transaction,
    import_id: str,
    *,
    settings: Settings,
    file: Path | None = None,
    report: Report | None = None,
) -> Counts:
    """Do what is left to do of an import: read, write, or take back; returns what it changed.

    `transaction` opens a transaction of the door and commits it at its end; each is short. `file` is where the bytes
    are, for an import that did not come by `submit`. `report` is told of progress inside a transaction. On an error,
    what was written already is taken back and the import has failed; the error is raised, and again by whoever comes
    later.
    """
    told = report or (lambda done, total: None)
    with transaction() as session:
        act, _ = under_lock(session, import_id)
        state, error, forward = act.state, act.counts.get("error"), is_going_on(act)
        source = of_path(file) if file is not None else of_blob(settings, act)
        counts = counts_of(act)
    if forward:
        return _forward(transaction, import_id, source, told)
    if state in ("running", "done") and (act.undone_by is not None or error is not None):
        go_back(transaction, import_id, told)
    if error is not None:
        raise WrongState(error, code=act.counts["code"])
    return counts


def _forward(transaction: Transaction, import_id: str, source: ExchangeFile, report: Report) -> Counts:
    try:
        total = _read_through(transaction, import_id, source, report)
        for part in _parts(transaction, import_id, source):
            done = part.start
            while done < part.end:
                with transaction() as session:
                    done = write_part(session, import_id, part)
                    report(done, total)
        return _conclude(transaction, import_id, total)
    except PasserelleError as error:
        with transaction() as session:
            act, _ = under_lock(session, import_id)
            said = str(error).removesuffix(f" [{error.code}]")
            act.counts = {**act.counts, "error": said, "code": error.code}
        go_back(transaction, import_id, report)
        raise


def _read_through(transaction: Transaction, import_id: str, source: ExchangeFile, report: Report) -> int:
    """Read the file to its end before anything is written, and keep the number of its pairs."""
    with transaction() as session:
        known = under_lock(session, import_id)[0].counts.get("total")
    if known is not None:
        return int(known)
    total = sum(1 for _ in source.pairs())
    with transaction() as session:
        act, _ = under_lock(session, import_id)
        act.counts = {**act.counts, "total": total}
        report(0, total)
    return total


def _parts(transaction: Transaction, import_id: str, source: ExchangeFile) -> Iterator[Part]:
    with transaction() as session:
        act, _ = under_lock(session, import_id)
        start, key = pairs_done(act), act.document_key
    rest = batches(islice(source.pairs(), start, None), PART)
    for number, batch in zip(count(start, PART), rest, strict=False):
        yield Part(number, prepare(batch, key, start=number, many_documents=True))


def _conclude(transaction: Transaction, import_id: str, total: int) -> Counts:
    with transaction() as session:
        act, _ = under_lock(session, import_id)
        if is_going_on(act):
            if pairs_done(act) != total:
                raise InputError(
                    f"The file had {total:,} pairs when it was read first, and has {pairs_done(act):,} now.",
                    code="FILE_CHANGED",
                    where=act.label,
                    todo="Import it again once nobody writes to it.",
                )
            act.state = "done"
        elif act.state != "done":
            raise WrongState("Somebody has taken this import back meanwhile.", code="IMPORT_UNDONE", where=act.label)
        return counts_of(act)
