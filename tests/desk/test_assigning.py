"""Who is asked to work on a release: told, shown what waits for them by its day, and kept from nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.desk import assigning, jobs, projects, review
from service.errors import Forbidden
from service.storage.notices import notices_of
from service.storage.people import Person
from service.storage.work import failed_of, waiting_for
from tests.factories import make_person, make_release, operation
from tm.errors import InputError
from tm.store.base import now

TODAY = now().date()


@pytest.fixture(autouse=True)
def signing_in(session, translator, reviewer, editor, admin):
    """Whoever is asked can sign in."""
    for one in (translator, reviewer, editor, admin):
        session.get_one(Person, one.id).password_hash = "a hash"
    session.flush()


def ask(session, actor, release, translator="", reviewer="", due=None):
    return assigning.assign(session, actor, release.id, translator=translator, reviewer=reviewer, due=due)


def kinds(session, person):
    return [(one.kind, one.release_id) for one in notices_of(session, person.id)]


def test_who_is_asked_is_told_once(session, translator, reviewer, editor, release):
    for _ in range(2):
        ask(session, editor, release, translator.id, reviewer.id, TODAY)
    assert kinds(session, translator) == kinds(session, reviewer) == [("assigned", release.id)]
    assert kinds(session, editor) == []
    ask(session, editor, release, "", reviewer.id)
    assert (release.translator_id, release.due) == (None, None)


def test_only_who_sees_the_text_and_has_the_role_is_asked(session, translator, reviewer, editor, admin, release):
    for asked in ({"translator": admin.id}, {"reviewer": translator.id}, {"translator": "nobody"}):
        with pytest.raises(InputError) as refused:
            ask(session, editor, release, **asked)
        assert refused.value.code == "PERSON_UNKNOWN"
    with pytest.raises(InputError) as refused:
        ask(session, editor, release, reviewer.id, reviewer.id)
    assert refused.value.code == "SAME_PERSON"
    release.project = projects.add_project(session, editor, "visites", "Visites").number
    with pytest.raises(InputError):
        ask(session, editor, release, translator.id)
    with pytest.raises(Forbidden):
        ask(session, translator, release)


def test_what_is_asked_waits_by_its_day_and_is_late_after_it(session, translator, reviewer, editor, release):
    later = make_release(session, editor, ["Fin."], title="Plus tard")
    ask(session, editor, later, translator.id, due=TODAY + timedelta(days=1))
    ask(session, editor, release, translator.id, reviewer.id, due=TODAY - timedelta(days=1))
    found = waiting_for(session, translator.id, reviews=False, publishes=False)
    assert [(one.release_id, one.to_translate, one.first, one.overdue) for one in found] == [
        (release.id, 2, 1, True),
        (later.id, 1, 1, False),
    ]
    first = release.segments[0]
    review.save(session, translator, first.id, "The Council met.", seen=0, operation=operation(), confirm=True)
    assert waiting_for(session, translator.id, reviews=False, publishes=False)[0].to_translate == 1
    (one,) = waiting_for(session, reviewer.id, reviews=True, publishes=False)
    assert (one.to_review, one.due, one.overdue) == (1, TODAY - timedelta(days=1), True)
    other = make_person(session, "reviewer")
    (one,) = waiting_for(session, other.id, reviews=True, publishes=False)
    assert (one.to_review, one.due) == (1, None)


def test_a_release_that_is_done_is_not_late(session, editor, release):
    ask(session, editor, release, due=TODAY - timedelta(days=1))
    assert release.overdue
    release.state = "published"
    assert not release.overdue


def test_failed_jobs_wait_until_they_are_tried_again(session, translator, settings, release):
    run = jobs.enqueue(session, "propose", release.id, translator.id)
    claim = jobs.claim(session, run.id, settings)
    jobs.fail(session, claim, "GAVE_UP", "It gave up.")
    session.expire_all()
    assert failed_of(session, translator.id) == 1
    jobs.retry(session, translator, run.id)
    assert failed_of(session, translator.id) == 0


def test_a_mistake_is_sent_back_with_its_kind(session, translator, reviewer, release):
    segment = release.segments[0]
    review.save(session, translator, segment.id, "The Council met.", seen=0, operation=operation(), confirm=True)
    act = {"seen": 1, "operation": operation(), "reason": "SHAPE, not Council"}
    with pytest.raises(InputError):
        review.send_back(session, reviewer, segment.id, **act, category="nothing")
    review.send_back(session, reviewer, segment.id, **act, category="terms")
    assert (segment.state, segment.category) == ("rejected", "terms")
