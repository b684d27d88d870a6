"""The style of the house: read by whoever renders, changed by editors and administrators."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.publish.style import HouseStyle
from service.storage import audit
from service.storage.blobs import Blobs
from service.storage.house import House, house_of
from tm.errors import InputError, TooLarge
from tm.store.base import now

if TYPE_CHECKING:
    from lxml import etree

    from service.settings import Settings

LARGEST = 500_000  # bytes of a mark
_ACTIVE = re.compile(r"script|foreignObject|iframe|object|embed|animate|set|handler|listener", re.I)


def style_of(session: Session) -> HouseStyle:
    """The style of the house as it is now."""
    row = house_of(session)
    return replace(HouseStyle.of(row.values), logo=row.logo_blob or "")


def change(
    session: Session,
    actor: Actor,
    values: dict[str, Any],
    *,
    settings: Settings,
    logo: bytes | None = None,
    without_logo: bool = False,
) -> HouseStyle:
    """Change the style; publications that are out keep theirs. `logo`: a PNG or SVG picture. Raises InputError
    (`LOGO_TYPE`, `CHOICE_UNKNOWN`, `TEXT_TOO_LONG`), TooLarge."""
    require(actor, "house.change")
    style = HouseStyle.of(values)
    row = house_of(session)
    if logo:
        _check_logo(logo)
        row.logo_blob = Blobs(settings.blob_folder).put(logo)
    elif without_logo:
        row.logo_blob = None
    kept = style.as_dict()
    del kept["logo"]
    row.values, row.person_id, row.at = kept, actor.id, now()
    session.add(row)
    audit.record(session, actor.id, "changed", "house style", "1")
    session.flush()
    return replace(style, logo=row.logo_blob or "")


def logo_of(session: Session, settings: Settings) -> bytes:
    """The picture of the house's mark, empty where it has none."""
    row: House = house_of(session)
    return Blobs(settings.blob_folder).get(row.logo_blob) if row.logo_blob else b""


def _check_logo(data: bytes) -> None:
    if len(data) > LARGEST:
        raise TooLarge(f"The mark is larger than {LARGEST // 1000} kB.", todo="Make the picture smaller.")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return
    from tm.documents.package import tree

    try:
        root = tree(data, "the mark")
    except InputError:
        root = None
    if root is None or not str(root.tag).endswith("}svg") or _is_active(root):
        raise InputError(
            "The mark is no PNG picture and no plain SVG drawing.", code="LOGO_TYPE", todo="Save it as PNG."
        )


def _is_active(root: etree._Element) -> bool:
    """Whether a drawing holds anything that runs, or refers to anything outside of itself."""
    for element in root.iter():
        if _ACTIVE.search(str(element.tag).rpartition("}")[2]):
            return True
        for name, value in element.attrib.items():
            local = str(name).rpartition("}")[2].lower()
            if local.startswith("on") or (local in ("href", "src") and not str(value).startswith("#")):
                return True
            if "url(" in str(value) and "url(#" not in str(value):
                return True
    return False
