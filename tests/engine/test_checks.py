"""Findings have a place, a message and, where it is certain, a mend that puts them right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.checks import CODES, check
from tm.checks.findings import mended
from tm.checks.letters import spelled


@pytest.mark.parametrize(
    ("source", "target", "code", "right"),
    [
        ("Quelque 1 500,5 tonnes.", "Some 1,500.6 tonnes.", "AMOUNT", "Some 1,500.5 tonnes."),
        ("Le 12 mars 2019, à Oslo.", "On 13 March 2019, in Oslo.", "DATE", "On 12 March 2019, in Oslo."),
        ("Lundi 9 mars, à Oslo.", "Tuesday 9 March, in Oslo.", "WEEKDAY", "Monday 9 March, in Oslo."),
        ("Une hausse de 2 %.", "A rise of 3%.", "NUMBER", "A rise of 2%."),
        ("Le plan : agir.", "The plan\u00a0: act.", "FRENCH_MARKS", "The plan: act."),
        ("L’OTAN agit.", "OTAN acts.", "ACRONYM", "NATO acts."),
        ("M. Osei part.", "M. Osei leaves.", "FRENCH_LEFT", "Mr Osei leaves."),
        ("Il est parti.", "He has has left.", "DOUBLE_WORD", "He has left."),
        ("Il est parti.", "He  has left.", "DOUBLE_SPACE", "He has left."),
        ("Il est parti.", "He has left .", "SPACE_BEFORE_MARK", "He has left."),
        ("Il est parti.", "He has\u202e left.", "UNSEEN", "He has left."),
        ("Il est parti.", "He has left\u200b.", "UNSEEN", "He has left."),
    ],
)
def test_a_mend_puts_its_finding_right(source: str, target: str, code: str, right: str) -> None:
    (finding,) = [finding for finding in check(source, target) if finding.severity != "info"]
    assert (finding.code, bool(finding.message)) == (code, True)
    assert finding.mend is not None
    assert mended(target, finding.mend) == right
    assert [each.code for each in check(source, right) if each.severity != "info"] == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("À 15 h 30, 1 500,5 km et 2 %.", "At 3.30 p.m., 1,500.5 km and 2 per cent."),
        ("Le 27 septembre dernier, les vingt-trois pays ont voté.", "On 27 September 2019 the 23 countries voted."),
        ("Dans les années 1980, la DG 1 existait.", "In the 1980s DG1 existed."),
        ("Quatre-vingt-dix-neuf navires.", "99 ships."),
        ("Dix-huit millions d’euros.", "EUR 18 million."),
        ("« Oui », dit-il.", "“Yes,” he said."),
        ("Bruxelles", "Bruxelles"),
        ("a) le budget ;", "(a) the budget;"),
    ],
)
def test_what_says_the_same_in_another_way_is_no_finding(source: str, target: str) -> None:
    assert [finding.code for finding in check(source, target) if finding.severity != "info"] == []


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("quatre-vingt-dix-neuf", "fr", {99}),
        ("deux cent cinquante mille", "fr", {250_000}),
        ("soixante et onze", "fr", {71}),
        ("un ou deux", "fr", {1, 2}),
        ("two hundred and five", "en", {205}),
        ("twenty-third", "en", {23}),
    ],
)
def test_numbers_in_letters_are_read(text: str, language: str, numbers: set[int]) -> None:
    assert spelled(text.split(), language) == numbers  # type: ignore[arg-type]


def test_errors_come_first_and_places_lie_in_the_text() -> None:
    source, target = "Le 12 mars, 30 pays « unis ».", "On 13  March , 31 countries « united »"
    found = check(source, target)
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert {"DATE", "NUMBER", "FRENCH_MARKS", "SPACE_BEFORE_MARK", "END_MARK"} <= {finding.code for finding in found}
    for finding in found:
        for span, text in ((finding.source, source), (finding.target, target)):
            assert span is None or 0 <= span.start <= span.end <= len(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_checked(source: str, target: str) -> None:
    for finding in check(source, target):
        assert finding.code in CODES
        if finding.mend is not None:
            mended(target, finding.mend)
