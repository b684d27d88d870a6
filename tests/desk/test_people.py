"""People: sign-in, its end, and who manages whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.desk import people
from service.errors import Forbidden, SignInNeeded, WrongState
from service.storage.people import Person, SignIn
from tm.errors import InputError
from tm.store.base import now


@pytest.fixture
def boss(session):
    return people.operator(session)


@pytest.fixture
def rosa(session, boss, settings):
    person, _ = people.add_person(
        session, boss, "Rosa@Example.org", "reviewer", settings=settings, name="Rosa", password="correct horse"
    )
    return person


def signed_in(session, email, password, settings):
    return people.sign_in(session, people.recognise(session, email, password, settings), settings)


def test_a_person_signs_in_and_is_known_by_the_token(session, rosa, settings):
    token = signed_in(session, "rosa@example.org ", "correct horse", settings)
    session.flush()
    actor = people.who(session, token, settings)
    assert (actor.id, actor.roles) == (rosa.id, {"reviewer"})


def test_the_table_does_not_hold_the_token(session, rosa, settings):
    token = signed_in(session, "rosa@example.org", "correct horse", settings)
    session.flush()
    assert token not in session.scalars(select(SignIn.token_hash)).all()


@pytest.mark.parametrize(
    ("email", "password"), [("rosa@example.org", "wrong"), ("nobody@example.org", "correct horse")]
)
def test_the_answer_does_not_say_which_part_was_wrong(session, rosa, settings, email, password):
    with pytest.raises(SignInNeeded) as refused:
        signed_in(session, email, password, settings)
    assert str(refused.value) == "The address or the password is not right. [BAD_CREDENTIALS]"


def test_a_token_ends_with_the_sign_out(session, rosa, settings):
    token = signed_in(session, "rosa@example.org", "correct horse", settings)
    session.flush()
    people.sign_out(session, token)
    assert people.who(session, token, settings) is None


@pytest.mark.parametrize(
    "ended", [{"seen_at": now() - timedelta(hours=3)}, {"expires_at": now() - timedelta(seconds=1)}]
)
def test_a_sign_in_ends_by_idling_and_by_age(session, rosa, settings, ended):
    token = signed_in(session, "rosa@example.org", "correct horse", settings)
    session.flush()
    session.execute(update(SignIn).values(**ended))
    session.expire_all()
    assert people.who(session, token, settings) is None


def test_a_person_put_to_rest_is_out_at_once_and_cannot_come_back(session, boss, rosa, settings):
    token = signed_in(session, "rosa@example.org", "correct horse", settings)
    session.flush()
    people.set_active(session, boss, rosa.id, False)
    assert people.who(session, token, settings) is None
    with pytest.raises(SignInNeeded):
        signed_in(session, "rosa@example.org", "correct horse", settings)


def test_an_address_stands_for_one_person(session, boss, rosa, settings):
    with pytest.raises(WrongState, match="PERSON_EXISTS"):
        people.add_person(session, boss, "ROSA@example.org", "editor", settings=settings)


@pytest.mark.parametrize(
    ("email", "role", "code"), [("rosa", "editor", "EMAIL_INVALID"), ("a@b.c", "king", "ROLE_UNKNOWN")]
)
def test_an_address_and_a_role_must_be_real(session, boss, settings, email, role, code):
    with pytest.raises(InputError, match=code):
        people.add_person(session, boss, email, role, settings=settings)


def test_only_an_administrator_adds_people(session, editor, settings):
    with pytest.raises(Forbidden):
        people.add_person(session, editor, "new@example.org", "translator", settings=settings)


def test_nobody_changes_their_own_role_or_rest(session, settings, boss):
    person, _ = people.add_person(session, boss, "ada@example.org", "admin", settings=settings)
    ada = people.actor_of(person)
    with pytest.raises(Forbidden):
        people.set_role(session, ada, ada.id, "editor")
    with pytest.raises(Forbidden):
        people.set_active(session, ada, ada.id, False)


def test_the_operator_cannot_sign_in(session, boss, settings):
    assert session.get(Person, boss.id).password_hash is None
    with pytest.raises(SignInNeeded):
        signed_in(session, people.OPERATOR, "", settings)
