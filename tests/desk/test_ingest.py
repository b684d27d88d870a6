"""A French text arrives, or is refused with a code while nothing is stored."""

import pytest
from sqlalchemy import func, select

from service.desk import ingest, jobs
from service.errors import AlreadyHere, Forbidden
from service.storage.releases import Release
from service.storage.runs import Run
from tm.errors import PasserelleError

TEXT = (
    "Réunion du Conseil\n\n  • 12 mars 2019 -\n  • |\n\n"
    "Le Conseil s’est réuni à Bruxelles. Il a pris une décision importante pour l’Alliance.\n"
)
DATA = TEXT.encode()


def submit(session, actor, settings, data=DATA, filename="a.txt", **more):
    return ingest.submit(session, actor, data, filename=filename, media=None, settings=settings, **more)


def test_a_release_is_received_and_a_run_is_written_with_it(session, translator, settings):
    release = submit(session, translator, settings)
    assert (release.state, release.title, release.media) == ("received", "Réunion du Conseil", "txt")
    assert [run.kind for run in session.scalars(select(Run).where(Run.subject == release.id))] == ["ingest"]


def test_parsing_keeps_every_character(session, translator, settings):
    release = submit(session, translator, settings)
    assert ingest.parse(session, release.id, settings) == 4
    session.expire_all()
    assert release.state == "ingested"
    assert "".join(block.before + block.text for block in release.blocks) + release.after == TEXT
    for block in release.blocks:
        for segment in block.segments:
            assert block.text[segment.start : segment.end] == segment.source
    assert [block.role for block in release.blocks] == ["title", "dateline", "paragraph"]


def test_parsing_twice_is_parsing_once(session, translator, settings):
    release = submit(session, translator, settings)
    ingest.parse(session, release.id, settings)
    assert ingest.parse(session, release.id, settings) == 0
    session.expire_all()
    assert len(release.segments) == 4


def test_the_same_text_is_shown_where_it_is_already(session, translator, settings):
    first = submit(session, translator, settings)
    with pytest.raises(AlreadyHere) as refused:
        submit(session, translator, settings)
    assert refused.value.release_id == first.id
    assert submit(session, translator, settings, again=True).id != first.id


def test_an_administrator_does_not_submit(session, admin, settings):
    with pytest.raises(Forbidden):
        submit(session, admin, settings)


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.txt", "EMPTY_FILE"),
        (" \u00a0\u200b\ufeff\n".encode(), "a.txt", "NO_TEXT"),
        (b"%PDF-1.7 \x00\x01", "a.txt", "TYPE_MISMATCH"),
        (bytes(range(256)) * 8, "a.txt", None),
        ("Le Conseil\0 s’est réuni.".encode(), "a.txt", "CONTROL_CHARACTER"),
        ("Le Conseil s’est réuni hier.".encode("utf-16-le"), "a.txt", None),
        (b"Le " + b"mot " * 300_000, "a.txt", "SEGMENT_TOO_LONG"),
        (b"The Council met in Brussels on Tuesday and took three decisions. " * 5, "a.txt", "LANGUAGE_DOUBT"),
        (b"<html><script>alert(1)</script></html>", "a.html", "NO_TEXT"),
        (b"Le Conseil est l\xc3\xa0. Il a \xe9t\xe9 r\xe9uni \xc3\xa0 Bruxelles.", "a.txt", "ENCODING_UNCLEAR"),
    ],
)
def test_bad_input_has_a_code_and_nothing_is_stored(session, translator, settings, data, filename, code):
    with pytest.raises(PasserelleError) as refused:
        submit(session, translator, settings, data, filename)
    assert code is None or refused.value.code == code
    assert refused.value.message
    session.flush()
    assert session.scalar(select(func.count()).select_from(Release)) == 0
    assert not settings.blob_folder.exists()


def test_an_upload_over_the_limit_names_the_limit(session, translator, make_settings):
    small = make_settings(upload_limit_mb=1)
    with pytest.raises(PasserelleError, match="1 MB") as refused:
        submit(session, translator, small, b"Bonjour. " * 200_000)
    assert refused.value.code == "TOO_LARGE"


def test_hostile_markup_is_text_or_nothing(session, translator, settings):
    page = (
        "<h1>Réunion du Conseil</h1><script>alert('x')</script>"
        "<p onclick='x()'>Le Conseil de l’Alliance &lt;b&gt;s’est réuni&lt;/b&gt; à Bruxelles.</p>"
    )
    release = submit(session, translator, settings, page.encode(), "a.html")
    ingest.parse(session, release.id, settings)
    session.expire_all()
    assert [segment.source for segment in release.segments] == [
        "Réunion du Conseil",
        "Le Conseil de l’Alliance <b>s’est réuni</b> à Bruxelles.",
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.txt", "a.txt"),
        ("a\r\nb.txt", "ab.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
    ],
)
def test_a_name_is_only_shown_never_used(given, shown):
    assert ingest.clean_name(given) == shown


def test_a_failed_release_does_not_stand_in_the_way(session, translator, settings):
    first = submit(session, translator, settings)
    run = session.scalars(select(Run)).one()
    jobs.fail(session, jobs.claim(session, run.id, settings), "X", "Why.")
    session.expire_all()
    assert submit(session, translator, settings).id != first.id
