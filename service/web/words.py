"""How states, roles, kinds and rates are called on the screen."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from service.publish import style
from service.web.languages import gettext, language, ngettext
from tm.text.codes import plain

SEGMENT_STATES = {
    "untranslated": "untranslated",
    "pretranslated": "pre-translated",
    "draft": "draft",
    "translated": "translated",
    "rejected": "sent back",
    "approved": "approved",
}
KEYCAPS = frozenset(("Enter", "Shift", "Esc", "Space"))  # those that keyboards write differently
RELEASE_STATES = {
    "received": "received",
    "ingested": "proposals on their way",
    "proposed": "ready to translate",
    "in_review": "in work",
    "approved": "approved",
    "published": "published",
    "withdrawn": "withdrawn",
    "failed": "failed",
}
RUN_KINDS = {
    "ingest": "Reading the text",
    "propose": "Proposing translations",
    "propose-segment": "Proposing for a segment",
    "evaluate": "Measuring the proposals",
    "fetch": "Fetching the page",
    "render": "Making the files of a publication",
    "learn": "Learning from the publication",
    "refresh": "Refreshing the memory",
    "source": "Visiting a source of pairs",
    "generation": "Building the memory’s index",
    "import": "Importing into the memory",
    "align": "Aligning two documents",
    "evaluate-memory": "Measuring the memory",
    "prune": "Removing what is old",
    "sweep": "Sweeping up",
}
# what a job is about, where its title is not for the reader or it has none
RUN_SUBJECTS = {
    "ingest": "a release",
    "propose": "a release",
    "propose-segment": "a segment",
    "evaluate": "a release",
    "fetch": "a release",
    "render": "a release",
    "learn": "a release",
    "source": "a source of pairs",
    "import": "an import",
    "align": "a pair of documents",
}
RUN_STATES = {"queued": "waiting", "running": "running", "done": "done", "failed": "failed", "cancelled": "stopped"}
GENERATION_STATES = {"ready": "ready", "damaged": "damaged", "removed": "removed, a newer one stands"}
BLOCK_ROLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "dateline": "Date line",
    "heading": "Heading",
    "paragraph": "Paragraph",
    "quotation": "Quotation",
    "caption": "Caption",
    "list-item": "List item",
    "table-cell": "Table cell",
    "note": "Note",
}
UNIT_ORIGINS = {"aligned": "aligned pair", "approved": "published release", "imported": "imported"}
UNIT_STATUSES = {"active": "active", "pending": "pending", "superseded": "superseded"}
ENTRY_STATES = {"approved": "in use", "proposed": "proposed", "retired": "retired"}
UNIT_ACTS = {
    "approved": "approved in a release",
    "superseded": "superseded",
    "reactivated": "brought back into use",
    "edited": "changed",
    "withdrawn": "taken out with an import that was undone",
    "restored": "given back, an import was undone",
}
IMPORT_KINDS = {
    "pair": "aligned pair of files",
    "publication": "published release",
    "tmx": "TMX",
    "po": "PO",
    "tsv": "TSV",
    "xliff": "XLIFF",
}
IMPORT_STATES = {
    "running": "being written",
    "done": "done",
    "failed": "failed",
    "undoing": "being undone",
    "undone": "undone",
}
SEGMENT_ORIGINS = {
    "tm": "from the memory",
    "tm-localised": "from the memory, values adapted",
    "tm-repaired": "from the memory, repaired",
    "human": "typed",
    "propagated": "repeated",
    "imported": "imported",
    "carried-over": "English in the source, carried over",
}
# the same where it is plain that it is about the memory
MATCH_ORIGINS = {"tm": "as it stands", "tm-localised": "values adapted", "tm-repaired": "repaired"}
PENALTIES = {
    "aligned": "aligned by machine, nobody has reviewed it",
    "superseded": "a later translation has replaced it",
    "ambiguous": "the memory has other translations of the same source",
    "project": "from another project",
}
ACTS = {
    "pretranslate": "filled in from the memory",
    "save": "edited",
    "confirm": "confirmed",
    "approve": "approved",
    "send-back": "sent back",
    "reopen": "reopened",
    "lost": "text that lost a conflict",
    "propagate": "filled in from a repetition",
    "replace": "found and replaced",
    "take-back": "taken back",
    "split": "split",
    "merge": "merged with the next",
    "merge-text": "merged with the next",
    "give-way": "merged into the one before",
    "carry": "carried over from the published version",
}
CATEGORIES = {
    "meaning": "meaning",
    "omission": "something missing",
    "terms": "terms and names",
    "figures": "figures and dates",
    "grammar": "grammar and spelling",
    "style": "style",
    "layout": "marks and layout",
}
NOTICES = {
    "mentioned": "has named you in a comment",
    "answered": "has answered in a thread of yours",
    "settled": "has settled a thread of yours",
    "sent-back": "has sent your text back",
    "assigned": "has asked you to work on a release",
}
FORMATS = {
    "document": "English document",
    "html": "Bilingual page",
    "docx": "Bilingual Word document",
    "pdf": "Bilingual PDF",
    "txt-fr": "French text",
    "txt-en": "English text",
    "tmx": "TMX",
    "po": "PO",
    "xliff12": "XLIFF 1.2",
    "xliff21": "XLIFF 2.1",
    "json": "JSON",
}
WORK_FORMATS = {
    "table-docx": "Word table",
    "table-xlsx": "Excel table",
    "xliff21": "XLIFF 2.1",
    "xliff12": "XLIFF 1.2",
    "po": "PO",
}
ANALYSIS_BANDS = {
    "102": "102",
    "101": "101",
    "repetition": "Repetition",
    "100": "100",
    "95-99": "95–99",
    "85-94": "85–94",
    "75-84": "75–84",
    "50-74": "50–74",
    "new": "New",
    "total": "Total",
}
DATE_FORMS = style.DATE_FORMS
QUOTES = style.QUOTES
SPELLINGS = style.SPELLINGS
CODE_KINDS = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underlined",
    "format": "formatting",
    "superscript": "superscript",
    "subscript": "subscript",
    "link": "link",
    "code": "computer text",
    "note": "mark of a note",
    "picture": "picture",
    "field": "field",
    "break": "line break",
}
BANDS = ((101, "b101"), (100, "b100"), (95, "b95"), (85, "b85"), (75, "b75"), (0, "b50"))


def band(rate: int) -> str:
    """The name of the band of a match rate, as the stylesheet has it."""
    return next(name for least, name in BANDS if rate >= least)


def badge(rate: int, origin: str | None) -> str:
    """A match rate as it is shown: `98!` where values were adapted or words repaired."""
    return f"{rate}!" if origin in ("tm-localised", "tm-repaired") else str(rate)


def count(text: str) -> int:
    """How many words a text has."""
    return len(plain(text).split())


def number(value: int) -> str:
    """A whole number with what the language has between thousands."""
    return _decimal(value, "#,##0")


def decimal(value: float) -> str:
    """A number with one place behind the point, as the language of the screen writes it."""
    return _decimal(value, "#,##0.0")


def _decimal(value: float, form: str) -> str:
    return format_decimal(value, form, locale=language())


def size(octets: int) -> str:
    """A file size as people read it."""
    if octets < 1000:
        return gettext("{number} bytes", number=octets)
    if octets < 1_000_000:
        return gettext("{number} kB", number=_decimal(octets / 1000, "#,##0.0"))
    return gettext("{number} MB", number=_decimal(octets / 1_000_000, "#,##0.0"))


def duration(milliseconds: int) -> str:
    """How long something took, as people read it."""
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{_decimal(milliseconds / 1000, '#,##0.0')} s"


def lasted(start: datetime | None, end: datetime | None) -> str:
    """How long something took, from two moments; "–" where one of them is not known."""
    return duration(round(1000 * (end - start).total_seconds())) if start and end else "–"


def moment(value: datetime) -> str:
    """A moment in UTC; scripts turn it into the reader's own time."""
    return f"{format_date(value, 'dd MMM y', locale=language())}, {value:%H:%M} UTC"


def day(value: date) -> str:
    """A day as people read it."""
    return format_date(value, "d MMM y", locale=language())


def plural(number_of: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 segment`, `2 segments`."""
    return f"{number(number_of)} {ngettext(one, many or one + 's', number_of)}"


def in_state(number_of: int, state: str) -> str:
    """How many segments are in a state: `2 translated`, `1 draft`."""
    word = SEGMENT_STATES[state]
    return plural(number_of, word, "drafts" if state == "draft" else word)


def keys(chords: str) -> str:
    """Chords as the keyboards of the reader's language write them: `Ctrl Enter` is `Ctrl Entrée`."""
    return re.sub(r"\w+", lambda found: gettext(found[0]) if found[0] in KEYCAPS else found[0], chords)


def called(table: dict[str, str], name: str) -> str:
    """The word for a name, or the name itself where the table has none yet."""
    found = table.get(name)
    return gettext(found) if found else name.replace("_", " ").replace("-", " ")
