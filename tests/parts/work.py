"""Releases on their way out and back, for tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tm.exchange.work import WorkComment, WorkFile, WorkRow, source_hash
from tm.text import codes
from tm.types import Code

BOLD, END, LINK, LINK_END, NOTE = (
    codes.character(form, number)
    for form, number in (("open", 1), ("close", 1), ("open", 2), ("close", 2), ("alone", 3))
)
CODES = (Code(1, "bold"), Code(2, "link", "https://example.org/a?b=1&c=2"), Code(3, "note", "1"))


def row(number: int = 1, source: str = "Le pont rouvre.", target: str = "", **fields: object) -> WorkRow:
    """A segment with an id of its own; fields by name."""
    usual = WorkRow(f"s{number}", number, number, "paragraph", source, target, "untranslated", source_hash(source))
    return replace(usual, **fields)  # type: ignore[arg-type]


def release(*rows: WorkRow) -> WorkFile:
    """A release of these segments."""
    return WorkFile("r1", "Le pont d’Arvane rouvre", "pont.docx", rows)


def usual() -> WorkFile:
    """A release with everything that a segment may have."""
    comment = WorkComment("Anna", "2024-03-12T10:15:00Z", "« Garde-corps » ?\nVoir le glossaire.", True)
    answer = WorkComment("Paul", "2024-03-12T11:00:00Z", "railing", False)
    return release(
        row(1, "Le pont rouvre", role="title", block=1),
        row(2, f"Le {BOLD}pont{END} de 12\u00a0m.", f"The 12 m {BOLD}bridge{END}.", state="translated", codes=CODES),
        row(3, f"Voir {LINK}ici{LINK_END}{NOTE}.", "See here.", state="pretranslated", codes=CODES, rate=87,
            origin="tm-localised", block=2),
        row(4, f"Un début {BOLD}gras", f"A {BOLD}bold start", state="draft", codes=CODES, block=3, person="Anna"),
        row(5, f"et une fin{END}.", f"and an end{END}.", state="rejected", reason="Not “end”.", codes=CODES, block=3,
            comments=(comment, answer)),
        row(6, "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", state="approved", role="list-item"),
    )  # fmt: skip


MARKS = [codes.character(form, number) for form in ("open", "close", "alone") for number in (1, 2, 3, 12, 511)]
ODD = ["<1>", "</1>", "<2/>", "\\<1>", "\\\\", "]]>", "&amp;", "&", "<b>", '"', "'", "\u00a0", "\u202f", "\u2028", "\n",
       "\t", " ", "=cmd|' /C calc'!A0", "+1", "-2 %", "@SUM(1)", "_x0041_", "_x000D_", "\u00ad", "\u2011", "🌉", "👩‍🚒",
       "e\u0301", "#", "%s", "> ", ">> ", "#, fuzzy", "TRUE", "1/2", "007", "\u200b", "\ufeff", "<9>"]  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Co", "Cs"], exclude_characters="\ufffe\uffff"))
TEXT = st.lists(WORDS | st.sampled_from(ODD) | st.sampled_from(MARKS), min_size=1, max_size=8).map("".join)
SOURCE = TEXT.filter(lambda text: codes.plain(text).strip() != "")
LINE = st.lists(WORDS | st.sampled_from([each for each in ODD if "\n" not in each]), max_size=4).map("".join)
SAID = st.lists(LINE, min_size=1, max_size=3).map("\n".join).filter(lambda text: text.strip() != "")
KINDS = st.sampled_from(["bold", "italic", "underline", "link", "note", "picture", "break", "superscript", "field"])


@st.composite
def rows(draw: st.DrawFn) -> list[WorkRow]:
    """Segments with any texts."""
    found = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        state = draw(st.sampled_from(["untranslated", "pretranslated", "draft", "translated", "rejected", "approved"]))
        source = draw(SOURCE)
        target = "" if state == "untranslated" else draw(TEXT.filter(bool))
        found.append(
            WorkRow(
                id=f"{draw(st.sampled_from(['a', '01hx', 'seg.', '_']))}{number}",
                number=number,
                block=draw(st.integers(1, 3)),
                role=draw(st.sampled_from(["title", "paragraph", "list-item", "table-cell"])),
                source=source,
                target=target,
                state=state,
                source_hash=source_hash(source),
                codes=tuple(Code(each, draw(KINDS), draw(LINE)) for each in (1, 2, 3) if draw(st.booleans())),
                rate=draw(st.none() | st.integers(0, 102)),
                origin=draw(st.sampled_from([None, "tm", "tm-localised", "human"])),
                person=draw(LINE),
                reason=draw(SAID) if state == "rejected" else "",
                comments=tuple(
                    draw(st.lists(st.builds(WorkComment, LINE, st.just("2024-03-12T10:15:00Z"), SAID, st.booleans()),
                                  max_size=2))
                ),
            )
        )  # fmt: skip
    return found
