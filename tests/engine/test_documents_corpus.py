"""Every document of the corpus is read, and written back with nothing changed but its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import make
from tests.parts.structure import different
from tests.parts.structure_word import parts_of
from tm.documents.decode import decode
from tm.documents.registry import read, write
from tm.text import codes
from tm.types import Block, Document, Media

FOLDER = Path(make.__file__).parent
FORMATS: tuple[Media, ...] = ("docx", "odt", "html", "md", "txt")
FILES = [path for media in FORMATS for path in sorted((FOLDER / media).iterdir())]
NEVER = ("TEXTEEFFACE", "SECRETCACHE", "REMARQUE")

each = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")


def media_of(path: Path) -> Media:
    return next(media for media in FORMATS if media == path.parent.name)


def opened(path: Path) -> tuple[Media, bytes, Document]:
    media, data = media_of(path), path.read_bytes()
    return media, data, read(data, media=media, coded=True)


def in_capitals(text: str) -> str:
    return text.upper()


def seen(blocks: tuple[Block, ...]) -> list[tuple[object, ...]]:
    return [(block.role, block.level, block.text, block.codes) for block in blocks]


def test_there_are_enough_of_each_format() -> None:
    assert all(sum(path.parent.name == media for path in FILES) >= 25 for media in FORMATS)


@each
def test_it_is_read_with_codes_and_without(path: Path) -> None:
    media, data, document = opened(path)
    assert sum(len(block.segments) for block in document.blocks) >= 1
    for block in document.blocks:
        assert [block.text[one.start : one.end] for one in block.segments] == [one.text for one in block.segments]
        ends = [at for one in block.segments for at in (one.start, one.end)]
        assert ends == sorted(ends)
        if media == "txt":  # which has no codes: what it holds of their characters is text
            continue
        assert {codes.form_of(mark)[1] for mark in codes.codes_in(block.text)} == {code.number for code in block.codes}
        assert codes.crossed(block.text) == ""
    bare = [codes.plain(block.text) for block in read(data, media=media).blocks]
    # what a picture is said to show is no text of a page
    said = [text for text in map(codes.plain, (block.text for block in document.blocks)) if text not in bare]
    assert [text for block in document.blocks if (text := codes.plain(block.text)) not in said] == bare
    assert not said or media == "html"


@each
def test_unchanged_texts_change_nothing(path: Path) -> None:
    media, data, document = opened(path)
    texts = [block.text for block in document.blocks]
    written = write(data, texts, texts, media=media)
    assert different(data, written, media) == []
    assert seen(read(written, media=media, coded=True).blocks) == seen(document.blocks)


@each
def test_other_texts_change_the_text_alone(path: Path) -> None:
    media, data, document = opened(path)
    texts = [block.text for block in document.blocks]
    targets = [in_capitals(text) for text in texts]
    written = write(data, texts, targets, media=media)
    assert different(data, written, media) == []
    if media == "txt":  # capitals may part its lines otherwise
        decoded = decode(data).text
        for text, target in zip(texts, targets, strict=True):
            decoded = decoded.replace(text, target, 1)
        assert decode(written).text == decoded
        return
    again = read(written, media=media, coded=True)
    assert [block.text for block in again.blocks] == targets
    assert [block.role for block in again.blocks] == [block.role for block in document.blocks]
    kinds = [[(code.number, code.kind) for code in block.codes] for block in document.blocks]
    assert [[(code.number, code.kind) for code in block.codes] for block in again.blocks] == kinds


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix in (".docx", ".odt")], ids=lambda path: path.name)
def test_what_was_deleted_hidden_or_said_aside_is_nowhere(path: Path) -> None:
    media, data, document = opened(path)
    texts = [block.text for block in document.blocks]
    assert not any(word in text for word in NEVER for text in texts)
    parts = parts_of(write(data, texts, texts, media=media))
    assert [name for name, part in parts.items() if any(word.encode() in part for word in NEVER)] == []


def test_the_generated_documents_are_those_that_are_made() -> None:
    for name, data in make.without_programs():
        stored = (FOLDER / name).read_bytes()
        assert stored == data or parts_of(stored) == parts_of(data), name
