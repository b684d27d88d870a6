"""The one way by which this product opens a URL: guarded, bounded, polite. Only workers and the command line use it.

`fetch` asks for one address and gives bytes, or a refusal (`UrlRefused`) or a failure (`UrlFailed`) with a stable code.
A house test and an import contract keep every other module from opening URLs, and the web process from coming here.
"""

from service.fetch.answers import Fetched, Known
from service.fetch.asking import FEEDS, PAGES, TEXTS, fetch

__all__ = ["FEEDS", "PAGES", "TEXTS", "Fetched", "Known", "fetch"]
