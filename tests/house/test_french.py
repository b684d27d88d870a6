"""Every text of the screens has a French one: in templates, scripts and tables of words, and what errors say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from service.desk import outcomes, schedule
from service.settings import ROOT
from service.web import acts, alignment_words, source_words, words
from service.web.languages import CATALOGUES, COUNTED, SAID, SCRIPTS
from tm.documents import docx, html, htmlwords

# what both languages write alike
ALIKE = frozenset(
    """BLEU CSV Concordance Contradictions Date Document EN Format HTML Imports Index Note PO Page Publications Segment
    Segments Source Sources TBX TER TMX TSV chrF document page source segment style kind: publication""".split()
)
OPTIONS = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.i18n"}
TABLES = (words, alignment_words, source_words)
NO_WORDS = ("BANDS", "SIGNS")  # names of classes, and signs
ERRORS = re.compile(r"(Error|State|Found|Forbidden|Large|Type|Refused|Failed|Ready|Here|Needed|Finding|Unavailable)$")

# put together from words when they are said
COMPOSED = re.compile(
    r"Every |(has|is) |Segment \{0\} has |The French text ends with |The translation is unusually |"
    r"[\w-]+ (bead|segment|unit)$"
)


def catalogue() -> dict[str, str | tuple[str, ...]]:
    with (CATALOGUES / "fr.po").open("rb") as file:
        return {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in read_po(file, locale="fr") if m.id}


FRENCH = catalogue()


def missing(texts: Iterator[tuple[str, str]]) -> list[str]:
    known = {*FRENCH, *ALIKE}
    said = ((where, text) for where, text in texts if re.search(r"[^\W\d_]", text))
    return sorted({f"{where}: {text}" for where, text in said if text not in known})


def of_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((Path(ROOT) / "templates").rglob("*.html")):
        if "export" in path.parts:
            continue
        with path.open("rb") as file:
            for _, _, said, _ in babel_extract(file, ("_", "gettext"), [], OPTIONS):
                if isinstance(said, str):
                    yield path.name, said


def of_scripts() -> Iterator[tuple[str, str]]:
    for path in sorted(SCRIPTS.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        yield from ((path.name, said) for said in SAID.findall(text))
        yield from ((path.name, one) for one, _ in COUNTED.findall(text))


def of_tables() -> Iterator[tuple[str, str]]:
    for module in TABLES:
        for name, table in vars(module).items():
            if name.isupper() and isinstance(table, dict) and name not in NO_WORDS:
                yield from ((f"{module.__name__}.{name}", said) for said in table.values() if isinstance(said, str))
    yield from (("acts", said) for act in acts.ACTS for said in (act.words, act.group))
    yield from (("filters", said) for _, said in acts.FILTERS)
    yield from (("tasks", said) for task in schedule.TASKS for said in (task.title, task.what))
    for table in (outcomes._UNITS, outcomes._PRUNED, outcomes._SWEPT):
        yield from (("outcomes", one) for _, one, _ in table)


def pattern(node: ast.AST) -> str:
    """A text as the catalogue has it, `{0}` for a value; "" for what is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    values = iter(range(10))
    return "".join(str(part.value) if isinstance(part, ast.Constant) else f"{{{next(values)}}}" for part in node.values)


def of_errors() -> Iterator[tuple[str, str]]:
    """What errors say, in the sentences that they are raised with."""
    for path in sorted([*(Path(ROOT) / "service").rglob("*.py"), *(Path(ROOT) / "tm").rglob("*.py")]):
        if {"cli", "migrations", "bench"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if not ERRORS.search(name) or name in ("ValueError", "RuntimeError", "TypeError", "AssertionError"):
                continue
            said = [*node.args[:1], *(each.value for each in node.keywords if each.arg in ("todo", "message"))]
            yield from ((path.name, text) for each in said if re.search(r"[a-z]{2} .*[.?]$", text := pattern(each)))


def of_readers() -> Iterator[tuple[str, str]]:
    """What the readers of documents notice, and what they call it."""
    noticed = re.compile(r"f\"((?:left out|accepted|not read|not fetched|read as)[^\"]+)\"")
    for path in sorted((Path(ROOT) / "tm" / "documents").glob("*.py")):
        for note in noticed.findall(path.read_text(encoding="utf-8")):
            values = iter(range(10))
            yield path.name, re.sub(r"\{[^{}]+\}", lambda _, values=values: f"{{{next(values)}}}", note)
    yield from (("htmlwords", name) for name in htmlwords.LEFT_OUT.values())
    yield from (("docx", name) for name in (*docx._UNREAD, html.UNTOLD))
    called = re.compile(r'(?:found|left)\["([a-z ]+)"|yield "([a-z ]+)"')
    for name in ("docx", "odt", "wordml"):
        for one, other in called.findall((Path(ROOT) / "tm" / "documents" / f"{name}.py").read_text(encoding="utf-8")):
            if (one or other) not in ("insertions", "changes", "changes of form"):  # told in one sentence
                yield name, one or other


@pytest.mark.parametrize("texts", [of_templates, of_scripts, of_tables, of_errors, of_readers])
def test_every_text_has_a_french_one(texts) -> None:
    found = list(texts())
    assert len(found) > 20
    assert not missing(iter(found)), "\n".join(missing(iter(found)))


def written() -> set[str]:
    """Every text that stands somewhere in templates, scripts and code; `{0}` for a value."""
    found: set[str] = set()
    for path in (Path(ROOT) / "templates").rglob("*.html"):
        with path.open("rb") as file:
            for _, _, said, _ in babel_extract(file, ("_", "gettext", "ngettext"), [], OPTIONS):
                found |= {said} if isinstance(said, str) else {each for each in said or () if each}
        found |= set(re.split(r"[\"']", path.read_text(encoding="utf-8")))
    for path in SCRIPTS.glob("*.js"):
        found |= set(re.findall(r'"([^"\n]+)"', path.read_text(encoding="utf-8")))
    for root in ("service", "tm", "workers"):
        for path in (Path(ROOT) / root).rglob("*.py"):
            found |= {pattern(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))}
    return found


def test_no_french_is_left_behind() -> None:
    known = written()
    assert [one for one in FRENCH if one not in known and not COMPOSED.match(one)] == []


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name) + sorted(re.findall(r"%\(\w+\)s", text))


def test_values_stand_in_both_languages() -> None:
    told = [(one, many) for one, many in FRENCH.items() if isinstance(many, str)]
    assert [one for one, many in told if fields(one) != fields(many)] == []


def test_tags_stand_in_both_languages() -> None:
    tags = re.compile(r"</?\w+")
    told = [(one, many) for one, many in FRENCH.items() if isinstance(many, str)]
    assert [one for one, many in told if sorted(tags.findall(one)) != sorted(tags.findall(many))] == []


def test_values_have_names() -> None:
    """A text is put together when it is asked for: an unnamed `%d` would find nothing to stand for."""
    unnamed = re.compile(r"%[ds]\b")
    told = [one for _, one in of_templates()]
    assert [one for one in told if unnamed.search(one)] == []


def test_what_the_desk_says_is_told_in_the_language_of_the_reader() -> None:
    """Reasons and refusals are kept in English: a template that draws one finds the sentence of its reader."""
    said = r"(?:pair|run|build)\.reason|(?:error|conflict)\.(?:message|where|todo)|counts\.error"
    drawn = re.compile(rf"(?:\{{\{{ |=)[\w.]*(?:{said})\b(?! \| sentence)")
    pages = sorted((Path(ROOT) / "templates").rglob("*.html"))
    assert [f"{page.name}: {found[0]}" for page in pages for found in drawn.finditer(page.read_text("utf-8"))] == []
