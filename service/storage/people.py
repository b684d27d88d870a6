"""People, their roles, and the sign-ins that are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tm.store.base import Base, Id, new_id, now

ROLES = ("translator", "reviewer", "editor", "admin")


class Person(Base):
    """Somebody who works on releases. `password_hash` is argon2id, or NULL: this person cannot sign in by password.

    `keys` are their own in the editor: `{"preset": name, "own": {act: [chord, …]}}`, see `service.web.acts`.
    `language` is that of their screens, "": as their browser asks.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("role IN ('translator', 'reviewer', 'editor', 'admin')", name="role"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    keys: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(String(2), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Base):
    """An open sign-in. The cookie carries a random token, the row its SHA-256: the table cannot be replayed."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id", "person_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column()


def by_email(session: Session, email: str) -> Person | None:
    """The person with this address (case does not count), or None."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def everybody(session: Session) -> list[Person]:
    """All people, by name."""
    return list(session.scalars(select(Person).order_by(func.lower(Person.name), Person.id)))
