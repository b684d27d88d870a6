"""What was said of a segment, as lines that people read and write below.

    >! why a reviewer has sent it back
    >> Anna, 2024-03-12T10:15:00Z, open
    > What she said,
    > in two lines.
    Anything without a mark is a new comment.

A line that ends in blanks or a backslash has a backslash more, because programs cut blanks off.
"""

from __future__ import annotations

from collections.abc import Iterator

from tm.exchange.work.values import WorkComment, WorkRow


def quoted(row: WorkRow, leave_out: int = 0) -> str:
    """What was said of a segment, without the first `leave_out` comments."""
    lines = [f">! {line}" for line in row.reason.split("\n") if line.strip()]
    for comment in row.comments[leave_out:]:
        lines += [f">> {_head(comment)}", *(_line(line) for line in comment.text.split("\n"))]
    return "\n".join(lines)


def _head(comment: WorkComment) -> str:
    parts = [comment.author, comment.at, "open" if comment.open else ""]
    return ", ".join(" ".join(part.split()) for part in parts if part.strip())


def _line(line: str) -> str:
    return f"> {ended(line)}" if line else ">"


def ended(text: str) -> str:
    """The text, with a backslash where it ends in blanks or in a backslash."""
    return text + "\\" if text != text.rstrip() or text.endswith("\\") else text


def unended(text: str) -> str:
    """The text that was `ended`."""
    return text.removesuffix("\\")


def unquoted(text: str) -> tuple[str, ...]:
    """All comments of such lines: those that were sent, character for character, and new ones."""
    return tuple(_comments(text.split("\n")))


def _comments(lines: list[str]) -> Iterator[str]:
    sent: list[str] | None = None
    new: list[str] = []
    for line in [*lines, ">!"]:
        if sent is not None and line.startswith(">") and not line.startswith((">!", ">>")):
            sent.append(unended(line[2:]))
            continue
        if sent is not None:
            yield "\n".join(sent)
            sent = None
        if not line.startswith((">!", ">>")):
            new.append(line)
            continue
        if said := "\n".join(new).strip():
            yield said
        new = []
        sent = [] if line.startswith(">>") else None
