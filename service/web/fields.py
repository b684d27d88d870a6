"""What forms and addresses carry."""

from __future__ import annotations

from flask import request

from tm.errors import InputError


def line(name: str, longest: int = 300) -> str:
    """A field of one line, without white space around it. Raises InputError for control characters or too much."""
    text = request.values.get(name, "").strip()
    if len(text) > longest:
        raise InputError(f"This field takes at most {longest} characters.", code="FIELD_TOO_LONG", where=name)
    if not text.isprintable():
        raise InputError("There is a control character in this field.", code="CONTROL_CHARACTER", where=name)
    return text
