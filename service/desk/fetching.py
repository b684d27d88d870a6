"""A release from an address: asked for by whoever adds it, fetched by a worker through the one guarded fetch.

What is kept is the main part of the page as HTML, as it was found without navigation and cookie bars; where it came
from, when, in what other languages it stands, is kept beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from service.desk import ingest, jobs
from service.desk.apart import Apart
from service.desk.manners import Manners
from service.desk.segmentation import rules_for
from service.desk.visits import Work
from service.storage.blobs import Blobs
from service.storage.releases import get_release
from tm.store.base import now

if TYPE_CHECKING:
    from service.settings import Settings


def fetch(work: Work, release_id: str, apart: Apart) -> None:
    """Fetch the page of a release that waits for it, keep its main part, and have it cut into segments.

    Raises what the guarded fetch raises (UrlRefused, UrlFailed), and InputError for a page that is no French text. Safe
    to repeat.
    """
    with work.read() as session:
        release = get_release(session, release_id)
        if release.state != "received" or release.blob:
            return
        url, rules = release.provenance["url"], rules_for(session, release.project)
    fetched = Manners(work).fetch(url)
    page = apart.main(fetched.body, url=fetched.url, charset=fetched.charset, whole=fetched.sized)
    data = page.pop("html").encode("utf-8")
    document = ingest.read(data, filename="", media="html", settings=work.settings, rules=rules, coded=True)
    with work.write() as session:
        _keep(session, release_id, data, document.title, _provenance(url, fetched.url, page), work.settings)


def _provenance(asked: str, url: str, page: dict[str, Any]) -> dict[str, Any]:
    versions = [{"language": one["language"], "url": one["url"]} for one in page["versions"]][:20]
    return {
        "url": asked, "address": url, "canonical": page["canonical"], "date": page["date"],
        "language": page["language"], "versions": versions, "fetched_at": now().isoformat(),
    }  # fmt: skip


def _keep(
    session: Session, release_id: str, data: bytes, title: str, provenance: dict[str, Any], settings: Settings
) -> None:
    release = get_release(session, release_id)
    if release.blob:
        return
    release.blob, release.provenance = Blobs(settings.blob_folder).put(data), provenance
    release.title = title or release.title
    jobs.enqueue(session, "ingest", release.id, release.created_by)
