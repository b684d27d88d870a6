"""Requests as our doors get them."""

from __future__ import annotations

from typing import Any

from flask import Request


class WholeRequest(Request):
    """A request whose body is all of it: one that breaks off before its Content-Length raises ClientDisconnected where
    it is read. gunicorn ends such a body as if it were whole and says that it watches the end, so that Werkzeug does
    not: half a text would be taken for the text."""

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        if environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            environ.pop("wsgi.input_terminated", None)
        super().__init__(environ, *args, **kwargs)
