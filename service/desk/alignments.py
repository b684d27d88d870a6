"""Pairs of documents on their way into the memory: handed in, aligned apart, kept with their beads, or refused.

Beads of high confidence enter the memory at once, the doubtful wait for somebody (`service.desk.bead_review`), the
hopeless are held back.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk import jobs, knowing
from service.desk.apart import ReaderGone
from service.desk.beads import Row, Texts
from service.desk.ingest import clean_name
from service.desk.policy import Actor, require
from service.desk.projects import choose, scopes_of, sight_of
from service.desk.segmentation import rules_for
from service.errors import Transient, WrongState
from service.storage import alignments as storage
from service.storage import audit
from service.storage.alignments import Bead, FilePair, PairSegment
from service.storage.blobs import Blobs
from service.storage.people import Person
from service.storage.runs import Run
from tm.documents.guard import too_large
from tm.documents.limits import Limits
from tm.errors import InputError
from tm.store.replacing import replace_places, units_at
from tm.store.units import SHARED, Import

if TYPE_CHECKING:
    from service.desk.apart import Apart
    from service.desk.visits import Work
    from service.settings import Settings
    from tm.text.rules import RuleSet

OPEN = ("received", "failed")  # a run that failed may be tried again
TRIES = 4  # attempts at files that end the process that reads them: somebody may have killed it, or the kernel
NO_PAIR = frozenset({"ALIGNMENT_POOR", "PAIR_SWAPPED", "PAIR_LANGUAGE", "EMPTY"})


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was handed in."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Doubt:
    """A bead that waits: what it says, where, and how often its source is met elsewhere."""

    bead: Bead
    pair: FilePair
    source: str
    target: str
    often: int


def submit_pair(
    session: Session,
    actor: Actor,
    french: File,
    english: File | None,
    *,
    settings: Settings,
    source: str = "upload",
    project: str = "",
) -> FilePair:
    """Take in a French file and its English one, or one bilingual table (`english` is None), to be aligned by a job.

    The same files a second time are the pair that is here already. Raises InputError (EMPTY_FILE, TOO_LARGE,
    PROJECT_UNKNOWN); what else is wrong with the files the job says, and the pair keeps it as its reason.
    """
    require(actor, "alignment.submit")
    keeper = choose(session, actor, project)
    files = [file for file in (french, english) if file is not None]
    for file in files:
        _check(file, settings)
    key = hashlib.sha256(b"\0".join(file.data for file in files)).hexdigest()
    scope = keeper.number if keeper else SHARED
    known = storage.find_pair(session, key, scope)
    if known is not None:
        return known
    blobs = [Blobs(settings.blob_folder).put(file.data) for file in files]
    pair = FilePair(label=clean_name(french.name), document_key=key, source=source, created_by=actor.id, scope=scope)
    pair.project = keeper.number if keeper else None
    pair.french_name, pair.french_blob = clean_name(french.name), blobs[0]
    if english is not None:
        pair.english_name, pair.english_blob = clean_name(english.name), blobs[1]
    try:
        with session.begin_nested():
            session.add(pair)
            session.flush()
    except IntegrityError:  # somebody has handed it in at the same moment
        return _found(session, key, scope)
    audit.record(session, actor.id, "submitted pair", "alignment", pair.id)
    jobs.enqueue(session, "align", pair.id, actor.id)
    return pair


def _check(file: File, settings: Settings) -> None:
    if not file.data:
        raise InputError("The file is empty.", code="EMPTY_FILE", where=file.name[:200])
    limits = Limits(upload=settings.upload_limit)
    if len(file.data) > limits.upload:
        raise too_large(limits)


def _found(session: Session, key: str, scope: int) -> FilePair:
    known = storage.find_pair(session, key, scope)
    assert known is not None
    return known


def align_again(session: Session, actor: Actor, pair_id: str) -> FilePair:
    """Try a pair once more that was refused. Raises NotFound, and WrongState for one that was not."""
    require(actor, "alignment.submit")
    pair = storage.get_pair(session, pair_id, sight_of(actor), lock=True)
    if pair.state not in ("quarantined", "failed"):
        raise WrongState(f"This pair is {pair.state}: there is nothing to try again.")
    pair.state, pair.code, pair.reason = "received", None, None
    audit.record(session, actor.id, "tried pair again", "alignment", pair.id)
    jobs.enqueue(session, "align", pair.id, actor.id)
    return pair


def align_pair(work: Work, apart: Apart) -> None:
    """Align the pair that is the subject of the run, and let the memory learn what is certain.

    Safe to repeat and to interrupt: one transaction writes everything, and a pair that has its beads is left as it is.
    A pair that is refused keeps the reason; that is no failure of the run. Raises Transient where the process apart
    died: whether these files did that, the next attempts tell, `TRIES` of them.
    """
    with work.read() as session:
        pair = storage.get_pair(session, work.claim.subject)
        lexicon = knowing.lexicon_of_run(session, work.settings, work.claim.run_id)
        rules = rules_for(session, pair.project)
    if pair.state not in OPEN:
        return
    try:
        found = _read_apart(pair, Blobs(work.settings.blob_folder), apart, lexicon, rules)
    except InputError as error:
        if isinstance(error, ReaderGone) and not _is_last(work):
            raise Transient(error.message) from error
        with work.write() as session:
            _refuse(session, pair.id, error)
        return
    with work.write() as session:
        _keep(session, pair.id, found, work.settings)


def _read_apart(pair: FilePair, blobs: Blobs, apart: Apart, lexicon: Path | None, rules: RuleSet) -> dict[str, Any]:
    data = blobs.get(pair.french_blob)
    if pair.english_blob is None:
        return apart.table(data, pair.french_name)
    english = (blobs.get(pair.english_blob), {"filename": pair.english_name})
    return apart.aligned((data, {"filename": pair.french_name}), english, lexicon=lexicon, rules=rules)


def _is_last(work: Work) -> bool:
    """Whether this attempt is the last one, for files at which the process apart dies each time."""
    with work.read() as session:
        tried = session.scalar(select(Run.idle_attempts).where(Run.id == work.claim.run_id))
    return tried is None or tried >= TRIES


def _refuse(session: Session, pair_id: str, error: InputError) -> None:
    pair = storage.get_pair(session, pair_id, lock=True)
    if pair.state in OPEN:
        pair.state = "quarantined" if error.code in NO_PAIR else "failed"
        place = f"{error.where}: " if error.where else ""
        pair.code, pair.reason = error.code, f"{place}{error.message}"
        audit.record(session, None, "refused pair", "alignment", pair.id, code=error.code)


def _keep(session: Session, pair_id: str, found: dict[str, Any], settings: Settings) -> None:
    pair = storage.get_pair(session, pair_id, lock=True)
    if pair.state not in OPEN:
        return
    pair.code = pair.reason = None
    pair.label = found["title"] or pair.label
    texts = Texts(*(write_segments(session, pair.id, side, found[side]) for side in ("fr", "en")))
    rows = [new_row(texts, source, target, sure, settings) for source, target, sure in found["beads"]]
    act = import_of(session, pair)
    learned = {row.id: seen for row in rows if (seen := texts.for_memory(row, pair.label, None))}
    counts = replace_places(session, act, [], list(learned.values()))
    act.counts = counts.as_dict()
    units = units_at(session, act, [seen.seen.position or 0 for seen in learned.values()])
    held = {row_id: units.get(seen.seen.position or 0) for row_id, seen in learned.items()}
    session.add_all([bead_of(pair, texts, row, number, held.get(row.id)) for number, row in enumerate(rows)])
    count(pair, rows)
    audit.record(session, None, "aligned pair", "alignment", pair.id, **pair.counts)


def write_segments(session: Session, pair_id: str, side: str, found: Sequence[Sequence[Any]]) -> list[PairSegment]:
    """Write the segments of one side of a pair, as the process apart gives them."""
    names = ("text", "joint", "block", "role", "level", "language")
    rows = [
        {"pair_id": pair_id, "side": side, "position": number, **dict(zip(names, each, strict=True))}
        for number, each in enumerate(found)
    ]
    if rows:
        session.execute(insert(PairSegment), rows)
    return [PairSegment(**row) for row in rows]


def import_of(session: Session, pair: FilePair, kind: str = "pair") -> Import:
    """A new act of import, by which beads of the pair are in the memory from now on."""
    person = session.get(Person, pair.created_by) if pair.created_by else None
    act = Import(kind=kind, label=pair.label, document_key=pair.document_key, scope=pair.scope)
    act.person = person.name if person else None
    session.add(act)
    session.flush()
    pair.import_id = act.id
    return act


def new_row(texts: Texts, source: Sequence[int], target: Sequence[int], confidence: float, settings: Settings) -> Row:
    """A bead as the aligner found it: accepted, waiting or held, as its confidence says; held with one side alone."""
    row = Row(tuple(source), tuple(target), confidence, "held")
    if not texts.whole(row) or 100 * confidence < settings.align_hold_below:
        return row
    state = "accepted" if 100 * confidence >= settings.align_accept_from else "waiting"
    return Row(row.source, row.target, confidence, state)


def bead_of(pair: FilePair, texts: Texts, row: Row, number: int, unit_id: int | None) -> Bead:
    """The row as it is stored, at this place among the beads of the pair, as of the pair's version."""
    return Bead(
        id=row.id,
        pair_id=pair.id,
        number=number,
        source=list(row.source),
        target=list(row.target),
        source_key=texts.source_key(row),
        confidence=row.confidence,
        state=row.state,
        version=pair.version,
        unit_id=unit_id,
        edited_source=row.edited_source,
        edited_target=row.edited_target,
        settled_by=row.settled_by,
    )


def count(pair: FilePair, rows: Sequence[Row]) -> None:
    """Say how many beads are in which state, and whether any is left to settle."""
    states = Counter(row.state for row in rows)
    pair.counts = {"beads": len(rows), **{state: states[state] for state in storage.BEAD_STATES}}
    pair.state = "aligned" if states["waiting"] else "done"


def listing(session: Session, actor: Actor, limit: int = 200) -> list[FilePair]:
    """The latest pairs that the actor may see, newest first."""
    require(actor, "alignment.see")
    scopes = scopes_of(session, actor)
    return [pair for pair in storage.pairs_listed(session, limit) if pair.scope in scopes]


def waiting_beads(session: Session, actor: Actor) -> int:
    """How many beads wait for the actor, or for somebody like them."""
    require(actor, "alignment.see")
    return storage.count_doubtful(session, scopes_of(session, actor))


def queue(session: Session, actor: Actor, limit: int = 50) -> list[Doubt]:
    """Beads that wait for somebody; first those whose source is met most often in the memory and among such beads."""
    require(actor, "alignment.see")
    found = storage.doubtful(session, scopes_of(session, actor), limit)
    pairs = {bead.pair_id: storage.get_pair(session, bead.pair_id) for bead, _ in found}
    texts = {pair_id: Texts(*storage.segments_of(session, pair_id)) for pair_id in pairs}
    doubts = []
    for bead, often in found:
        said, row = texts[bead.pair_id], Row.of(bead)
        doubts.append(Doubt(bead, pairs[bead.pair_id], said.source(row), said.target(row), often))
    return doubts
