"""The screens in French: every page, and nothing on it that is still English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

pytest.importorskip("playwright")  # what the pages hold is made by the tests of their looks

from tests.service.alignment_places import apart, doubting, make_pair, port
from tests.service.conftest import Place, Visitor
from tests.service.test_alignment_pages_look import HOME, others
from tests.service.test_memory_pages_look import PAGES as MEMORY
from tests.service.test_memory_pages_look import shown
from tests.service.test_pages_look import PAGES, things
from tests.service.test_panel_in_browser import repaired

__all__ = ["apart", "doubting", "make_pair", "others", "port", "repaired", "shown", "things"]
pytestmark = pytest.mark.backends("sqlite")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
SILENT = frozenset("script style code kbd bdi time svg textarea".split())
# what both languages write alike, and names
ALIKE = re.compile(
    r"Passerelle|Français|English|Note|Concordance|BLEU|chrF|TER|HTML|TBX|CSV|TMX|PO|TSV|SRX|UTC|EN|[\w.-]+@\S+|"
    r"[Ss]egments?|[Ss]egmentation|[Dd]ocuments?|[Ss]ources?|[Pp]ages?|[Dd]ates?|[Ff]ormats?|[Ii]mports?|Index|"
    r"Contradictions|[Pp]ublications?|style|version|hash|Alt|Ctrl|Shift|OmegaT|memoQ|Trados|MateCat|"
    r"Word|OpenDocument|Markdown|JSON|PDF|https://|Analyse|12 March 2024|March 12, 2024|"
    r"[\w-]+(?:-\d)?(?:\.(?:fr|en))?\.(?:html|txt|tmx|po|fr|en)\b|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|"
    r": segmentation|\d+ ms|\?status|^status$|\\b\w+\\\."
)
# what people have written: names, titles, reasons; and the names of figures in the audit
WRITTEN = (
    "Archives|Council meeting|Réunion du Conseil|Rémi|Tania|Tom|Édith|Summit of the heads|"
    "the wrong file|shorter|nobody says so|"
    "(always|never|rules|language|role|person|version) [0-9a-z-]+$|The file ends in the middle|"
    "The disk is full|It gave up"
)


class Texts(HTMLParser):
    """The texts of a page that its reader is told in their language."""

    def __init__(self, spoken: str) -> None:
        super().__init__()
        self.spoken, self.found = spoken, []
        self.open: list[tuple[str, bool]] = [("", True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        told = self.open[-1][1] and tag not in SILENT and given.get("lang", self.spoken) == self.spoken
        if told:
            self.found += [text for name in SPOKEN if (text := given.get(name))]
        if tag not in VOID:
            self.open.append((tag, told))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open[-1][1] and data.strip():
            self.found.append(" ".join(data.split()))


def texts(visitor: Visitor, path: str, language: str) -> list[str]:
    answer = visitor.get(path, headers={"Accept-Language": language})
    assert answer.status_code < 500, path
    assert f'<html lang="{language}">' in answer.text
    read = Texts(language)
    read.feed(answer.text)
    return read.found


def left(visitor: Visitor, path: str) -> Iterator[str]:
    """What stands in both languages alike, and has a word that is not French as well."""
    english = set(texts(visitor, path, "en"))
    for text in texts(visitor, path, "fr"):
        if text in english and re.search(r"[a-z]{2}", ALIKE.sub("", text)) and not re.search(WRITTEN, text):
            yield f"{path}: {text}"


def test_no_page_has_english_on_it(signed_in: Callable[[str], Visitor], things: dict[str, str], place: Place) -> None:
    found = [
        each for who, pages in PAGES.items() for path in pages for each in left(signed_in(who), path.format(**things))
    ]
    assert not found, "\n".join(sorted(set(found)))


def test_nor_has_the_memory(signed_in: Callable[[str], Visitor], shown: dict[str, str]) -> None:
    editor = signed_in("editor")
    paths = [path.format(**shown).split("#")[0] for path in MEMORY]
    found = sorted({each for path in paths for each in left(editor, path)})
    assert not found, "\n".join(found)


def test_nor_has_the_desk_of_alignments(signed_in: Callable[[str], Visitor], port: str, others: list[str]) -> None:
    editor = signed_in("editor")
    paths = [HOME, f"{HOME}/queue", *(f"{HOME}/{one}" for one in (*others, port))]
    found = sorted({each for path in paths for each in left(editor, path)})
    assert not found, "\n".join(found)
