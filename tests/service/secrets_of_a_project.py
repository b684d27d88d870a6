"""A project whose every text is a sentence that stands nowhere else, and the means to find the least piece of one."""

from __future__ import annotations

import html
import random
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import assigning, checking, comments, cutting, projects, publish, review
from service.desk import people as desk_people
from service.desk.policy import Actor
from service.settings import Settings
from service.storage.alignments import BEAD_STATES, Bead, BeadAct, FilePair, PairSegment
from service.storage.blobs import Blobs
from service.storage.glossary import GlossaryEntry, values_of
from service.storage.notices import Notice
from service.storage.proposals import Proposal, ProposalSet
from service.storage.publications import Evaluation
from service.storage.releases import Release
from service.storage.runs import Refresh, Run
from service.storage.segmentation import SegmentationRules
from tests.factories import make_release, operation
from tests.service.conftest import PASSWORD
from tm.store.base import now
from tm.store.units import Import, Occurrence, Unit
from tm.store.writing import tick
from tm.text.normalise import fingerprint
from tm.types import Concept, Term

PIECE = 5  # words
SEGMENTS = 20
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
TAG = re.compile(r"<[^<>]*>")


class Canaries:
    """Sentences of made-up words, by what they are in the project; with characters that HTML and JSON escape."""

    def __init__(self, seed: int = 20_091_204) -> None:
        self._random = random.Random(seed)
        self.by_kind: dict[str, list[str]] = {}

    def _word(self) -> str:
        letters = "".join(self._random.choices("bcdfglmnprstvaeiouéè", k=6))
        return f"zq{letters}"

    def make(self, kind: str) -> str:
        """A new sentence."""
        words = [self._word() for _ in range(8)]
        text = f"{words[0].capitalize()} l'{words[1]} {words[2]} & {words[3]} d’{words[4]} {' '.join(words[5:])}."
        self.by_kind.setdefault(kind, []).append(text)
        return text

    def found_in(self, data: bytes) -> list[str]:
        """The kinds and pieces that stand in an answer, plain, marked up, or escaped in any way that a page is."""
        text = _plain(data)
        if "zq" not in text.lower():
            return []
        return [f"{kind}: {piece}" for kind, piece in self._pieces() if piece in text]

    def kinds_in(self, data: bytes) -> set[str]:
        """The kinds of which something stands in an answer."""
        return {found.split(": ", 1)[0] for found in self.found_in(data)}

    def _pieces(self) -> list[tuple[str, str]]:
        return [
            (kind, " ".join(words[start : start + PIECE]))
            for kind, texts in self.by_kind.items()
            for words in (text.split() for text in texts)
            for start in range(len(words) - PIECE + 1)
        ]


def _plain(data: bytes) -> str:
    raw = data.decode("utf-8", errors="replace")
    told = ESCAPED.sub(lambda match: chr(int(match[1], 16)), raw)
    ways = [raw, told, html.unescape(told), html.unescape(TAG.sub("", told)), unquote(raw)]
    return "\n".join(" ".join(way.split()) for way in ways)


@dataclass
class Secret:
    """The project, its people, and the ids of what belongs to it."""

    canaries: Canaries
    number: int
    key: str
    actors: dict[str, Actor]
    text: str = ""
    ids: dict[str, list[str]] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    segments: list[str] = field(default_factory=list)

    def keep(self, **named: str) -> None:
        """Remember ids by the name that addresses give them."""
        for name, value in named.items():
            self.ids.setdefault(name, []).append(value)

    @property
    def release(self) -> str:
        """The release in work."""
        return self.ids["release_id"][0]


def make_secret(session: Session, settings: Settings, number: int = 41) -> Secret:
    """Project A: a release in work and a published one, runs, a refresh that learned from it, units of its scope."""
    canaries = Canaries()
    operator = desk_people.operator(session)
    session.add(projects.Project(number=number, key="alpha-of-the-few", name="Alpha"))
    session.flush()
    actors = {name: _member(session, operator, settings, number, name) for name in ("ines", "rolf", "edda", "gone")}
    secret = Secret(canaries, number, "alpha-of-the-few", actors)
    _in_work(session, settings, secret)
    _published(session, settings, secret)
    _units(session, secret)
    _pairs(session, settings, secret)
    session.add(SegmentationRules(project=number, language="fr", never=[canaries.make("segmentation rule")], version=1))
    _terms(session, secret)
    session.flush()
    return secret


def _terms(session: Session, secret: Secret) -> None:
    french, english, note = (secret.canaries.make(f"{kind} of an entry") for kind in ("French", "English", "note"))
    concept = Concept((french,), (Term(english),), secret.canaries.make("domain of an entry"), note)
    row = GlossaryEntry(project=secret.number, created_by=secret.actors["edda"].id, **values_of(concept))
    session.add(row)
    session.flush()
    secret.keep(entry_id=row.id)


def _member(session: Session, operator: Actor, settings: Settings, number: int, name: str) -> Actor:
    role = {"ines": "translator", "rolf": "reviewer"}.get(name, "editor")
    email = f"{name}@passerelle.test"
    person, _ = desk_people.add_person(session, operator, email, role, settings=settings, name=name, password=PASSWORD)
    projects.add_member(session, operator, number, email)
    return desk_people.actor_of(person)


def _in_work(session: Session, settings: Settings, secret: Secret) -> None:
    canaries, ines, rolf, gone = secret.canaries, *(secret.actors[name] for name in ("ines", "rolf", "gone"))
    sources = [canaries.make("source") for _ in range(SEGMENTS)]
    release = make_release(session, ines, sources, title=canaries.make("title"))
    secret.text = "\n\n".join(sources)
    release.project, release.blob = secret.number, Blobs(settings.blob_folder).put(secret.text.encode())
    release.filename, release.notes = canaries.make("file name") + "txt", [canaries.make("note")]
    run = Run(kind="propose", subject=release.id, state="failed", reason_code="GAVE_UP", requested_by=gone.id)
    run.reason = canaries.make("reason of a run")
    session.add(run)
    session.flush()
    first, second, third = release.segments[:3]
    for segment in release.segments:
        text = canaries.make("target")
        review.save(session, ines, segment.id, text, seen=0, operation=operation(), confirm=segment.position < 15)
    reason = canaries.make("reason")
    review.send_back(session, rolf, first.id, seen=1, operation=operation(), reason=reason)
    review.save(session, gone, second.id, canaries.make("history"), seen=1, operation=operation(), confirm=True)
    review.save(session, ines, second.id, canaries.make("target"), seen=2, operation=operation(), confirm=True)
    review.save_draft(session, gone, third.id, canaries.make("draft"), 1)
    _proposals(session, secret, release, run)
    _around(session, secret, release)
    secret.segments = [segment.id for segment in release.segments]
    secret.keep(release_id=release.id, run_id=run.id)
    for segment in (first, second, third):
        secret.keep(segment_id=segment.id)


def _around(session: Session, secret: Secret, release: Release) -> None:
    """What people say of the text: a thread that names somebody, a finding that is meant, a cut, an assignment."""
    canaries, ines, gone, edda = secret.canaries, *(secret.actors[name] for name in ("ines", "gone", "edda"))
    segment = release.segments[0]
    first = comments.say(session, gone, segment.id, f"@ines {canaries.make('comment')}")
    comments.say(session, ines, segment.id, canaries.make("answer"), first.id)
    checking.intend(session, ines, segment.id, "NUMBER", canaries.make("why a finding is meant"))
    last = release.segments[-1]
    at = last.source.index("&")
    cut = cutting.split(session, ines, last.id, at=at, seen=last.version, operation=operation()).segments
    seen = {"seen": cut[0].version, "following_seen": cut[1].version}
    cutting.merge(session, ines, cut[0].id, following=cut[1].id, operation=operation(), **seen)
    secret.keep(segment_id=cut[1].id)
    secret.numbers = {"comment_id": [first.id], "notice_id": list(session.scalars(select(Notice.id)))}
    assigning.assign(session, edda, release.id, translator=ines.id, reviewer=secret.actors["rolf"].id, due=None)


def _proposals(session: Session, secret: Secret, release: Release, run: Run) -> None:
    source, target = secret.canaries.make("proposal"), secret.canaries.make("proposal")
    unit = _unit(session, secret, source, target, None)
    made = ProposalSet(segment_id=release.segments[2].id, run_id=run.id, attempt=1)
    common: dict[str, Any] = {"source": source, "target": target, "raw_target": target}
    made.proposals = [Proposal(rank=1, unit_id=unit.id, origin="tm", base_rate=80, rate=80, **common)]
    session.add(made)


def _published(session: Session, settings: Settings, secret: Secret) -> None:
    canaries, ines, rolf, edda = secret.canaries, *(secret.actors[name] for name in ("ines", "rolf", "edda"))
    title = canaries.make("published title")
    release = make_release(session, edda, [title], role="title", title=title)
    release.project = secret.number
    segment = release.segments[0]
    text = canaries.make("published text")
    review.save(session, ines, segment.id, text, seen=0, operation=operation(), confirm=True)
    review.approve(session, rolf, segment.id, seen=1, operation=operation(), acknowledged=True)
    publication = publish.publish(session, edda, release.id, settings=settings)
    session.add(Evaluation(release_id=release.id, bands=[]))
    learned = [{"id": release.id, "title": title, "added": 1}]
    session.add(Refresh(trigger="schedule", started_at=now(), finished_at=now(), added=1, releases=learned))
    secret.keep(release_id=release.id, segment_id=segment.id, publication_id=publication.id)


def _units(session: Session, secret: Secret) -> None:
    brought = Import(kind="tmx", label=secret.canaries.make("label of an import"), scope=secret.number, person="ines")
    session.add(brought)
    session.flush()
    run = Run(kind="import", subject=brought.id, state="failed", reason_code="TYPE_UNKNOWN", requested_by=None)
    run.reason = secret.canaries.make("reason of an import")
    session.add(run)
    for _ in range(3):
        unit = _unit(session, secret, secret.canaries.make("unit"), secret.canaries.make("unit"), brought)
        secret.units.append(unit.id)
    session.flush()
    secret.keep(import_id=brought.id, run_id=run.id)


def _pairs(session: Session, settings: Settings, secret: Secret) -> None:
    """A pair of documents with a bead of each state, an act on one of them, and a pair that was refused."""
    canaries = secret.canaries
    refused, pair = (_pair(settings, secret, key * 64) for key in "rp")
    refused.state, refused.code, refused.reason = "quarantined", "PAIR_SWAPPED", canaries.make("reason of a pair")
    brought = Import(kind="pair", label=canaries.make("label of a pair"), scope=secret.number, person="edda")
    session.add_all([refused, pair, brought])
    session.flush()
    pair.state, pair.import_id, pair.counts = "aligned", brought.id, {"beads": 4, "waiting": 1}
    texts = {side: [canaries.make("segment of a pair") for _ in BEAD_STATES] for side in ("fr", "en")}
    for side, said in texts.items():
        for number, text in enumerate(said):
            place = {"position": number, "joint": " ", "block": number, "role": "paragraph", "language": side}
            session.add(PairSegment(pair_id=pair.id, side=side, text=text, **place))
    for number, state in enumerate(BEAD_STATES):
        bead = Bead(pair_id=pair.id, number=number, source=[number], target=[number], state=state, confidence=0.6)
        bead.source_key, bead.edited_target = fingerprint(texts["fr"][number]), canaries.make("edited bead")
        session.add(bead)
    act = BeadAct(pair_id=pair.id, number=1, kind="edit", person_id=secret.actors["edda"].id)
    act.before, act.after = [], [{"edited_target": canaries.make("act on a bead")}]
    session.add(act)
    session.flush()
    secret.keep(pair_id=pair.id)
    secret.keep(pair_id=refused.id)


def _pair(settings: Settings, secret: Secret, key: str) -> FilePair:
    text = secret.canaries.make("text of a pair").encode()
    blobs = {"french_blob": Blobs(settings.blob_folder).put(text), "english_blob": "0" * 64}
    names = {
        "french_name": secret.canaries.make("name in a pair"),
        "english_name": secret.canaries.make("name in a pair"),
    }
    pair = FilePair(label=secret.canaries.make("title of a pair"), document_key=key, source="upload", **names, **blobs)
    pair.scope = pair.project = secret.number
    return pair


def _unit(session: Session, secret: Secret, source: str, target: str, brought: Import | None) -> Unit:
    keys = {"source_key": fingerprint(source), "target_key": fingerprint(target), "changed": tick(session)}
    unit = Unit(scope=secret.number, source=source, target=target, origin="approved", **keys)
    unit.import_id = brought.id if brought else None
    session.add(unit)
    session.flush()
    document = secret.canaries.make("document of a unit")
    place: dict[str, Any] = {"document": document, "document_key": fingerprint(document), "position": 1}
    session.add(Occurrence(unit_id=unit.id, import_id=unit.import_id, origin="approved", person="ines", **place))
    return unit
