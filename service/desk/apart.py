"""Hostile pages are read and aligned in a process apart, with little memory and little time for each of them.

Like `tm.documents.child`, but one child works through many pages, because it takes a second to start. It gets requests
on its standard input and answers on its standard output, writes no file and inherits no environment. Whatever it dies
of is the refusal of the page that it had in hand; the next page gets a new child. Each visit has a child of its own:
what a page might do to it can spoil nothing but the source that the page is from.
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from tm.errors import InputError, TooLarge, WrongType
from tm.text.rules import NO_RULES, RuleSet

_ROOT = Path(__file__).resolve().parents[2]
_KINDS: dict[str, type[InputError]] = {kind.__name__: kind for kind in (InputError, TooLarge, WrongType)}
_MOST = 200  # requests of one child: what leaks ends with it
_READY = 180  # seconds that a child may take to load: on a machine that is busy, and the first time it compiles


class ReaderGone(InputError):
    """The process apart ended in the middle of a request. Either the page did that to it, or somebody killed it: only
    trying again tells."""

    code = "READ_FAILED"


class Apart:
    """The process apart. `seconds` and `memory_mb` bound one request, `segments` each document: a press release has a
    hundred, an archive that somebody hands in many thousands. Close it, or use it as a context."""

    def __init__(self, seconds: float = 20, memory_mb: int = 2048, segments: int = 3000) -> None:
        self._seconds, self._bounds = seconds, (seconds, memory_mb, segments)
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def page(self, data: bytes, *, side: dict[str, Any]) -> dict[str, Any]:
        """What a page or file says of itself: `text_hash`, `title`, `language`, `date`, `figures`, `canonical`,
        `versions` and `switches`. `side` says how it is to be read (see `service.desk.apart_child`).

        Raises InputError: the codes of its reader, READ_TIMEOUT, READ_FAILED.
        """
        return self._ask("page", {"side": side}, [data])

    def main(self, data: bytes, *, url: str, charset: str, whole: bool) -> dict[str, Any]:
        """The main part of a page as `html`, and its `language`, `date`, `canonical`, `versions`. Raises InputError."""
        return self._ask("main", {"url": url, "charset": charset, "whole": whole}, [data])

    def listing(self, data: bytes, url: str) -> dict[str, Any]:
        """The `entries` (address, versions) and `more` lists of a feed or sitemap. Raises InputError."""
        return self._ask("listing", {"url": url}, [data])

    def aligned(
        self,
        french: tuple[bytes, dict[str, Any]],
        english: tuple[bytes, dict[str, Any]],
        *,
        lexicon: Path | None = None,
        rules: RuleSet = NO_RULES,
        fixed: Collection[tuple[Sequence[int], Sequence[int]]] = (),
    ) -> dict[str, Any]:
        """Two files or pages, each as bytes and a `side`: the `title`, their segments (`fr`, `en`: text, joint, block,
        role, level, language) and `beads` (source, target, confidence). Raises InputError and its kin.

        `lexicon` is the folder of what a memory has taught about words; missing or damaged, it teaches nothing. `rules`
        are those by which a project cuts its texts. Beads in `fixed` stay as they are.
        """
        details = {
            "sides": [french[1], english[1]],
            "lexicon": str(lexicon) if lexicon else None,
            "rules": asdict(rules),
            "fixed": list(fixed),
        }
        return self._ask("aligned", details, [french[0], english[0]])

    def table(self, data: bytes, name: str) -> dict[str, Any]:
        """A bilingual table, in the same form as `aligned`: each row with both sides is a bead. Raises InputError."""
        return self._ask("table", {"name": name}, [data])

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()

    def _ask(self, task: str, details: dict[str, Any], parts: list[bytes]) -> dict[str, Any]:
        if self._served >= _MOST:
            self.close()
        order = json.dumps({"task": task, "details": details, "sizes": [len(part) for part in parts]})
        try:
            child = self._child or self._start()
            self._served += 1
            answer = self._exchange(child, b"".join([order.encode(), b"\n", *parts]), self._seconds)
        except (OSError, ValueError) as error:
            self.close()
            raise ReaderGone("The process that read this ended before it was done.") from error
        if "error" in answer:
            kind = _KINDS.get(answer["kind"], InputError)
            raise kind(answer["error"], code=answer["code"], where=answer["where"], todo=answer["todo"])
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        line = [sys.executable, "-s", "-P", "-m", "service.desk.apart_child", *map(str, self._bounds)]
        self._child = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
        )
        self._served = 0
        self._exchange(self._child, b"", _READY)
        return self._child

    def _exchange(self, child: subprocess.Popen[bytes], request: bytes, seconds: float) -> dict[str, Any]:
        """Hand over a request and wait for one line. Raises InputError (READ_TIMEOUT), OSError when the child died."""
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(request)
        child.stdin.flush()
        end, said = time.monotonic() + seconds, bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not said.endswith(b"\n"):
                if not selector.select(max(end - time.monotonic(), 0)):
                    self.close()
                    raise InputError(f"Reading this page took longer than {seconds:g} seconds.", code="READ_TIMEOUT")
                if not (piece := child.stdout.read1(1 << 20)):  # type: ignore[attr-defined]
                    raise OSError("the child is gone")
                said += piece
        answer: dict[str, Any] = json.loads(said)
        return answer
