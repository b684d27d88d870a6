"""The sample releases have the structure that the tests and the first start of the product rely on."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FRENCH = sorted([*SAMPLES.glob("*/*.fr.txt"), *SAMPLES.glob("*/*.fr.html")])
FRENCH_TEXTS = [path for path in FRENCH if path.suffix == ".txt"]
PAIRS = [path for path in FRENCH_TEXTS if path.parent.name == "pairs"]

DATELINE = {
    "fr": re.compile(r"  • \d\d \w{3,5}\.? \d{4} -\n  • \|\n  • Mis à jour le: \d\d \w{3,5}\.? \d{4} \d\d:\d\d"),
    "en": re.compile(r"  • \d\d \w{3}\.? \d{4} -\n  • \|\n  • Last updated: \d\d \w{3}\.? \d{4} \d\d:\d\d"),
}
HIGH_PUNCTUATION_WITHOUT_SPACE = re.compile(r"[^\s\u00a0\u202f?!][;?!»]|«[^\u00a0\u202f]| [:;?!»]")
HTML_MARKUP = re.compile(r"<[^>]+>|&nbsp;")


def english_of(french: Path) -> Path:
    return french.with_name(french.name.replace(".fr.", ".en."))


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def paragraphs(path: Path) -> list[str]:
    return read(path).rstrip("\n").split("\n\n")


def name_of(path: Path) -> str:
    return path.name


every_french_file = pytest.mark.parametrize("french", FRENCH, ids=name_of)
every_french_text = pytest.mark.parametrize("french", FRENCH_TEXTS, ids=name_of)


def test_there_are_at_least_ten_pairs_and_two_releases_to_translate() -> None:
    assert len(PAIRS) >= 10
    assert {path.name for path in FRENCH} >= {"conseil-ministeriel.fr.txt", "exercice-boreal.fr.html"}


def test_no_english_file_stands_alone() -> None:
    assert sorted(SAMPLES.glob("*/*.en.*")) == sorted(english_of(path) for path in FRENCH)


@every_french_file
def test_both_files_are_composed_utf8_with_plain_line_ends(french: Path) -> None:
    for path in (french, english_of(french)):
        text = read(path)
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"[\r\t\ufeff\ufffd]", text)
        assert text.endswith("\n")


@every_french_text
def test_both_files_have_the_same_paragraphs_and_list_items(french: Path) -> None:
    ours, theirs = paragraphs(french), paragraphs(english_of(french))
    assert [len(block.split("\n")) for block in ours] == [len(block.split("\n")) for block in theirs]


@every_french_text
def test_the_second_block_is_the_date_line_of_bullets(french: Path) -> None:
    assert DATELINE["fr"].fullmatch(paragraphs(french)[1])
    assert DATELINE["en"].fullmatch(paragraphs(english_of(french))[1])


def test_both_web_pages_have_the_same_elements_in_the_same_order() -> None:
    page = SAMPLES / "releases" / "exercice-boreal.fr.html"
    french, english = (re.findall(r"<(/?\w+)", read(path)) for path in (page, english_of(page)))
    assert french == english
    assert {"nav", "header", "footer", "article", "h1", "time", "blockquote", "li", "figcaption"} <= set(french)


@every_french_file
def test_quotation_marks_open_and_close_in_turn(french: Path) -> None:
    for path, marks in ((french, "«»"), (english_of(french), "“”")):
        found = re.findall(f"[{marks}]", read(path))
        assert found == list(marks) * (len(found) // 2)


@every_french_file
def test_french_quotations_have_as_many_english_ones(french: Path) -> None:
    assert read(french).count("«") == read(english_of(french)).count("“")


@every_french_file
def test_french_double_punctuation_has_its_no_break_space(french: Path) -> None:
    text = HTML_MARKUP.sub("\u00a0", read(french)) if french.suffix == ".html" else read(french)
    assert HIGH_PUNCTUATION_WITHOUT_SPACE.findall(text) == []


@every_french_file
def test_english_has_neither_guillemets_nor_french_spaces(french: Path) -> None:
    english = read(english_of(french))
    assert not re.search(r"[«»\u00a0\u202f]| [:;?!]", english)


@every_french_text
def test_every_figure_of_the_french_paragraph_is_in_the_english_one(french: Path) -> None:
    """Digits only, grouping and decimal marks removed: `9 h 30` and `09:30` are compared as figures."""
    for ours, theirs in zip(paragraphs(french)[2:], paragraphs(english_of(french))[2:], strict=True):
        assert figures(ours, r"[\u00a0\u202f](?=\d{3})|,(?=\d)") == figures(theirs, r"[,.](?=\d)")


def figures(text: str, marks: str) -> list[int]:
    joined = re.sub(rf"(?<=\d)(?:{marks})", "", text)
    return sorted(int(number) for number in re.findall(r"\d+", roman_centuries(joined)) if int(number))


def roman_centuries(text: str) -> str:
    return text.replace("XXIe", "21").replace("XXe", "20")


def test_the_pairs_together_show_the_typography_that_releases_come_with() -> None:
    text = "\n".join(read(path) for path in PAIRS)
    features = ("’", "'", "«\u00a0", "\u00a0%", "\u00a0h\u00a0", "\u202f?", "XXe", "70e", "1er", "millions d", "\n- ")
    assert [feature for feature in features if feature not in text] == []


def test_the_release_to_translate_has_an_english_caption_and_two_repetitions() -> None:
    release = SAMPLES / "releases" / "conseil-ministeriel.fr.txt"
    same = set(paragraphs(release)) & set(paragraphs(english_of(release)))
    assert [block.split(",")[0] for block in same] == ["The NATO Secretary General"]
    sentences = re.split(r"(?<=\.)\s", " ".join(paragraphs(release)[2:]))
    assert len(sentences) - len(set(sentences)) == 2


def test_the_release_to_translate_is_not_in_the_memory_as_a_whole() -> None:
    known = {block for path in PAIRS for block in paragraphs(path)}
    release = paragraphs(SAMPLES / "releases" / "conseil-ministeriel.fr.txt")
    assert 2 <= sum(block in known for block in release) <= len(release) // 2
