"""Projects: who belongs to which, and what nobody else sees."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from service.desk import ingest, jobs, people, projects, publish, review
from service.desk.projects import sight_of
from service.errors import AlreadyHere, Forbidden, NotFound, WrongState
from service.settings import ROOT
from service.storage import audit, overview, runs
from service.storage.people import Person
from service.storage.projects import Member
from service.storage.publications import get_publication
from service.storage.releases import Draft, Segment, drafts_of, get_release, get_segment, history_of
from service.storage.runs import Run
from service.storage.sight import EVERYTHING, Confined, see_as
from service.storage.standing import newest_first
from tests.factories import make_person, make_release, operation
from tm.errors import InputError
from tm.store.base import Base
from tm.store.units import SHARED, Import


@pytest.fixture
def project(session, editor, translator):
    made = projects.add_project(session, editor, "alpha", "Alpha")
    projects.add_member(session, editor, made.number, translator.email)
    return made


@pytest.fixture
def outsider(session):
    return make_person(session, "editor", "Otto")


@pytest.fixture
def secret(session, release, project):
    release.project = project.number
    session.flush()
    return release


# --- people and projects ----------------------------------------------------------------------------------------------


def test_an_editor_makes_a_project_and_lets_people_in(session, editor, translator, project):
    (circle,) = projects.circles(session, editor)
    assert [member.person.name for member in circle.members] == ["Tania", "Édith"]
    assert (circle.mine, circle.managed) == (True, True)
    projects.rename_project(session, editor, project.number, "Beta")
    assert [one.project.name for one in projects.circles(session, translator)] == ["Beta"]


def test_members_are_added_once_and_every_act_is_written_down(session, editor, translator, project):
    projects.add_member(session, editor, project.number, translator.email.upper())
    assert session.scalar(select(func.count()).select_from(Member)) == 2
    acts = [entry.action for entry in audit.latest(session) if entry.kind == "project"]
    assert acts == ["added member", "added member", "added project"]


def test_others_see_no_project_and_change_none(session, project, outsider, translator):
    assert projects.circles(session, outsider) == []
    with pytest.raises(NotFound):
        projects.rename_project(session, outsider, project.number, "Mine")
    with pytest.raises(NotFound):
        projects.add_member(session, outsider, project.number, outsider.email)
    with pytest.raises(NotFound):
        projects.remove_member(session, outsider, project.number, translator.id)
    with pytest.raises(Forbidden):
        projects.add_member(session, translator, project.number, outsider.email)


def test_an_administrator_sees_and_changes_the_members_of_every_project(session, admin, project, outsider):
    projects.add_member(session, admin, project.number, outsider.email)
    (circle,) = projects.circles(session, admin)
    assert (len(circle.members), circle.mine) == (3, False)
    made = projects.add_project(session, admin, "beta")
    assert projects.circles(session, outsider)[0].project.key == "alpha"
    assert [one.project.number for one in projects.circles(session, admin)] == [project.number, made.number]


def test_the_last_editor_stays(session, editor, translator, project, outsider):
    with pytest.raises(WrongState, match="LAST_EDITOR"):
        projects.remove_member(session, editor, project.number, editor.id)
    projects.add_member(session, editor, project.number, outsider.email)
    session.get_one(Person, outsider.id).active = False
    with pytest.raises(WrongState, match="LAST_EDITOR"):  # who is put to rest lets nobody in
        projects.remove_member(session, editor, project.number, editor.id)
    session.get_one(Person, outsider.id).active = True
    projects.remove_member(session, outsider, project.number, editor.id)
    projects.remove_member(session, outsider, project.number, translator.id)
    with pytest.raises(NotFound):
        projects.remove_member(session, outsider, project.number, translator.id)


@pytest.mark.parametrize("key", ["", "Alpha", "a b", "-a", "é", "a" * 65, "a\n"])
def test_a_key_is_plain(session, editor, key):
    with pytest.raises(InputError, match="KEY_INVALID"):
        projects.add_project(session, editor, key)


@pytest.mark.parametrize("name", [" ", "a" * 121, "a\nb", "a\u202eb"])
def test_a_name_is_one_line(session, editor, project, name):
    with pytest.raises(InputError, match="NAME_INVALID"):
        projects.rename_project(session, editor, project.number, name)


def test_a_key_stands_for_one_project_and_nobody_unknown_is_let_in(session, editor, project):
    with pytest.raises(WrongState, match="PROJECT_EXISTS"):
        projects.add_project(session, editor, "alpha")
    for email in ("nobody@example.org", people.operator(session).email):
        with pytest.raises(InputError, match="PERSON_UNKNOWN"):
            projects.add_member(session, editor, project.number, email)


def test_two_editors_cannot_remove_each_other_at_once(sessions):
    from concurrent.futures import ThreadPoolExecutor

    with sessions.write() as session:
        pair = [make_person(session, "editor") for _ in range(2)]
        number = projects.add_project(session, pair[0], "alpha").number
        projects.add_member(session, pair[0], number, pair[1].email)
        session.commit()

    def remove(actor, other):
        with sessions.write() as session:
            projects.remove_member(session, actor, number, other.id)
            session.commit()

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(remove, *two) for two in (pair, pair[::-1])]
        errors = [one.exception() for one in done]
    assert sorted(type(error).__name__ for error in errors if error) in (["NotFound"], ["WrongState"])
    with sessions.read() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 1


# --- what is seen -----------------------------------------------------------------------------------------------------


def test_a_release_belongs_to_one_of_the_actors_projects_or_to_none(session, translator, outsider, project, settings):
    text = "Le Conseil s’est réuni hier à Bruxelles.\n\nLes ministres ont pris plusieurs décisions.\n".encode()
    given = {"filename": "a.txt", "media": None, "settings": settings}
    made = ingest.submit(session, translator, text, project="alpha", **given)
    assert (made.project, made.scope) == (project.number, project.number)
    for key in ("alpha", "nothing"):
        with pytest.raises(InputError, match="PROJECT_UNKNOWN"):
            ingest.submit(session, outsider, text, project=key, **given)
    assert ingest.submit(session, outsider, text, **given).scope == SHARED  # nobody is told that it is here already
    with pytest.raises(AlreadyHere):
        ingest.submit(session, translator, text, **given)


def test_no_verb_acts_on_what_its_actor_does_not_see(session, secret, outsider, settings):
    segment = secret.segments[0].id
    act = {"seen": 0, "operation": operation()}
    run = Run(kind="propose", subject=secret.id, state="failed", reason_code="X")
    session.add(run)
    session.flush()
    verbs = [
        lambda: review.save(session, outsider, segment, "text", **act),
        lambda: review.save_draft(session, outsider, segment, "text", 0),
        lambda: review.approve(session, outsider, segment, **act),
        lambda: review.send_back(session, outsider, segment, reason="why", **act),
        lambda: review.reopen(session, outsider, segment, reason="why", **act),
        lambda: review.approve_all(session, outsider, secret.id),
        lambda: publish.publish(session, outsider, secret.id, settings=settings),
        lambda: publish.export(session, outsider, secret.id, "html", settings=settings),
        lambda: jobs.retry(session, outsider, run.id),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()


def test_a_publication_stays_with_the_members(session, secret, translator, reviewer, editor, outsider, settings):
    projects.add_member(session, editor, secret.project, reviewer.email)
    for segment in secret.segments:
        review.save(session, translator, segment.id, "Text", seen=0, operation=operation(), confirm=True)
    review.approve_all(session, reviewer, secret.id, acknowledged=True)
    made = publish.publish(session, editor, secret.id, settings=settings)
    assert publish.download(session, translator, made, "txt-en", settings=settings).data
    with pytest.raises(NotFound):
        publish.download(session, outsider, made, "txt-en", settings=settings)
    see_as(session, sight_of(outsider))
    assert overview.latest_publications(session) == []
    with pytest.raises(NotFound):
        get_publication(session, made.id)


def test_a_session_sees_what_its_reader_sees(session, secret, translator, editor, outsider):
    segment = secret.segments[0].id
    review.save(session, translator, segment, "Text", seen=0, operation=operation(), confirm=True)
    review.save_draft(session, editor, segment, "draft", 1)
    brought = Import(kind="tmx", label="a.tmx", scope=secret.project)
    session.add(brought)
    session.flush()
    for subject in (secret.id, brought.id, "memory"):
        session.add(Run(kind="x", subject=subject, state="done"))
    audit.record(session, None, "imported", "import", brought.id)
    session.flush()
    for actor, many in ((outsider, 0), (None, 0), (translator, 1), (people.operator(session), 1)):
        session.expunge_all()
        see_as(session, sight_of(actor))
        assert len(newest_first(session)) == many
        assert len(history_of(session, segment)) == many
        assert len(drafts_of(session, editor.id, secret.id)) == many
        assert len(overview.titles(session, [secret.id])) == many
        assert len(overview.pulse(session, secret.id)) == 2 * many
        assert [run.subject for run in runs.latest(session) if run.subject == "memory"] == ["memory"]
        assert len(runs.latest(session)) == 1 + 2 * many
        kinds = [entry.kind for entry in audit.latest(session)]
        assert kinds.count("segment") == kinds.count("import") == many
        assert kinds.count("project") == 3
    see_as(session, EVERYTHING)


def test_the_limit_reaches_every_form_of_a_question(session, secret, outsider):
    see_as(session, sight_of(outsider))
    mine, other = Segment.release_id == secret.id, aliased(Segment)
    assert session.get(Draft, (outsider.id, secret.id)) is None
    session.expunge_all()
    assert session.get(type(secret), secret.id) is None
    asked = [
        select(Segment.id).where(mine),
        select(Segment.position + 1).where(mine),
        select(func.max(Segment.position)).where(mine).group_by(Segment.state),
        select(other.id).where(other.release_id == secret.id),
        select(Person.id).join(Segment, mine),
        select(Person.id).where(select(Segment.id).where(mine).exists()),
        select(Segment.id).where(mine).union_all(select(Segment.id).where(mine)),
        update(Segment).where(mine).values(target="x").returning(Segment.id),
    ]
    for statement in asked:
        assert session.execute(statement.execution_options(synchronize_session=False)).all() == [], statement
    assert session.scalar(select(func.count()).where(mine)) == 0
    see_as(session, EVERYTHING)
    assert session.scalar(select(func.count()).where(mine)) == 2


def test_who_is_removed_sees_nothing_from_the_next_question_on(session, secret, translator, editor):
    see_as(session, sight_of(translator))
    segment = get_release(session, secret.id).segments[0].id
    projects.remove_member(session, editor, secret.project, translator.id)
    with pytest.raises(NotFound):
        get_release(session, secret.id)
    with pytest.raises(NotFound):
        get_segment(session, segment)


def test_who_belongs_to_no_project_sees_what_is_shared(session, release, secret, translator, outsider):
    shared = make_release(session, translator, title="Shared")
    see_as(session, sight_of(outsider))
    assert [one.title for one in newest_first(session)] == [shared.title]
    assert len(shared.segments) == 2


def test_every_table_that_leads_to_a_release_says_who_sees_it():
    """A table that is added later and names a release, or what belongs to one, cannot be forgotten."""
    leads = {"release", "source", "pair"}
    tables = list(Base.metadata.tables.values())
    for _ in tables:
        leads |= {table.name for table in tables for key in table.foreign_keys if key.column.table.name in leads}
    confined = {table.__tablename__ for table in Confined.__subclasses__()}
    assert leads <= confined
    assert {"run", "audit"} <= confined  # these name what they are about without a foreign key


def test_no_question_of_the_service_goes_round_the_limits():
    """Statements on bare tables, and SQL as text, are not limited: the service has none outside of migrations."""
    bare = re.compile(r"__table__(?!\.alias\(\"its_)|exec_driver_sql|sqlalchemy import .*\btext\b")
    allowed = {"service/storage/session.py", "service/storage/migrate.py", "service/storage/runs.py"}
    found = [
        f"{name}: {line.strip()}"
        for path in sorted((Path(ROOT) / "service").rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in allowed and "/migrations/" not in name
        for line in path.read_text().splitlines()
        if bare.search(line)
    ]
    assert found == []
