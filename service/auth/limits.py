"""How often somebody may try to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

if TYPE_CHECKING:
    from service.settings import Settings

PER_ACCOUNT = "10 per 5 minutes"
PER_ADDRESS = "100 per 5 minutes"


def limit_attempts(app: Flask, settings: Settings, endpoint: str) -> None:
    """Bound the failed attempts at `endpoint`, for each account from each address, and for each address.

    Counts are kept in Redis, or embedded in this process; while Redis is away, in this process as well.
    """
    from flask_limiter import Limiter
    from flask_limiter.util import get_remote_address

    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=settings.redis_url.replace("redis+socket:", "redis+unix:") or "memory://",
        in_memory_fallback_enabled=bool(settings.redis_url),
        strategy="moving-window",
    )
    view: Any = app.view_functions[endpoint]
    for rate, key in ((PER_ACCOUNT, _account), (PER_ADDRESS, get_remote_address)):
        view = limiter.limit(rate, key_func=key, deduct_when=_failed)(view)
    app.view_functions[endpoint] = view


def _account() -> str:
    email = request.form.get("email", "").strip().lower()[:254]
    return f"{request.remote_addr} {email}"


def _failed(response: Response) -> bool:
    return response.status_code >= 400
