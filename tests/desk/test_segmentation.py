"""The segmentation rules of a project: who changes them, and what they cut."""

from __future__ import annotations

import pytest

from service.desk import ingest, projects, segmentation
from service.errors import Forbidden, NotFound, WrongState
from service.storage import audit
from service.storage.releases import get_release
from tests.factories import make_person
from tm.errors import InputError
from tm.text.rules import Rule, RuleSet
from tm.text.rules.own import OwnRules

TEXT = "Il arrive à Bruxelles pour la réunion du Conseil. Il parle longuement à la presse. Il part."


@pytest.fixture
def number(session, editor, translator) -> int:
    """The number of a project of an editor and a translator."""
    made = projects.add_project(session, editor, "alpha", "Alpha")
    projects.add_member(session, editor, made.number, translator.email)
    return made.number


def test_releases_of_the_project_are_cut_by_its_rules_from_then_on_and_no_others(session, editor, number, settings):
    cuts = {}
    for name, project in (("before", "alpha"), ("after", "alpha"), ("elsewhere", "")):
        if name == "after":
            segmentation.never_after(session, editor, number, "fr", "Conseil.")
        release = ingest.submit(
            session, editor, TEXT.encode(), filename="a.txt", media=None, settings=settings, again=True, project=project
        )
        ingest.parse(session, release.id, settings)
        cuts[name] = [segment.source[:9] for segment in get_release(session, release.id).segments]
    three = ["Il arrive", "Il parle ", "Il part."]
    assert cuts == {"before": three, "after": ["Il arrive", "Il part."], "elsewhere": three}


def test_two_at_once_do_not_lose_each_others_rules(session, editor, number):
    assert segmentation.change(session, editor, number, "fr", OwnRules(never=("S.E.",)), seen=0) == 1
    with pytest.raises(WrongState) as refusal:
        segmentation.change(session, editor, number, "fr", OwnRules(never=("Brig.",)), seen=0)
    assert refusal.value.code == "STALE_RULES"
    assert segmentation.see(session, editor, number)[1]["fr"] == (OwnRules(never=("S.E.",)), 1)
    assert segmentation.see(session, editor, number)[1]["en"] == (OwnRules(), 0)


def test_a_lasting_rule_is_added_once_and_written_down(session, editor, number):
    for _ in range(2):
        segmentation.never_after(session, editor, number, "fr", " S.E. ")
    assert segmentation.see(session, editor, number)[1]["fr"] == (OwnRules(never=("S.E.",)), 1)
    entries = [entry for entry in audit.latest(session) if entry.action == "changed segmentation"]
    assert [(entry.object_id, entry.detail["language"]) for entry in entries] == [(str(number), "fr")]


def test_members_see_and_editors_among_them_change(session, editor, translator, number):
    assert segmentation.see(session, translator, number)[0].key == "alpha"
    with pytest.raises(Forbidden):
        segmentation.change(session, translator, number, "fr", OwnRules(), seen=0)
    stranger = make_person(session, "editor", "Otto")
    for ask in (
        lambda: segmentation.see(session, stranger, number),
        lambda: segmentation.change(session, stranger, number, "fr", OwnRules(), seen=0),
        lambda: segmentation.hand_out(session, stranger, number),
        lambda: segmentation.try_out(session, stranger, number, "fr", OwnRules(), TEXT),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.backends("sqlite")
def test_rules_that_cannot_be_used_are_not_kept(session, editor, number):
    for own in (OwnRules(rules=(Rule(True, "(", ""),)), OwnRules(never=("a" * 61,))):
        with pytest.raises(InputError):
            segmentation.change(session, editor, number, "fr", own, seen=0)
    assert segmentation.rules_for(session, number) == RuleSet()


def test_a_file_goes_out_and_into_another_project(session, editor, number):
    own = OwnRules(("S.E.",), ("***",), (Rule(False, r"\bart\.", r"\s\d", "articles"),))
    segmentation.change(session, editor, number, "fr", own, seen=0)
    _, data = segmentation.hand_out(session, editor, number)
    other = projects.add_project(session, editor, "beta").number
    segmentation.take_in(session, editor, other, data, on_top=False)
    assert segmentation.see(session, editor, other)[1]["fr"] == (own, 1)
    assert segmentation.rules_for(session, other) == segmentation.rules_for(session, number)
    with pytest.raises(InputError) as refusal:
        segmentation.take_in(session, editor, other, b"<srx/>", on_top=True)
    assert refusal.value.code == "SRX_INVALID"


@pytest.mark.backends("sqlite")
def test_a_trial_keeps_nothing(session, editor, number):
    own = OwnRules(never=("Conseil.",))
    pieces = segmentation.try_out(session, editor, number, "fr", own, TEXT + "\nFin.")
    assert [piece[:8] for piece in pieces] == ["Il arriv", "Il part.", "Fin."]
    assert segmentation.rules_for(session, number) == RuleSet()
