"""Files that people hand in to be aligned: two of them, or many whose names tell which belong together.

The command line hands folders of any size in (`service.cli.alignments`); a browser hands in what fits a request.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.desk import alignments, jobs, named_pairs
from service.desk.alignments import File
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import WrongState
from service.storage import alignments as storage
from service.storage import audit
from service.storage.alignments import FilePair
from service.storage.blobs import Blobs
from tm.errors import InputError
from tm.exchange import bilingual
from tm.store.base import now

if TYPE_CHECKING:
    from service.settings import Settings

MOST_AT_ONCE = 200  # pairs of one request: they are written in one transaction
UNPACKED = 10  # times the limit of an upload that the zip files of one request may unpack to
KNOWN = (*named_pairs.ENDINGS, *bilingual.ENDINGS)


@dataclass(frozen=True, slots=True)
class Refused:
    """Files that were not taken in, and why."""

    names: tuple[str, ...]
    error: InputError


@dataclass(slots=True)
class Received:
    """What became of files that were handed in together: the pairs taken in, those that were here already, what was
    refused, and the names that have no partner."""

    pairs: list[FilePair] = field(default_factory=list)
    known: list[FilePair] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)


def hand_in_two(
    session: Session, actor: Actor, french: File | None, english: File | None, *, settings: Settings, project: str = ""
) -> FilePair:
    """Take in a French file and its translation; a bilingual table needs no second one. Raises InputError
    (FILE_MISSING, and what `submit_pair` refuses)."""
    require(actor, "alignment.submit")
    table = french is not None and french.name.lower().endswith(bilingual.ENDINGS)
    if french is None or (english is None and not table):
        side = "French" if french is None else "English"
        raise InputError(f"The {side} file is missing.", code="FILE_MISSING", todo="Choose both files.")
    return alignments.submit_pair(session, actor, french, english, settings=settings, project=project)


def hand_in(
    session: Session, actor: Actor, files: Sequence[File], *, settings: Settings, project: str = ""
) -> Received:
    """Take in every pair among these files, by their names; zip files are looked into. A file that is refused stops no
    other one. Raises InputError (FILE_MISSING, NO_PAIRS, TOO_MANY_FILES, PROJECT_UNKNOWN)."""
    require(actor, "alignment.submit")
    if not files:
        raise InputError("No file was chosen.", code="FILE_MISSING", todo="Choose files, a folder or a zip file.")
    # everything is unpacked before the first question to the database: a writing transaction keeps others waiting
    received, found = _sorted_out(files, settings)
    if len(found) > MOST_AT_ONCE:
        raise InputError(
            f"There are more than {MOST_AT_ONCE} pairs.",
            code="TOO_MANY_FILES",
            todo="Divide them, or use `passerelle memory add-folder`.",
        )
    for names, pair in found:
        _submit(session, actor, names, pair, received, settings, project)
    if not found and not received.refused:
        raise InputError(
            "No two names here pair up.",
            code="NO_PAIRS",
            where=", ".join(received.alone[:6]),
            todo="Name them such as a.fr.txt and a.en.txt, or hand the two in one by one.",
        )
    return received


Named = tuple[tuple[str, ...], tuple[File, File | None]]


def _submit(
    session: Session,
    actor: Actor,
    names: tuple[str, ...],
    pair: tuple[File, File | None],
    received: Received,
    settings: Settings,
    project: str,
) -> None:
    moment = now()
    try:
        made = alignments.submit_pair(session, actor, *pair, settings=settings, project=project)
    except InputError as error:
        if error.code == "PROJECT_UNKNOWN":
            raise
        received.refused.append(Refused(names, error))
        return
    if made not in received.pairs + received.known:
        (received.known if made.created_at < moment else received.pairs).append(made)


def _sorted_out(files: Sequence[File], settings: Settings) -> tuple[Received, list[Named]]:
    received = Received()
    zips = [file for file in files if file.name.lower().endswith(".zip")]
    plain = [file for file in files if not file.name.lower().endswith(".zip")]
    found = _paired(_Held(_usable(plain, received)), received, settings)
    room = UNPACKED * settings.upload_limit
    for file in zips:
        try:
            inside = _paired(named_pairs.zipped(io.BytesIO(file.data), file.name), received, settings, room)
        except InputError as error:
            received.refused.append(Refused((file.name,), error))
            continue
        room -= sum(len(part.data) for _, pair in inside for part in pair if part is not None)
        found += inside
    return received, found


def _usable(files: Sequence[File], received: Received) -> list[File]:
    """The files that can be told apart by their names and may be documents; the others are refused."""
    times = Counter(file.name for file in files)
    usable = []
    for file in files:
        if file.name.rpartition("/")[2].startswith("."):  # what systems leave in folders
            continue
        if times[file.name] > 1:
            error = InputError("Two files have this name.", code="NAME_TWICE", todo="Hand them in one by one.")
        elif not file.name.lower().endswith(KNOWN):
            error = InputError(
                "Files of this kind are not read.", code="TYPE_UNKNOWN", todo=f"Give {', '.join(KNOWN)}."
            )
        else:
            usable.append(file)
            continue
        received.refused.append(Refused((file.name,), error))
    return usable


def _paired(files: named_pairs.Files, received: Received, settings: Settings, room: int | None = None) -> list[Named]:
    names = named_pairs.sort_out(files.names())
    received.alone += names.alone
    found: list[Named] = []
    for each in [*names.pairs, *((name,) for name in names.tables)]:
        try:
            read = [File(name, files.read(name, settings.upload_limit)) for name in each]
        except InputError as error:
            received.refused.append(Refused(each, error))
            continue
        if room is not None and (room := room - sum(len(file.data) for file in read)) < 0:
            raise InputError("The zip file unpacks to more than is allowed.", code="TOO_LARGE", todo="Divide it.")
        found.append((each, (read[0], read[1] if len(read) == 2 else None)))
    return found


class _Held:
    """Files at hand, as `named_pairs` reads them."""

    def __init__(self, files: Sequence[File]) -> None:
        self._files = {file.name: file.data for file in files}

    def names(self) -> list[str]:
        return list(self._files)

    def read(self, name: str, most: int) -> bytes:
        return self._files[name][: most + 1]


def swap(session: Session, actor: Actor, pair_id: str, *, settings: Settings) -> FilePair:
    """Take the French file of a refused pair for the English one and the other way round, and try again. Raises
    NotFound, and WrongState for a pair that was not refused so (NOT_SWAPPED) or is here already the right way round
    (ALREADY_HERE)."""
    require(actor, "alignment.submit")
    pair = storage.get_pair(session, pair_id, sight_of(actor), lock=True)
    if pair.code != "PAIR_SWAPPED" or pair.english_blob is None:
        raise WrongState("The two files of this pair were not taken for swapped.", code="NOT_SWAPPED")
    blobs = Blobs(settings.blob_folder)
    key = hashlib.sha256(blobs.get(pair.english_blob) + b"\0" + blobs.get(pair.french_blob)).hexdigest()
    if storage.find_pair(session, key, pair.scope) is not None:
        raise WrongState("The same two files are here already, the right way round.", code="ALREADY_HERE")
    pair.document_key = key
    pair.french_blob, pair.english_blob = pair.english_blob, pair.french_blob
    pair.french_name, pair.english_name = pair.english_name, pair.french_name
    pair.label, pair.state, pair.code, pair.reason = pair.french_name, "received", None, None
    audit.record(session, actor.id, "swapped pair", "alignment", pair.id)
    jobs.enqueue(session, "align", pair.id, actor.id)
    return pair
