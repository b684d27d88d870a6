"""The web application, put together."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from service.auth import cookies, guard, headers, limits
from service.auth.house import House, move_in
from service.broker import make_sender
from service.settings import ROOT, load
from service.storage.session import Sessions, make_sessions
from service.web import (
    alignments,
    analyses,
    auth,
    background,
    beads,
    checking,
    comments,
    editor,
    errors,
    evaluations,
    generations,
    health,
    imports,
    memory,
    own_keys,
    people,
    projects,
    publications,
    releases,
    rendering,
    replacing,
    returning,
    schedule,
    segmentation,
    sources,
    terms,
    units,
)
from service.web import (
    house as house_pages,
)
from service.web.requests import WholeRequest
from tm.store.memory import Memory

if TYPE_CHECKING:
    from service.settings import Settings

DOORS = (
    health,
    auth,
    releases,
    editor,
    replacing,
    checking,
    comments,
    terms,
    memory,
    units,
    imports,
    alignments,
    beads,
    generations,
    evaluations,
    publications,
    sources,
    background,
    schedule,
    projects,
    segmentation,
    people,
    analyses,
    returning,
    house_pages,
    own_keys,
)
FORM_ROOM = 200_000  # bytes that a form may take beside its file or paste


GARBAGE = (100_000, 50, 100)  # a long page is many small things at once: looking for garbage doubled its time


def create_app(settings: Settings | None = None, sessions: Sessions | None = None) -> Flask:
    """The application for these settings (those of the environment unless given), on a migrated database.

    Raises RuntimeError when a route has no policy, or writes under a right to read: such an application never starts.
    """
    settings = settings or load()
    sessions = sessions or make_sessions(settings, make_sender(settings))
    gc.set_threshold(*GARBAGE)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder="static")
    app.request_class = WholeRequest
    move_in(app, House(settings, sessions, Memory(settings.index_folder)))
    _configure(app, settings)
    for door in DOORS:
        app.register_blueprint(door.bp)
    limits.limit_attempts(app, settings, "auth.sign_in")
    if wrong := guard.faults(app):
        raise RuntimeError("; ".join(wrong))
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=settings.upload_limit + FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=settings.upload_limit + FORM_ROOM,
        MAX_FORM_PARTS=20,
        TRUSTED_HOSTS=list(settings.answered_hosts),
        WTF_CSRF_TIME_LIMIT=None,  # it lives as long as the session that it is bound to
        WTF_CSRF_SSL_STRICT=False,  # our pages send no Referer; headers.refuse_other_sites looks at Sec-Fetch-Site
    )
    cookies.configure(app, settings)
    errors.configure(app)
    headers.configure(app)
    rendering.configure(app)
    CSRFProtect(app)
