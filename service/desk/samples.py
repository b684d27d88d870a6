"""What a new installation starts with: people, a memory made from our own pairs, a glossary, a release to translate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.desk import glossary_files, ingest, learn, people
from service.settings import ROOT
from service.storage.people import ROLES, Person

if TYPE_CHECKING:
    from service.settings import Settings

FOLDER = ROOT / "samples"
RELEASE = FOLDER / "releases" / "conseil-ministeriel.fr.txt"
GLOSSARY = FOLDER / "glossary.csv"
DOMAIN = "passerelle.example"


def is_new(session: Session) -> bool:
    """Whether nobody can sign in here yet."""
    return not session.scalar(select(func.count()).select_from(Person).where(Person.password_hash.is_not(None)))


def settle_in(session: Session, settings: Settings) -> dict[str, str]:
    """Fill a new installation, and return the passwords by address; they are kept in `sign_in_file` as well."""
    actor = people.operator(session)
    passwords = {}
    for role in ROLES:
        person, passwords_of = people.add_person(
            session, actor, f"{role}@{DOMAIN}", role, settings=settings, name=role.capitalize()
        )
        passwords[person.email] = passwords_of
    for french in sorted((FOLDER / "pairs").glob("*.fr.txt")):
        english = french.with_name(french.name.replace(".fr.", ".en."))
        learn.add_pair(session, actor, _named(french), _named(english), settings=settings, reader=learn.read_trusted)
    glossary_files.bring_in(session, actor, GLOSSARY.name, GLOSSARY.read_bytes())
    ingest.submit(session, actor, RELEASE.read_bytes(), filename=RELEASE.name, media="txt", settings=settings)
    _write_down(sign_in_file(settings), passwords)
    return passwords


def _named(path: Path) -> tuple[str, bytes]:
    return path.name, path.read_bytes()


def sign_in_file(settings: Settings) -> Path:
    """Where the first passwords are kept, readable by the owner alone."""
    return settings.data_dir / "first-passwords.txt"


def _write_down(path: Path, passwords: dict[str, str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{email}  {password}\n" for email, password in passwords.items())
