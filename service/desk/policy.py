"""Who may do what: one table. A door names an action; the table says which roles it is for.

Administrators run the instance; they see names and counts, not texts, unless they hold another role as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import Forbidden
from service.storage.releases import Segment

T, R, E, A = "translator", "reviewer", "editor", "admin"
EVERYBODY = frozenset({T, R, E, A})
WORKERS_ON_TEXT = frozenset({T, R, E})
SECOND_EYES = frozenset({R, E})

TABLE: dict[str, frozenset[str]] = {
    "release.list": EVERYBODY,
    "release.see": WORKERS_ON_TEXT,
    "release.progress": WORKERS_ON_TEXT,
    "release.add": WORKERS_ON_TEXT,
    "release.original": SECOND_EYES,
    "release.export": SECOND_EYES,
    "release.assign": SECOND_EYES,
    "release.analyse": WORKERS_ON_TEXT,
    "release.publish": frozenset({E}),
    "segment.draft": WORKERS_ON_TEXT,
    "segment.edit": WORKERS_ON_TEXT,
    "segment.cut": WORKERS_ON_TEXT,
    "segment.approve": SECOND_EYES,
    "segment.send-back": SECOND_EYES,
    "segment.reopen": SECOND_EYES,
    "segment.approve-all": SECOND_EYES,
    "segment.bulk": WORKERS_ON_TEXT,
    "presence.tell": WORKERS_ON_TEXT,
    "finding.intend": WORKERS_ON_TEXT,
    "comment.write": WORKERS_ON_TEXT,
    "notice.see": EVERYBODY,
    "notice.read": EVERYBODY,
    "publication.see": EVERYBODY,
    "publication.download": EVERYBODY,
    "publication.withdraw": frozenset({E}),
    "publication.open": frozenset({E}),
    "publication.correct": frozenset({E}),
    "publication.verify": frozenset({E, A}),
    "house.see": EVERYBODY,
    "house.change": frozenset({E, A}),
    "release.return": WORKERS_ON_TEXT,
    "memory.see": WORKERS_ON_TEXT,
    "memory.concordance": WORKERS_ON_TEXT,
    "memory.edit": SECOND_EYES,
    "memory.import": frozenset({E}),
    "memory.export": frozenset({E}),
    "memory.rebuild": frozenset({E, A}),
    "term.see": WORKERS_ON_TEXT,
    "term.propose": WORKERS_ON_TEXT,
    "term.edit": SECOND_EYES,
    "term.import": frozenset({E}),
    "term.export": frozenset({E}),
    "run.see": EVERYBODY,
    "run.retry": EVERYBODY,
    "run.stop": frozenset({E, A}),
    "schedule.start": frozenset({E, A}),
    "refresh.see": EVERYBODY,
    "refresh.start": frozenset({E, A}),
    "evaluation.see": EVERYBODY,
    "evaluation.start": frozenset({E, A}),
    "source.see": frozenset({E, A}),
    "source.manage": frozenset({E}),
    "source.start": frozenset({E, A}),
    "alignment.see": SECOND_EYES,
    "alignment.submit": frozenset({E}),
    "alignment.review": SECOND_EYES,
    "project.see": EVERYBODY,
    "project.manage": frozenset({E, A}),
    "segmentation.see": WORKERS_ON_TEXT,
    "segmentation.change": frozenset({E}),
    "keys.see": EVERYBODY,
    "keys.change": EVERYBODY,
    "language.change": EVERYBODY,
    "people.see": frozenset({A}),
    "people.manage": frozenset({A}),
    "audit.see": EVERYBODY,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person with the roles that count for this request, and the language of their screens, if chosen."""

    id: str
    name: str
    email: str
    roles: frozenset[str]
    language: str = ""

    @property
    def sees_all_jobs(self) -> bool:
        """Whether runs and audit rows of others are shown: to editors with content, to administrators as counts."""
        return bool(self.roles & {E, A})


def may(actor: Actor, action: str) -> bool:
    """Whether one of the actor's roles allows the action. Raises KeyError for an action without a row."""
    return bool(actor.roles & TABLE[action])


def require(actor: Actor, action: str) -> None:
    """Raise Forbidden unless the actor may do this."""
    if not may(actor, action):
        who = " or ".join(sorted(TABLE[action]))
        raise Forbidden("Your role does not allow this.", todo=f"Ask somebody who is {who}.")


def may_approve(actor: Actor, segment: Segment) -> bool:
    """Whether the actor may approve this segment as it stands: the role, and not their own text."""
    return may(actor, "segment.approve") and segment.translated_by != actor.id


def require_other_eyes(actor: Actor, segment: Segment) -> None:
    """Raise Forbidden when the actor would approve their own text."""
    if segment.translated_by == actor.id:
        raise Forbidden(
            f"Segment {segment.position} is your own text: somebody else must approve it.",
            code="OWN_TEXT",
            todo="Ask another reviewer.",
        )
