"""The table of an analysis: which band each segment stands in, what the words weigh, what the bands have cost."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import analysing, review
from service.desk.policy import Actor
from service.errors import WrongState
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import Release
from service.storage.runs import Run
from service.storage.session import Sessions
from tests.factories import make_person, make_release, make_unit, operation
from tm.store.units import Unit

FRENCH = (
    "Le Conseil s’est réuni le 12 mars 2009.",  # 102
    "Les ministres ont salué cet accord.",  # 101
    "Il entrera en vigueur demain.",  # 100
    "Une phrase que la mémoire ne connaît pas du tout.",  # nothing
    "Une phrase que la mémoire ne connaît pas du tout.",  # the same again
    "Une phrase que la mémoire ne connaît pas bien.",  # like those, 62 in the memory
    "Il entrera en vigueur demain.",  # 100 again: never a repetition
    "Les alliés ont 28 % des navires.",  # 96
)
RATES = (102, 101, 100, None, None, 62, 100, 96)


@pytest.fixture
def translator(sessions: Sessions) -> Actor:
    """Who asks."""
    with sessions.write() as session:
        actor = make_person(session)
        session.commit()
    return actor


def proposed(session: Session, actor: Actor, rates: tuple[int | None, ...] = RATES, tick: int = 7) -> Release:
    """A release with a proposal of each rate, its target the rate in words."""
    release = make_release(session, actor, FRENCH)
    run = Run(kind="propose", subject=release.id, requested_by=actor.id)
    session.add(run)
    make_unit(session, "Un texte.", "A text.")
    session.flush()
    unit = session.scalars(select(Unit)).one()
    for segment, rate in zip(release.segments, rates, strict=False):
        made = ProposalSet(segment_id=segment.id, run_id=run.id, attempt=1, tick=tick)
        if rate is not None:
            found: dict[str, Any] = {
                "origin": "tm",
                "unit_id": unit.id,
                "source": segment.source,
                "target": f"Worth {rate}.",
            }
            made.proposals = [Proposal(rank=1, base_rate=min(rate, 100), rate=rate, raw_target="", **found)]
        session.add(made)
    session.flush()
    return release


def counts(rows: list[dict[str, Any]], column: str = "segments") -> dict[str, float]:
    """The rows with a segment, by band."""
    return {row["band"]: row[column] for row in rows if row["segments"]}


def test_each_segment_is_counted_once_in_the_band_of_its_best_match(sessions: Sessions, translator: Actor) -> None:
    with sessions.write() as session:
        found = analysing.analyse(session, translator, proposed(session, translator).id)
        assert (found.tick, found.internal) == (7, False)
        assert counts(found.rows) == {
            "102": 1, "101": 1, "repetition": 1, "100": 2, "95-99": 1, "50-74": 1, "new": 1, "total": 8,
        }  # fmt: skip
        assert [row["band"] for row in found.rows] == [name for name, *_ in analysing.BANDS] + ["total"]


def test_words_characters_placeables_and_weighted_words_are_those_of_the_french(
    sessions: Sessions, translator: Actor
) -> None:
    with sessions.write() as session:
        rows = analysing.analyse(session, translator, proposed(session, translator).id).rows
    assert counts(rows, "words") == {
        "102": 8, "101": 6, "repetition": 10, "100": 10, "95-99": 6, "50-74": 9, "new": 10, "total": 59,
    }  # fmt: skip
    assert counts(rows, "characters")["102"] == len(FRENCH[0].replace(" ", ""))
    assert (counts(rows, "placeables")["102"], counts(rows, "placeables")["95-99"]) == (1, 1)
    weighted = counts(rows, "weighted")
    assert weighted["new"] == 10  # a new word is one whole word of work
    assert weighted["total"] == pytest.approx(0.8 + 0.6 + 10 * 0.2 + 10 * 0.3 + 6 * 0.4 + 9 * 0.7 + 10, abs=0.05)


def test_internal_matches_are_counted_where_they_are_asked_for(sessions: Sessions, translator: Actor) -> None:
    with sessions.write() as session:
        release = proposed(session, translator)
        rows = analysing.analyse(session, translator, release.id, internal=True).rows
        # the sixth is worth 80 by the fourth, more than the 62 of the memory; the repetition stays one
        assert counts(rows) == {
            "102": 1, "101": 1, "repetition": 1, "100": 2, "95-99": 1, "75-84": 1, "new": 1, "total": 8,
        }  # fmt: skip
        newest = analysing.latest(session, release.id)
        assert newest is not None
        assert newest.internal


def test_what_is_carried_over_is_no_work(sessions: Sessions, translator: Actor) -> None:
    with sessions.write() as session:
        release = proposed(session, translator)
        release.segments[3].language = "en"
        rows = analysing.analyse(session, translator, release.id).rows
        assert counts(rows) == {
            "102": 1, "101": 1, "100": 2, "95-99": 1, "50-74": 1, "new": 1, "total": 7,
        }  # fmt: skip


def test_without_proposals_for_every_segment_there_is_no_table(sessions: Sessions, translator: Actor) -> None:
    with sessions.write() as session:
        release = proposed(session, translator, RATES[:-1])
        with pytest.raises(WrongState, match="not proposed for every segment"):
            analysing.analyse(session, translator, release.id)
        assert analysing.latest(session, release.id) is None


def test_the_costs_are_the_characters_changed_of_the_best_match_by_band(sessions: Sessions, translator: Actor) -> None:
    with sessions.write() as session:
        release = proposed(session, translator)
        for at, text in ((0, "Worth 102."), (3, "New words."), (7, "Worth 97 or 9.")):
            one = release.segments[at]
            review.save(session, translator, one.id, text, seen=0, operation=operation(), confirm=True)
        costs = analysing.costs(session, translator, release.id)
    assert [(row["band"], row["segments"], row["edited"]) for row in costs] == [
        ("102", 1, 0),
        ("95-99", 1, 6),
        ("new", 1, len("New words.")),
    ]
    assert {row["band"]: row["share"] for row in costs} == {"102": 0, "95-99": pytest.approx(42.9), "new": 100}


def test_the_table_as_csv_reads_back(sessions: Sessions, translator: Actor) -> None:
    with sessions.write() as session:
        rows = analysing.analyse(session, translator, proposed(session, translator).id).rows
    read = list(csv.DictReader(io.StringIO(analysing.as_csv(rows).decode())))
    assert [{key: str(value) for key, value in row.items()} for row in rows] == read
