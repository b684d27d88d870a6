"""How sources, their pages and what goes wrong with them are called on the screen."""

from __future__ import annotations

from service.desk.visits import counts_of
from service.storage.sources import SourceVisit
from service.web.languages import say
from service.web.words import plural

KINDS = {"feed": "RSS or Atom feed", "sitemap": "sitemap", "list": "list of addresses", "folder": "folder"}
HOW = {
    "list": "named together in the list",
    "hreflang": "declared by the page or its site",
    "link": "linked as the other language",
    "address": "addresses alike but for the language",
    "figures": "the same date and figures",
}
STATES = {
    "read": "without a partner",
    "unreadable": "cannot be read",
    "refused": "not fetched",
    "failed": "did not come",
    "vanished": "gone",
}
# the nearest of the states that the stylesheet has a colour for
COLOURS = {"read": "untranslated", "unreadable": "draft", "refused": "draft", "failed": "failed", "vanished": "failed"}
CODES = {
    "ALIGNMENT_POOR": "the two texts do not say the same",
    "ENCODING_UNCLEAR": "its character encoding is unclear",
    "FILE_GONE": "the file is not there any more",
    "HOST_BUSY": "its host asks to be left alone for now",
    "LISTING_DTD": "the list declares entities, which no feed needs",
    "LISTING_INVALID": "neither a feed nor a sitemap",
    "NO_TEXT": "no text was found on it",
    "OTHER_SITE": "it lies on another site than the source",
    "PAGE_CUT": "it breaks off before its end",
    "PAIR_LANGUAGE": "one of the two is in the wrong language",
    "PAIR_SWAPPED": "French and English are the other way round",
    "READ_FAILED": "the reader gave up on it",
    "READ_TIMEOUT": "reading it took too long",
    "ROBOTS_REFUSED": "its host does not want it to be fetched",
    "ROBOTS_UNREACHABLE": "its host’s robots.txt cannot be read",
    "TOO_LARGE": "it is too large",
    "TYPE_MISMATCH": "it is something else than text",
    "URL_BOMB": "it unpacks to a hundred times its size",
    "URL_CREDENTIALS": "there is a password in the address",
    "URL_ENCODING": "it is packed in a way that is not read",
    "URL_HOST": "its host is no name, or imitates another",
    "URL_INCOMPLETE": "it broke off before its end",
    "URL_INVALID": "this is no web address",
    "URL_PORT": "its port is not one that is fetched from",
    "URL_PRIVATE": "it is not on the open internet",
    "URL_REDIRECT": "it redirects where nothing is fetched",
    "URL_SCHEME": "it begins neither with http:// nor https://",
    "URL_TIMEOUT": "it took too long",
    "URL_TLS": "the server cannot prove who it is",
    "URL_TOO_LARGE": "it is too large",
    "URL_TYPE": "it is not text of the kind that is read",
    "URL_UNREACHABLE": "the server cannot be reached",
    "URL_UNRESOLVED": "there is no such host",
}


def why(code: str | None) -> str:
    """What a code means, as the end of a sentence."""
    if code and code.startswith("HTTP_"):
        return say("the server answers with status {0}", code.removeprefix("HTTP_"))
    return say(CODES.get(code or "", "it could not be used"))


def summary(visit: SourceVisit) -> list[str]:
    """What a visit found, in plain words, the most important first."""
    if visit.code:
        return [say("The list could not be read: {0}.", why(visit.code))]
    counts = counts_of(visit)
    said = [
        (counts["paired"], plural(counts["paired"], "new pair of pages", "new pairs of pages")),
        (counts["paired_again"], say("{0} that had changed", plural(counts["paired_again"], "pair"))),
        (counts["added"], say("{0} learned", plural(counts["added"], "unit"))),
        (counts["superseded"], say("{0} superseded", plural(counts["superseded"], "unit"))),
        (counts["doubtful"], plural(counts["doubtful"], "doubtful bead waits", "doubtful beads wait")),
        (counts["vanished"], say("{0} gone", plural(counts["vanished"], "page"))),
        (counts["unpaired"], say("{0} refused", plural(counts["unpaired"], "pair"))),
    ]
    trouble = counts["refused"] + counts["failed"] + counts["unreadable"]
    parts = [text for number, text in said if number]
    parts += [say("{0} with trouble", plural(trouble, "page"))] if trouble else []
    rest = say("{0} unchanged", plural(counts["unchanged"], "page"))
    return [*parts, rest] if counts["unchanged"] else parts or [say("Nothing was found.")]
