"""The embedded broker: kombu's file-system transport, with whole messages only.

Kombu writes a message under its final name, so a consumer that looks at the wrong moment (or a sender that dies there)
hands it half a message, which ends the worker; and it moves each message through the system's folder for temporary
files. Here a message appears by a rename, and leaves by one inside the same folder.

What a consumer has taken and not yet worked on is lost when it is killed: the table of runs brings that back.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """One folder, one file a message; names sort by the time of sending."""

    # Remote control would leave a reply file for every worker that ever ran; without fanout, kombu keeps no table of
    # exchanges either, which two processes could damage for each other. Messages go to a queue by its name.
    supports_fanout = False

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # its bases differ
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020}-{uuid.uuid4().hex}.{queue}.msg"
        draft = folder / f".{name}.draft"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        folder = Path(self.data_folder_in)
        for name in sorted(name for name in os.listdir(folder) if name.partition(".")[2] == f"{queue}.msg"):
            taken = folder / f".{name}.taken"
            try:
                os.rename(folder / name, taken)
            except FileNotFoundError:
                continue  # another consumer was quicker
            payload = taken.read_bytes()
            taken.unlink()
            try:
                return dict(loads(payload))
            except ValueError:
                log.warning("dropped a damaged message of %d bytes from %s", len(payload), queue)
        raise Empty


class Transport(filesystem.Transport):
    """For `broker_transport`; options are those of kombu's own transport."""

    Channel = Channel
