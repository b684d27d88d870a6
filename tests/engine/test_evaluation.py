"""Proposals for what was held out: which documents, the best match of each, and what the steps were worth."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.pairs import pairs
from tm.match.evaluation.proposals import Known, Outcome, outcomes
from tm.match.evaluation.scores import scores, ter_edits
from tm.match.evaluation.split import split
from tm.match.evaluation.table import ALL, NO_MATCH, table
from tm.match.index import BruteForceIndex, TokenIndex
from tm.match.lexicon.model import Lexicon
from tm.match.lexicon.training import train

DATES = {"a": "2021-03-01", "b": "2023-01-31", "c": "2023-02-01", "d": "2020"}


@functools.cache
def lexicon() -> Lexicon:
    return train(pairs())


def proposed(held: tuple[str, str], *units: Known) -> Outcome:
    index = BruteForceIndex()
    index.update((at, unit.source) for at, unit in enumerate(units))
    (found,) = outcomes([held], index, lambda ids: {at: units[at] for at in ids}, lexicon())
    return found


def test_documents_from_a_date_on_are_held_out() -> None:
    found = split(DATES, since="2023")
    assert found.held == {"b", "c"}
    assert found.since == "2023-01-31"
    assert split(DATES, since="2023-01-31").held == {"b", "c"}
    assert split(DATES, since="2024") == split({}, since="2024")


def test_a_share_holds_out_the_newest_and_always_leaves_some() -> None:
    assert split(DATES, share=25).held == {"c"}
    assert split(DATES, share=1).held == {"c"}
    assert split(DATES, share=100).held == {"a", "b", "c"}
    assert split({"a": "2020"}, share=50).held == frozenset()


@given(st.dictionaries(st.text(max_size=3), st.dates().map(str), min_size=2), st.floats(0.1, 99.9))
def test_what_is_held_out_is_never_older_than_what_is_left(dates: dict[str, str], share: float) -> None:
    found = split(dates, share=share)
    rest = dates.keys() - found.held
    assert found.held
    assert rest
    assert min(dates[name] for name in found.held) == found.since >= max(dates[name] for name in rest)


def test_the_best_unit_is_localised_and_repaired_and_each_step_is_kept() -> None:
    found = proposed(
        ("Le ministre approuve le rapport commun avant 2026.", "The minister approves the joint report before 2026."),
        Known("Le ministre approuve le plan détaillé.", "The minister approves the detailed plan."),
        Known(
            "Le ministre approuve le rapport annuel avant 2024.", "The minister approves the annual report before 2024."
        ),
    )
    assert found.rate == 87
    assert found.raw == "The minister approves the annual report before 2024."
    assert found.localised == "The minister approves the annual report before 2026."
    assert found.repaired == "The minister approves the joint report before 2026."
    assert not found.leaked


def test_of_equal_rates_the_newest_unit_is_taken() -> None:
    source = "Le ministre approuve le rapport."
    units = Known(source, "old", "2019"), Known(source, "new", "2021"), Known(source, "none")
    assert proposed((source, "The minister approves the report."), *units).raw == "new"


def test_a_pair_that_another_document_has_too_is_told() -> None:
    pair = "Le ministre approuve le rapport.", "The minister approves the report."
    assert proposed(pair, Known(*pair)).leaked
    assert not proposed(pair, Known(pair[0], "The minister agrees.")).leaked


def test_where_nothing_is_similar_there_is_no_text() -> None:
    found = proposed(
        ("Une tout autre phrase.", "Quite another."), Known("Le ministre approuve.", "The minister approves.")
    )
    assert (found.rate, found.raw, found.localised, found.repaired, found.words) == (None, "", "", "", 4)


def test_the_best_rate_is_the_best_of_all_units() -> None:
    """The quick choice of promising units loses none: the same with every unit assessed."""
    from tm.match.score import base_rate

    known = [Known(*pair) for pair in pairs()[:300]]
    index = TokenIndex()
    index.update((at, unit.source) for at, unit in enumerate(known))
    held = [(source.replace("2024", "2025"), target) for source, target in pairs()[300:340]]
    found = list(outcomes(held, index, lambda ids: {at: known[at] for at in ids}, lexicon()))
    assert [each.rate for each in found] == [
        max(base_rate(source, unit.source, unit.target) for unit in known) for source, _ in held
    ]


def test_scores_are_those_of_sacrebleu() -> None:
    from sacrebleu import corpus_ter

    texts = ["The minister approves the annual report.", "A plan for peace."]
    references = ["The minister approves the joint report.", "Peace has a plan."]
    assert scores(texts, references).ter == round(corpus_ter(texts, [references]).score, 1)
    assert scores(references, references).ter == 0
    assert scores(references, references).bleu == pytest.approx(100)
    assert ter_edits(texts[0], references[0]) == (1, 6)
    with pytest.raises(ValueError, match="no texts"):
        scores([], [])


def test_the_table_has_a_row_for_each_band_and_counts_what_the_steps_changed() -> None:
    reference = "The minister approves the joint report before 2026."
    one = Outcome("s", reference, 8, 87, reference.replace("2026", "2024").replace("joint", "annual"),
                  reference.replace("joint", "annual"), reference)  # fmt: skip
    two = Outcome("s", "The plan is joint.", 4, 60, *["The plan is annual."] * 3, leaked=True)
    worse = Outcome("s", "The plan is joint.", 4, 60, "The plan is joint.", "The plan is joint.", "The plan is new.")
    none = Outcome("s", "Nothing at all.", 4)
    first, second, everything, nothing = table([one, two, worse, none])
    assert [row.band for row in (first, second, everything, nothing)] == ["85–94", "50–74", ALL, NO_MATCH]
    assert (first.segments, first.words, first.share_of_segments, first.share_of_words) == (1, 8, 25.0, 40.0)
    assert first.localisation is not None
    assert first.repair is not None
    assert (first.localisation.segments, first.localisation.better, first.localisation.worse) == (1, 1, 0)
    assert first.raw is not None
    assert first.raw.ter > first.localisation.after.ter > first.repair.after.ter == 0
    assert second.localisation is None
    assert second.repair is not None
    assert (second.repair.segments, second.repair.better, second.repair.worse) == (1, 0, 1)
    assert second.leaked == everything.leaked == 1
    assert nothing.raw is None
    assert nothing.as_dict()["share_of_words"] == 20.0
    assert table([]) == []
