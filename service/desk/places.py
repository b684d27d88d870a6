"""Where a source may lie: addresses that are fetched, and folders inside the one that is open to sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import UrlRefused, WrongState
from service.urls.rules import Rules
from service.urls.targets import target
from tm.errors import InputError

if TYPE_CHECKING:
    from service.settings import Settings


def folder_of(settings: Settings, place: str) -> Path:
    """The folder that `place` names inside SOURCES_FOLDER. Raises WrongState (FOLDERS_OFF) and InputError
    (FOLDER_OUTSIDE, FOLDER_MISSING)."""
    if not settings.sources_folder:
        raise WrongState("Folders are not watched here.", code="FOLDERS_OFF", todo="Set SOURCES_FOLDER.")
    root = Path(settings.sources_folder).resolve()
    folder = (root / place).resolve()
    if folder != root and root not in folder.parents:
        raise InputError("This folder is not inside the one that is open to sources.", code="FOLDER_OUTSIDE")
    if not folder.is_dir():
        raise InputError("There is no such folder.", code="FOLDER_MISSING", todo="Check its name.")
    return folder


def checked_place(kind: str, address: str, settings: Settings) -> str:
    """The address of a source as it is kept. What is refused here the worker would refuse, too; here somebody looks.

    Raises InputError (UrlRefused, SOURCE_EMPTY, FOLDER_OUTSIDE, FOLDER_MISSING) and WrongState (FOLDERS_OFF).
    """
    if kind == "folder":
        folder_of(settings, address)
        return address
    rules = Rules.of(settings)
    lines = [line.split() for line in address.splitlines() if line.strip()]
    if not lines:
        raise InputError("There is no address.", code="SOURCE_EMPTY", todo="Give one.")
    if kind != "list":
        return target(address, rules).url
    for number, words in enumerate(lines, 1):
        if len(words) > 2:
            raise InputError("A line has more than two addresses.", code="URL_INVALID", where=f"line {number}")
        for word in words:
            try:
                target(word, rules)
            except UrlRefused as error:
                raise UrlRefused(error.message, code=error.code, where=f"line {number}", todo=error.todo) from None
    return "\n".join(" ".join(words) for words in lines)
