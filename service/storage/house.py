"""The style of the house: one row, which editors and administrators keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from tm.store.base import Base, now


class House(Base):
    """Its values by name (`service.publish.style.HouseStyle`); `logo_blob` names the picture of its mark."""

    __tablename__ = "house_style"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo_blob: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)


def house_of(session: Session) -> House:
    """The row, or one that is not stored yet."""
    return session.get(House, 1) or House(id=1, values={})
