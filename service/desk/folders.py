"""A watched folder: files whose names tell that they belong together, inside the one folder that is open to sources."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from service.desk.apart import Apart
from service.desk.keeping import keep, key_of
from service.desk.looking import Before, Look, understood
from service.desk.places import folder_of
from service.desk.visits import Plan, Work
from service.desk.walking import ListUnreadable
from service.errors import WrongState
from service.fetch import Known
from service.storage.blobs import Blobs
from service.storage.sources import page_at, pages_of
from tm.errors import InputError

ENDINGS = (".txt", ".html", ".htm", ".docx")


def walk(work: Work, plan: Plan, apart: Apart, until: float) -> bool:
    """Look at every file; True when the time is up before the end. Raises ListUnreadable."""
    try:
        folder = folder_of(work.settings, plan.address)
    except (InputError, WrongState) as error:
        raise ListUnreadable(error.code, error.message) from error
    blobs, there = Blobs(work.settings.blob_folder), set()
    for path in _files(folder, work.settings.source_pages):
        name = path.relative_to(folder).as_posix()
        there.add(name)
        if time.monotonic() > until:
            return True
        with work.read() as session:
            page = page_at(session, plan.source_id, key_of(name))
            if page is not None and page.seen_at >= plan.started_at:
                continue
            before = Before.of(page)
        found = _look(path, name, before, apart, work.settings.upload_limit)
        with work.write() as session:
            keep(session, plan, name, found, blobs, listed={})
    _missing(work, plan, there, blobs)
    return False


def _files(folder: Path, most: int) -> Iterator[Path]:
    """Files that can be read, in the order of their names; links lead nowhere."""
    number = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if name.lower().endswith(ENDINGS) and not name.startswith(".") and not path.is_symlink():
                number += 1
                if number > most:
                    return
                yield path


def _look(path: Path, name: str, before: Before, apart: Apart, limit: int) -> Look:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            version = f"{about.st_mtime_ns}:{about.st_size}"
            if version == before.etag and before.body_hash:
                return Look("unchanged", etag=version)
            if not stat.S_ISREG(about.st_mode) or about.st_size > limit:
                return Look("refused", "TOO_LARGE", f"The file is larger than {limit / 1_000_000:g} MB.")
            body = file.read(limit + 1)
    except OSError:
        return Look("failed", "FILE_UNREADABLE", "The file cannot be opened.")
    return understood(body, before, {"filename": name}, apart, Known(version))


def _missing(work: Work, plan: Plan, there: set[str], blobs: Blobs) -> None:
    with work.write() as session:
        gone = [page for page in pages_of(session, plan.source_id) if page.url not in there]
        for page in gone:
            found = Look("vanished", "FILE_GONE", "The file is not there any more.")
            keep(session, plan, page.url, found, blobs, listed={})
