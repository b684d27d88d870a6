"""One decorator for every view: it names the action, finds the caller, checks the right, and holds the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, g, make_response, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from service.auth import cookies
from service.auth.house import house
from service.desk import people
from service.desk.policy import TABLE, Actor, require
from service.desk.projects import sight_of
from service.errors import SignInNeeded, StaleVersion, Transient
from service.storage.sight import see_as

SAFE = ("GET", "HEAD", "OPTIONS")
READING = frozenset(
    action
    for action in TABLE
    if action.rsplit(".", 1)[1] in ("list", "see", "progress", "original", "export", "download", "concordance")
)
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view asks for: an action of the table, or None where everybody may come.

    `keeps_alive` is false for what a page asks by itself: an open page alone must not keep a sign-in from ending.
    """

    action: str | None
    keeps_alive: bool = True


def allow(action: str, *, keeps_alive: bool = True) -> Callable[[View], View]:
    """Guard a view: only signed-in people who may do `action` (see `service.desk.policy.TABLE`) come in.

    A GET gets a session that cannot write. Anything else gets a transaction that is committed before the answer leaves
    and rolled back on any error, but for a lost conflict: the text that lost is kept.
    """
    if action not in TABLE:
        raise KeyError(f"no row for {action} in the table of rights")
    return _guard(Policy(action, keeps_alive))


def public() -> Callable[[View], View]:
    """Mark a view that is for everybody, signed in or not; its transaction is held in the same way."""
    return _guard(Policy(None))


def _guard(policy: Policy) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Response:
            with _passing_faults():
                return _read(view, policy, values) if request.method in SAFE else _write(view, policy, values)

        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded

    return decorate


def _read(view: View, policy: Policy, values: dict[str, Any]) -> Response:
    with house().sessions.read() as session:
        _let_in(session, policy)
        with _current(session):
            response = make_response(view(**values))
        stale = policy.keeps_alive and g.actor is not None and people.needs_touch(session, cookies.token())
    if stale:
        _touch()
    return response


def _write(view: View, policy: Policy, values: dict[str, Any]) -> Response:
    # the caller is found in a session of its own, so that a slow upload is read before the write lock is taken
    with house().sessions.read() as session:
        _let_in(session, policy)
    with house().sessions.write() as session, _current(session):
        try:
            response = make_response(view(**values))
        except StaleVersion:
            session.commit()
            raise
        if g.actor is not None:
            people.touch(session, cookies.token())
        session.commit()
    return response


@contextmanager
def _current(session: Session) -> Iterator[None]:
    """The session becomes that of the request, and sees with the caller's eyes from now on."""
    see_as(session, sight_of(g.actor))
    g.db = session
    try:
        yield
    finally:
        g.pop("db", None)


def _let_in(session: Session, policy: Policy) -> None:
    g.actor = _caller(session)
    if policy.action is None:
        return
    if g.actor is None:
        raise SignInNeeded("Please sign in.", todo="Nothing that you have typed is lost.")
    require(g.actor, policy.action)


def _caller(session: Session) -> Actor | None:
    token = cookies.token()
    return people.who(session, token, house().settings) if token else None


def _touch() -> None:
    with house().sessions.write() as session:
        people.touch(session, cookies.token())
        session.commit()


@contextmanager
def _passing_faults() -> Iterator[None]:
    """A database that is busy, restarting or gone is a fault that passes: the answer says to try again."""
    try:
        yield
    except DBAPIError as error:
        if not isinstance(error, OperationalError) and not error.connection_invalidated:
            raise
        raise Transient("The database does not answer just now.", todo="Try again in a moment.") from error


def db() -> Session:
    """The session of this request."""
    session: Session = g.db
    return session


def actor() -> Actor:
    """Who asks; only for views with an action."""
    found: Actor = g.actor
    return found


def caller() -> Actor | None:
    """Who asks, or None; also where no view was reached (an unknown address), and never an error."""
    if "actor" not in g:
        try:
            with house().sessions.read() as session:
                g.actor = _caller(session)
        except DBAPIError:
            g.actor = None
    found: Actor | None = g.actor
    return found


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy of an endpoint's view, or None where it was forgotten."""
    found: Policy | None = getattr(app.view_functions[endpoint], "policy", None)
    return found


def faults(app: Flask) -> list[str]:
    """What is wrong with the application's routes: one without a policy, or one that writes under a right to read."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        policy = policy_of(app, rule.endpoint)
        methods = (rule.methods or set()) - set(SAFE)
        if policy is None:
            found.append(f"{rule.endpoint} ({rule.rule}) has no policy")
        elif methods and policy.action in READING:
            found.append(f"{rule.endpoint} ({rule.rule}) takes {', '.join(sorted(methods))} under {policy.action}")
        elif methods and (rule.methods or set()) & {"GET"}:
            found.append(f"{rule.endpoint} ({rule.rule}) answers GET and {', '.join(sorted(methods))} in one view")
    return found
