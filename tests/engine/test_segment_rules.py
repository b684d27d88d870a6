"""Rules of segmentation: those of a project are asked first, patterns are bounded, and SRX files come and go whole."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.errors import InputError, TooLarge, WrongType
from tm.exchange import srx
from tm.text.rules import Rule, Rules, never_after
from tm.text.rules.bounds import MOST, ways
from tm.text.rules.pattern import source
from tm.text.rules.program import MOST_RULES, compiled
from tm.text.rules.reading import read
from tm.text.rules.shipped import files
from tm.text.segment import split
from tm.types import Language


def sentences(text: str, language: Language = "fr", rules: Rules | None = None) -> list[str]:
    spans = split(text, language, rules=rules) if rules else split(text, language)
    return [text[span.start : span.end] for span in spans]


# the rules of a project


def test_a_project_can_say_after_what_a_sentence_never_ends() -> None:
    text = "Le traité est signé. Il entre en vigueur."
    assert sentences("Le prot. Il est signé.") == ["Le prot.", "Il est signé."]
    assert sentences("Le prot. Il est signé.", rules=never_after("prot.")) == ["Le prot. Il est signé."]
    assert sentences(text, rules=never_after("prot.")) == sentences(text), "other words stay as they were"


def test_a_project_can_end_sentences_where_ours_do_not() -> None:
    own = Rules((Rule(True, ";", r"\s"),))
    assert sentences("Un texte ; un autre. Fin.", rules=own) == ["Un texte ;", "un autre.", "Fin."]


def test_rules_without_cascade_stand_alone() -> None:
    own = Rules((Rule(True, r"\|", ""),), cascade=False)
    assert sentences("Un. Deux|Trois. Quatre", rules=own) == ["Un. Deux|", "Trois. Quatre"]
    assert sentences("Un. Deux. Trois", rules=Rules(cascade=False)) == ["Un. Deux. Trois"]


def test_the_first_rule_that_fits_decides() -> None:
    break_it, keep_it = Rule(True, r"\.", r"\s"), Rule(False, r"art\.", r"\s")
    text = "Un art. Un autre."
    assert len(sentences(text, rules=Rules((keep_it, break_it), cascade=False))) == 1
    assert len(sentences(text, rules=Rules((break_it, keep_it), cascade=False))) == 2


def test_the_beginning_of_the_sentence_is_not_that_of_the_text() -> None:
    text = "a. B c. a. B"
    here, there = (Rules((Rule(False, rf"{edge}a\.", r"\s"), Rule(True, r"\.", r"\s")), False) for edge in (r"\G", "^"))
    assert sentences(text, rules=here) == ["a. B c.", "a. B"]
    assert sentences(text, rules=there) == ["a. B c.", "a.", "B"]


# patterns

SAME = [
    r"[.!?…]+[»”)\]]*",
    r"\b(?:M|MM|Mme)\.",
    r"(?<![\w.])(?:art|arts)\.",
    r"(?i:cf)\.",
    r"(?i)etc\.",
    r"\p{Lu}\p{Ll}{0,3}\.",
    r"[^\p{L}\s]\.?",
    r"(?=[A-Z])\w{2,5}?\.",
    r"\x41\u0042?\.",
    r"a(?!b)\.|(?:ab)+\.",
    r"[\]\[\-a-c^]\.",
    "",
]
TEXTS = st.text(alphabet=st.sampled_from(list("aAbBcCéÉMme .!?…»)]-^[1_\n")), max_size=24)


@pytest.mark.parametrize("pattern", SAME)
@given(text=TEXTS)
def test_backwards_a_pattern_finds_what_it_finds_forwards(pattern: str, text: str) -> None:
    node = read(pattern)
    backwards = re.compile(source(node, back=True))
    for end in range(len(text) + 1):
        forwards = re.compile(f"(?:{source(node)})(?<=\\A[\\s\\S]{{{end}}})")  # a match that ends exactly there
        expected = any(forwards.match(text, start) for start in range(end + 1))
        assert bool(backwards.match(text[::-1], len(text) - end)) == expected


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "not closed"),
        (")", "no opening"),
        ("a**", "nothing to repeat|Possessive"),
        ("*a", "nothing to repeat"),
        ("a++", "Possessive"),
        ("(?>a)", "question mark"),
        (r"(a)\1", "is not read"),
        ("[a&&b]", "Classes inside"),
        ("[b-a]", "range"),
        ("[a", "too early"),
        ("\\", "too early"),
        (r"\p{Klingon}", "property"),
        ("a{3,2}", "repetitions"),
        ("a{1,5000}", "repetitions"),
        ("(" * 40 + ")" * 40, "too deep"),
        ("a" * 20_001, "at most 20,000"),
        (r"(a*)*b", "too many ways"),
        (r"(\w+\s?)+\.", "too many ways"),
        (r"(a|a)+b", "too many ways"),
        (r"\s+\s+\s+\s+\s+x", "too many ways"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as refused:
        compiled([Rule(False, pattern, r"\s")])
    assert refused.value.code == "RULE_PATTERN"
    assert refused.value.where.startswith("pattern ")


def test_where_the_sentence_begins_says_nothing_of_what_follows() -> None:
    with pytest.raises(InputError, match="what comes before only"):
        compiled([Rule(False, "a", r"\Ga")])


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(TooLarge) as refused:
        compiled([Rule(False, "a", "b")] * (MOST_RULES + 1))
    assert refused.value.code == "RULES_TOO_MANY"


def test_our_own_rules_are_bounded_and_have_names() -> None:
    for name, rules in files().items():
        for rule in rules:
            assert rule.name, f"a rule of {name} has no name"
            assert ways(read(rule.before), back=True) <= MOST
            assert ways(read(rule.after)) <= MOST


@pytest.mark.parametrize("pattern", [r"\s*\s*\s*x", r"\w*\d*\w*!", r"[a ]*[a ]*b", r"(?:a?){12}b"])
def test_the_worst_pattern_that_is_let_through_takes_bounded_time(pattern: str) -> None:
    own = Rules((Rule(False, pattern, r"\s"), Rule(True, r"\.", r"\s")), cascade=False)
    start = time.process_time()
    split(("a " * 40 + ". ") * 200, rules=own)
    assert time.process_time() - start < 20


# SRX

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
<header segmentsubflows="yes" cascade="{cascade}"/>
<body><languagerules>
<languagerule languagerulename="French">
  <rule break="no"><beforebreak>\\bchap\\.</beforebreak><afterbreak>\\s</afterbreak></rule>
</languagerule>
<languagerule languagerulename="Default">
  <rule><beforebreak>[\\.\\?!]+["»]*</beforebreak><afterbreak>\\s+\\p{{Lu}}</afterbreak></rule>
</languagerule>
</languagerules><maprules>
<languagemap languagepattern="FR.*" languagerulename="French"/>
<languagemap languagepattern=".*" languagerulename="Default"/>
</maprules></body></srx>"""


def test_a_file_of_another_tool_is_read_with_its_cascade() -> None:
    text = "Voir chap. Un. Puis rien."
    whole = srx.read(FILE.format(cascade="yes").encode())
    assert sentences(text, rules=whole.rules("fr")) == ["Voir chap. Un.", "Puis rien."]
    assert sentences(text, "en", whole.rules("en")) == ["Voir chap.", "Un.", "Puis rien."]
    first = srx.read(FILE.format(cascade="no").encode())
    assert first.rules("fr").rules == whole.groups[0][1]
    assert sentences(text, rules=first.rules("fr")) == [text]


def test_what_a_file_leaves_open_our_rules_can_decide() -> None:
    first = srx.read(FILE.format(cascade="no").encode())
    assert sentences("Voir chap. Un. Puis rien.", rules=first.rules("fr", on_top=True)) == [
        "Voir chap. Un.",
        "Puis rien.",
    ]


def test_a_file_of_srx_1_is_read() -> None:
    old = FILE.format(cascade="yes").replace(' xmlns="http://www.lisa.org/srx20"', "").replace('"2.0"', '"1.0"')
    assert srx.read(old.encode()) == srx.read(FILE.format(cascade="yes").encode())


def test_our_rules_written_and_read_again_are_the_same_and_do_the_same() -> None:
    ours = srx.shipped()
    data = srx.write(ours)
    assert data == srx.write(ours)
    again = srx.read(data)
    assert again == ours
    for language, text in (
        ("fr", "M. A. Bako, cf. art. 5. Il dit : « Oui. » Fin."),
        ("en", "Mr. Ng left at 5 p.m. He ran."),
    ):
        assert sentences(text, language, again.rules(language)) == sentences(text, language)


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
RULE = st.builds(Rule, st.booleans(), WORDS, WORDS, WORDS.map(lambda name: name.strip() or "x"))


@given(st.lists(st.tuples(WORDS, st.lists(RULE, max_size=4).map(tuple)), min_size=1, max_size=3), st.booleans())
def test_any_rules_come_back_from_srx(groups: list[tuple[str, tuple[Rule, ...]]], cascade: bool) -> None:
    made = srx.RuleFile(tuple(groups), ((".*", groups[0][0]),), cascade)
    back = srx.read(srx.write(made))
    assert back.maps == made.maps
    assert back.cascade == cascade
    assert [(name, [(each.ends, each.before, each.after) for each in rules]) for name, rules in back.groups] == [
        (name, [(each.ends, each.before, each.after) for each in rules]) for name, rules in made.groups
    ]


BOMB = '<!DOCTYPE srx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "SRX_INVALID"),
        (b"plain text", "SRX_INVALID"),
        (FILE[:-20].encode(), "SRX_INVALID"),
        (b"<tmx/>", "TYPE_MISMATCH"),
        (b"<srx/>", "SRX_INVALID"),
        (FILE.replace('<?xml version="1.0" encoding="UTF-8"?>', BOMB).encode(), "XML_ENTITY_FORBIDDEN"),
        (FILE.replace("chap", "&undeclared;").encode(), "XML_ENTITY_FORBIDDEN"),
        (FILE.replace("<rule>", '<rule break="maybe">').encode(), "SRX_INVALID"),
        (b"<srx>" * 2000 + b"</srx>" * 2000, "XML_TOO_LARGE"),
        (b" " * (srx.LARGEST + 1), "XML_TOO_LARGE"),
    ],
)
def test_hostile_files_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        srx.read(data)
    assert refused.value.code == code
    if code == "TYPE_MISMATCH":
        assert isinstance(refused.value, WrongType)


def test_a_pattern_of_another_language_does_no_harm_and_one_of_this_language_is_named() -> None:
    bad = srx.read(FILE.format(cascade="yes").replace(r"\\bchap\\.", "x").replace(r"\bchap\.", "(a*)*").encode())
    assert sentences("Un. Deux.", "en", bad.rules("en")) == ["Un.", "Deux."]
    with pytest.raises(InputError, match="too many ways"):
        bad.rules("fr")


def test_a_map_that_leads_nowhere_is_refused() -> None:
    lost = srx.RuleFile((("a", ()),), ((".*", "b"),))
    with pytest.raises(InputError, match="not there") as refused:
        lost.rules("fr")
    assert refused.value.code == "SRX_INVALID"
