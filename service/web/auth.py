"""The door itself: signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, make_response, redirect, request, session, url_for
from flask_wtf.csrf import generate_csrf

from service.auth import cookies
from service.auth.addresses import safe_next
from service.auth.guard import db, public
from service.auth.house import house
from service.desk import people
from service.errors import SignInNeeded, status_of
from service.web import errors
from service.web.fields import line
from service.web.pages import SignIn
from service.web.rendering import render
from tm.errors import InputError

bp = Blueprint("auth", __name__)


@bp.get("/sign-in")
@public()
def sign_in_form() -> Response:
    """The form, or on to where the reader wanted to go; to a script, a form token and who is signed in."""
    if errors.wants_json():
        return jsonify({"csrf_token": generate_csrf(), "email": g.actor.email if g.actor else ""})
    target = safe_next(request.args.get("next", ""), url_for("releases.index"))
    return make_response(redirect(target, 303) if g.actor else render(SignIn(next=target)))


@bp.post("/sign-in")
@public()
def sign_in() -> Response:
    """Open a sign-in. An earlier one of this browser ends, so that its token is never used for two people."""
    target = safe_next(request.form.get("next", ""), url_for("releases.index"))
    try:
        email = line("email", 254)
        token = _opened(email, request.form.get("password", "")[:1000])
    except (SignInNeeded, InputError) as error:
        return _refused(error, target)
    people.sign_out(db(), cookies.token())
    g.actor = None
    session.clear()
    response = make_response(redirect(target, 303))
    if errors.wants_json():
        g.pop("csrf_token", None)
        response = jsonify({"csrf_token": generate_csrf()})
    cookies.hand_over(response, token)
    return response


def _opened(email: str, password: str) -> str:
    """The token of a new sign-in. The password is proved before the writing begins, so that nobody waits for it."""
    settings = house().settings
    with house().sessions.read() as reading:
        person = people.recognise(reading, email, password, settings)
    return people.sign_in(db(), person, settings)


def _refused(error: SignInNeeded | InputError, target: str) -> Response:
    if errors.wants_json():
        return errors.of_ours(error)
    email = "".join(mark for mark in request.form.get("email", "") if mark.isprintable())[:254]
    response = make_response(render(SignIn(email=email, next=target, error=error)))
    response.status_code = status_of(error)
    return response


@bp.post("/sign-out")
@public()
def sign_out() -> Response:
    """End the sign-in here and in the browser."""
    people.sign_out(db(), cookies.token())
    g.actor = None
    session.clear()
    response = make_response(redirect(url_for("auth.sign_in_form"), 303))
    cookies.take_back(response)
    return response
