"""The child of `service.desk.apart`: reads what it is handed, and knows nothing else of the product.

A `side` says how bytes are to be read: `{"url", "charset", "whole"}` for a page as it was fetched, `{"filename"}` for a
file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from tm.documents.limits import Limits
from tm.errors import InputError
from tm.types import Bead, Document

if TYPE_CHECKING:
    from tm.align.knowledge import Knowledge
    from tm.text.rules import RuleSet

_WARM = (
    ("Le Conseil s’est réuni le 4 mars 2024 à Arvane.", "The Council met in Arvane on 4 March 2024."),
    ("Les travaux ont coûté 12 millions d’euros.", "The work cost EUR 12 million."),
)


def main() -> None:
    """Load what reading needs, bound memory, then answer requests line by line until the input ends."""
    _confine(int(sys.argv[2]))
    _say({})
    given = sys.stdin.buffer
    while line := given.readline():
        order = json.loads(line)
        parts = [given.read(size) for size in order["sizes"]]
        _allow(float(sys.argv[1]))
        _say(_answer(order["task"], order["details"], parts))


def _confine(memory_mb: int) -> None:
    import resource

    _warm_up()
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _warm_up() -> None:
    """Do everything once: models are loaded and loops compiled before memory is bounded and no file may grow."""
    import trafilatura

    from tm.match.lexicon import model  # noqa: F401 - loaded while files may still be written

    trafilatura.extract("<html><body><p>Rien</p></body></html>")
    french, english = ("\n\n".join(lines).encode() for lines in zip(*_WARM, strict=True))
    _aligned([french, english], [{"filename": "a.txt"}, {"filename": "b.txt"}])


def _allow(seconds: float) -> None:
    """Give the next request its processor time: the parent's clock decides first, this one where the parent is gone."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 5, hard))


def _say(answer: dict[str, Any]) -> None:
    out: BinaryIO = sys.stdout.buffer
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _answer(task: str, details: dict[str, Any], parts: list[bytes]) -> dict[str, Any]:
    try:
        return _TASKS[task](parts, **details)
    except InputError as error:
        return _refusal(error)
    except MemoryError:
        return _refusal(InputError("Reading this page needs more memory than is given to one.", code="READ_FAILED"))
    except Exception:  # a fault of a parser, on input that was made for it: the page's own misfortune
        return _refusal(InputError("This page cannot be read.", code="READ_FAILED"))


def _refusal(error: InputError) -> dict[str, Any]:
    about = {"code": error.code, "where": error.where, "todo": error.todo}
    return {"kind": type(error).__name__, "error": error.message, **about}


def _page(parts: list[bytes], side: dict[str, Any]) -> dict[str, Any]:
    from tm.documents import webpage

    if "url" in side:
        page = webpage.read(parts[0], limits=_limits(), **side)
        about, links = _about(page.document), asdict(page.links)
        return {**about, **links, "language": page.language, "date": page.date, "figures": page.figures}
    document = _document(parts[0], side)
    return {**_about(document), **webpage.facts_of(document)}


def _main(parts: list[bytes], url: str, charset: str, whole: bool) -> dict[str, Any]:
    from tm.documents import webpage

    found = webpage.main_part(parts[0], url=url, charset=charset, whole=whole, limits=_limits())
    return {**asdict(found.links), "html": found.html, "language": found.language, "date": found.date}


def _about(document: Document) -> dict[str, Any]:
    text = "\n".join(f"{block.role} {block.level} {block.text}" for block in document.blocks)
    return {"text_hash": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "title": document.title}


@lru_cache(maxsize=1)
def _limits() -> Limits:
    return Limits(segments=int(sys.argv[3]))


def _document(data: bytes, side: dict[str, Any], rules: RuleSet | None = None) -> Document:
    from tm.documents import registry, webpage
    from tm.text.rules import NO_RULES

    cut = NO_RULES if rules is None else rules
    if "url" in side:
        return webpage.read(data, limits=_limits(), rules=cut, **side).document
    return registry.read(data, filename=side["filename"], limits=_limits(), rules=cut)


def _listing(parts: list[bytes], url: str) -> dict[str, Any]:
    from tm.documents import listings

    return asdict(listings.read(parts[0], url=url))


def _aligned(
    parts: list[bytes],
    sides: list[dict[str, Any]],
    lexicon: str | None = None,
    rules: dict[str, Any] | None = None,
    fixed: Sequence[tuple[Sequence[int], Sequence[int]]] = (),
) -> dict[str, Any]:
    from tm.align import align
    from tm.text.rules import NO_RULES, RuleSet

    cut = RuleSet.read(rules) if rules else NO_RULES
    french, english = (_document(part, side, cut) for part, side in zip(parts, sides, strict=True))
    kept = [Bead(tuple(source), tuple(target), 1.0) for source, target in fixed]
    found = align(french, english, knowledge=_knowledge(lexicon), fixed=kept)
    beads = [(bead.source, bead.target, bead.confidence) for bead in found]
    return {"title": french.title, "fr": _segments(french), "en": _segments(english), "beads": beads}


@lru_cache(maxsize=1)  # the newest; whoever asks for another one has made a new memory of words
def _knowledge(lexicon: str | None) -> Knowledge | None:
    """What a memory knows of words, opened once; None where there is nothing that is whole."""
    from tm.align.knowledge import opened

    return opened(Path(lexicon)) if lexicon else None


def _segments(document: Document) -> list[tuple[Any, ...]]:
    found = []
    for number, block in enumerate(document.blocks):
        end = None
        for segment in block.segments:
            joint = " " if end is None else block.text[end : segment.start]
            found.append((segment.text, joint, number, block.role, block.level, segment.language))
            end = segment.end
    return found


def _table(parts: list[bytes], name: str) -> dict[str, Any]:
    from tm.align.documents import AlignmentRefused
    from tm.exchange.bilingual import rows
    from tm.text.language import identify

    sides: dict[str, list[tuple[Any, ...]]] = {"fr": [], "en": []}
    beads: list[tuple[list[int], list[int], float]] = []
    for number, row in enumerate(rows(parts[0], name)):
        places: list[list[int]] = []
        for side, text in zip(("fr", "en"), row, strict=True):
            places.append([len(sides[side])] if text else [])
            if text:
                sides[side].append((text, " ", number, "table-cell", 0, identify(text)))
        beads.append((places[0], places[1], 1.0))
    if not any(source and target for source, target, _ in beads):
        raise AlignmentRefused("No row of the table has both sides.", code="EMPTY", todo="Give the other file.")
    met = {side: [segment[5] for segment in segments if segment[5]] for side, segments in sides.items()}
    wrong = {side: 2 * sum(language != side for language in found) > len(found) for side, found in met.items()}
    if wrong["fr"] and wrong["en"]:
        raise AlignmentRefused("The first column is English.", code="PAIR_SWAPPED", todo="Exchange the columns.")
    if wrong["fr"] or wrong["en"]:
        side = "first" if wrong["fr"] else "second"
        raise AlignmentRefused(f"The {side} column is in the other language.", code="PAIR_LANGUAGE")
    return {"title": "", **sides, "beads": beads}


_TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "table": _table,
    "main": _main,
    "page": _page,
    "listing": _listing,
    "aligned": _aligned,
}


if __name__ == "__main__":
    main()
