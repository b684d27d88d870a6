"""Reading in a child process: whatever a hostile file does, it does it there, with little memory and little time.

Not the engine itself but a way to call it. The child gets the rules and the bytes on its standard input, answers
with JSON on its standard output, writes no file and inherits no environment.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import Any

from tm.documents.limits import Limits
from tm.errors import InputError, TooLarge, WrongType
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Block, Document, Language, Media, Segment

_ROOT = Path(__file__).resolve().parents[2]
_KINDS: dict[str, type[InputError]] = {kind.__name__: kind for kind in (InputError, TooLarge, WrongType)}
# CPU time beyond the wall clock, so that the clock decides first
_CPU_GRACE = 5


def read_limited(
    data: bytes,
    *,
    filename: str | None = None,
    media: Media | None = None,
    expect: Language | None = None,
    rules: RuleSet = NO_RULES,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    seconds: float = 10,
    memory_mb: int = 512,
) -> Document:
    """What `tm.documents.registry.read` gives for the same arguments, or the same refusal, read in a child process.

    `memory_mb` bounds the child's address space (about 220 MB of it are libraries and the language model).
    Raises InputError READ_TIMEOUT after `seconds` on the wall clock, and READ_FAILED where the child ends otherwise.
    """
    # before the bytes are handed over: the parent has them already, the answer is cheap
    if len(data) > limits.upload:
        from tm.documents.guard import too_large

        raise too_large(limits)
    request = {"filename": filename, "media": media, "expect": expect, "limits": asdict(limits)}
    order = json.dumps({"request": request, "seconds": seconds, "memory_mb": memory_mb})
    # rules may be longer than an argument of a command
    answer, status = _run(order, json.dumps(asdict(rules)).encode() + b"\n" + data, seconds)
    if not answer:
        raise _failed(f"The reader gave up (status {status}).")
    return _document(json.loads(answer))


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


def _document(answer: dict[str, Any]) -> Document:
    if "error" in answer:
        kind = _KINDS.get(answer["kind"], InputError)
        raise kind(answer["error"], code=answer["code"], where=answer["where"], todo=answer["todo"])
    document = answer["document"]
    blocks = tuple(
        Block(**{**block, "segments": tuple(Segment(**segment) for segment in block["segments"])})
        for block in document["blocks"]
    )
    return Document(**{**document, "blocks": blocks, "notes": tuple(document["notes"])})


def main() -> None:
    """The child: reads as `sys.argv[1]` orders, and prints a document or a refusal as JSON."""
    order = json.loads(sys.argv[1])
    _confine(order["seconds"], order["memory_mb"])
    rules = RuleSet.read(json.loads(sys.stdin.buffer.readline()))
    print(json.dumps(_answer(order["request"], rules, sys.stdin.buffer.read())))


def _confine(seconds: float, memory_mb: int) -> None:
    """Loads what reading needs, then sets the limits of the operating system: they cannot be raised again."""
    import resource

    from tm.text.language import identify

    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu = int(seconds) + _CPU_GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    identify("le modèle passe par un fichier provisoire")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(request: dict[str, Any], rules: RuleSet, data: bytes) -> dict[str, Any]:
    from tm.documents.registry import read

    try:
        document = read(data, rules=rules, **{**request, "limits": Limits(**request["limits"])})
        return {"document": asdict(document)}
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
