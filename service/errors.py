"""The family of errors, workflow side, and the one table that turns each into an answer.

PasserelleError                 tm.errors: code, message, where, todo
├── InputError …                tm.errors: what was handed in cannot be used             422 (413, 415)
│   └── UrlRefused              an address that is not fetched, or an answer not read    422
├── UrlFailed                   a server that does not answer as it should               504
├── MemoryUnavailable           tm.errors                                                503
├── NotFound                    it is not there, or not for the caller's eyes            404
├── SignInNeeded                nobody is signed in                                      401
├── Forbidden                   the caller's role does not allow it                      403
├── WrongState                  the state of the thing does not allow it                 409
│   ├── AlreadyHere             the same text was submitted before                       409
│   ├── FindingsOpen            something in the text stands against its approval        409
│   ├── NotReady                not every segment is approved; says which are not        409
│   └── SegmentMerged           the segment is part of another now; says of which        409
├── StaleVersion                somebody else saved first; carries both texts            409
│   └── StaleUnit               the same, of a unit of the memory                        409
└── Transient                   try again later (database busy, broker away)             503
"""

from __future__ import annotations

from dataclasses import dataclass

from tm.errors import InputError, MemoryUnavailable, PasserelleError, TooLarge, WrongType


class UrlRefused(InputError):
    """An address that is not fetched, or an answer that is not read: trying again does not help."""

    code = "URL_REFUSED"


class UrlFailed(PasserelleError):
    """A server that cannot be reached or does not answer as it should; later it may. `status` is the HTTP status, where
    there was one, `wait` the seconds for which the server asks to be left alone (0: it asks, and does not say)."""

    code = "URL_FAILED"
    status: int | None = None
    wait: float | None = None


class NotFound(PasserelleError):
    """There is no such thing for this caller."""

    code = "NOT_FOUND"

    def __init__(self, what: str = "page") -> None:
        super().__init__(f"There is no such {what}.", todo="It may have been removed, or the address is mistyped.")


class SignInNeeded(PasserelleError):
    """The request needs a signed-in person."""

    code = "SIGN_IN_NEEDED"


class Forbidden(PasserelleError):
    """The caller's role does not allow the action."""

    code = "FORBIDDEN"


class WrongState(PasserelleError):
    """The thing is in a state from which this move does not exist."""

    code = "WRONG_STATE"


class AlreadyHere(WrongState):
    """The same text was submitted before; `release_id` says where it is."""

    code = "ALREADY_HERE"

    def __init__(self, message: str, release_id: str) -> None:
        super().__init__(message, todo="Open that release, or submit it again as a new one on purpose.")
        self.release_id = release_id


class NotReady(WrongState):
    """A release cannot be published yet; `waiting` lists the numbers of the segments that are not approved."""

    code = "NOT_APPROVED"

    def __init__(self, message: str, waiting: list[int]) -> None:
        super().__init__(message, todo="Have them approved, then publish.")
        self.waiting = waiting


class FindingsOpen(WrongState):
    """Something was found in a text that stands against its approval: an error (`FINDINGS_OPEN`), or warnings that
    nobody has acknowledged (`FINDINGS_ASK`). `count` says how many."""

    code = "FINDINGS_OPEN"

    def __init__(self, position: int, first: str, count: int, *, error: bool) -> None:
        kind = "error" if error else "warning"
        many = f"{count} {kind}s, the first:" if count > 1 else f"one {kind}:"
        todo = "Mend it, or say why it is meant." if error else "Look at it; approve once more if it may stand."
        super().__init__(f"Segment {position} has {many} {first}", todo=todo)
        if not error:
            self.code = "FINDINGS_ASK"
        self.count = count


class SegmentMerged(WrongState):
    """The segment was merged into another: `into` is its id, `position` the number that it has now."""

    code = "SEGMENT_MERGED"
    keep = True  # as for StaleVersion: a text that came too late stays in the history

    def __init__(self, into: str, position: int) -> None:
        super().__init__(
            f"This segment was merged: it is part of segment {position} now.",
            todo=f"Your text is in the history of segment {position}.",
        )
        self.into, self.position = into, position


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a segment in a conflict: who wrote it, when (ISO 8601, UTC), at which version."""

    text: str
    version: int
    person: str = ""
    at: str = ""
    state: str = ""


class StaleVersion(PasserelleError):
    """Somebody saved the segment first. `base` is what the loser had seen, `theirs` what stands, `mine` what lost."""

    code = "STALE_VERSION"
    keep = True  # the door commits before it answers: the text that lost stays in the history

    def __init__(self, base: Version, theirs: Version, mine: str) -> None:
        super().__init__(
            f"{theirs.person or 'Somebody'} has changed this segment meanwhile.",
            todo="Choose which text stands; the other one stays in the history.",
        )
        self.base, self.theirs, self.mine = base, theirs, mine


class StaleUnit(StaleVersion):
    """Somebody changed a unit of the memory first. `theirs` is its target as it stands, `source` its source; versions
    are ticks of the memory's clock."""

    code = "STALE_UNIT"

    def __init__(self, base: Version, theirs: Version, mine: str, *, source: str) -> None:
        super().__init__(base, theirs, mine)
        self.message = f"{theirs.person or 'Somebody'} has changed this unit meanwhile."
        self.todo = "Look at it as it stands now, then change it."
        self.source = source


class Transient(PasserelleError):
    """A fault that passes: trying again later may succeed."""

    code = "TRY_AGAIN"


STATUS: dict[type[PasserelleError], int] = {
    TooLarge: 413,
    WrongType: 415,
    InputError: 422,
    MemoryUnavailable: 503,
    UrlFailed: 504,
    NotFound: 404,
    SignInNeeded: 401,
    Forbidden: 403,
    WrongState: 409,
    StaleVersion: 409,
    Transient: 503,
}


def status_of(error: PasserelleError) -> int:
    """The HTTP status for an error: its own row in `STATUS`, or that of the nearest ancestor with one."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500
