"""`passerelle source`: what is watched for new pairs, and what one address says of itself."""

from __future__ import annotations

from typing import Any

import click

from service.cli.common import answer, as_json, as_person, house
from service.desk import watching
from service.desk.visits import counts_of
from service.storage.sources import KINDS, Source, pages_of, visits_of


@click.group()
def source() -> None:
    """Sources of pairs: folders, feeds, sitemaps, lists of addresses."""


@source.command()
@click.argument("address")
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--name", default="", help="What people call it; the address unless given.")
@click.option("--hours", type=int, default=24, show_default=True, help="Hours between two visits.")
@click.option("--project", metavar="KEY", default="", help="Whose its pairs are; everybody's unless given.")
@as_person
@as_json
def add(address: str, kind: str, name: str, hours: int, project: str, email: str | None, wants_json: bool) -> None:
    """Watch ADDRESS: a URL, a folder inside SOURCES_FOLDER, or for a list the URLs, one to a line."""
    with house() as place, place.write(email) as (session, actor):
        made = watching.add(
            session,
            actor,
            kind=kind,
            name=name,
            address=address,
            hours=hours,
            project=project,
            settings=place.settings,
        )
        data = _about(made)
    answer(data, wants_json, f"{data['name']} is watched, with the id {data['id']}.")


@source.command("list")
@as_person
@as_json
def list_all(email: str | None, wants_json: bool) -> None:
    """Every source, with what its last visit found."""
    with house() as place, place.write(email) as (session, actor):
        for found in watching.listing(session, actor):
            last = next(iter(visits_of(session, found.id, 1)), None)
            visit = {"at": last.started_at.isoformat(), **counts_of(last), "code": last.code} if last else None
            data = {**_about(found), "visit": visit}
            answer(data, wants_json, _line(found, data))


@source.command()
@click.argument("source_id", metavar="ID")
@as_person
@as_json
def pages(source_id: str, email: str | None, wants_json: bool) -> None:
    """The pages of a source, each with its language, its state and its partner."""
    with house() as place, place.write(email) as (session, actor):
        rows = pages_of(session, watching.visible(session, actor, source_id).id)
        urls = {row.id: row.url for row in rows}
        for row in rows:
            data = {"url": row.url, "language": row.language, "state": row.state, "code": row.code or row.pair_code}
            data |= {"partner": urls.get(row.partner_id or ""), "how": row.how}
            shown = " ".join(str(value) for value in (row.language or "–", row.state, data["code"] or "", row.url))
            answer(data, wants_json, shown + (f" ↔ {data['partner']} ({row.how})" if row.how else ""))


@source.command()
@click.argument("source_id", metavar="ID")
@as_person
@as_json
def start(source_id: str, email: str | None, wants_json: bool) -> None:
    """Visit a source now; a worker does it."""
    with house() as place, place.write(email) as (session, actor):
        run = watching.start(session, actor, source_id)
        data = {"run": run.id, "state": run.state}
    answer(data, wants_json, f"The visit is {data['state']}.")


@source.command()
@click.argument("source_id", metavar="ID")
@as_person
def pause(source_id: str, email: str | None) -> None:
    """Let a source rest."""
    with house() as place, place.write(email) as (session, actor):
        watching.set_active(session, actor, source_id, False)


@source.command()
@click.argument("source_id", metavar="ID")
@as_person
def resume(source_id: str, email: str | None) -> None:
    """Watch a source that rests again."""
    with house() as place, place.write(email) as (session, actor):
        watching.set_active(session, actor, source_id, True)


@source.command()
@click.argument("source_id", metavar="ID")
@as_person
def remove(source_id: str, email: str | None) -> None:
    """Forget a source and its pages; what the memory learned from it stays."""
    with house() as place, place.write(email) as (session, actor):
        watching.remove(session, actor, source_id)


@source.command()
@click.argument("url")
@as_json
def look(url: str, wants_json: bool) -> None:
    """Fetch one page as a visit would, and say what it is read as. Nothing is kept, and robots.txt is not asked."""
    from service.desk.apart import Apart
    from service.fetch import fetch
    from service.urls.rules import Rules

    with house() as place, Apart() as apart:
        fetched = fetch(url, Rules.of(place.settings))
        side = {"url": fetched.url, "charset": fetched.charset, "whole": fetched.sized}
        facts = apart.page(fetched.body, side=side)
    shown = ("title", "language", "date", "canonical", "versions", "switches")
    data = {"url": fetched.url, **{name: facts[name] for name in shown}}
    answer(data, wants_json, "\n".join(f"{name:10} {value}" for name, value in data.items()))


def _about(found: Source) -> dict[str, Any]:
    names = ("id", "kind", "name", "address", "hours", "active")
    return {name: getattr(found, name) for name in names}


def _line(found: Source, data: dict[str, Any]) -> str:
    visit = data["visit"]
    last = f"{visit['paired']} pairs, {visit['added']} units added" if visit else "not visited yet"
    return f"{found.id}  {found.kind:8} {'' if found.active else '(resting) '}{found.name}: {last}"
