"""From the pages of a source to pairs in the memory: partners are found, aligned apart, and learned one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service.desk import knowing, page_pairs
from service.desk.apart import Apart
from service.desk.looking import PASSING
from service.desk.page_pairs import Pages
from service.desk.partners import Candidate, find_pairs
from service.desk.segmentation import rules_for
from service.desk.visits import Plan, Work, note
from service.storage.blobs import Blobs
from service.storage.sources import SourcePage, pages_of
from tm.errors import PasserelleError
from tm.store.units import SHARED

ROUNDS = 3  # a pair that is refused frees its pages for the next best evidence
NO_PAIR = ("ALIGNMENT_POOR", "PAIR_SWAPPED", "PAIR_LANGUAGE", "EMPTY")
Side = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """Two pages to align: `stand` is what both texts are now."""

    french_id: str
    english_id: str
    url: str
    title: str
    date: str
    english_url: str
    french: Side
    english: Side
    key: str
    stand: str
    first: bool


def pair_up(work: Work, plan: Plan, apart: Apart) -> None:
    """Find what belongs together, and learn what has not been learned as it stands."""
    blobs = Blobs(work.settings.blob_folder)
    for _ in range(ROUNDS):
        with work.write() as session:
            tasks = _tasks(session, plan)
        refused = [task for task in tasks if not _learn(work, plan, apart, blobs, task)]
        if not refused:
            return


def _tasks(session: Session, plan: Plan) -> list[Task]:
    """Write down who belongs to whom, and return the pairs whose texts are not in the memory as they stand."""
    pages = {page.id: page for page in pages_of(session, plan.source_id) if page.text_hash and page.blob}
    stands = {page_id: page.text_hash for page_id, page in pages.items()}
    never = {
        (page.id, other)
        for page in pages.values()
        for other, stand in page.facts.get("rejected", {}).items()
        if other in stands and stand == _stand(page, pages[other])
    }
    found = find_pairs(map(_candidate, pages.values()), never)
    paired = {pair.french: pair for pair in found}
    tasks = []
    for page in pages.values():
        pair = paired.get(page.id)
        if pair is None:
            page.partner_id, page.how = None, None
            continue
        english = pages[pair.english]
        if page.partner_id != english.id:
            page.paired_hash = ""
        page.partner_id, page.how = english.id, pair.how
        if page.paired_hash != _stand(page, english):
            page.pair_code = None
            tasks.append(_task(page, english))
    return tasks


def _stand(french: SourcePage, english: SourcePage) -> str:
    return hashlib.sha256(f"{french.text_hash} {english.text_hash}".encode()).hexdigest()


def _task(french: SourcePage, english: SourcePage) -> Task:
    assert french.blob is not None
    assert english.blob is not None
    key = hashlib.sha256(f"page pair\0{french.url}\0{english.url}".encode("utf-8", "surrogatepass")).hexdigest()
    return Task(
        french.id,
        english.id,
        french.url,
        french.title or french.url,
        french.facts.get("date", ""),
        english.url,
        (french.blob, french.facts["side"]),
        (english.blob, english.facts["side"]),
        key,
        _stand(french, english),
        first=not french.paired_hash,
    )


def _learn(work: Work, plan: Plan, apart: Apart, blobs: Blobs, task: Task) -> bool:
    """Align two pages and add their pairs. False: they do not belong together."""
    code, found = None, dict[str, Any]()
    try:
        french, english = ((blobs.get(blob), side) for blob, side in (task.french, task.english))
        found = _aligned(work, plan, apart, task, french, english)
    except PasserelleError as error:
        code = error.code
    with work.write() as session:
        page = session.get_one(SourcePage, task.french_id)
        page.pair_code = code
        page.paired_hash = "" if code in PASSING else task.stand  # what passes is tried again
        if code is None:
            counts = page_pairs.keep(session, _pages(plan, task), found, work.settings)
            note(session, plan, counts={"paired" if task.first else "paired_again": 1, **counts})
        else:
            note(session, plan, url=task.url, code=code, counts={"unpaired": 1})
        if code in NO_PAIR and task.first:
            rejected = {**page.facts.get("rejected", {}), task.english_id: task.stand}
            page.facts = {**page.facts, "rejected": rejected}
            return False
    return True


def _aligned(
    work: Work, plan: Plan, apart: Apart, task: Task, french: tuple[bytes, Any], english: tuple[bytes, Any]
) -> dict[str, Any]:
    """Segments and beads of two pages; where settled beads still stand there, aligned once more around them."""
    with work.read() as session:
        lexicon = knowing.lexicon_of_run(session, work.settings, work.claim.run_id)
        rules = rules_for(session, None if plan.scope == SHARED else plan.scope)
        was = page_pairs.before(session, task.key, plan.scope)
    found = apart.aligned(french, english, lexicon=lexicon, rules=rules)
    fixed = [bead for bead in page_pairs.still_settled(was, found) if all(bead)]
    return apart.aligned(french, english, lexicon=lexicon, rules=rules, fixed=fixed) if fixed else found


def _pages(plan: Plan, task: Task) -> Pages:
    french, english = (task.url, task.french[0]), (task.english_url, task.english[0])
    return Pages(task.key, plan.scope, task.title, task.date, french, english)


def _candidate(page: SourcePage) -> Candidate:
    facts = page.facts
    names = dict.fromkeys(name for name in (page.url, facts.get("final"), facts.get("canonical")) if name)
    versions = [*facts.get("versions", []), *facts.get("listed", [])]
    partners = {
        "list": tuple(facts.get("list", ())),
        "hreflang": _in_other(versions, page.language),
        "link": _in_other(facts.get("switches", []), page.language),
    }
    figures = frozenset(facts.get("figures", ()))
    return Candidate(page.id, page.language, tuple(names), partners, facts.get("date", ""), figures)


def _in_other(versions: Iterable[dict[str, str]], language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found["url"] for found in versions if found["language"] != language))
