"""The family of errors, engine side.

    PasserelleError            what every error of ours is: a stable code, a sentence, a place, what to do
    ├── InputError             what was handed in cannot be used (file, paste, exchange file, pair)
    │   ├── TooLarge           it is over a stated limit
    │   └── WrongType          it is not what its name or the caller says
    └── MemoryUnavailable      the memory cannot answer now

`service.errors` continues the family for the workflow.
"""

from __future__ import annotations


class PasserelleError(Exception):
    """A refusal that a person can read. `str(error)` is one line: what, where, what to do."""

    code = "ERROR"
    keep = False  # whether what was written before the error is to be committed

    def __init__(self, message: str, *, code: str | None = None, where: str = "", todo: str = "") -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.message = message
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.message}{place}{' ' + self.todo if self.todo else ''} [{self.code}]"


class InputError(PasserelleError):
    """Input that cannot be used; nothing of it was stored."""

    code = "INPUT_INVALID"


class TooLarge(InputError):
    """Input over a limit that the message names."""

    code = "TOO_LARGE"


class WrongType(InputError):
    """Input of another kind than was expected."""

    code = "TYPE_MISMATCH"


class MemoryUnavailable(PasserelleError):
    """The memory cannot answer now; trying again may help."""

    code = "MEMORY_UNAVAILABLE"
