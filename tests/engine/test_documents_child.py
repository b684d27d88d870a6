"""Reading in a child process gives the same, and survives what would hurt the caller."""

from __future__ import annotations

from pathlib import Path

import pytest

from tm.documents.child import read_limited
from tm.documents.limits import Limits
from tm.documents.registry import read
from tm.errors import InputError, TooLarge, WrongType

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "releases"


@pytest.mark.parametrize("name", ["conseil-ministeriel.fr.txt", "exercice-boreal.fr.html"])
def test_the_child_reads_what_the_caller_would(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    assert read_limited(data, filename=name, expect="fr") == read(data, filename=name, expect="fr")


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [(b"", InputError, "EMPTY_FILE"), (b"%PDF-1.4", WrongType, "TYPE_MISMATCH"), (b"a" * 11, TooLarge, "TOO_LARGE")],
)
def test_a_refusal_of_the_child_is_the_refusal_of_the_caller(data: bytes, kind: type[InputError], code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_limited(data, limits=Limits(upload=10))
    assert type(caught.value) is kind
    assert caught.value.code == code


def test_the_place_and_the_advice_come_through() -> None:
    with pytest.raises(InputError) as caught:
        read_limited(b"Bon\x00jour", media="txt")
    assert (caught.value.code, caught.value.where) == ("CONTROL_CHARACTER", "line 1, character 4")
    assert caught.value.todo


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(InputError) as caught:
        read_limited(b"Bonjour", seconds=0.02)
    assert caught.value.code == "READ_TIMEOUT"


def test_a_child_without_memory_is_a_refusal() -> None:
    with pytest.raises(InputError) as caught:
        read_limited(b"Bonjour", memory_mb=40)
    assert caught.value.code == "READ_FAILED"
