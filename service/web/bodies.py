"""The JSON that the editor sends, field by field; a field that is not named here is refused."""

from __future__ import annotations

from typing import Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from service.desk.patterns import Pattern
from tm.errors import InputError, TooLarge, WrongType
from tm.types import Concept, Term

LARGEST = 400_000  # bytes; the longest target is far below it
Kind = TypeVar("Kind", bound="Body")


class Body(BaseModel):
    """A JSON object with exactly these fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PresenceBody(Body):
    """Where somebody is: the id of the segment that is open, or none."""

    segment: str | None = Field(None, max_length=36)


class DraftBody(Body):
    """What was typed so far, and the version it was typed over."""

    text: str
    seen: int = Field(ge=0)


class ActBody(Body):
    """An act on the segment as it was seen; `operation` is made when the act begins and stays when it is sent again."""

    seen: int = Field(ge=0)
    operation: str = Field(pattern=r"^[A-Za-z0-9:_-]{8,128}$")


class SaveBody(ActBody):
    """A new target. `proposal` is the rank of the proposal that it was made from, `repaired` that its repair was."""

    text: str
    confirm: bool = False
    proposal: int | None = Field(default=None, ge=1)
    repaired: bool = False


class ConfirmBody(ActBody):
    """A target that is confirmed here and put into the repetitions of its segment."""

    text: str
    proposal: int | None = Field(default=None, ge=1)
    repaired: bool = False


class CommentBody(Body):
    """A remark; `thread` is the number of the first remark of the thread that it answers."""

    text: str
    thread: int | None = Field(default=None, ge=1, le=2_147_483_647)


class SettleBody(Body):
    """Whether a thread is settled."""

    settled: bool


class PatternBody(Body):
    """What is looked for in the translations of a release, and what is put in its place."""

    find: str
    replacement: str = ""
    expression: bool = False
    whole: bool = False
    case: bool = False

    def pattern(self) -> Pattern:
        """The pattern that it stands for."""
        return Pattern(self.find, self.replacement, self.expression, self.whole, self.case)


class ReplaceBody(PatternBody):
    """Replacing in what was chosen: the version of each segment as it was shown, by its id."""

    seen: dict[str, int] = Field(max_length=2000)
    operation: str = Field(pattern=r"^[A-Za-z0-9:_-]{8,64}$")


class BulkBody(Body):
    """One act on many segments: the version of each as it was shown, by its id. Without an operation id it is asked
    what the act would do."""

    act: Literal["approve", "confirm", "send-back", "insert"]
    seen: dict[str, int] = Field(max_length=2000)
    reason: str = ""
    category: str = ""
    least: int = Field(default=100, ge=50, le=102)
    acknowledged: bool = False
    operation: str | None = Field(default=None, pattern=r"^[A-Za-z0-9:_-]{8,64}$")


class TakeBackBody(Body):
    """Which act on many segments is taken back, and the operation id of doing so."""

    act: str = Field(pattern=r"^[A-Za-z0-9:_-]{8,128}$")
    operation: str = Field(pattern=r"^[A-Za-z0-9:_-]{8,64}$")


class ReasonBody(ActBody):
    """An act that says why."""

    reason: str


class SendBackBody(ReasonBody):
    """Sending back: why, and of what kind the mistake is."""

    category: str = ""


class ApproveBody(ActBody):
    """An approval; `acknowledged` says that the warnings were looked at."""

    acknowledged: bool = False


class CodeBody(Body):
    """The code of a finding."""

    code: str = Field(pattern=r"^[A-Z_]{2,32}$")


class MeantBody(CodeBody):
    """A finding that is meant, and why."""

    reason: str


class SplitBody(ActBody):
    """Where a segment is split: characters of its source, and of its translation where that is split as well."""

    at: int = Field(ge=0)
    target_at: int | None = Field(default=None, ge=0)


class MergeBody(ActBody):
    """The segment that gives way, and its version as it was shown."""

    following: str = Field(max_length=36)
    following_seen: int = Field(ge=0)


class WordBody(Body):
    """A word after which no segment ends."""

    word: str = Field(min_length=1, max_length=100)


class TermBody(Body):
    """An entry of the glossary, as the editor's small form has it: one term of each kind."""

    french: str
    english: str = ""
    forbidden: str = ""
    domain: str = ""
    note: str = ""
    scope: Literal["project", "all"] = "project"

    def concept(self) -> Concept:
        """The entry that it stands for."""
        english = (Term(self.english), Term(self.forbidden, "forbidden"))
        return Concept((self.french,), tuple(term for term in english if term.text.strip()), self.domain, self.note)


def body(kind: type[Kind]) -> Kind:
    """The request's JSON as `kind`. Raises WrongType when it is not sent as JSON, InputError when it does not fit."""
    if not request.is_json:
        raise WrongType("This address takes JSON.", todo="Load the page again.")
    if (request.content_length or 0) > LARGEST:
        raise TooLarge("This request is larger than any segment can be.")
    try:
        return kind.model_validate(request.get_json(), strict=True)
    except BadRequest:
        raise InputError("The request is not valid JSON.", code="BODY_INVALID") from None
    except ValidationError as error:
        fields = ", ".join(".".join(str(part) for part in fault["loc"]) for fault in error.errors())
        raise InputError(
            "The request does not fit.", code="BODY_INVALID", where=fields, todo="Load it again."
        ) from None
