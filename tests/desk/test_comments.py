"""Comments on a segment, who is told of them, and who is not."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.desk import comments, notices, projects, review
from service.desk.people import actor_of
from service.errors import Forbidden, NotFound
from service.storage import audit
from service.storage.comments import open_threads, readers_of, threads_on
from service.storage.notices import notices_of, unread_of
from service.storage.people import Person
from tests.factories import make_release, operation
from tm.errors import InputError


@pytest.fixture
def people(session: Session):
    made = {}
    for name, role in (("Anne Roy", "translator"), ("Anne", "reviewer"), ("Zoé", "editor"), ("Ada", "admin")):
        person = Person(email=f"{len(made)}@passerelle.test", name=name, role=role, password_hash="x")
        session.add(person)
        session.flush()
        made[name] = actor_of(person)
    return made


@pytest.fixture
def release(session: Session, people):
    return make_release(session, people["Anne Roy"])


def told(session, actor):
    return [(notice.kind, notice.by.name, notice.segment.position) for notice in notices_of(session, actor.id)]


def test_a_comment_leaves_the_segment_alone_and_is_counted_while_it_is_open(session, people, release):
    segment = release.segments[0]
    made = comments.say(session, people["Anne"], segment.id, "  Is it the Council?  ")
    assert (made.text, segment.version, segment.state) == ("Is it the Council?", 0, "untranslated")
    assert open_threads(session, release.id) == {segment.id: 1}
    comments.settle(session, people["Zoé"], made.id, True)
    assert open_threads(session, release.id) == {}
    assert {row.action for row in audit.about(session, "segment", segment.id)} == {"commented", "settled comment"}


def test_who_is_named_is_told_and_the_longest_name_has_the_place(session, people, release):
    comments.say(session, people["Zoé"], release.segments[1].id, "@anne roy, look; x@Anne is no name of anybody")
    assert told(session, people["Anne Roy"]) == [("mentioned", "Zoé", 2)]
    assert told(session, people["Anne"]) == []


def test_nobody_is_told_of_their_own_words_or_twice(session, people, release):
    comments.say(session, people["Anne"], release.segments[0].id, "@Anne @Zoé @Zoé")
    assert told(session, people["Anne"]) == []
    assert told(session, people["Zoé"]) == [("mentioned", "Anne", 1)]


def test_an_answer_tells_everybody_in_the_thread_and_opens_it_again(session, people, release):
    segment = release.segments[0]
    first = comments.say(session, people["Anne"], segment.id, "Why?")
    comments.settle(session, people["Zoé"], first.id, True)
    assert told(session, people["Anne"]) == [("settled", "Zoé", 1)]
    comments.say(session, people["Anne Roy"], segment.id, "Because, @Zoé.", first.id)
    assert told(session, people["Anne"])[0] == ("answered", "Anne Roy", 1)
    assert told(session, people["Zoé"]) == [("mentioned", "Anne Roy", 1)]
    ((one, two),) = threads_on(session, segment.id)
    assert (one.settled_at, two.thread_id) == (None, first.id)


def test_a_thread_of_another_segment_is_not_answered_here(session, people, release):
    first = comments.say(session, people["Anne"], release.segments[0].id, "Why?")
    with pytest.raises(InputError, match="not on that segment"):
        comments.say(session, people["Anne"], release.segments[1].id, "Because.", first.id)


def test_only_ones_own_words_are_withdrawn_and_their_place_stays(session, people, release):
    made = comments.say(session, people["Anne"], release.segments[0].id, "Oops")
    with pytest.raises(Forbidden):
        comments.withdraw(session, people["Zoé"], made.id)
    comments.withdraw(session, people["Anne"], made.id)
    ((kept,),) = threads_on(session, release.segments[0].id)
    assert (kept.text, kept.withdrawn_at is not None) == ("", True)
    assert open_threads(session, release.id) == {}


@pytest.mark.parametrize(("text", "code"), [("  ", "COMMENT_EMPTY"), ("x" * 4001, "COMMENT_TOO_LONG")])
def test_words_that_are_none_or_too_many_are_refused(session, people, release, text, code):
    with pytest.raises(InputError) as refused:
        comments.say(session, people["Anne"], release.segments[0].id, text)
    assert refused.value.code == code


def test_who_cannot_see_a_release_is_not_named_and_not_told_any_more(session, people, release):
    project = projects.add_project(session, people["Zoé"], "summit", "Summit")
    projects.add_member(session, people["Zoé"], project.number, people["Anne Roy"].email)
    projects.add_member(session, people["Zoé"], project.number, people["Anne"].email)
    release.project = project.number
    session.flush()
    assert "Ada" not in [person.name for person in readers_of(session, release)]
    comments.say(session, people["Anne Roy"], release.segments[0].id, "@Anne")
    projects.remove_member(session, people["Zoé"], project.number, people["Anne"].id)
    with pytest.raises(NotFound):
        comments.say(session, people["Anne"], release.segments[0].id, "Still here?")


def test_a_text_that_is_sent_back_tells_its_translator_once(session, people, release):
    segment = release.segments[0]
    review.save(session, people["Anne Roy"], segment.id, "Text", seen=0, operation=operation(), confirm=True)
    act = operation()
    for _ in range(2):
        review.send_back(session, people["Anne"], segment.id, seen=1, operation=act, reason="No")
    assert told(session, people["Anne Roy"]) == [("sent-back", "Anne", 1)]


def test_notices_are_read_one_by_one_or_all_and_only_by_their_owner(session, people, release):
    for segment in release.segments:
        comments.say(session, people["Zoé"], segment.id, "@Anne")
    anne = people["Anne"]
    first = notices_of(session, anne.id)[0]
    notices.read(session, people["Zoé"], first.id)
    assert unread_of(session, anne.id) == 2
    notices.read(session, anne, first.id)
    assert unread_of(session, anne.id) == 1
    notices.read(session, anne)
    assert unread_of(session, anne.id) == 0
