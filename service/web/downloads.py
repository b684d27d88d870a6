"""Files leave as attachments: saved by the browser, never shown inside this site."""

from __future__ import annotations

import io

from flask import Response, send_file


def attachment(data: bytes, filename: str, media_type: str) -> Response:
    """An answer that is saved under `filename`. Should it be shown all the same, nothing in it may run."""
    response = send_file(io.BytesIO(data), media_type, as_attachment=True, download_name=filename, etag=False)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
