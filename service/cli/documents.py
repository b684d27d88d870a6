"""`passerelle segment`, `align` and `check`: the engine on files and texts, which are not kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from service.cli.common import answer, as_json, file_argument, house, read_file
from service.desk import knowing
from service.desk.ingest import read
from service.settings import load
from tm.types import Document, Language


@click.command()
@click.argument("file", type=file_argument)
@click.option(
    "--language", type=click.Choice(["fr", "en"]), help="Language of the rules; told from the text unless given."
)
@as_json
def segment(file: Path, language: Language | None, wants_json: bool) -> None:
    """Show the blocks and segments of a document."""
    document = _read(file, language)
    data = {"blocks": [_block(block) for block in document.blocks]}
    answer(data, wants_json, "\n\n".join(_shown(document)))


def _block(block: Any) -> dict[str, Any]:
    segments = [asdict(segment) for segment in block.segments]
    return {"role": block.role, "text": block.text, "segments": segments}


def _shown(document: Document) -> list[str]:
    return [
        "\n".join([block.role.upper(), *(f"  {segment.text}" for segment in block.segments)])
        for block in document.blocks
    ]


@click.command()
@click.argument("french", metavar="FR", type=file_argument)
@click.argument("english", metavar="EN", type=file_argument)
@as_json
def align(french: Path, english: Path, wants_json: bool) -> None:
    """Align a French and an English document, segment by segment, with the words that the memory has taught."""
    from tm.align import align as align_documents

    source, target = _read(french, "fr"), _read(english, "en")
    with house() as place, place.sessions.read() as session:
        knowledge = knowing.knowledge(session, place.settings)
    beads = align_documents(source, target, knowledge=knowledge)
    data = {
        "beads": [
            {"fr": list(bead.source), "en": list(bead.target), "confidence": round(bead.confidence, 4)}
            for bead in beads
        ]
    }
    texts = [[segment.text for block in side.blocks for segment in block.segments] for side in (source, target)]
    shown = [
        "\n".join(
            [
                f"{bead.confidence:.2f}",
                *(f"  fr {texts[0][index]}" for index in bead.source),
                *(f"  en {texts[1][index]}" for index in bead.target),
            ]
        )
        for bead in beads
    ]
    answer(data, wants_json, "\n".join(shown))


@click.command()
@click.argument("source", metavar="FR")
@click.argument("target", metavar="EN")
@click.option("--terms", type=file_argument, help="Hold EN against this glossary (TBX, CSV) as well.")
@as_json
def check(source: str, target: str, terms: Path | None, wants_json: bool) -> None:
    """Say what a second reader would find in the English text EN of the French text FR.

    Places are counted in characters from the start of the text, `end` not included.
    """
    from tm.checks import check as findings_in
    from tm.exchange import glossaries
    from tm.terms import Glossary

    glossary = Glossary(glossaries.read(terms.name, read_file(terms))) if terms else None
    found = findings_in(source, target, glossary=glossary)
    data = {"findings": [{"severity": one.severity, **asdict(one)} for one in found]}
    answer(data, wants_json, "\n".join(f"{one.severity}: {one.message}" for one in found) or "No findings.")


def _read(file: Path, language: Language | None) -> Document:
    return read(read_file(file), filename=file.name, media=None, settings=load(), expect=language)
