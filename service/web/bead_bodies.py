"""What the review page sends with an act: JSON from a script, or the fields of its form."""

from __future__ import annotations

from typing import Literal, cast, get_args

from flask import request
from pydantic import Field

from service.web.bodies import Body
from tm.errors import InputError

Act = Literal["accept", "reject", "edit", "merge", "split", "move", "realign", "undo"]
LONGEST = 20_000  # characters of an edited text


class BeadBody(Body):
    """An act. `seen`: the beads that it touches with their versions as they were seen; `version`: that of the pair, for
    acts that are about all of it. `french` and `english`: how many segments stay in the first part of a split bead."""

    act: Act
    bead: str = Field(default="", max_length=36)
    seen: dict[str, int] = Field(default_factory=dict)
    version: int = -1
    source: str = Field(default="", max_length=LONGEST)
    target: str = Field(default="", max_length=LONGEST)
    french: int = 0
    english: int = 0
    side: Literal["fr", "en"] = "fr"
    up: bool = False


def from_form() -> BeadBody:
    """The act of a page without scripts: its button names act and bead, hidden fields the versions. Raises InputError
    for what no button of ours sends."""
    act, _, rest = request.form.get("act", "").partition(" ")
    bead, _, way = rest.partition(" ")
    try:
        pairs = (value.rpartition(":") for value in request.form.getlist("seen"))
        seen = {each: int(version) for each, _, version in pairs}
        version = int(request.form.get("version", "-1"))
    except ValueError:
        raise InputError("The request does not fit.", code="BODY_INVALID", todo="Load the page again.") from None
    if act not in get_args(Act) or len(bead) > 36:
        raise InputError("There is no such act.", code="CHOICE_UNKNOWN", where="act", todo="Load the page again.")
    side: Literal["fr", "en"] = "en" if way.startswith("en") else "fr"
    return BeadBody(act=cast("Act", act), bead=bead, seen=seen, version=version, side=side, up=way.endswith("up"))
