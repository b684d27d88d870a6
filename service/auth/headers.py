"""Headers of every answer, and the check that a change was asked for by a page of ours."""

from __future__ import annotations

from flask import Flask, Response, request

from service.auth.guard import SAFE
from service.errors import Forbidden

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def configure(app: Flask) -> None:
    """Put the checks before, and the headers after, every request."""
    app.before_request(refuse_other_sites)
    app.after_request(harden)


def refuse_other_sites() -> None:
    """A browser says where a request comes from; a change that another site asked for is refused.

    `Origin` is not looked at: under `Referrer-Policy: no-referrer` browsers send `null` for our own forms.
    """
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise Forbidden("Another site asked for this change.", code="OTHER_SITE", todo="Use the pages of this service.")


def harden(response: Response) -> Response:
    """Set the headers that do not depend on the page; a view may have set a stricter policy for a download."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
