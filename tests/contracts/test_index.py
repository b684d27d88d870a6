"""What every index must do: find all that is similar enough, and nothing else."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tm.match.generation.following import FollowingIndex
from tm.match.generation.index import prepare
from tm.match.index import BruteForceIndex, Index, TokenIndex
from tm.types import Hit

INDEXES: list[Callable[[], Index]] = [BruteForceIndex, TokenIndex, FollowingIndex]
THRESHOLDS = (50, 60, 70, 75, 80, 90, 95, 99, 100)

OPENINGS = ["Le Conseil", "Les ministres des Affaires étrangères", "L’Alliance", "Le secrétaire général", "L'OTAN"]
VERBS = ["a adopté", "ont décidé de renforcer", "soutient", "a rappelé que", "poursuit"]
OBJECTS = ["le programme de travail pour 2010", "la coopération avec les 29 pays partenaires", "la mission d’appui",
           "un ensemble de mesures", "les efforts des autorités afghanes"]  # fmt: skip
ENDS = ["le 12 mars 2024.", "à Bruxelles, le 4 décembre 2009.", "« dès maintenant ».", "à 15 h 30 !", "", "pour 3,5 %."]


@pytest.fixture(params=INDEXES, ids=lambda make: make.__name__)
def index(request: pytest.FixtureRequest) -> Index:
    if request.param is FollowingIndex:
        prepare()  # compiled once for all processes: no test is to measure that
    made: Index = request.param()
    return made


def release_like(dice: random.Random) -> str:
    words = " ".join(dice.choice(part) for part in (OPENINGS, VERBS, OBJECTS, ENDS)).split()
    for _ in range(dice.randrange(4)):
        words[dice.randrange(len(words))] = dice.choice(["sécurité", "de", "2011", "Alliés", ""])
    return " ".join(words)


def scrambled(dice: random.Random) -> str:
    return " ".join(dice.choice(["de", "la", "Alliés", "3", "12 mars", "!", "2 %"]) for _ in range(dice.randrange(9)))


@pytest.mark.parametrize("text", [release_like, scrambled])
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_it_finds_what_comparing_with_everything_finds(
    index: Index, threshold: int, text: Callable[[random.Random], str]
) -> None:
    dice = random.Random(threshold)
    oracle = BruteForceIndex()
    units = [(number, text(dice)) for number in range(400)]
    oracle.update(units)
    index.update(units)
    queries = [text(dice) for _ in range(20)] + [source for _, source in dice.sample(units, 4)]
    expected = oracle.search(queries, threshold)
    assert index.search(queries, threshold) == expected
    assert index.search(queries, threshold, limit=3) == [hits[:3] for hits in expected]
    assert any(expected)


def test_it_stays_complete_while_units_come_change_and_go(index: Index) -> None:
    dice = random.Random(11)
    oracle = BruteForceIndex()
    for _ in range(60):
        changes = [
            (dice.randrange(300), None if dice.random() < 0.3 else scrambled(dice)) for _ in range(dice.randrange(80))
        ]
        oracle.update(changes)
        index.update(changes)
        queries = [scrambled(dice) for _ in range(3)]
        assert index.search(queries, 60) == oracle.search(queries, 60)
        assert len(index) == len(oracle)


def test_hits_are_the_most_similar_first_then_by_id(index: Index) -> None:
    index.update([(9, "a b c d"), (3, "a b c d"), (5, "a b c x"), (1, "a b y z")])
    assert index.search(["A b c d"], 50) == [[Hit(3, 100), Hit(9, 100), Hit(5, 75), Hit(1, 50)]]


def test_a_unit_taken_away_is_found_no_more_and_one_put_back_is(index: Index) -> None:
    index.update([(1, "le Conseil"), (2, "le Comité")])
    index.update([(1, None), (7, None)])
    assert index.search(["le Conseil"], 100) == [[]]
    index.update([(1, "le Conseil")])
    assert index.search(["le Conseil"], 100) == [[Hit(1, 100)]]
    assert len(index) == 2


def test_a_changed_unit_is_found_under_its_new_text_only(index: Index) -> None:
    index.update([(1, "le Conseil"), (1, "la mission")])
    assert index.search(["le Conseil", "la mission"], 60) == [[], [Hit(1, 100)]]


@pytest.mark.parametrize("nothing", ["", " \u00a0", "\u200b"])
def test_nothing_finds_nothing(index: Index, nothing: str) -> None:
    index.update([(1, nothing), (2, "Oui")])
    assert index.search([nothing], 50) == [[]]
    assert len(index) == 1


def test_an_empty_index_finds_nothing(index: Index) -> None:
    assert index.search(["Oui", "Non"], 50) == [[], []]
    assert index.search([], 50) == []


def test_short_segments(index: Index) -> None:
    index.update([(1, "Merci."), (2, "• |"), (3, "12 mars 2024"), (4, "Merci à tous"), (5, "42"), (6, "!")])
    assert index.search(["merci", "• |", "14 juin", "3 %", "1 500", "…", "! !"], 50) == [
        [Hit(1, 100)],
        [Hit(2, 100)],
        [Hit(3, 100)],
        [],
        [Hit(5, 100)],
        [],
        [Hit(6, 50)],
    ]


def test_long_and_repeated_segments_stay_bounded(index: Index) -> None:
    dice = random.Random(2)
    words = [f"mot{dice.randrange(500)}x" for _ in range(1000)]
    index.update([(number, release_like(dice)) for number in range(200)])
    index.update([(5000, " ".join(words)), (5001, "de " * 10_000), (5002, "de la " * 40)])
    started = time.process_time()
    long, repeated, stops = index.search([" ".join(words[:990]), "de " * 9_999, "de la " * 39], 50)
    assert time.process_time() - started < 5
    assert (long, repeated, stops) == ([Hit(5000, 99)], [Hit(5001, 99)], [Hit(5002, 97)])


@pytest.mark.parametrize("threshold", [-1, 0, 49, 101])
def test_a_threshold_that_cannot_be_promised_is_refused(index: Index, threshold: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        index.search(["Oui"], threshold)


def test_twenty_thousand_units_answer_within_five_milliseconds() -> None:
    dice = random.Random(5)
    syllables = ["ba", "do", "mi", "ter", "con", "sé", "lan", "pro", "ju", "ve"]
    words = ["".join(dice.choices(syllables, k=3)) for _ in range(3000)] + ["de", "la", "le", "et", "les"] * 400
    index = TokenIndex()
    texts = [" ".join(dice.choices(words, k=dice.randrange(5, 40))) for _ in range(20_000)]
    index.update(enumerate(texts))
    taken = []
    for text in dice.sample(texts, 60):
        started = time.process_time()
        (hits,) = index.search([text + " autre"], 70)
        taken.append(time.process_time() - started)
        assert hits
    assert sorted(taken)[30] < 0.005


def test_units_of_other_scopes_are_not_there_at_all(index: Index) -> None:
    index.update([(number, "Le Conseil se réunit.", number % 3) for number in range(30)])
    assert index.search(["Le Conseil se réunit."], 70, 4, {2}) == [[Hit(each, 100) for each in (2, 5, 8, 11)]]
    assert index.search(["Le Conseil se réunit."], 70, None, {1, 2}) == [[Hit(n, 100) for n in range(30) if n % 3]]
    assert index.search(["Le Conseil se réunit."], 70, None, ()) == [[]]
    assert index.search(["Le Conseil se réunit."], 70, None, {7}) == [[]]
    index.update([(2, "Le Conseil se réunit.", 0), (3, "Le Conseil se réunit.", 2)])
    assert index.search(["Le Conseil se réunit."], 70, 3, {2}) == [[Hit(each, 100) for each in (3, 5, 8)]]


@pytest.mark.parametrize("scope", [-1, 1 << 16])
def test_a_scope_out_of_range_is_refused(index: Index, scope: int) -> None:
    with pytest.raises(ValueError, match="scope"):
        index.update([(1, "Oui", scope)])
