"""What stands against an approval, and what of it is meant."""

from __future__ import annotations

import pytest

from service.desk import bulk, checking, projects, review, styling
from service.desk.checking import findings_in
from service.errors import FindingsOpen
from tests.factories import make_person, make_release, operation
from tm.errors import InputError

SOURCES = ["Le Conseil a accueilli 12 pays.", "Le Conseil a accueilli 12 pays.", "Les ministres se sont réunis hier."]
WRONG, DOUBTFUL, RIGHT = (
    "The Council hosted 21 nations.",
    "The Council hosted  12 nations.",
    "The Council hosted 12 nations.",
)


@pytest.fixture
def release(session, translator):
    return make_release(session, translator, SOURCES)


def confirm(session, actor, segment, text):
    return review.save(session, actor, segment.id, text, seen=segment.version, operation=operation(), confirm=True)


def approve(session, actor, segment, **more):
    return review.approve(session, actor, segment.id, seen=segment.version, operation=operation(), **more)


def test_an_error_blocks_an_approval_whatever_is_acknowledged(session, translator, reviewer, release):
    segment = confirm(session, translator, release.segments[0], WRONG)
    for acknowledged in (False, True):
        with pytest.raises(FindingsOpen) as refused:
            approve(session, reviewer, segment, acknowledged=acknowledged)
        assert (refused.value.code, refused.value.count) == ("FINDINGS_OPEN", 1)
    assert segment.state == "translated"
    confirm(session, translator, segment, RIGHT)
    assert approve(session, reviewer, segment).state == "approved"


def test_a_warning_asks_once(session, translator, reviewer, release):
    segment = confirm(session, translator, release.segments[0], DOUBTFUL)
    with pytest.raises(FindingsOpen) as refused:
        approve(session, reviewer, segment)
    assert refused.value.code == "FINDINGS_ASK"
    assert approve(session, reviewer, segment, acknowledged=True).state == "approved"


def test_what_is_meant_is_remembered_for_the_source_and_the_code_with_its_reason(
    session, translator, reviewer, release
):
    first, second, _ = release.segments
    for segment in (first, second):
        confirm(session, translator, segment, WRONG)
    checking.intend(session, translator, first.id, "NUMBER", "the French was wrong")
    checking.intend(session, reviewer, first.id, "NUMBER", "twice is once")
    for segment in (first, second):
        found = checking.findings_in(session, segment)
        assert [(one.code, said.reason) for one, said in found.intended] == [("NUMBER", "the French was wrong")]
        assert found.open == []
    assert approve(session, reviewer, second).state == "approved"
    checking.withdraw(session, reviewer, first.id, "NUMBER")
    with pytest.raises(FindingsOpen):
        approve(session, reviewer, first)
    checking.intend(session, reviewer, first.id, "NUMBER", "after all")
    assert checking.findings_in(session, first).intended[0][1].reason == "after all"


def test_a_project_remembers_for_itself(session, editor, release):
    project = projects.add_project(session, editor, "visites", "Visites")
    own = make_release(session, editor, SOURCES)
    own.project = project.number
    session.flush()
    for one in (release, own):
        confirm(session, editor, one.segments[0], WRONG)
    checking.intend(session, editor, own.segments[0].id, "NUMBER", "ours")
    assert checking.findings_in(session, own.segments[0]).open == []
    assert [one.code for one in checking.findings_in(session, release.segments[0]).open] == ["NUMBER"]


@pytest.mark.parametrize(("code", "reason"), [("NOTHING", "why"), ("SENTENCES", "why"), ("NUMBER", " ")])
def test_what_cannot_be_meant_is_refused(session, translator, release, code, reason):
    with pytest.raises(InputError):
        checking.intend(session, translator, release.segments[0].id, code, reason)


def codes(session, segment, text=None):
    return [one.code for one in checking.findings_in(session, segment, text).open]


def test_one_source_with_two_translations_and_two_sources_with_one(session, translator, release):
    first, second, third = release.segments
    confirm(session, translator, first, RIGHT)
    assert codes(session, second, "The Council received 12 countries.") == ["SAME_SOURCE"]
    assert codes(session, second, RIGHT) == []
    assert codes(session, third, RIGHT)[-1] == "SAME_TARGET"


def test_a_fuzzy_match_that_was_confirmed_unedited_is_told(session, translator, reviewer, release):
    segment = confirm(session, translator, release.segments[0], RIGHT)
    segment.origin, segment.match_rate, segment.distance = "tm", 85, 0
    session.flush()
    assert codes(session, segment) == ["UNEDITED_FUZZY"]
    assert codes(session, segment, RIGHT + " ") == []
    segment.distance = 3
    session.flush()
    assert codes(session, segment) == []


def test_bulk_approval_leaves_what_has_an_error_and_asks_about_warnings(session, translator, reviewer, release):
    for segment, text in zip(release.segments, (WRONG, DOUBTFUL, "Ministers met yesterday."), strict=True):
        confirm(session, translator, segment, text)
    checking.intend(session, translator, release.segments[0].id, "SAME_SOURCE", "for this test")
    seen = {one.id: one.version for one in release.segments}
    told = bulk.foresee(session, reviewer, release.id, bulk.Bulk("approve"), seen)
    assert [position for position, _ in told.left] == [1, 2]
    assert [why.split(":")[0] for _, why in told.left] == ["has an error", "has a warning"]
    told = bulk.do(session, reviewer, release.id, bulk.Bulk("approve", acknowledged=True), seen, operation())
    assert [position for position, _ in told.left] == [1]
    third = make_person(session, "reviewer")
    assert [position for position, _ in review.approve_all(session, third, release.id).left] == [1]


def test_what_is_not_written_as_the_house_writes_it_asks(session, translator, editor, release, settings):
    first = release.segments[0]
    text = "The ‘defense’ council met."
    review.save(session, translator, first.id, text, seen=0, operation=operation(), confirm=True)
    found = {
        one.code: one.mend.text for one in findings_in(session, first).open if one.code in ("SPELLING", "QUOTE_STYLE")
    }
    assert found == {"SPELLING": "defence", "QUOTE_STYLE": "“defense”"}
    styling.change(session, editor, {"spelling": "en-US", "quotes": "single"}, settings=settings)
    assert not {"SPELLING", "QUOTE_STYLE"} & {one.code for one in findings_in(session, first).open}
