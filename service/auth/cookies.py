"""The two cookies: the sign-in token, and the signed one that carries the form token."""

from __future__ import annotations

from flask import Flask, Response, request

from service.auth.house import house
from service.settings import Settings


def _named(settings: Settings, name: str) -> str:
    # a browser takes a __Host- cookie from this very host alone, over HTTPS alone
    return f"__Host-{name}" if settings.cookies_secure else name


def configure(app: Flask, settings: Settings) -> None:
    """Set up the cookie that Flask signs."""
    app.config.update(
        SECRET_KEY=settings.signing_key,
        SESSION_COOKIE_NAME=_named(settings, "passerelle-form"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookies_secure,
    )


def token() -> str:
    """The sign-in token that the request carries, or ""."""
    return request.cookies.get(_named(house().settings, "passerelle"), "")


def hand_over(response: Response, new_token: str) -> None:
    """Give the browser a sign-in token; it goes when the browser is closed, or when the sign-in ends here."""
    settings = house().settings
    response.set_cookie(
        _named(settings, "passerelle"),
        new_token,
        httponly=True,
        samesite="Lax",
        secure=settings.cookies_secure,
        max_age=settings.session_hours * 3600,
    )


def take_back(response: Response) -> None:
    """Have the browser forget its sign-in token."""
    settings = house().settings
    response.delete_cookie(
        _named(settings, "passerelle"), secure=settings.cookies_secure, httponly=True, samesite="Lax"
    )
