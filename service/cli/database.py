"""`passerelle db` and `passerelle user`."""

from __future__ import annotations

import click

from service.cli.common import answer, as_json, house
from service.desk import people
from service.errors import WrongState
from service.settings import load
from service.storage import migrate
from service.storage.people import ROLES


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Migrate the database to the schema of this version."""
    settings = load()
    migrate.upgrade(settings.database)
    click.echo(f"The database is at revision {migrate.current(settings.database)[0]}.")


@db.command()
def check() -> None:
    """Say whether the database has the schema of this version."""
    settings = load()
    found, newest = migrate.current(settings.database)
    if found != newest:
        raise WrongState(
            f"The database is at revision {found or 'none'}, this version needs {newest}.",
            code="SCHEMA_OLD",
            todo="Run passerelle db upgrade.",
        )
    lacking = migrate.differences(settings.database)
    if lacking:
        raise WrongState(f"The database differs from the schema in {len(lacking)} places.", code="SCHEMA_DIFFERS")
    click.echo(f"The database is at revision {found}, as it should be.")


@click.group()
def user() -> None:
    """The people who work here."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="", help="What others see; the part before the @ unless given.")
@click.option("--password", default="", envvar="PASSWORD", help="Made and printed unless given.")
@as_json
def add(email: str, role: str, name: str, password: str, wants_json: bool) -> None:
    """Add a person, and print the password that they sign in with first."""
    with house() as place, place.write() as (session, actor):
        person, made = people.add_person(
            session, actor, email, role, settings=place.settings, name=name, password=password
        )
        data = {"id": person.id, "email": person.email, "role": person.role, "password": made}
    answer(data, wants_json, f"{person.email} is {person.role} and signs in with the password {made}")
