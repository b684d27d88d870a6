"""How a project cuts its texts into segments: its own rules, tried out, changed, brought in and handed out as SRX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, get_args

from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import WrongState
from service.storage import audit
from service.storage.projects import Project, get_project
from service.storage.releases import get_segment
from service.storage.segmentation import SegmentationRules, rules_of
from tm.errors import InputError, TooLarge
from tm.text.rules import Rule, RuleSet
from tm.text.rules.own import OwnRules
from tm.text.segment import split
from tm.types import Language

if TYPE_CHECKING:
    from tm.exchange.srx import RuleFile

LONGEST_TRIAL = 20_000  # characters of a text that rules are tried on


def rules_for(session: Session, project: int | None) -> RuleSet:
    """The rules by which a project's texts are cut; without a project, none beside those of the languages."""
    found = rules_of(session, project) if project is not None else {}
    return RuleSet(**{language: _own(row).values() for language, row in found.items()})


def _own(row: SegmentationRules | None) -> OwnRules:
    if row is None:
        return OwnRules()
    return OwnRules(tuple(row.never), tuple(row.always), tuple(Rule(**rule) for rule in row.rules), row.cascade)


def see(session: Session, actor: Actor, number: int) -> tuple[Project, dict[Language, tuple[OwnRules, int]]]:
    """A project of the actor's, and for each language its rules with their version (0: never changed). Raises
    NotFound."""
    require(actor, "segmentation.see")
    project = get_project(session, number, sight_of(actor).person_id)
    found = rules_of(session, number)
    return project, {
        language: (_own(row := found.get(language)), row.version if row else 0) for language in get_args(Language)
    }


def change(session: Session, actor: Actor, number: int, language: Language, own: OwnRules, *, seen: int) -> int:
    """Put other rules in the place of those of version `seen`; returns the new version. Texts that are here already
    stay as they were cut.

    Raises NotFound, WrongState STALE_RULES, and InputError RULE_PATTERN, RULES_TOO_MANY, LINE_TOO_LONG, TOO_MANY_LINES.
    """
    require(actor, "segmentation.change")
    get_project(session, number, sight_of(actor).person_id)
    own.values()
    return _put(session, actor, number, language, own, seen)


def _put(session: Session, actor: Actor, number: int, language: Language, own: OwnRules, seen: int) -> int:
    row = session.get(SegmentationRules, (number, language), with_for_update=True)
    if (row.version if row else 0) != seen:
        raise WrongState(
            "Somebody has changed these rules meanwhile.",
            code="STALE_RULES",
            todo="What you have written is still here: compare it with the rules as they are now, and save again.",
        )
    if row is None:
        row = SegmentationRules(project=number, language=language, version=0)
        session.add(row)
    row.never, row.always, row.cascade = list(own.never), list(own.always), own.cascade
    row.rules = [asdict(rule) for rule in own.rules]
    row.version, row.changed_by = seen + 1, actor.id
    session.flush()
    counts = {"never": len(own.never), "always": len(own.always), "rules": len(own.rules)}
    audit.record(session, actor.id, "changed segmentation", "project", str(number), language=language, **counts)
    return row.version


def try_out(session: Session, actor: Actor, number: int, language: Language, own: OwnRules, text: str) -> list[str]:
    """The segments that these rules, saved or not, cut a text into: each line of it stands alone. Raises NotFound,
    TooLarge, and what `change` raises for rules."""
    require(actor, "segmentation.see")
    get_project(session, number, sight_of(actor).person_id)
    if len(text) > LONGEST_TRIAL:
        raise TooLarge(f"A trial takes at most {LONGEST_TRIAL:,} characters.", code="TEXT_TOO_LONG")
    rules = own.values()
    return [line[span.start : span.end] for line in text.splitlines() for span in split(line, language, rules=rules)]


def never_after(session: Session, actor: Actor, number: int, language: Language, word: str) -> None:
    """Make it a lasting rule that no sentence ends after a word. Raises what `change` raises."""
    _, found = see(session, actor, number)
    own, seen = found[language]
    if word.strip() and word.strip() not in own.never:
        change(session, actor, number, language, replace(own, never=(*own.never, word.strip())), seen=seen)


def never_after_in(session: Session, actor: Actor, segment_id: str, word: str) -> None:
    """The same for the project and the language of a segment. Raises WrongState NO_PROJECT for a release that is in
    none."""
    segment = get_segment(session, segment_id, sight_of(actor))
    if segment.release.project is None:
        raise WrongState("Rules belong to a project, and this release is in none.", code="NO_PROJECT")
    never_after(session, actor, segment.release.project, "en" if segment.carried_over else "fr", word)


def take_in(session: Session, actor: Actor, number: int, data: bytes, *, on_top: bool) -> dict[Language, int]:
    """Put the rules of an SRX file in the place of the project's, for each language that it has rules for; returns how
    many. `on_top`: what they leave open, the rules that come with the languages decide. Raises what `change` and
    `tm.exchange.srx.read` raise."""
    from tm.exchange import srx

    require(actor, "segmentation.change")
    _, found = see(session, actor, number)
    file, counts = srx.read(data), {}
    for language, (_, seen) in found.items():
        read = file.rules(language, on_top=on_top)
        if read.rules:
            _put(session, actor, number, language, OwnRules.read(read, language), seen)
            counts[language] = len(read.rules)
    if not counts:
        raise InputError("The file has rules neither for French nor for English.", code="SRX_OTHER_LANGUAGES")
    return counts


def hand_out(session: Session, actor: Actor, number: int) -> tuple[Project, bytes]:
    """All rules by which the project's texts are cut, those of the languages included, as SRX 2.0."""
    from tm.exchange import srx

    project, found = see(session, actor, number)
    return project, srx.write(_file({language: own for language, (own, _) in found.items()}))


def _file(found: Mapping[Language, OwnRules]) -> RuleFile:
    from tm.exchange.srx import RuleFile

    groups = tuple((str(language), own.whole(language)) for language, own in found.items())
    return RuleFile(groups, tuple((f"{language}.*", str(language)) for language in found), cascade=False)
