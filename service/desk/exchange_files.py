"""Where the pairs of an import come from: a file on this machine, or bytes that were kept when they were handed in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from service.storage.blobs import Blobs
from tm.errors import InputError
from tm.exchange.files import Kind, kind_of, read
from tm.store.units import Import
from tm.types import Pair

if TYPE_CHECKING:
    from service.settings import Settings


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """An exchange file that can be opened as often as it must be read."""

    kind: Kind
    label: str
    open: Callable[[], BinaryIO]

    def pairs(self) -> Iterator[Pair]:
        """Its pairs from the first one on. Raises InputError and its kin, with the place."""
        with self.open() as stream:
            yield from read(self.kind, stream, label=self.label)


def of_path(path: Path) -> ExchangeFile:
    """A file of this machine. Raises InputError (`FILE_UNREADABLE`) when it is opened."""

    def opened() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise InputError(
                f"Cannot read the file: {error.strerror}.", code="FILE_UNREADABLE", where=str(path)
            ) from error

    return ExchangeFile(kind_of(path.name), path.name, opened)


def of_blob(settings: Settings, act: Import) -> ExchangeFile:
    """The bytes of an import that was submitted. Raises NotFound when it is opened and they are gone or damaged."""
    name = act.document_key
    return ExchangeFile(cast("Kind", act.kind), act.label, lambda: io.BytesIO(Blobs(settings.blob_folder).get(name)))
