"""Terms found in texts, and translations judged by them."""

from __future__ import annotations

import itertools
import unicodedata
from time import perf_counter

import pytest

from tm.checks import Finding, check
from tm.checks.findings import mended
from tm.errors import InputError
from tm.terms import Glossary, rendering
from tm.terms.entry import checked
from tm.types import Concept, Term


def _entry(french: str, *english: str, agreed: bool = True) -> Concept:
    """`_entry("cessez-le-feu", "ceasefire", "truce?", "cease-fire!")`: preferred, allowed, forbidden."""
    ranks = {"?": "allowed", "!": "forbidden"}
    terms = tuple(Term(text.rstrip("?!"), ranks.get(text[-1], "preferred")) for text in english)  # type: ignore[arg-type]
    return Concept(tuple(french.split(" | ")), terms, agreed=agreed, id=french)


CEASEFIRE = _entry("cessez-le-feu", "ceasefire", "truce?", "cease-fire!")
GLOSSARY = Glossary(
    [
        CEASEFIRE,
        _entry("secrétaire général", "Secretary General", "Secretary-General!"),
        _entry("secrétaire général adjoint", "Deputy Secretary General"),
        _entry("État membre", "member state", "Member State!"),
        _entry("OTAN", "NATO"),
        _entry("ONU | Nations Unies", "United Nations", "UN?"),
        _entry("Conseil", "Council"),
        _entry("subsidiarité"),
        _entry("résilience", "resilience", "toughness!", agreed=False),
        _entry("chef d’état-major", "chief of staff"),
        _entry("état", "state"),
    ]
)


def _found(text: str) -> list[str]:
    return [text[one.span.start : one.span.end] for one in GLOSSARY.find(text)]


def _standings(source: str, target: str) -> list[str]:
    return [one.standing for one in GLOSSARY.judge(source, target)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Les secrétaires généraux de l’OTAN", ["secrétaires généraux", "OTAN"]),
        ("Les secrétaires\u00a0généraux de l'OTAN", ["secrétaires\u00a0généraux", "OTAN"]),
        ("la secrétaire générale adjointe", ["secrétaire générale adjointe"]),
        ("LES ETATS MEMBRES DE L’O.T.A.N.", ["ETATS MEMBRES", "O.T.A.N."]),
        ("des Etats membres", ["Etats membres"]),
        ("le conseil du ministre, du Conseil", ["Conseil"]),
        ("un secrétaire, général de son état", ["état"]),
        ("le sous-secrétaire général", []),
        ("les chefs d'état-major", ["chefs d'état-major"]),
        ("voir www.exemple.org/etat/OTAN", []),
        ("", []),
    ],
)
def test_terms_are_found_in_their_forms_the_longest_first(text: str, found: list[str]) -> None:
    assert _found(text) == found


def test_offsets_are_those_of_the_text_as_it_stands() -> None:
    text = unicodedata.normalize("NFD", "Les secrétaires gé\u00adnéraux de l’OTAN")
    assert [unicodedata.normalize("NFC", one) for one in _found(text)] == ["secrétaires gé\u00adnéraux", "OTAN"]


@pytest.mark.parametrize(
    ("target", "standing"),
    [
        ("The ceasefires hold.", "ok"),
        ("A truce holds.", "ok"),
        ("The cease-fires hold.", "forbidden"),
        ("It holds.", "missing"),
        ("", "missing"),
    ],
)
def test_a_translation_is_judged_by_what_it_calls_a_thing(target: str, standing: str) -> None:
    assert _standings("Le cessez-le-feu tient.", target) == [standing]


def test_what_is_open_or_only_proposed_is_neither_missed_nor_forbidden() -> None:
    assert _standings("La subsidiarité et la résilience.", "Something and toughness.") == ["undefined", "undefined"]


def test_a_forbidden_term_is_no_fault_where_the_source_does_not_have_its_concept() -> None:
    assert _standings("Le Conseil.", "The Council of the Secretary-General.") == ["ok"]


def test_capitals_tell_terms_apart_that_are_written_alike() -> None:
    assert _standings("Les États membres.", "The Member States.") == ["forbidden"]
    assert _standings("Les États membres.", "The member states.") == ["ok"]
    assert _standings("Le Conseil.", "The council.") == ["missing"]


def test_a_word_with_two_senses_is_right_in_either() -> None:
    glossary = Glossary([_entry("ordre", "order", "warrant!"), _entry("Ordre | ordre", "warrant")])
    assert [one.standing for one in glossary.judge("L’ordre.", "The warrant.")] == ["ok"]
    assert len(glossary.find("L’ordre.")[0].concepts) == 2


def test_for_an_acronym_an_acronym_is_written() -> None:
    concept = _entry("Organisation des Nations Unies | ONU", "United Nations", "UN?")
    assert rendering(concept, "ONU") == "UN"
    assert rendering(concept, "Organisation des Nations Unies") == "United Nations"


def test_what_repairs_take_has_one_agreed_rendering_for_each_term() -> None:
    glossary = Glossary(
        [CEASEFIRE, _entry("ordre", "order"), _entry("Ordre", "warrant"), _entry("x", "y", agreed=False)]
    )
    assert glossary.mapping == {"cessez-le-feu": "ceasefire"}


def _terms(source: str, target: str) -> list[Finding]:
    return [one for one in check(source, target, glossary=GLOSSARY) if one.code.startswith("TERM")]


@pytest.mark.parametrize(
    ("source", "target", "after"),
    [
        ("Un cessez-le-feu.", "A cease-fire.", "A ceasefire."),
        ("Un cessez-le-feu.", "Cease-fires now.", "Ceasefires now."),
        ("Les États membres.", "All Member States.", "All Member States."),
        ("Un État membre.", "A Member State agreed.", "A member state agreed."),
        ("L’OTAN et le cessez-le-feu.", "OTAN and the ceasefire.", "NATO and the ceasefire."),
    ],
)
def test_what_is_forbidden_has_a_mend_where_the_form_is_certain(source: str, target: str, after: str) -> None:
    mends = [one.mend for one in check(source, target, glossary=GLOSSARY) if one.mend]
    assert (mended(target, mends[0]) if mends else target) == after


def test_the_article_goes_with_the_term() -> None:
    glossary = Glossary([_entry("armistice", "armistice", "truce!")])
    (finding,) = [one for one in check("Un armistice.", "They want a truce.", glossary=glossary) if one.mend]
    assert finding.mend
    assert mended("They want a truce.", finding.mend) == "They want an armistice."


def test_a_term_is_missed_once_and_says_what_is_to_be_written() -> None:
    found = _terms("Le cessez-le-feu : un cessez-le-feu total.", "It holds: all of it.")
    assert [(one.code, one.severity) for one in found] == [("TERM_MISSING", "warning")]
    assert "ceasefire" in found[0].message
    assert found[0].source


def test_french_that_was_left_is_what_a_mend_takes_out() -> None:
    (finding,) = _terms("Le cessez-le-feu tient.", "The cessez-le-feu holds.")
    assert finding.mend
    assert mended("The cessez-le-feu holds.", finding.mend) == "The ceasefire holds."


@pytest.mark.parametrize(
    ("concept", "code"),
    [
        (Concept((" ",)), "TERM_MISSING"),
        (Concept(("…",)), "TERM_WORDS"),
        (Concept((" ".join(["mot"] * 13),)), "TERM_WORDS"),
        (Concept(("x" * 301,)), "TERM_TOO_LONG"),
        (Concept(("x",), note="y" * 2_001), "TERM_TOO_LONG"),
        (Concept(("x\x07",)), "CONTROL_CHARACTER"),
        (Concept(("x",), (Term("y"), Term("y ", "forbidden"))), "TERM_TWICE"),
        (Concept(tuple(f"mot {number}" for number in range(31))), "TERM_TOO_MANY"),
    ],
)
def test_an_entry_that_cannot_be_kept_is_refused(concept: Concept, code: str) -> None:
    with pytest.raises(InputError) as refused:
        checked(concept, "row 7")
    assert (refused.value.code, refused.value.where) == (code, "row 7")


def test_an_entry_is_kept_tidy() -> None:
    given = Concept(
        (" a  b ", "a b", ""), (Term("no", "forbidden"), Term(" yes "), Term("", "allowed")), " law ", "\r\n x "
    )
    assert checked(given) == Concept(("a b",), (Term("yes"), Term("no", "forbidden")), "law", "x")


def test_ten_thousand_terms_cost_a_segment_well_under_a_millisecond() -> None:
    heads = [
        f"{a}{b}" for a, b in itertools.product(("groupe", "comité", "mission", "force"), ("", "s", "age", "ance"))
    ]
    tails = [
        f"{a} de {b}{n}" for a, b in itertools.product(("civil", "naval"), ("défense", "paix")) for n in range(157)
    ]
    entries = [_entry(f"{head} {tail}", f"{tail} {head}") for head, tail in itertools.product(heads, tails)]
    glossary = Glossary([*entries, CEASEFIRE])
    assert len(glossary) > 10_000
    text = "Le groupe civil de défense, la mission navale de paix et le comité ont salué le cessez-le-feu " * 2
    took = []
    for _ in range(30):
        began = perf_counter()
        glossary.judge(text, "The group, the mission and the committee welcomed the cease-fire.")
        took.append(perf_counter() - began)
    assert min(took) < 0.001
