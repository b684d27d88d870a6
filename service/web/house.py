"""The style of the house: its name and mark, headers, the form of dates, spelling."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import styling
from service.errors import status_of
from service.publish.style import HouseStyle
from service.web.downloads import attachment
from service.web.fields import line
from service.web.published_pages import HousePage
from service.web.rendering import render
from tm.errors import InputError, PasserelleError, TooLarge

bp = Blueprint("house", __name__, url_prefix="/house")
NAMES = [name for name in HouseStyle().as_dict() if name != "logo"]


@bp.get("")
@allow("house.see")
def show() -> str:
    """The style as it is."""
    style = styling.style_of(db())
    return render(HousePage(style.as_dict(), bool(style.logo), "saved" in request.args))


@bp.post("")
@allow("house.change")
def change() -> Response:
    """Change it. A refusal comes back with what was typed."""
    try:
        file = request.files.get("logo")
        styling.change(
            db(),
            actor(),
            {name: line(name, 500) for name in NAMES},
            settings=house().settings,
            logo=file.read() if file is not None and file.filename else None,
            without_logo=request.form.get("without_logo") == "1",
        )
    except RequestEntityTooLarge:
        return _refused(TooLarge("This is larger than is allowed here."))
    except InputError as error:
        return _refused(error)
    return make_response(redirect(url_for(".show", saved=1), 303))


def _refused(error: PasserelleError) -> Response:
    db().rollback()
    typed = {name: request.form.get(name, "") for name in NAMES}
    page = HousePage(typed, bool(styling.style_of(db()).logo), error=error)
    return make_response(render(page), status_of(error))


@bp.get("/logo")
@allow("house.see")
def logo() -> Response:
    """The picture of its mark, to save."""
    data = styling.logo_of(db(), house().settings)
    png = data.startswith(b"\x89PNG")
    return attachment(data, "logo.png" if png else "logo.svg", "image/png" if png else "image/svg+xml")
