"""What a project says about its sentences."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tm.documents.child import read_limited
from tm.documents.registry import read
from tm.errors import InputError
from tm.exchange import srx
from tm.text.rules import Rule, Rules, RuleSet
from tm.text.rules.own import OwnRules, lines_of
from tm.text.rules.shipped import shipped
from tm.text.segment import split

TEXT = "Le dir. adj. Osei arrive. Il parle *** Puis il part."


def cut(text: str, rules: Rules) -> list[str]:
    return [text[span.start : span.end] for span in split(text, "fr", rules=rules)]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (OwnRules(never=("arrive.",)), ["Le dir. adj. Osei arrive. Il parle *** Puis il part."]),
        (OwnRules(always=("***", "dir.")), ["Le dir.", "adj. Osei arrive.", "Il parle ***", "Puis il part."]),
        (OwnRules(never=("dir.",), always=("dir.",)), ["Le dir. adj. Osei arrive.", "Il parle *** Puis il part."]),
        (
            OwnRules(rules=(Rule(True, "parle", r"\s"),), cascade=False),
            ["Le dir. adj. Osei arrive. Il parle", "*** Puis il part."],
        ),
    ],
)
def test_words_marks_and_patterns_decide_before_the_rules_of_the_language(own: OwnRules, expected: list[str]) -> None:
    assert cut(TEXT, OwnRules().values()) == ["Le dir. adj. Osei arrive.", "Il parle *** Puis il part."]
    assert cut(TEXT, own.values()) == expected


def test_any_white_space_stands_for_any_and_a_word_is_not_its_end() -> None:
    rules = OwnRules(never=("forces navales.",)).values()
    assert cut("Les forces\u00a0navales. Osei part.", rules) == ["Les forces\u00a0navales. Osei part."]
    assert len(cut("Il part du camp. Osei reste.", OwnRules(never=("p.",)).values())) == 2


def test_lines_are_read_as_people_write_them() -> None:
    assert lines_of("  S.E.\r\n\n Brig. \nS.E.\n") == ("S.E.", "Brig.")


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (OwnRules(never=("a" * 61,)), "LINE_TOO_LONG"),
        (OwnRules(always=tuple(str(each) for each in range(501))), "TOO_MANY_LINES"),
        (OwnRules(rules=(Rule(True, "(", ""),)), "RULE_PATTERN"),
    ],
)
def test_what_cannot_be_used_is_refused(own: OwnRules, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        own.values()
    assert refusal.value.code == code


@pytest.mark.parametrize("cascade", [True, False])
def test_rules_that_went_out_as_srx_come_back_as_they_were_written(cascade: bool) -> None:
    own = OwnRules(("S.E.", "Brig. gén."), ("***",), (Rule(False, r"\bart\.", r"\s\d", "articles"),), cascade)
    file = srx.RuleFile((("fr", own.whole("fr")),), (("fr.*", "fr"),), cascade=False)
    again = srx.read(srx.write(file)).rules("fr")
    assert OwnRules.read(again, "fr") == own
    assert again.rules == own.values().rules + (shipped("fr").rules if cascade else ())


def test_a_document_is_cut_by_the_rules_of_its_project_also_in_the_child_process() -> None:
    rules = RuleSet(fr=OwnRules(never=("Conseil.",)).values())
    assert RuleSet.read(asdict(rules)) == rules
    data = "Il arrive à Bruxelles pour la réunion du Conseil. Il parle longuement à la presse. Il part.".encode()
    whole = read(data, media="txt", rules=rules)
    assert [segment.text[:9] for segment in whole.blocks[0].segments] == ["Il arrive", "Il part."]
    assert read_limited(data, media="txt", rules=rules, seconds=60) == whole
    assert len(read(data, media="txt").blocks[0].segments) == 3
