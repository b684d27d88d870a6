"""Matches: rated, penalised, merged and in order."""

from __future__ import annotations

import random
from typing import Any

from tm.match.concordance import fragments, passages
from tm.match.lookup import Penalties, rank
from tm.types import Context, Entry, Match, Penalty, Provenance, UnitOrigin

TEXT = "L’Alliance compte 31 pays membres."
ENGLISH = "The Alliance has 31 member countries."
HERE = Context("p", "n", "paragraph")
ELSEWHERE = Context("x", "y", "paragraph")


def seen(context: Context = HERE, origin: UnitOrigin = "approved", date: str | None = None) -> Provenance:
    return Provenance("a release", origin=origin, date=date, context=context)


def entry(number: int, target: str = ENGLISH, source: str = TEXT, **fields: Any) -> Entry:
    origin = fields.pop("origin", "approved")
    return Entry(number, source, target, origin=origin, seen=fields.pop("seen", (seen(origin=origin),)), **fields)


def found(*entries: Entry, query: str = TEXT, threshold: int = 70, limit: int = 5, **options: Any) -> list[Match]:
    return rank(query, HERE, entries, threshold=threshold, limit=limit, **options)


def test_the_same_text_in_the_same_place_and_role_is_102() -> None:
    (match,) = found(entry(1))
    assert (match.base_rate, match.rate, match.penalties, match.difference, match.origin) == (102, 102, (), (), "tm")


def test_an_aligned_unit_in_the_same_place_loses_a_point_and_says_why() -> None:
    (match,) = found(entry(1, origin="aligned"))
    assert (match.base_rate, match.rate, match.penalties) == (102, 101, (Penalty("aligned", 1),))


def test_an_aligned_unit_in_the_same_place_in_an_unknown_role_still_reads_100() -> None:
    (match,) = found(entry(1, origin="aligned", seen=(seen(Context("p", "n"), "aligned"),)))
    assert (match.base_rate, match.rate) == (101, 100)


def test_an_aligned_unit_that_was_approved_somewhere_loses_nothing() -> None:
    (match,) = found(entry(1, origin="aligned", seen=(seen(origin="aligned"), seen(ELSEWHERE, "approved"))))
    assert (match.rate, match.penalties) == (102, ())


def test_pending_and_superseded_come_after_what_stands_in_their_place() -> None:
    units = [entry(1, "Old.", status="superseded"), entry(2, "New."), entry(3, "Maybe.", status="pending")]
    matches = found(*units)
    assert [(match.target, match.rate) for match in matches] == [("New.", 102), ("Maybe.", 97), ("Old.", 92)]


def test_the_threshold_is_for_the_rate_before_penalties() -> None:
    units = [entry(1, status="superseded", seen=())]
    assert [match.rate for match in found(*units, threshold=100)] == [90]
    assert found(*units, threshold=101) == []


def test_a_rate_never_falls_below_nothing() -> None:
    (match,) = found(entry(1, status="superseded"), penalties=Penalties(superseded=500))
    assert match.rate == 0


def test_two_translations_of_equal_standing_are_ambiguous() -> None:
    matches = found(entry(1, "One."), entry(2, "Other."))
    assert [(match.rate, match.penalties, match.alternatives) for match in matches] == [
        (101, (Penalty("ambiguous", 1),), 1),
        (101, (Penalty("ambiguous", 1),), 1),
    ]


def test_what_was_approved_is_not_made_ambiguous_by_what_was_aligned() -> None:
    best, other = found(entry(1, "Aligned.", origin="aligned"), entry(2, "Approved."))
    assert (best.target, best.penalties, best.alternatives) == ("Approved.", (), 1)
    assert other.penalties == (Penalty("aligned", 1), Penalty("ambiguous", 1))


def test_another_context_settles_which_translation_is_meant() -> None:
    best, other = found(entry(1, "Elsewhere.", seen=(seen(ELSEWHERE),)), entry(2, "Here."))
    assert [(best.target, best.rate), (other.target, other.rate)] == [("Here.", 102), ("Elsewhere.", 100)]
    assert not best.penalties
    assert not other.penalties


def test_one_pair_from_two_memories_is_one_match_with_the_place_that_speaks_best() -> None:
    units = [entry(1, origin="imported", seen=(seen(ELSEWHERE, "imported"),)), entry(2)]
    (match,) = found(*units)
    assert (match.rate, match.entry.origin, match.alternatives) == (102, "approved", 0)
    assert match.provenance == seen()
    assert len(match.entry.seen) == 2


def test_of_places_with_the_same_context_the_approved_then_the_newest_is_shown() -> None:
    places = (seen(origin="aligned", date="2024-01-01"), seen(date="2021-01-01"), seen(date="2022-01-01"))
    (match,) = found(entry(1, seen=places))
    assert match.provenance == places[2]


def test_a_number_is_localised_and_marked() -> None:
    (match,) = found(entry(1), query="L’Alliance compte 32 pays membres.")
    assert (match.base_rate, match.origin) == (98, "tm-localised")
    assert (match.target, match.raw_target) == ("The Alliance has 32 member countries.", ENGLISH)
    assert [(step.unit, step.query) for step in match.difference if step.kind != "equal"] == [("31", "32")]


def test_a_stale_number_is_spanned() -> None:
    (match,) = found(entry(1, "Thirty-one countries, 31 members, 31!"), query="L’Alliance compte 32 pays membres.")
    assert (match.base_rate, match.origin, match.target) == (95, "tm", match.raw_target)
    assert [match.target[span.start : span.end] for span in match.stale] == ["31", "31"]


def test_the_order_does_not_depend_on_the_order_of_the_entries() -> None:
    origins: list[UnitOrigin] = ["approved", "aligned", "imported"]
    units = [
        entry(at, f"Target {at % 7}.", origin=origins[at % 3], seen=(seen(ELSEWHERE, date=f"20{at % 5:02}-01-01"),))
        for at in range(20)
    ]
    expected = found(*units, limit=20)
    dice = random.Random(4)
    for _ in range(10):
        dice.shuffle(units)
        assert found(*units, limit=20) == expected
    assert found(*units, limit=3) == expected[:3]


def test_no_entries_no_matches() -> None:
    assert found() == []


def test_passages_are_whole_words_whatever_the_case_and_the_apostrophe() -> None:
    text = "Le Conseil de l’Atlantique Nord et le conseil de l'atlantique ; les conseillers."
    spans = passages("conseil de l'Atlantique", text, "fr")
    assert [text[span.start : span.end] for span in spans] == ["Conseil de l’Atlantique", "conseil de l'atlantique"]


def test_the_last_word_of_a_phrase_may_be_only_begun() -> None:
    assert [(span.start, span.end) for span in passages("foreign min", "The foreign ministers met", "en")] == [(4, 21)]
    assert passages("oreign min", "The foreign ministers met", "en") == ()


def test_passages_do_not_overlap() -> None:
    assert [(span.start, span.end) for span in passages("a a", "a a a a a", "en")] == [(0, 3), (4, 7)]
    assert passages("", "a", "en") == passages(" .", "a", "en") == ()


def test_fragments_come_longest_first_and_begin_and_end_with_telling_words() -> None:
    assert fragments("Le programme de travail du COR, adopté en 2010, est ambitieux.") == (
        "programme de travail du COR",
        "programme de travail",
        "travail du COR",
    )


def test_fragments_are_no_more_than_asked_for() -> None:
    text = " ".join(f"mot{letter}" for letter in "abcdefghijklmnop")
    assert len(fragments(text, 7)) == 7
    assert fragments(text)[0] == "mota motb motc motd mote motf"
    assert fragments("") == ()
