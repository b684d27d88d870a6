"""Whether the process that holds a run is still alive, where that can be told."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def worker_name() -> str:
    """This process, such that its death can be told from a later process with the same number."""
    return f"{socket.gethostname()}:{_boot()}:{os.getpid()}:{_born(os.getpid())}"


def is_dead(worker: str) -> bool:
    """Whether that process is known to be gone; False where it cannot be told (another machine, no /proc)."""
    host, boot, pid, born = ([*worker.rsplit(":", 3), "", "", ""])[:4]
    if host != socket.gethostname() or boot != _boot() or not boot or not pid.isdigit():
        return False
    return _born(int(pid)) != born


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _born(pid: int) -> str:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
