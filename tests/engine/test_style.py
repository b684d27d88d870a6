"""The style of a house: what it writes otherwise is found with its mend, and nothing else is."""

from __future__ import annotations

import pytest

from tm.checks.findings import mended
from tm.checks.style import Style, style


def mend_all(text: str, house: Style) -> str:
    while found := [one for one in style(text, house) if one.mend]:
        text = mended(text, found[0].mend)
    return text


@pytest.mark.parametrize(
    ("text", "spelling", "wanted"),
    [
        ("The defense center organized it", "en-GB", "The defence centre organised it"),
        ("The defence centre organised it", "en-GB-oxendict", "The defence centre organized it"),
        ("The defence centre organised it", "en-US", "The defense center organized it"),
        ("Harbor and neighbors, IN COLOR", "en-GB", "Harbour and neighbours, IN COLOUR"),
        ("The International Maritime Organization met.", "en-GB", "The International Maritime Organization met."),
        ("The organisation's programmes", "en-US", "The organization's programs"),
        ("a license, a program and a meter to check", "en-GB", "a license, a program and a meter to check"),
        ("the horizon, a prize and an exercise of size", "en-GB", "the horizon, a prize and an exercise of size"),
    ],
)
def test_spelling(text: str, spelling: str, wanted: str) -> None:
    assert mend_all(text, Style(spelling=spelling)) == wanted


@pytest.mark.parametrize(
    ("text", "quotes", "wanted"),
    [
        ("He said ‘we agree’ and ’tis so", "double", "He said “we agree” and ’tis so"),
        ("He said “we agree”", "single", "He said ‘we agree’"),
        ("He said “we agree” on the allies’ plan", "straight", 'He said "we agree" on the allies’ plan'),
        (
            "The ministers’ statement and the allies’ answer",
            "double",
            "The ministers’ statement and the allies’ answer",
        ),
        ("He said “we agree”", "double", "He said “we agree”"),
    ],
)
def test_quotation_marks(text: str, quotes: str, wanted: str) -> None:
    assert mend_all(text, Style(quotes=quotes)) == wanted
