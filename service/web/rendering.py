"""From a page or a fragment, as values, to HTML. Templates get what their dataclass declares, and refuse the rest."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import jinja2
from flask import Flask, g, render_template

from service.auth.guard import caller
from service.desk import outcomes, policy
from service.storage.notices import unread_of
from service.web import alignment_words, languages, words
from service.web.pages import View


def render(view: View) -> str:
    """The HTML of a page or fragment."""
    values = {field.name: getattr(view, field.name) for field in fields(view)}
    return render_template(type(view).template, **values)


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
