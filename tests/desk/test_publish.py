"""Publishing: refused until it is right, then immutable."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from service.desk import publish, rendering, review
from service.errors import Forbidden, NotReady, WrongState
from service.publish.content import content_hash, from_canonical
from service.publish.render import FORMATS
from service.storage.releases import Block, Segment
from service.storage.runs import Run
from tests.factories import make_release, operation

TARGETS = ("The Council met.", "It took a <decision>.")


@pytest.fixture
def approved(session, translator, reviewer, release):
    for segment, target in zip(release.segments, TARGETS, strict=True):
        review.save(session, translator, segment.id, target, seen=0, operation=operation(), confirm=True)
        review.approve(session, reviewer, segment.id, seen=1, operation=operation())
    return release


def render_all(session, publication, settings):
    assert rendering.keep(session, *rendering.missing(session, publication.release_id, settings), settings)


def published(session, editor, release, settings):
    return publish.publish(session, editor, release.id, settings=settings)


def test_publishing_is_refused_and_says_which_segments_are_not_approved(session, translator, editor, release, settings):
    first = release.segments[0]
    review.save(session, translator, first.id, TARGETS[0], seen=0, operation=operation(), confirm=True)
    with pytest.raises(NotReady, match="2 segments are not approved: 1, 2") as refused:
        published(session, editor, release, settings)
    assert refused.value.waiting == [1, 2]


def test_an_empty_release_is_not_published(session, translator, editor, settings):
    with pytest.raises(NotReady):
        published(session, editor, make_release(session, translator, ()), settings)


def test_only_an_editor_publishes(session, reviewer, approved, settings):
    with pytest.raises(Forbidden):
        published(session, reviewer, approved, settings)


def test_a_publication_holds_both_texts_under_the_hash_of_its_content(session, editor, approved, settings):
    made = published(session, editor, approved, settings)
    assert approved.state == "published"
    assert made.content_hash == content_hash(made.content)
    assert [segment.en for _, segment in from_canonical(made.content).segments()] == list(TARGETS)
    assert json.loads(made.content)["format"] == "passerelle-content-2"


def test_publishing_twice_is_one_publication(session, editor, approved, settings):
    first = published(session, editor, approved, settings)
    assert published(session, editor, approved, settings).id == first.id


def test_a_published_text_stands(session, reviewer, editor, approved, settings):
    published(session, editor, approved, settings)
    with pytest.raises(WrongState, match="published"):
        review.reopen(
            session, reviewer, approved.segments[0].id, seen=2, operation=operation(), reason="Second thoughts"
        )


@pytest.mark.parametrize("statement", ["UPDATE publication SET title = 'x'", "DELETE FROM publication_file"])
def test_the_database_refuses_to_change_a_publication(session, editor, approved, settings, statement):
    made = published(session, editor, approved, settings)
    render_all(session, made, settings)
    with pytest.raises(DBAPIError, match="append only"):
        session.execute(text(statement))


def test_the_memory_is_asked_to_learn(session, editor, approved, settings):
    published(session, editor, approved, settings)
    kinds = set(session.scalars(select(Run.kind).where(Run.subject == approved.id)))
    assert {"learn", "evaluate"} <= kinds


def test_every_format_is_kept_and_comes_back_byte_for_byte(session, editor, translator, approved, settings):
    made = published(session, editor, approved, settings)
    early = {name: publish.download(session, translator, made, name, settings=settings).data for name in FORMATS}
    render_all(session, made, settings)
    assert {file.format for file in made.files} == set(FORMATS)
    for file in made.files:
        assert publish.download(session, translator, made, file.format, settings=settings).data == early[file.format]
        got = publish.download(session, translator, made, file.format, settings=settings)
        assert (len(got.data), got.filename) == (file.size, file.filename)


def test_the_page_escapes_what_people_wrote(session, editor, approved, settings):
    made = published(session, editor, approved, settings)
    page = publish.download(session, editor, made, "html", settings=settings).data.decode()
    assert "It took a &lt;decision&gt;." in page
    assert '<div lang="fr">' in page
    assert made.content_hash in page


def test_texts_keep_the_structure_of_the_source(session, translator, editor, settings):
    release = make_release(session, translator, ("04 Dec. 2009",))
    block = session.scalars(select(Block).where(Block.release_id == release.id)).one()
    segment = session.scalars(select(Segment).where(Segment.release_id == release.id)).one()
    block.before, block.text, segment.start, segment.end = "\n  ", "• 04 Dec. 2009 -", 2, 14
    release.after = "\r\n"
    segment.target, segment.state = "4 Dec. 2009", "draft"
    session.flush()
    got = publish.export(session, editor, release.id, "txt-en", settings=settings)
    assert got.data.decode() == "\n  • 4 Dec. 2009 -\r\n"


def test_an_unfinished_release_is_not_for_translators_to_export(session, translator, release, settings):
    with pytest.raises(Forbidden):
        publish.export(session, translator, release.id, "html", settings=settings)


def test_the_same_text_has_the_same_hash_whoever_publishes_it(session, translator, reviewer, editor, settings):
    hashes = set()
    for _ in range(2):
        release = make_release(session, translator)
        for segment, target in zip(release.segments, TARGETS, strict=True):
            review.save(session, translator, segment.id, target, seen=0, operation=operation(), confirm=True)
            review.approve(session, reviewer, segment.id, seen=1, operation=operation())
        hashes.add(published(session, editor, release, settings).content_hash)
    assert len(hashes) == 1
