"""From one version of a text to the next: what stands is carried over as approved, what changed is open again, with
what it said before."""

from __future__ import annotations

from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import states
from service.storage.publications import Publication
from service.storage.releases import History, Release, Segment, get_release
from tm.store.base import new_id
from tm.text.codes import renumbered

CARRIED = "target origin match_rate distance translated_by translated_at approved_by approved_at".split()


def carry_over(session: Session, release: Release) -> int:
    """After a new version was cut into segments: approve what stands as it stood, and keep beside each other segment
    what was said before in its place. Returns how many were carried over."""
    publication = session.get(Publication, release.corrects_id) if release.corrects_id else None
    if publication is None:
        return 0
    old = list(get_release(session, publication.release_id).segments)
    new = list(session.scalars(select(Segment).where(Segment.release_id == release.id).order_by(Segment.position)))
    match = SequenceMatcher(None, [one.source for one in old], [one.source for one in new], autojunk=False)
    carried = 0
    for kind, start, end, first, last in match.get_opcodes():
        if kind == "equal":
            for before, after in zip(old[start:end], new[first:last], strict=True):
                carried += _carry(session, before, after)
        else:
            for before, after in zip(old[start:end], new[first:last], strict=False):
                after.earlier_source = before.source
                after.earlier_target = renumbered(before.target, before.source, after.source)
    session.flush()
    if carried == len(new) and states.release_moves(release.state, "approve"):
        release.state = states.release_after(release.state, "approve")
    return carried


def _carry(session: Session, before: Segment, after: Segment) -> bool:
    if before.state != "approved":
        return False
    after.state, after.version = states.segment_after(after.state, "carry"), 1
    for name in CARRIED:
        setattr(after, name, getattr(before, name))
    after.carried_from = before.id
    session.add(
        History(
            segment_id=after.id,
            version=1,
            operation=new_id(),
            action="carry",
            target=after.target,
            state=after.state,
            person_id=after.approved_by,
        )
    )
    return True
