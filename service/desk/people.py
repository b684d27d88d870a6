"""People: added, signed in, signed out, put to rest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.errors import Forbidden, NotFound, SignInNeeded, WrongState
from service.storage import audit
from service.storage.people import ROLES, Person, SignIn, by_email
from tm.errors import InputError
from tm.store.base import now

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from service.settings import Settings

OPERATOR = "operator@localhost"
TOUCH = timedelta(minutes=1)  # how stale `seen_at` may be before it is written again


@lru_cache
def _hasher(cost: int) -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=cost)


@lru_cache
def _nobodys_hash(cost: int) -> str:
    return _hasher(cost).hash(secrets.token_hex())


def actor_of(person: Person) -> Actor:
    """The person as an actor with the rights of their role."""
    return Actor(person.id, person.name, person.email, frozenset({person.role}), person.language)


def operator(session: Session) -> Actor:
    """Whoever holds the shell of this machine: editor and administrator, made on first use, unable to sign in."""
    person = by_email(session, OPERATOR)
    if person is None:
        person = Person(email=OPERATOR, name="Operator", role="editor")
        session.add(person)
        session.flush()
    return Actor(person.id, person.name, person.email, frozenset({"editor", "admin"}))


def recognise(session: Session, email: str, password: str, settings: Settings) -> str:
    """The id of the person with this address and password. It only reads: proving a password takes its time.

    Raises SignInNeeded (`BAD_CREDENTIALS`) with the same words, after the same work, whoever asks and whatever is
    wrong: address, password, or a person who is no longer active.
    """
    from argon2.exceptions import VerificationError

    person = by_email(session, email)
    usable = person is not None and person.active and person.password_hash
    stored = person.password_hash if person is not None and usable else _nobodys_hash(settings.password_cost)
    try:
        _hasher(settings.password_cost).verify(stored or "", password)
    except VerificationError:
        usable = False
    if person is None or not usable:
        raise SignInNeeded("The address or the password is not right.", code="BAD_CREDENTIALS")
    return person.id


def sign_in(session: Session, person_id: str, settings: Settings) -> str:
    """Open a sign-in for a recognised person; its token is shown to nobody else and stored only as a hash."""
    token = secrets.token_urlsafe(32)
    expires = now() + timedelta(hours=settings.session_hours)
    session.add(SignIn(token_hash=_hash(token), person_id=person_id, expires_at=expires))
    session.execute(delete(SignIn).where(SignIn.expires_at < now()))
    audit.record(session, person_id, "signed in", "person", person_id)
    return token


def who(session: Session, token: str, settings: Settings) -> Actor | None:
    """The actor behind a token, or None when the sign-in has ended or the person is no longer active."""
    row = session.execute(
        select(SignIn, Person).join(Person, Person.id == SignIn.person_id).where(SignIn.token_hash == _hash(token))
    ).first()
    if row is None:
        return None
    opened, person = row
    idle_end = opened.seen_at + timedelta(minutes=settings.session_idle_minutes)
    if not person.active or now() > min(opened.expires_at, idle_end):
        return None
    return actor_of(person)


def needs_touch(session: Session, token: str) -> bool:
    """Whether the sign-in's last sight is old enough to be written down again."""
    opened = session.get(SignIn, _hash(token))
    return opened is not None and now() - opened.seen_at > TOUCH


def touch(session: Session, token: str) -> None:
    """Note that the sign-in is in use."""
    session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(seen_at=now()))


def sign_out(session: Session, token: str) -> None:
    """End a sign-in; its token is worth nothing from now on."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def add_person(
    session: Session, actor: Actor, email: str, role: str, *, settings: Settings, name: str = "", password: str = ""
) -> tuple[Person, str]:
    """Add a person and return them with the password to hand over once (made here unless given).

    Raises InputError (`EMAIL_INVALID`, `ROLE_UNKNOWN`) and WrongState (`PERSON_EXISTS`).
    """
    require(actor, "people.manage")
    address = email.strip().lower()
    if "@" not in address[1:-1] or any(mark.isspace() for mark in address) or len(address) > 254:
        raise InputError(f"“{email}” is not an e-mail address.", code="EMAIL_INVALID")
    if role not in ROLES:
        raise InputError(f"There is no role “{role}”.", code="ROLE_UNKNOWN", todo=f"Choose one of {', '.join(ROLES)}.")
    if by_email(session, address) is not None:
        raise WrongState(f"{address} is already here.", code="PERSON_EXISTS")
    password = password or secrets.token_urlsafe(12)
    person = Person(email=address, name=name.strip() or address.split("@")[0], role=role)
    person.password_hash = _hasher(settings.password_cost).hash(password)
    session.add(person)
    session.flush()
    audit.record(session, actor.id, "added person", "person", person.id, role=role)
    return person, password


def set_active(session: Session, actor: Actor, person_id: str, active: bool) -> Person:
    """Let a person in again, or put them to rest: their sign-ins end at once. Nobody puts themselves to rest."""
    require(actor, "people.manage")
    person = _person(session, person_id)
    if person.id == actor.id and not active:
        raise Forbidden("You cannot put yourself to rest.", code="OWN_ACCOUNT", todo="Ask another administrator.")
    person.active = active
    _end_sign_ins(session, person)
    audit.record(session, actor.id, "activated person" if active else "deactivated person", "person", person.id)
    return person


def set_role(session: Session, actor: Actor, person_id: str, role: str) -> Person:
    """Give a person another role; it counts from their next request."""
    require(actor, "people.manage")
    person = _person(session, person_id)
    if role not in ROLES:
        raise InputError(f"There is no role “{role}”.", code="ROLE_UNKNOWN", todo=f"Choose one of {', '.join(ROLES)}.")
    if person.id == actor.id:
        raise Forbidden("You cannot change your own role.", code="OWN_ACCOUNT", todo="Ask another administrator.")
    person.role = role
    audit.record(session, actor.id, "changed role", "person", person.id, role=role)
    return person


def keys_of(session: Session, actor: Actor) -> dict[str, Any]:
    """The actor's own keys, as they were kept; `{}` where they never chose any."""
    return dict(session.get_one(Person, actor.id).keys)


def set_keys(session: Session, actor: Actor, keys: dict[str, Any]) -> None:
    """Keep the actor's own keys: `{"preset": name, "own": {act: [chord, …]}}`."""
    session.get_one(Person, actor.id).keys = keys


def set_language(session: Session, actor: Actor, language: str) -> None:
    """Have the actor's screens in this language from now on."""
    session.get_one(Person, actor.id).language = language


def _person(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.email == OPERATOR:
        raise NotFound("person")
    return person


def _end_sign_ins(session: Session, person: Person) -> None:
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
