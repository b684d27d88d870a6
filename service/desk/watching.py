"""Sources of pairs: who may add, change, rest and remove them, and when they are visited. Nothing is fetched here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from service.desk import jobs
from service.desk.places import checked_place
from service.desk.policy import Actor, require
from service.desk.projects import choose, scopes_of
from service.desk.slots import database_now, rhythm, take
from service.errors import NotFound, WrongState
from service.storage import audit
from service.storage.overview import live_subjects
from service.storage.runs import Run
from service.storage.sources import (
    KINDS,
    Source,
    SourcePage,
    SourceVisit,
    all_sources,
    get_source,
    open_visit,
    pages_of,
    sources_in,
    visits_of,
)
from tm.errors import InputError
from tm.store.units import SHARED

if TYPE_CHECKING:
    from service.settings import Settings

LONGEST_NAME = 120
LONGEST_ADDRESS = 100_000
MOST_HOURS = 24 * 90


@dataclass(frozen=True, slots=True)
class Known:
    """A source as a list shows it: with its last visit, and whether one is under way."""

    source: Source
    last: SourceVisit | None
    live: bool


@dataclass(frozen=True, slots=True)
class About:
    """All about one source: `pairs` are French and English pages, `others` the pages that are in no pair."""

    source: Source
    live: bool
    visits: list[SourceVisit]
    pairs: list[tuple[SourcePage, SourcePage]]
    others: list[SourcePage]


def known(session: Session, actor: Actor) -> list[Known]:
    """The sources that the actor may see, each with its last visit."""
    found = listing(session, actor)
    live = live_subjects(session, [source.id for source in found])
    return [Known(each, next(iter(visits_of(session, each.id, 1)), None), each.id in live) for each in found]


def about(session: Session, actor: Actor, source_id: str) -> About:
    """A source with its visits and pages. Raises NotFound."""
    source = visible(session, actor, source_id)
    pages = {page.id: page for page in pages_of(session, source.id)}
    pairs = [(page, pages[page.partner_id]) for page in pages.values() if page.partner_id in pages]
    paired = {page.id for pair in pairs for page in pair}
    others = [page for page in pages.values() if page.id not in paired and page.state != "absent"]
    live = bool(live_subjects(session, [source.id]))
    return About(source, live, visits_of(session, source.id, 10), pairs, others)


def listing(session: Session, actor: Actor) -> list[Source]:
    """The sources that the actor may see: shared ones, and those of their projects."""
    require(actor, "source.see")
    return sources_in(session, scopes_of(session, actor))


def visible(session: Session, actor: Actor, source_id: str) -> Source:
    """The source with this id. Raises NotFound for one of a project that is not the actor's."""
    require(actor, "source.see")
    source = get_source(session, source_id)
    if (source.project or SHARED) not in scopes_of(session, actor):
        raise NotFound("source")
    return source


def add(
    session: Session,
    actor: Actor,
    *,
    kind: str,
    name: str,
    address: str,
    settings: Settings,
    hours: int = 24,
    project: str = "",
) -> Source:
    """Watch a new source, and visit it at once. `address` is a URL, a folder inside SOURCES_FOLDER, or for a list one
    URL to a line (two on a line are each other's translation). Its pairs go to the project with the key `project`, or
    to everybody.

    Raises InputError (SOURCE_KIND, SOURCE_NAME, SOURCE_HOURS, SOURCE_EMPTY, SOURCE_LONG, PROJECT_UNKNOWN, and
    what the address is refused for) and WrongState (FOLDERS_OFF).
    """
    require(actor, "source.manage")
    circle = choose(session, actor, project)
    source = Source(kind=kind, project=circle.number if circle else None, created_by=actor.id)
    _set(source, name, address, hours, settings)
    session.add(source)
    session.flush()
    audit.record(session, actor.id, "added source", "source", source.id, of=kind)
    jobs.enqueue(session, "source", source.id, actor.id)
    return source


def edit(
    session: Session, actor: Actor, source_id: str, *, name: str, address: str, hours: int, settings: Settings
) -> Source:
    """Change the name, address or interval of a source. Raises as `add` does."""
    require(actor, "source.manage")
    source = visible(session, actor, source_id)
    _set(source, name, address, hours, settings)
    audit.record(session, actor.id, "changed source", "source", source.id)
    return source


def set_active(session: Session, actor: Actor, source_id: str, active: bool) -> Source:
    """Let a source rest, or watch it again."""
    require(actor, "source.manage")
    source = visible(session, actor, source_id)
    source.active = active
    audit.record(session, actor.id, "resumed source" if active else "paused source", "source", source.id)
    return source


def remove(session: Session, actor: Actor, source_id: str) -> None:
    """Forget a source, its pages and its visits. What the memory learned from it stays in the memory."""
    require(actor, "source.manage")
    source = visible(session, actor, source_id)
    mine = SourcePage.source_id == source.id
    session.execute(update(SourcePage).where(mine).values(partner_id=None))
    session.execute(delete(SourcePage).where(mine))
    session.execute(delete(SourceVisit).where(SourceVisit.source_id == source.id))
    session.execute(delete(Source).where(Source.id == source.id))
    audit.record(session, actor.id, "removed source", "source", source.id)


def start(session: Session, actor: Actor, source_id: str) -> Run:
    """Visit a source now; a visit that is under way is returned instead of a second one."""
    require(actor, "source.start")
    source = visible(session, actor, source_id)
    audit.record(session, actor.id, "started visit", "source", source.id)
    return jobs.enqueue(session, "source", source.id, actor.id)


def start_all(session: Session, actor: Actor) -> list[Run]:
    """Visit every source that the actor may see and that does not rest. Raises WrongState where there is none."""
    require(actor, "source.start")
    found = [source for source in listing(session, actor) if source.active]
    if not found:
        raise WrongState("There is no source to visit.", code="NO_SOURCE", todo="Watch one first.")
    return [start(session, actor, source.id) for source in found]


def due(session: Session, settings: Settings, moment: datetime | None = None) -> list[Run]:
    """Start the visits whose hour has come and that nobody has started yet, and those that are to go on.

    Hours are counted from that of the nightly refresh; each source has slots of its own (`service.desk.slots`), by the
    database's clock unless a `moment` is given.
    """
    moment = moment or database_now(session)
    found = [_due(session, source, moment, settings) for source in all_sources(session) if source.active]
    return [run for run in found if run is not None]


def _due(session: Session, source: Source, moment: datetime, settings: Settings) -> Run | None:
    if _goes_on(session, source):
        return jobs.enqueue(session, "source", source.id)
    start = slot_of(source.hours, moment, settings)
    last = next(iter(visits_of(session, source.id, 1)), None)
    if start < (last.started_at if last else source.created_at):
        return None
    slot = take(session, slot_name(source.id), start, moment)
    if slot is None:
        return None
    run = jobs.enqueue(session, "source", source.id)
    slot.run_id = run.id
    return run


def _goes_on(session: Session, source: Source) -> bool:
    visit = open_visit(session, source.id)
    return visit is not None and visit.left


def slot_name(source_id: str) -> str:
    """Under which name the slots of a source are kept."""
    return f"source:{source_id}"


def slot_of(hours: int, moment: datetime, settings: Settings) -> datetime:
    """The latest hour, not after `moment`, at which a source with this interval is to be visited."""
    return rhythm(settings.refresh_at, timedelta(hours=hours)).slot(moment)


def _set(source: Source, name: str, address: str, hours: int, settings: Settings) -> None:
    if source.kind not in KINDS:
        raise InputError("A source is a folder, a feed, a sitemap or a list.", code="SOURCE_KIND")
    if not 1 <= hours <= MOST_HOURS:
        raise InputError(f"A source is visited every 1 to {MOST_HOURS} hours.", code="SOURCE_HOURS")
    name, address = name.strip(), address.strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"A name is one line of at most {LONGEST_NAME} characters.", code="SOURCE_NAME")
    if len(address) > LONGEST_ADDRESS:
        raise InputError("The list is too long.", code="SOURCE_LONG", todo="Divide it.")
    checked = checked_place(source.kind, address, settings)
    source.name, source.address, source.hours = name or _first_words(checked), checked, hours


def _first_words(address: str) -> str:
    return address.split()[0].removeprefix("https://").removeprefix("http://")[:LONGEST_NAME] if address else "folder"
