"""Reading in a child process: whatever a hostile file does, it does it there, with little memory and little time.

Not the engine itself but a way to call it. The child gets the rules and the bytes on its standard input, answers
with JSON on its standard output, writes no file and inherits no environment.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import TYPE_CHECKING, Any

from tm.documents.limits import Limits
from tm.errors import InputError, TooLarge, WrongType
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Block, Code, Document, Language, Media, Segment

if TYPE_CHECKING:
    from tm.exchange.work.values import Returned

_ROOT = Path(__file__).resolve().parents[2]
_KINDS: dict[str, type[InputError]] = {kind.__name__: kind for kind in (InputError, TooLarge, WrongType)}
# CPU time beyond the wall clock, so that the clock decides first
_CPU_GRACE = 5


Answer = dict[str, Any]


def read_limited(
    data: bytes,
    *,
    filename: str | None = None,
    media: Media | None = None,
    expect: Language | None = None,
    rules: RuleSet = NO_RULES,
    coded: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    seconds: float = 10,
    memory_mb: int = 512,
) -> Document:
    """What `tm.documents.registry.read` gives for the same arguments, or the same refusal, read in a child process.

    `memory_mb` bounds the child's address space (about 220 MB of it are libraries and the language model).
    Raises InputError READ_TIMEOUT after `seconds` on the wall clock, and READ_FAILED where the child ends otherwise.
    """
    request = {"filename": filename, "media": media, "expect": expect, "coded": coded, "limits": asdict(limits)}
    return _document(_asked("read", request, asdict(rules), data, limits, seconds, memory_mb)["document"])


def write_limited(
    data: bytes,
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    media: Media,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    seconds: float = 10,
    memory_mb: int = 512,
) -> bytes:
    """What `tm.documents.registry.write` gives for the same arguments, or the same refusal, made in a child process."""
    request = {"media": media, "limits": asdict(limits)}
    texts = {"sources": list(sources), "targets": list(targets)}
    return b64decode(_asked("write", request, texts, data, limits, seconds, memory_mb)["written"])


def returned_limited(
    data: bytes,
    filename: str,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    seconds: float = 20,
    memory_mb: int = 512,
) -> list[Returned]:
    """What `tm.exchange.work.returned` gives for the same arguments, or the same refusal, read in a child process."""
    from tm.exchange.work.values import Returned

    request = {"filename": filename, "limits": asdict(limits)}
    rows = _asked("returned", request, {}, data, limits, seconds, memory_mb)["returned"]
    return [Returned(**{**row, "comments": tuple(row["comments"])}) for row in rows]


def _asked(
    task: str, request: Answer, more: Answer, data: bytes, limits: Limits, seconds: float, memory_mb: int
) -> Answer:
    # before the bytes are handed over: the parent has them already, the answer is cheap
    if len(data) > limits.upload:
        from tm.documents.guard import too_large

        raise too_large(limits)
    order = json.dumps({"task": task, "request": request, "seconds": seconds, "memory_mb": memory_mb})
    # rules and texts may be longer than an argument of a command
    said, status = _run(order, json.dumps(more).encode() + b"\n" + data, seconds)
    if not said:
        raise _failed(f"The reader gave up (status {status}).")
    answer: Answer = json.loads(said)
    if "error" in answer:
        kind = _KINDS.get(answer["kind"], InputError)
        raise kind(answer["error"], code=answer["code"], where=answer["where"], todo=answer["todo"])
    return answer


def _run(order: str, data: bytes, seconds: float) -> tuple[bytes, int]:
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-s", "-P", "-m", "tm.documents.child", order]
    with Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, close_fds=True) as child:
        try:
            answer, _ = child.communicate(data, timeout=seconds)
        except TimeoutExpired:
            child.kill()
            raise InputError(
                f"Reading the file took longer than {seconds:g} seconds.",
                code="READ_TIMEOUT",
                todo="Divide it and hand in the parts.",
            ) from None
    return answer, child.returncode


def _failed(message: str) -> InputError:
    return InputError(message, code="READ_FAILED", todo="Save the text as plain UTF-8 and hand that in.")


def _document(document: Answer) -> Document:
    blocks = tuple(
        Block(
            **{
                **block,
                "segments": tuple(Segment(**segment) for segment in block["segments"]),
                "codes": tuple(Code(**code) for code in block["codes"]),
            }
        )
        for block in document["blocks"]
    )
    return Document(**{**document, "blocks": blocks, "notes": tuple(document["notes"])})


def main() -> None:
    """The child: reads or writes as `sys.argv[1]` orders, and prints a document, a file or a refusal as JSON."""
    order = json.loads(sys.argv[1])
    _confine(order["seconds"], order["memory_mb"], identifies=order["task"] == "read")
    more = json.loads(sys.stdin.buffer.readline())
    print(json.dumps(_answer(order["task"], order["request"], more, sys.stdin.buffer.read())))


def _confine(seconds: float, memory_mb: int, *, identifies: bool) -> None:
    """Loads what reading needs, then sets the limits of the operating system: they cannot be raised again."""
    import resource

    from tm.text.language import identify

    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu = int(seconds) + _CPU_GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    if identifies:
        identify("le modèle passe par un fichier provisoire")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(task: str, request: Answer, more: Answer, data: bytes) -> Answer:
    from tm.documents import registry

    try:
        how = {**request, "limits": Limits(**request["limits"])}
        if task == "returned":
            from tm.exchange import work

            return {"returned": [asdict(one) for one in work.returned(data, request["filename"])]}
        if task == "write":
            return {"written": b64encode(registry.write(data, **more, **how)).decode()}
        return {"document": asdict(registry.read(data, rules=RuleSet.read(more), **how))}
    except InputError as error:
        return {
            "kind": type(error).__name__,
            "error": error.message,
            "code": error.code,
            "where": error.where,
            "todo": error.todo,
        }
    except MemoryError:
        failed = _failed("Reading the file needs more memory than is given to one file.")
        return {"kind": "InputError", "error": failed.message, "code": failed.code, "where": "", "todo": failed.todo}


if __name__ == "__main__":
    main()
