"""The rules by which a project cuts its texts into segments, beside those that come with the languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.storage.projects import open_to
from service.storage.sight import Confined
from tm.store.base import Base, now


class SegmentationRules(Confined, Base):
    """The rules of a project for one language; `version` counts their changes.

    `never` and `always` are words after which no sentence ends, or one does; `rules` are patterns (`tm.text.rules.Rule`
    as JSON), asked after them; `cascade`: what none of them decides, the rules of the language do.
    """

    __tablename__ = "segmentation_rules"
    __table_args__ = (CheckConstraint("language IN ('fr', 'en')", name="language"),)

    project: Mapped[int] = mapped_column(ForeignKey("project.number"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    never: Mapped[list[Any]] = mapped_column(default=list)
    always: Mapped[list[Any]] = mapped_column(default=list)
    rules: Mapped[list[Any]] = mapped_column(default=list)
    cascade: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=0)
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """By the members of the project."""
        return open_to(cls.project, person_id)


def rules_of(session: Session, project: int) -> dict[str, SegmentationRules]:
    """The rules of a project by language; none for a language that has none."""
    found = session.scalars(select(SegmentationRules).where(SegmentationRules.project == project))
    return {row.language: row for row in found}
