"""What forms and addresses carry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from unicodedata import category

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from tm.errors import InputError, TooLarge

LARGEST = 2_147_483_647  # the highest number that every database can look for


def line(name: str, longest: int = 300) -> str:
    """A field of one line, without white space around it. Raises InputError for control characters or too much."""
    text = request.values.get(name, "").strip()
    if len(text) > longest:
        raise InputError(f"This field takes at most {longest} characters.", code="FIELD_TOO_LONG", where=name)
    if not all(mark.isprintable() or category(mark) == "Zs" for mark in text):  # French texts are full of such spaces
        raise InputError("There is a control character in this field.", code="CONTROL_CHARACTER", where=name)
    return text


def text(name: str, longest: int) -> str:
    """A field of several lines, with plain line ends. Raises InputError when it is too long."""
    # browsers send CRLF whatever was typed
    value = request.form.get(name, "").replace("\r\n", "\n")
    if len(value) > longest:
        raise InputError(f"This field takes at most {longest:,} characters.", code="FIELD_TOO_LONG", where=name)
    return value


def choice(name: str, known: Collection[str]) -> str:
    """A field with one of some values, or "" where nothing was chosen. Raises InputError for any other."""
    value = request.values.get(name, "")
    if value and value not in known:
        raise InputError("There is no such choice.", code="CHOICE_UNKNOWN", where=name)
    return value


def number(name: str) -> int | None:
    """A field with a whole number that a row may have, or None where it is empty. Raises InputError for others."""
    value = request.values.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 10 or int(value) > LARGEST:
        raise InputError("This is no number of anything here.", code="NUMBER_INVALID", where=name)
    return int(value)


def day(name: str) -> date | None:
    """A field with a day, as browsers write it (2026-11-27), or None where it is empty. Raises InputError."""
    value = request.values.get(name, "").strip()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise InputError("This is no day.", code="DAY_INVALID", where=name, todo="Write it as 2026-11-27.") from None


def upload(todo: str, name: str = "file") -> tuple[str, bytes]:
    """A file that was chosen: its name and what is in it. Raises InputError FILE_MISSING, with what to choose, and
    TooLarge for a form over the limit."""
    try:
        file = request.files.get(name)
    except RequestEntityTooLarge:
        raise TooLarge("This is larger than is allowed here.") from None
    if file is None or not file.filename:
        raise InputError("No file was chosen.", code="FILE_MISSING", todo=todo)
    return file.filename, file.read()


def ticked(name: str) -> bool:
    """Whether a box is ticked."""
    return request.values.get(name, "") == "1"
