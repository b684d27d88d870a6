"""Projects: whose releases and units stay among their members until they are shared."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tm.store.base import Base, now


class Project(Base):
    """A circle of people with releases and units of its own. `number` is the scope of its units in the memory."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Member(Base):
    """Somebody belongs to a project."""

    __tablename__ = "member"
    __table_args__ = (Index("ix_member_person_id", "person_id"),)

    project: Mapped[int] = mapped_column(ForeignKey("project.number"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)
