"""Who is where: told, heard by others, and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from service.desk import presence, projects, review
from service.errors import NotFound
from service.storage.presence import LASTS, VISIT, Presence, changed_since
from tests.factories import make_person, make_release, operation


def test_others_are_heard_with_their_segment_and_oneself_is_not(session: Session) -> None:
    first, second = make_person(session, name="Anne"), make_person(session, name="Boris")
    release = make_release(session, first)
    assert presence.tell(session, first, release.id, release.segments[0].id) == []
    (other,) = presence.tell(session, second, release.id, None)
    assert (other.person.name, other.segment_id) == ("Anne", release.segments[0].id)
    (other,) = presence.tell(session, first, release.id, release.segments[1].id)
    assert (other.person.name, other.segment_id) == ("Boris", None)


def test_who_has_not_been_heard_of_for_a_while_is_not_there(session: Session) -> None:
    first, second = make_person(session), make_person(session)
    release = make_release(session, first)
    presence.tell(session, first, release.id, None)
    row = session.get_one(Presence, (first.id, release.id))
    row.at -= LASTS + timedelta(seconds=1)
    assert presence.tell(session, second, release.id, None) == []
    presence.tell(session, first, release.id, None)  # back again
    assert len(presence.tell(session, second, release.id, None)) == 1


def test_a_segment_of_another_release_counts_as_none(session: Session) -> None:
    first, second = make_person(session), make_person(session)
    release, foreign = make_release(session, first), make_release(session, first)
    presence.tell(session, first, release.id, foreign.segments[0].id)
    (other,) = presence.tell(session, second, release.id, None)
    assert other.segment_id is None


def test_a_release_of_a_project_is_told_to_its_members_alone(session: Session) -> None:
    editor, member, stranger = make_person(session, "editor"), make_person(session), make_person(session)
    project = projects.add_project(session, editor, "summit", "Summit")
    projects.add_member(session, editor, project.number, member.email)
    release = make_release(session, member)
    release.project = project.number
    session.flush()
    presence.tell(session, member, release.id, None)
    with pytest.raises(NotFound):
        presence.tell(session, stranger, release.id, None)


def test_what_others_have_changed_since_the_visit_before_is_known_for_the_whole_of_this_visit(session: Session) -> None:
    reader, other = make_person(session, "reviewer"), make_person(session)
    release = make_release(session, other)
    first, second = release.segments
    assert changed_since(session, release.id, reader.id) == set()  # never here: nothing has changed for them
    presence.tell(session, reader, release.id, None)
    row = session.get_one(Presence, (reader.id, release.id))
    row.at -= VISIT + timedelta(minutes=1)
    review.save(session, other, first.id, "Text", seen=0, operation=operation())
    review.save(session, reader, second.id, "Mine", seen=0, operation=operation())
    assert changed_since(session, release.id, reader.id) == {first.id}
    for _ in range(2):  # the page says that it is there, and is loaded again
        presence.tell(session, reader, release.id, None)
        assert changed_since(session, release.id, reader.id) == {first.id}
