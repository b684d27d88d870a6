"""Projects on the screen and on the command line."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

import pytest

from service.desk import projects
from service.settings import ROOT
from service.storage.projects import Member
from service.storage.releases import Release
from service.storage.session import Sessions
from tests.service.conftest import Place, Visitor

pytestmark = pytest.mark.backends("sqlite")  # what differs between databases is tested below the doors
SignedIn = Callable[[str], Visitor]
FRENCH = "Le Conseil s’est réuni hier à Bruxelles.\n\nLes ministres ont pris plusieurs décisions importantes.\n"
FILE = ROOT / "samples" / "releases" / "conseil-ministeriel.fr.txt"


@pytest.fixture
def number(place: Place, sessions: Sessions) -> int:
    """The number of a project with an editor and a translator."""
    with sessions.write() as session:
        editor = place.actors["editor"]
        made = projects.add_project(session, editor, "alpha", "Alpha <b>")
        projects.add_member(session, editor, made.number, place.email("translator"))
        session.commit()
        return made.number


def test_an_editor_makes_a_project_and_lets_somebody_in_and_out(signed_in: SignedIn, place: Place) -> None:
    editor, second = signed_in("editor"), signed_in("second")
    assert editor.post("/projects", data={"key": "beta", "name": "Beta"}).status_code == 303
    address = re.search(r'"(/projects/\d+/members)"', editor.get("/projects").text)
    assert address
    assert "Beta" not in second.get("/projects").text
    editor.post(address[1], data={"email": place.email("second")})
    assert "Beta" in second.get("/projects").text
    editor.post(f"{address[1]}/{place.actors['second'].id}/remove")
    assert "Beta" not in second.get("/projects").text


def test_a_refusal_stands_beside_its_form_with_what_was_typed(signed_in: SignedIn, number: int, place: Place) -> None:
    editor = signed_in("editor")
    asked = [
        ("/projects", {"key": "Beta!", "name": "My project"}, 422, "KEY_INVALID", 'value="My project"'),
        ("/projects", {"key": "alpha", "name": "My project"}, 409, "PROJECT_EXISTS", 'value="alpha"'),
        (f"/projects/{number}/members", {"email": "no@x.example"}, 422, "PERSON_UNKNOWN", 'value="no@x.example"'),
        (f"/projects/{number}/name", {"name": "a" * 121}, 422, "NAME_INVALID", "a" * 121),
        (f"/projects/{number}/members/{place.actors['editor'].id}/remove", {}, 409, "LAST_EDITOR", "Édith"),
    ]
    for path, form, status, code, shown in asked:
        answer = editor.post(path, data=form)
        assert (answer.status_code, code in answer.text, shown in answer.text) == (status, True, True), path
    assert "<b>" not in answer.text


def test_who_may_not_change_a_project_has_no_form_for_it(signed_in: SignedIn, number: int) -> None:
    page = signed_in("translator").get("/projects").text
    assert "Alpha" in page
    assert "Édith" in page
    assert 'action="/projects' not in page


def test_a_release_is_brought_into_a_project(signed_in: SignedIn, number: int, sessions: Sessions) -> None:
    translator, reviewer = signed_in("translator"), signed_in("reviewer")
    assert 'value="alpha"' in translator.get("/releases/new").text
    assert 'name="project"' not in reviewer.get("/releases/new").text
    refused = translator.post("/releases", data={"text": "Only English here, as anybody can see.", "project": "alpha"})
    assert 'value="alpha" selected' in refused.text
    made = translator.post("/releases", data={"text": FRENCH, "project": "alpha"})
    assert "members of <bdi>Alpha &lt;b&gt;</bdi> alone" in translator.get(made.location).text
    assert "Alpha" in translator.get("/releases").text
    assert reviewer.get(made.location).status_code == 404
    assert "Alpha" not in reviewer.get("/releases").text
    with sessions.read() as session:
        assert session.query(Release).filter(Release.project == number).count() == 1


def _json(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_projects_on_the_command_line(
    passerelle: Callable[..., subprocess.CompletedProcess[str]], place: Place, sessions: Sessions
) -> None:
    editor, second = place.email("editor"), place.email("second")
    _json(passerelle("project", "add", "gamma", "--name", "Gamma", "--as", editor, "--json"))
    _json(passerelle("project", "add-member", "gamma", second, "--as", editor, "--json"))
    _json(passerelle("project", "rename", "gamma", "Third", "--json"))
    listed = _json(passerelle("project", "list", "--as", second, "--json"))
    assert (listed["key"], listed["name"], len(listed["members"])) == ("gamma", "Third", 2)
    added = _json(passerelle("release", "add", FILE, "--project", "gamma", "--as", second, "--json"))
    with sessions.read() as session:
        assert session.get_one(Release, added["id"]).project is not None
    for key in ("gamma", "nothing"):
        refused = passerelle("release", "add", FILE, "--project", key, "--as", place.email("translator"))
        assert (refused.returncode, "PROJECT_UNKNOWN" in refused.stderr) == (1, True)
    hidden = passerelle("release", "export", added["id"], "--format", "txt-fr", "--as", place.email("reviewer"))
    assert (hidden.returncode, "NOT_FOUND" in hidden.stderr) == (1, True)
    assert _json(passerelle("release", "show", added["id"], "--json"))["id"] == added["id"]  # the operator sees all
    _json(passerelle("project", "remove-member", "gamma", second, "--as", editor, "--json"))
    last = passerelle("project", "remove-member", "gamma", editor)
    assert (last.returncode, "LAST_EDITOR" in last.stderr) == (1, True)
    with sessions.read() as session:
        assert session.query(Member).count() == 1
