"""What waits for a person, release by release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, RowMapping, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.storage.releases import Draft, Release, Segment
from service.storage.runs import Run
from tm.store.base import now

OPEN = ("untranslated", "pretranslated", "draft")
GOING_ON = ("ingested", "proposed", "in_review")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one release has for a person: segments that they are asked to translate, segments of theirs that were sent
    back, drafts that they have not confirmed, segments of others that they may approve; and whether it is ready to be
    published. `first` is the number of the first such segment, None where there is none; `due` and `overdue` are the
    release's, for who is asked to work on it."""

    release_id: str
    title: str
    sent_back: int
    drafts: int
    to_review: int
    ready: bool
    first: int | None
    to_translate: int = 0
    due: date | None = None
    overdue: bool = False


def waiting_for(session: Session, person_id: str, *, reviews: bool, publishes: bool) -> list[Waiting]:
    """The releases that have something for a person: what they are asked to do by its day, then the newest first.
    `reviews`: they may approve the texts of others; `publishes`: they may publish."""
    own_draft = and_(Draft.segment_id == Segment.id, Draft.person_id == person_id, Draft.text != Segment.target)
    kinds = {
        "sent_back": and_(Segment.state == "rejected", Segment.translated_by == person_id),
        "drafts": and_(Draft.person_id.is_not(None), Segment.state != "approved"),
        "to_translate": and_(Release.translator_id == person_id, Segment.state.in_(OPEN)),
        "to_review": and_(Segment.state == "translated", Segment.translated_by != person_id),
    }
    if not reviews:
        del kinds["to_review"]
    counts = [func.count().filter(condition).label(name) for name, condition in kinds.items()]
    concerned: ColumnElement[bool] = or_(*kinds.values())
    asked = or_(Release.translator_id == person_id, Release.reviewer_id == person_id)
    due = case((asked, Release.due)).label("due")
    query = (
        select(Release.id, Release.title, due, func.min(Segment.position).filter(concerned).label("first"), *counts)
        .join(Segment, Segment.release_id == Release.id)
        .outerjoin(Draft, own_draft)
        .where(Release.state.in_(GOING_ON))
        .group_by(Release.id)
        .having(func.count().filter(concerned) > 0)
        .order_by(due.is_(None), due, Release.created_at.desc(), Release.id)
    )
    found = [_waiting(row) for row in session.execute(query).mappings()]
    return [*found, *(_ready(session) if publishes else [])]


def _waiting(values: RowMapping) -> Waiting:
    return Waiting(
        values["id"],
        values["title"],
        values["sent_back"],
        values["drafts"],
        values.get("to_review", 0),
        False,
        values["first"],
        values["to_translate"],
        values["due"],
        values["due"] is not None and values["due"] < now().date(),
    )


def _ready(session: Session) -> list[Waiting]:
    rows = session.execute(
        select(Release.id, Release.title).where(Release.state == "approved").order_by(Release.created_at.desc())
    )
    return [Waiting(id_, title, 0, 0, 0, True, None) for id_, title in rows]


def failed_of(session: Session, person_id: str) -> int:
    """How many jobs that somebody asked for have failed and were not tried again since."""
    later = aliased(Run)
    again = exists().where(later.kind == Run.kind, later.subject == Run.subject, later.created_at > Run.created_at)
    query = select(func.count()).select_from(Run).where(Run.requested_by == person_id, Run.state == "failed", ~again)
    return session.scalar(query) or 0
