"""Units looked at, corrected and compared, each by those who may, and nothing outside their scopes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.desk import review, units
from service.desk.units import Filter
from service.errors import Forbidden, NotFound, StaleUnit, WrongState
from service.storage.projects import Member, Project
from service.storage.proposals import Proposal, ProposalSet
from service.storage.runs import Run
from tests.factories import make_person, make_unit, operation
from tm.errors import InputError
from tm.store.base import now
from tm.store.units import Import, Unit, UnitChange
from tm.store.writing import add_pairs
from tm.types import Context, Pair, Provenance

FRENCH = "Les ministres se retrouveront au mois de juin prochain à Bruxelles."
ENGLISH = "Ministers will meet again in Brussels in the month of June next year."


def add(session, *triples, key="k", scope=0, origin="aligned"):
    """Pairs (source, target, context) of one document."""
    pairs = [
        Pair(source, target, Provenance("Essai", number, origin, context=context))
        for number, (source, target, context) in enumerate(triples)
    ]
    add_pairs(session, pairs, kind="pair", label="Essai", document_key=key, scope=scope)
    return list(session.scalars(select(Unit).where(Unit.scope == scope).order_by(Unit.id)))


@pytest.fixture
def unit(session):
    """A unit of the shared memory."""
    make_unit(session, FRENCH, ENGLISH)
    return session.scalars(select(Unit)).one()


@pytest.fixture
def confined(session):
    """A unit of a project with one member, and the member."""
    member = make_person(session, "editor", "Member")
    session.add(Project(number=3, key="p", name="P"))
    session.flush()
    session.add(Member(project=3, person_id=member.id))
    (unit,) = add(session, ("Secret.", "Secret text.", Context()), scope=3)
    return unit, member


def last_change(session, unit):
    return session.scalars(select(UnitChange).where(UnitChange.unit_id == unit.id).order_by(UnitChange.id)).all()[-1]


def test_units_are_listed_the_newest_first_page_by_page(session, translator):
    add(session, *((f"Texte {n}.", f"Text {n}.", Context()) for n in range(7)))
    first = units.browse(session, translator, Filter(), limit=4)
    rest = units.browse(session, translator, Filter(), after=first[-1].id, limit=4)
    assert [line.source for line in first + rest] == [f"Texte {n}." for n in reversed(range(7))]
    assert units.count(session, translator, Filter()) == 7


def test_filters_hold_together_and_text_is_no_pattern(session, editor):
    first, second = add(session, ("Cent % de taux_x.", "All of it.", Context()), ("Autre.", "Other.", Context()))
    units.supersede(session, editor, second.id, "Wrong.")
    act = session.scalars(select(Import.id)).one()

    def found(**wanted):
        return [line.id for line in units.browse(session, editor, Filter(**wanted))]

    assert found(status="superseded") == [second.id]
    assert found(import_id=act, status="active") == [first.id]
    assert found(document_key="k", origin="aligned") == [second.id, first.id]
    assert found(text="100") == found(text="C_nt") == found(scope=5) == found(import_id="nothing") == []
    assert found(text="nt % de taux_") == found(text="ALL of") == [first.id]


def test_a_unit_is_shown_with_places_changes_and_its_rivals(session, editor):
    first, _ = add(session, ("Oui.", "Yes.", Context()), ("Oui.", "Yea.", Context()))
    make_unit(session, "Oui.", "Yes.", document="Ailleurs")
    detail = units.show(session, editor, first.id)
    assert [place.document for place in detail.occurrences] == ["Ailleurs", "Essai"]
    assert [change.action for change in detail.changes] == ["approved"]
    assert [line.target for line in detail.others] == ["Yea."]
    assert set(detail.imports.values()) == {"Ailleurs", "Essai"}


def test_what_is_a_projects_is_not_there_for_others(session, editor, confined):
    unit, member = confined
    for act in (
        lambda actor: units.show(session, actor, unit.id),
        lambda actor: units.supersede(session, actor, unit.id, "No."),
        lambda actor: units.edit(session, actor, unit.id, target="Other.", reason="No.", seen=unit.changed),
    ):
        with pytest.raises(NotFound):
            act(editor)
    assert units.browse(session, editor, Filter(scope=3)) == []
    assert units.count(session, editor, Filter()) == 0
    assert units.growth(session, editor) == []
    assert units.count(session, member, Filter(scope=3)) == 1
    assert units.growth(session, member)[0].units == 1


def test_an_edit_keeps_what_was_there_and_why(session, reviewer, unit):
    edited = units.edit(session, reviewer, unit.id, target="  Ministers meet in June. ", reason="Too long.", seen=1)
    assert (edited.id, edited.target) == (unit.id, "Ministers meet in June.")
    told = last_change(session, unit)
    assert (told.action, told.person, told.reason) == ("edited", reviewer.name, "Too long.")
    assert (told.before, told.after) == ({"target": ENGLISH}, {"target": "Ministers meet in June."})
    assert edited.changed == 2


def test_who_edits_what_they_did_not_see_is_told_what_stands(session, reviewer, editor, unit):
    seen = unit.changed
    units.edit(session, editor, unit.id, target="Ministers meet in June.", reason="Too long.", seen=seen)
    with pytest.raises(StaleUnit) as lost:
        units.edit(session, reviewer, unit.id, target="Mine.", reason="Better.", seen=seen)
    theirs = lost.value.theirs
    assert (theirs.text, theirs.person, lost.value.mine, lost.value.source) == (
        "Ministers meet in June.",
        editor.name,
        "Mine.",
        FRENCH,
    )


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"target": "  "}, "EMPTY_TEXT"),
        ({"source": "\u200b"}, "EMPTY_TEXT"),
        ({"target": ENGLISH}, "UNCHANGED"),
        ({"target": "a\x00b"}, "CONTROL_CHARACTER"),
        ({"target": FRENCH}, "LANGUAGE_DOUBT"),
        ({"source": ENGLISH}, "LANGUAGE_DOUBT"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(session, reviewer, unit, texts, code):
    with pytest.raises(InputError) as refused:
        units.edit(session, reviewer, unit.id, **texts, reason="So.", seen=unit.changed)
    assert refused.value.code == code
    assert (unit.source, unit.target) == (FRENCH, ENGLISH)


def test_names_and_short_texts_are_not_taken_for_the_wrong_language(session, reviewer, unit):
    for text in ("Jens Stoltenberg", "NATO Response Force (NRF)"):
        units.edit(session, reviewer, unit.id, target=text, reason="So.", seen=unit.changed)
    assert unit.target == "NATO Response Force (NRF)"


def test_an_edit_that_makes_another_unit_gives_way_to_that_one(session, reviewer):
    first, second = add(session, ("Oui.", "Yes.", Context()), ("Oui.", "Yea.", Context()))
    units.supersede(session, reviewer, second.id, "Odd.")
    stands = units.edit(session, reviewer, first.id, target="Yea.", reason="After all.", seen=first.changed)
    assert (stands.id, stands.status) == (second.id, "active")
    assert (first.status, first.superseded_by, first.target) == ("superseded", second.id, "Yes.")


def test_a_unit_goes_and_comes_back_with_reasons(session, reviewer, unit):
    units.supersede(session, reviewer, unit.id, "Wrong.")
    with pytest.raises(WrongState):
        units.supersede(session, reviewer, unit.id, "Wrong.")
    with pytest.raises(WrongState):
        units.edit(session, reviewer, unit.id, target="Other.", reason="So.", seen=unit.changed)
    units.reactivate(session, reviewer, unit.id, "Right after all.")
    assert unit.status == "active"
    assert last_change(session, unit).reason == "Right after all."
    with pytest.raises(InputError):
        units.supersede(session, reviewer, unit.id, "  ")


def test_translators_look_and_change_nothing(session, translator, unit):
    assert units.show(session, translator, unit.id).unit.id == unit.id
    with pytest.raises(Forbidden):
        units.supersede(session, translator, unit.id, "No.")
    with pytest.raises(Forbidden):
        units.edit(session, translator, unit.id, target="No.", reason="No.", seen=unit.changed)


A, B = "a" * 16, "b" * 16


def test_targets_contradict_where_no_context_tells_them_apart(session, translator):
    add(
        session,
        ("Un.", "One.", Context(A, B, "title")),
        ("Un.", "A.", Context(A, B, "title")),
        ("Un.", "An.", Context(B, B, "title")),
        ("Deux.", "Two.", Context()),
        ("Deux.", "Both.", Context()),
        ("Trois.", "Three.", Context(A, None, None)),
        ("Trois.", "Third.", Context(A, B, None)),
        ("Quatre.", "Four.", Context()),
    )
    found = units.contradictions(session, translator)
    assert {tuple(line.target for line in each.units) for each in found} == {("One.", "A."), ("Two.", "Both.")}
    assert {each.contexts for each in found} == {(Context(A, B, "title"),), (Context(),)}


def test_superseded_units_withdrawn_places_and_other_scopes_do_not_contradict(session, editor, confined):
    first, *_ = add(session, ("Un.", "One.", Context()), ("Un.", "A.", Context()))
    add(session, ("Un.", "An.", Context()), scope=3, key="p")
    assert len(units.contradictions(session, editor)) == 1
    units.supersede(session, editor, first.id, "Odd.")
    assert units.contradictions(session, editor) == []


def test_contradictions_come_page_by_page(session, translator):
    pairs = [(f"Source {n}.", f"Target {n} {k}.", Context()) for n in range(25) for k in range(2)]
    add(session, *pairs)
    found, after = [], None
    while page := units.contradictions(session, translator, after, limit=10):
        found += page
        after = page[-1].after
    assert len(found) == len({each.units[0].source for each in found}) == 25
    with pytest.raises(InputError, match="PAGE_UNKNOWN"):
        units.contradictions(session, translator, "nonsense")


def test_growth_adds_up_to_what_is_there(session, editor):
    first, second = add(session, ("Un.", "One.", Context()), ("Deux.", "Two.", Context()))
    units.supersede(session, editor, first.id, "Odd.")
    units.supersede(session, editor, second.id, "Odd.")
    units.reactivate(session, editor, second.id, "Not odd.")
    add_pairs(
        session,
        [Pair("Deux.", "Twain.", Provenance("Essai", 1, "approved"))],
        kind="publication",
        label="r",
        document_key="k",
    )
    (day,) = units.growth(session, editor)
    assert (day.day, day.added, day.superseded, day.units) == (now().date(), 3, 2, 1)
    assert units.count(session, editor, Filter(status="active")) == 1


def proposed(session, segment, unit, target, repair=None):
    """The unit, proposed for the segment."""
    run = Run(kind="propose", subject=segment.release_id)
    session.add(run)
    session.flush()
    made = ProposalSet(segment_id=segment.id, run_id=run.id, attempt=1)
    made.proposals = [
        Proposal(
            rank=1,
            unit_id=unit.id,
            origin="tm",
            source=unit.source,
            target=target,
            raw_target=target,
            base_rate=90,
            rate=90,
            repair=repair,
        )
    ]
    session.add(made)
    session.flush()


def confirm(session, actor, segment, text, act=None):
    review.save(session, actor, segment.id, text, seen=segment.version, operation=act or operation(), confirm=True)


def test_a_use_is_counted_when_a_proposal_is_confirmed_as_it_stands(session, translator, segment, unit):
    proposed(session, segment, unit, "The Council met.", {"target": "The Council has met.", "replacements": []})
    act = operation()
    confirm(session, translator, segment, "The Council met.", act)
    review.save(session, translator, segment.id, "The Council met.", seen=0, operation=act, confirm=True)
    confirm(session, translator, segment, "The Council met.")
    session.expire_all()
    assert unit.used == 1
    assert unit.used_at is not None
    confirm(session, translator, segment, "The Council has met.")
    session.expire_all()
    assert unit.used == 2
    confirm(session, translator, segment, "Something of my own.")
    session.expire_all()
    assert (unit.used, unit.changed) == (2, 1)
