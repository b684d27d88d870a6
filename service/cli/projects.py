"""`passerelle project`: projects and their members."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from service.cli.common import answer, as_json, as_person, house
from service.desk import projects, segmentation
from service.desk.policy import Actor
from service.desk.projects import Circle
from service.errors import NotFound
from tm.types import Language

key_argument = click.argument("key", metavar="KEY")


@click.group()
def project() -> None:
    """Projects, whose members alone see what belongs to them."""


@project.command("list")
@as_person
@as_json
def list_projects(email: str | None, wants_json: bool) -> None:
    """List projects with their members."""
    with house() as place, place.write(email) as (session, actor):
        found = [_told(circle) for circle in projects.circles(session, actor)]
    for data in found:
        answer(data, wants_json, f"{data['key']}  {data['name']}  ({len(data['members'])} members)")


def _told(circle: Circle) -> dict[str, Any]:
    members = [{"email": member.person.email, "role": member.person.role} for member in circle.members]
    return {"key": circle.project.key, "name": circle.project.name, "members": members}


@project.command()
@key_argument
@click.option("--name", default="", help="What others see; the key unless given.")
@as_person
@as_json
def add(key: str, name: str, email: str | None, wants_json: bool) -> None:
    """Make a project; an editor who makes one is its first member."""
    with house() as place, place.write(email) as (session, actor):
        made = projects.add_project(session, actor, key, name)
        data = {"key": made.key, "name": made.name}
    answer(data, wants_json, f"{data['key']}  {data['name']}")


@project.command()
@key_argument
@click.argument("name")
@as_person
@as_json
def rename(key: str, name: str, email: str | None, wants_json: bool) -> None:
    """Give a project another name."""
    with house() as place, place.write(email) as (session, actor):
        renamed = projects.rename_project(session, actor, _number(session, actor, key), name)
        data = {"key": renamed.key, "name": renamed.name}
    answer(data, wants_json, f"{data['key']}  {data['name']}")


@project.command("add-member")
@key_argument
@click.argument("member", metavar="EMAIL")
@as_person
@as_json
def add_member(key: str, member: str, email: str | None, wants_json: bool) -> None:
    """Let a person into a project."""
    with house() as place, place.write(email) as (session, actor):
        added = projects.add_member(session, actor, _number(session, actor, key), member).email
    answer({"key": key, "added": added}, wants_json, f"{added} is a member of {key}")


@project.command("remove-member")
@key_argument
@click.argument("member", metavar="EMAIL")
@as_person
@as_json
def remove_member(key: str, member: str, email: str | None, wants_json: bool) -> None:
    """Take a person out of a project; from then on they see nothing of it."""
    with house() as place, place.write(email) as (session, actor):
        circle = _circle(session, actor, key)
        wanted = member.strip().lower()
        ids = [one.person_id for one in circle.members if one.person.email == wanted]
        if not ids:
            raise NotFound("member")
        projects.remove_member(session, actor, circle.project.number, ids[0])
    answer({"key": key, "removed": wanted}, wants_json, f"{wanted} is no member of {key} any more")


@project.command("export-rules")
@key_argument
@click.argument("path", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@as_person
@as_json
def export_rules(key: str, path: Path, email: str | None, wants_json: bool) -> None:
    """Write the segmentation rules of a project, both languages, to an SRX 2.0 file."""
    with house() as place, place.write(email) as (session, actor):
        _, data = segmentation.hand_out(session, actor, _number(session, actor, key))
    path.write_bytes(data)
    answer({"key": key, "written": str(path), "bytes": len(data)}, wants_json, f"{path}  {len(data)} bytes")


@project.command("import-rules")
@key_argument
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--alone", is_flag=True, help="What they leave open is no end of a sentence; else our rules decide.")
@as_person
@as_json
def import_rules(key: str, path: Path, alone: bool, email: str | None, wants_json: bool) -> None:
    """Put the rules of an SRX file in the place of a project's."""
    with house() as place, place.write(email) as (session, actor):
        number = _number(session, actor, key)
        counts = segmentation.take_in(session, actor, number, path.read_bytes(), on_top=not alone)
    told = ", ".join(f"{language}: {count} rules" for language, count in counts.items())
    answer({"key": key, "rules": counts}, wants_json, f"{key}  {told}")


@project.command("never-after")
@key_argument
@click.argument("language", type=click.Choice(["fr", "en"]))
@click.argument("word")
@as_person
@as_json
def never_after(key: str, language: Language, word: str, email: str | None, wants_json: bool) -> None:
    """Let no sentence end after a word: `passerelle project never-after KEY fr S.E.`"""
    with house() as place, place.write(email) as (session, actor):
        segmentation.never_after(session, actor, _number(session, actor, key), language, word)
    answer({"key": key, "language": language, "never_after": word}, wants_json, f"{key}  never after {word}")


def _number(session: Session, actor: Actor, key: str) -> int:
    return _circle(session, actor, key).project.number


def _circle(session: Session, actor: Actor, key: str) -> Circle:
    for circle in projects.circles(session, actor):
        if circle.project.key == key:
            return circle
    raise NotFound("project")
