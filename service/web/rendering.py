"""From a page or a fragment, as values, to HTML. Templates get what their dataclass declares, and refuse the rest."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import chain
from typing import Any

import jinja2
from flask import Flask, Response, current_app, g, render_template, stream_with_context

from service.auth.guard import caller
from service.desk import outcomes, policy
from service.storage.notices import unread_of
from service.web import alignment_words, languages, words
from service.web.pages import View

PART = 64 * 1024


def render(view: View) -> str:
    """The HTML of a page or fragment."""
    values = {field.name: getattr(view, field.name) for field in fields(view)}
    return render_template(type(view).template, **values)


def streamed(view: View) -> Response:
    """A long page, which is sent while it is made, so that a browser reads its beginning meanwhile.

    Its first `PART` characters are made before anything is sent: whatever asks the database or writes the session has
    to stand there, as the head of every page does. A page that is no longer than that is as any other.
    """
    values = {field.name: getattr(view, field.name) for field in fields(view)}
    current_app.update_template_context(values)
    parts = _in_parts(current_app.jinja_env.get_template(type(view).template).generate(values))
    begun = next(parts)
    return Response(stream_with_context(chain((begun,), parts)), mimetype="text/html")


def _in_parts(pieces: Iterable[str]) -> Iterator[str]:
    """What a template gives in crumbs, in parts that are worth sending."""
    held = io.StringIO()
    for piece in pieces:
        if held.write(piece) and held.tell() > PART:
            yield held.getvalue()
            held = io.StringIO()
    yield held.getvalue()


def configure(app: Flask) -> None:
    """Give templates their words, and make a name that nobody declared an error."""
    app.jinja_options = {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(words=words, alignment_words=alignment_words)
    app.jinja_env.filters.update(
        keys=words.keys,
        called_by=lambda name, table: words.called(table, name),
        number=words.number,
        size=words.size,
        duration=words.duration,
        told=lambda run: outcomes.tell(run.kind, run.outcome, languages.Spoken()),
        moment=words.moment,
        day=words.day,
        plural=words.plural,
        sentence=languages.sentence,
    )
    languages.configure(app)
    app.context_processor(_shared)


def _shared() -> dict[str, Any]:
    who = caller()

    def may(action: str) -> bool:
        return who is not None and policy.may(who, action)

    return {"me": who, "may": may, "unread": lambda: _unread(who)}


def _unread(who: policy.Actor | None) -> int:
    """How many notices wait for the reader; asked once for a page, and none where the database has no session open."""
    if who is None or "db" not in g:
        return 0
    if "unread" not in g:
        g.unread = unread_of(g.db, who.id)
    count: int = g.unread
    return count
