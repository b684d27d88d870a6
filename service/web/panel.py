"""The panel beside a segment, made from its proposals: what to look at in each, and what was put into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import History, Segment
from service.web.findings import findings_of
from service.web.languages import say
from service.web.panel_pages import (
    CodeCard,
    Earlier,
    Entry,
    FragmentCard,
    Panel,
    Piece,
    ProposalCard,
    RepairedText,
    Threads,
)
from service.web.pieces import Mark, compared, marked, marks, reworded
from service.web.segment_terms import terms_of
from service.web.words import plural
from tm.terms import Glossary
from tm.text.codes import character, placed
from tm.text.normalise import normal
from tm.types import Code

EMPTY = Glossary(())


def panel_of(
    segment: Segment,
    made: ProposalSet | None,
    history: list[History],
    projects: Mapping[int, str] | None = None,
    draft: str | None = None,
    glossary: Glossary = EMPTY,
    twins: Sequence[Segment] = (),
    said: Threads | None = None,
) -> Panel:
    """The panel beside a segment; `made` is None while nothing was looked for yet. `projects` names, by unit, the
    projects that keep units to themselves; `draft` is what the reader has typed and not confirmed,
    `glossary` what it is held against, `twins` the other segments with its source, `said`
    the comments on it."""
    proposals = made.proposals if made else []
    same = Counter(normal(proposal.source) for proposal in proposals)
    return Panel(
        segment_id=segment.id,
        position=segment.position,
        carried_over=segment.carried_over,
        proposed=made is not None,
        cards=[_card(segment, one, projects or {}, same[normal(one.source)]) for one in proposals],
        fragments=[_fragment(rank, row) for rank, row in enumerate(_told(made), 1)] if made else [],
        history=_entries(history),
        found=findings_of(segment, draft),
        terms=terms_of(segment, glossary, draft),
        codes=[_code(segment, code) for code in segment.codes],
        earlier=_earlier(segment),
        twins=list(twins),
        said=said or Threads(segment.id, [], []),
    )


def _entries(history: list[History]) -> list[Entry]:
    """The history, the newest first; a text that lost a conflict is compared with the one that stood."""
    stood = [row for row in reversed(history) if row.version is not None]
    before = {row.id: stood[at - 1].target if at else "" for at, row in enumerate(stood)}
    newest = stood[-1].target if stood else ""
    return [Entry(row, _rewording(before.get(row.id, newest), row.target)) for row in history]


def _rewording(before: str, text: str) -> list[Piece]:
    if text == before or not text:
        return []
    return reworded(before, text) if before else [Piece("", text)]


def _told(made: ProposalSet) -> list[dict[str, Any]]:
    # sets that were made before fragments came with their English have nothing to insert
    return [row for row in made.fragments if "passage" in row]


def _card(segment: Segment, proposal: Proposal, projects: Mapping[int, str], shown: int) -> ProposalCard:
    return ProposalCard(
        rank=proposal.rank,
        unit_id=proposal.unit_id,
        rate=proposal.rate,
        base_rate=proposal.base_rate,
        origin=proposal.origin,
        penalties=[(penalty["code"], penalty["points"]) for penalty in proposal.penalties],
        source=compared(proposal.difference) or marked(proposal.source, []),
        target=marked(proposal.target, [*marks("stale", proposal.stale), *marks("hint", proposal.hints)]),
        text=placed(segment.source, proposal.target),
        repair=_repair(segment, proposal.repair) if proposal.repair else None,
        provenance=proposal.provenance,
        project=projects.get(proposal.unit_id, ""),
        alternatives=proposal.alternatives,
        shown=shown,
    )


def _repair(segment: Segment, repair: Mapping[str, Any]) -> RepairedText:
    done = repair["replacements"]
    return RepairedText(
        pieces=marked(repair["target"], [Mark(**one["span"], kind="new", why=_why(one)) for one in done]),
        text=placed(segment.source, repair["target"]),
        exchanges=[(one["old"], one["new"], _known(one)) for one in done],
        complete=repair["complete"],
    )


def _earlier(segment: Segment) -> Earlier | None:
    if segment.earlier_source is None:
        return None
    return Earlier(reworded(segment.earlier_source, segment.source), segment.earlier_target or "")


def _code(segment: Segment, code: Code) -> CodeCard:
    forms = (character("open", code.number), character("close", code.number), character("alone", code.number))
    marks = "".join(mark for mark in forms if mark in segment.source)
    return CodeCard(marks, code.number, code.kind, code.shown)


def _why(one: Mapping[str, Any]) -> str:
    """Why a word was put in, for who wants to know before taking it over."""
    if one["query"]:
        return say("The memory has “{0}”, this text has “{1}”: {2}", one["unit"], one["query"], _known(one))
    return say("The memory has “{0}”, this text does not: {1}", one["unit"], _known(one))


def _known(one: Mapping[str, Any]) -> str:
    said = {"glossary": say("from the glossary"), "name": say("a name that both languages write alike")}
    if one["origin"] in said:
        return said[one["origin"]]
    return say("seen {0}", plural(one["evidence"], "time")) if one["query"] else say("the word is left out")


def _fragment(rank: int, row: Mapping[str, Any]) -> FragmentCard:
    passage = row["passage"]
    return FragmentCard(
        rank=rank,
        french=row["fragment"],
        text=row["target"],
        count=row["count"],
        seen=row["seen"],
        unit_id=passage["unit_id"],
        source=marked(passage["source"], marks("found", passage["source_spans"])),
        target=marked(passage["target"], marks("found", passage["target_spans"])),
        document=passage["document"],
    )
