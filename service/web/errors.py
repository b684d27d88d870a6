"""Every error leaves through here: one page, one JSON shape, one table of statuses."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, redirect, request, url_for
from werkzeug.exceptions import ClientDisconnected, HTTPException, SecurityError

from service.errors import AlreadyHere, NotReady, SegmentMerged, SignInNeeded, StaleVersion, status_of
from service.web.languages import sentence
from service.web.pages import Problem, version_values
from service.web.rendering import render
from tm.errors import PasserelleError

log = logging.getLogger(__name__)

WORDS: dict[int | type[HTTPException], tuple[str, str, str]] = {
    400: ("BAD_REQUEST", "This request cannot be understood.", "Load the page again."),
    404: ("NOT_FOUND", "There is no such page.", "It may have been removed, or the address is mistyped."),
    ClientDisconnected: ("UPLOAD_INCOMPLETE", "The upload broke off before its end.", "Hand the file in again."),
    405: ("METHOD", "This address does not work in that way.", "Use the pages of this service."),
    413: ("TOO_LARGE", "This is larger than is allowed here.", "Split the text, or ask for a higher limit."),
    415: ("TYPE_MISMATCH", "This kind of request is not understood here.", "Load the page again."),
    429: ("TOO_MANY_ATTEMPTS", "Too many attempts.", "Wait five minutes, then try again."),
}


def configure(app: Flask) -> None:
    """Register the handlers."""
    app.before_request(_number)
    app.register_error_handler(PasserelleError, of_ours)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, unexpected)


def _number() -> None:
    g.request_id = secrets.token_hex(8)


def of_ours(error: PasserelleError) -> Response:
    """An error that a person can read: it says itself what happened and what to do."""
    if isinstance(error, SignInNeeded) and request.method == "GET" and not wants_json():
        return make_response(redirect(url_for("auth.sign_in_form", next=request.full_path.rstrip("?")), code=303))
    said = (sentence(error.message), sentence(error.where), sentence(error.todo))
    problem = Problem(status_of(error), error.code, *said)
    return answer(problem, details_of(error))


def details_of(error: PasserelleError) -> dict[str, Any]:
    """What an error carries beside its words."""
    if isinstance(error, StaleVersion):
        versions = {"base": version_values(error.base), "theirs": version_values(error.theirs)}
        return {"conflict": {**versions, "mine": error.mine}}
    if isinstance(error, SegmentMerged):
        return {"into": error.into, "position": error.position}
    if isinstance(error, AlreadyHere):
        return {"release_id": error.release_id, "location": url_for("releases.show", release_id=error.release_id)}
    if isinstance(error, NotReady):
        return {"waiting": error.waiting}
    return {}


def of_http(error: HTTPException) -> Response:
    """An error of HTTP, in our words: nothing of the request is repeated."""
    status = error.code or 500
    if isinstance(error, SecurityError):  # the host name: there is no address of ours to build a page with
        return Response("This service does not answer to that host name. [HOST_UNKNOWN]\n", 400, mimetype="text/plain")
    if error.response is not None or status < 400:
        return make_response(error.get_response())
    code, message, todo = WORDS.get(type(error)) or WORDS.get(
        status, (f"HTTP_{status}", "This request cannot be answered.", "Try again.")
    )
    code = "CSRF_FAILED" if type(error).__name__ == "CSRFError" else code
    response = answer(Problem(status, code, sentence(message), todo=sentence(todo)))
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def unexpected(error: Exception) -> Response:
    """A fault of ours: the log has it under the number that the page shows, and the page shows nothing else of it."""
    number = _request_id()
    log.error("request %s failed: %s %s", number, request.method, request.endpoint, exc_info=error)
    message, todo = "Something went wrong on our side.", "Tell an administrator the number below."
    return answer(Problem(500, "INTERNAL", sentence(message), todo=sentence(todo), number=number))


def answer(problem: Problem, details: dict[str, Any] | None = None) -> Response:
    """The problem as a page, or as JSON to who asked for that."""
    if wants_json():
        body = {"code": problem.code, "message": problem.message, "where": problem.where, "todo": problem.todo}
        response = jsonify({**body, "request_id": _request_id(), **(details or {})})
    else:
        response = make_response(render(problem))
    response.status_code = problem.status
    if problem.status == 503:
        response.headers["Retry-After"] = "2"
    return response


def wants_json() -> bool:
    """Whether the caller is a script that reads JSON."""
    return request.is_json or "application/json" in request.headers.get("Accept", "")


def _request_id() -> str:
    number: str = g.get("request_id") or secrets.token_hex(8)
    return number
