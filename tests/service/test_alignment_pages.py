"""The pages of the alignment desk without a browser: files in, what became of them, beads settled by forms."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from service.settings import Settings
from service.storage.alignments import Bead, FilePair, beads_of, get_pair
from service.storage.session import Sessions
from tests.desk.aligned import ENGLISH, FRENCH, align
from tests.service.alignment_places import SENTENCES, Make, apart, doubting, make_pair, port, standing, states
from tests.service.conftest import Place, Visitor
from tests.service.memory_places import HOSTILE, make_project

__all__ = ["apart", "doubting", "make_pair", "port"]
pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]
HOME = "/memory/alignments"
Align = Callable[[], None]


@pytest.fixture
def work(sessions: Sessions, settings: Settings, apart: Any) -> Align:
    """Align every pair that waits for it."""

    def every() -> None:
        with sessions.write() as session:
            for pair in session.scalars(select(FilePair).where(FilePair.state == "received")).all():
                align(session, pair, settings, apart)
            session.commit()

    return every


def _send(visitor: Visitor, path: str, **fields: Any) -> Any:
    data = {name: _part(value) for name, value in fields.items()}
    return visitor.post(HOME + path, data=data, content_type="multipart/form-data")


def _part(value: Any) -> Any:
    if isinstance(value, list):
        return [_part(each) for each in value]
    return (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value


def _two(french: str = FRENCH, english: str = ENGLISH, name: str = "a") -> dict[str, tuple[str, bytes]]:
    return {"french": (f"{name}.fr.txt", french.encode()), "english": (f"{name}.en.txt", english.encode())}


def _id(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.location).rsplit("/", 1)[1].split("#")[0]


def test_two_files_are_taken_in_aligned_and_shown_side_by_side(
    signed_in: SignedIn, work: Align, sessions: Sessions
) -> None:
    editor = signed_in("editor")
    pair = _id(_send(editor, "", **_two()))
    page = editor.get(f"{HOME}/{pair}").text
    assert 'data-module="live"' in page
    assert "being aligned" in editor.get(f"{HOME}/{pair}/status").text
    assert 'data-module="live"' in editor.get(f"{HOME}/{pair}/line").text
    work()
    assert "Look at the beads" in editor.get(f"{HOME}/{pair}/status").text
    page = editor.get(f"{HOME}/{pair}").text
    assert page.count('role="row" tabindex="-1"') == 5
    assert "It took three important decisions." in page
    listed = editor.get(f"{HOME}/{pair}/line").text
    assert 'data-label="In the memory" class="number">5' in listed
    assert "a.fr.txt" in editor.get(HOME).text
    assert _id(_send(editor, "", **_two())) == pair  # the same files are the pair that is here


def test_a_bead_leads_to_its_unit_and_the_unit_to_its_bead(
    signed_in: SignedIn, make_pair: Make, sessions: Sessions
) -> None:
    pair = make_pair(FRENCH, ENGLISH, sure=True)
    with sessions.read() as session:
        bead = beads_of(session, pair)[1]
    reviewer = signed_in("reviewer")
    assert f'href="/memory/units/{bead.unit_id}"' in reviewer.get(f"{HOME}/{pair}").text
    assert f'href="{HOME}/{pair}#b-{bead.id}">bead 2 of its pair' in reviewer.get(f"/memory/units/{bead.unit_id}").text
    assert "of its pair" not in signed_in("translator").get(f"/memory/units/{bead.unit_id}").text


def test_many_files_a_zip_and_a_table_come_in_together_and_what_is_refused_is_told(
    signed_in: SignedIn, work: Align, sessions: Sessions
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for side, at in (("fr", 0), ("en", 1)):
            archive.writestr(f"{side}/port.txt", "\n\n".join(pair[at] for pair in SENTENCES[:8]))
    files = [
        *_two(name="a").values(),
        ("zipped.zip", packed.getvalue()),
        ("words.tsv", b"Le port est ouvert.\tThe port is open.\n"),
        ("lonely.fr.txt", b"Un texte seul."),
        ("picture.png", b"\x89PNG"),
        ("broken.zip", b"PK nothing"),
        ("empty.fr.txt", b""),
        ("empty.en.txt", b"Nothing on the other side."),
        ("b/.DS_Store", b"\0"),
    ]
    editor = signed_in("editor")
    answer = _send(editor, "/files", files=files)
    assert answer.status_code == 200
    assert "3 pairs taken in" in answer.text
    for told in ("TYPE_UNKNOWN", "ZIP_UNREADABLE", "EMPTY_FILE", "1 file has no partner", "lonely.fr.txt"):
        assert told in answer.text
    assert "DS_Store" not in answer.text
    work()
    with sessions.read() as session:
        assert {pair.state for pair in session.scalars(select(FilePair))} == {"done"}
        assert session.query(FilePair).count() == 3
        assert session.query(Bead).count() == 14
    again = _send(editor, "/files", files=[*files[:2], *_two("Encore un.", "One more.", "z").values()]).text
    assert "1 pair taken in" in again
    assert "Here already" in again
    with sessions.read() as session:
        assert session.query(FilePair).count() == 4


def test_more_files_than_a_form_usually_has_are_no_trouble(signed_in: SignedIn, sessions: Sessions) -> None:
    files = [each for number in range(30) for each in _two(f"Un {number}.", f"One {number}.", f"n{number}").values()]
    assert "30 pairs taken in" in _send(signed_in("editor"), "/files", files=files).text


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("", {}, "FILE_MISSING"),
        ("", {"french": ("a.txt", b"Bonjour.")}, "FILE_MISSING"),
        ("", {"french": ("a.txt", b""), "english": ("b.txt", b"Hello.")}, "EMPTY_FILE"),
        ("", {**_two(), "project": "nowhere"}, "PROJECT_UNKNOWN"),
        ("/files", {}, "FILE_MISSING"),
        ("/files", {"files": [("a.txt", b"Bonjour."), ("b.txt", b"Hello.")]}, "NO_PAIRS"),
        ("/files", {"files": [*_two().values()], "project": "nowhere"}, "PROJECT_UNKNOWN"),
        ("/files", {"files": [("x.zip", b"no zip")]}, "ZIP_UNREADABLE"),
        ("/files", {"files": [("a.txt", b"1"), ("a.txt", b"2")]}, "NAME_TWICE"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_beside_the_forms(
    signed_in: SignedIn, sessions: Sessions, path: str, fields: dict[str, Any], code: str
) -> None:
    answer = _send(signed_in("editor"), path, **fields)
    assert (answer.status_code, code in answer.text, 'type="file"' in answer.text) == (422, True, True)
    with sessions.read() as session:
        assert session.query(FilePair).count() == 0


def test_a_zip_file_that_unpacks_to_too_much_is_refused(signed_in: SignedIn, settings: Settings) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(7):
            for side in ("fr", "en"):
                archive.writestr(f"{side}/{number}.txt", b" " * (settings.upload_limit - 1))
    answer = _send(signed_in("editor"), "/files", files=[("bomb.zip", packed.getvalue())])
    assert (answer.status_code, "unpacks to more" in answer.text) == (422, True)


def test_a_swapped_pair_says_so_and_is_swapped_by_a_button(
    signed_in: SignedIn, work: Align, sessions: Sessions
) -> None:
    editor = signed_in("editor")
    pair = _id(_send(editor, "", **_two(ENGLISH, FRENCH)))
    work()
    page = editor.get(f"{HOME}/{pair}").text
    assert "Swap them and try again" in page
    assert "PAIR_SWAPPED" in editor.get(HOME).text
    assert editor.post(f"{HOME}/{pair}/again").status_code == 303
    work()
    assert editor.post(f"{HOME}/{pair}/swap").status_code == 303
    work()
    with sessions.read() as session:
        swapped = get_pair(session, pair)
        assert (swapped.state, swapped.french_name, swapped.counts["accepted"]) == ("done", "a.en.txt", 5)
    assert editor.post(f"{HOME}/{pair}/swap").status_code == 409
    assert editor.post(f"{HOME}/{pair}/again").status_code == 409
    assert _id(_send(editor, "", **_two())) == pair
    again = _id(_send(editor, "", **_two(ENGLISH, FRENCH)))
    work()
    assert editor.post(f"{HOME}/{again}/swap").status_code == 409


def test_a_pair_that_is_none_says_what_to_do(signed_in: SignedIn, work: Align) -> None:
    recipe = "Peel the onions.\n\nMelt the butter in a pot.\n\nAdd barley and thyme.\n\nServe it hot with bread.\n"
    editor = signed_in("editor")
    pair = _id(_send(editor, "", **_two(english=recipe)))
    work()
    page = editor.get(f"{HOME}/{pair}").text
    assert "ALIGNMENT_POOR" in page
    assert "Look whether the two belong together." in page
    assert "Swap" not in page
    assert "Try again" not in signed_in("reviewer").get(f"{HOME}/{pair}").text


def test_a_table_that_cannot_be_read_says_where(signed_in: SignedIn, work: Align) -> None:
    editor = signed_in("editor")
    table = ("words.csv", b"Le port est ouvert.;The port is open.\nUn;One;Eins\n")
    pair = _id(_send(editor, "", french=table))
    work()
    for page in (editor.get(HOME).text, editor.get(f"{HOME}/{pair}").text):
        assert "row 2: The row has 3 columns, not 2." in page
        assert "Try again" in page


def _versions(sessions: Sessions, pair: str) -> list[tuple[str, int]]:
    with sessions.read() as session:
        return [(bead.id, bead.version) for bead in beads_of(session, pair)]


def test_beads_are_settled_by_forms_where_there_are_no_scripts(
    signed_in: SignedIn, port: str, sessions: Sessions
) -> None:
    reviewer = signed_in("reviewer")
    assert 'name="seen"' not in reviewer.get(f"{HOME}/{port}").text
    page = reviewer.get(f"{HOME}/{port}?buttons=1").text
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    assert seen == [f"{bead}:{version}" for bead, version in _versions(sessions, port)]
    first, second = (each.split(":")[0] for each in seen[:2])
    answer = reviewer.post(f"{HOME}/{port}/acts", data={"act": f"accept {first}", "seen": seen, "version": "0"})
    assert answer.location.endswith(f"{HOME}/{port}?buttons=1#b-{first}")
    assert standing(sessions, port) == [SENTENCES[0]]
    # the page is behind now: what it says of the first bead does not hold any more
    stale = reviewer.post(f"{HOME}/{port}/acts", data={"act": f"reject {first}", "seen": seen, "version": "0"})
    assert (stale.status_code, "STALE_BEAD" in stale.text, 'role="grid"' in stale.text) == (409, True, True)
    down = reviewer.post(f"{HOME}/{port}/acts", data={"act": f"move {second} en-down", "seen": seen, "version": "1"})
    assert down.status_code == 303
    assert states(sessions, port)[1:3] == ["held", "waiting"]
    assert reviewer.post(f"{HOME}/{port}/acts", data={"act": "undo", "version": "2"}).status_code == 303
    assert states(sessions, port)[1:3] == ["waiting", "waiting"]
    for sent in ({"act": "frobnicate"}, {"act": "undo", "version": "x"}, {"act": f"accept {first}", "seen": "x:y"}, {}):
        assert reviewer.post(f"{HOME}/{port}/acts", data=sent).status_code == 422


def test_a_script_is_told_the_rows_that_stand_in_the_place_of_others(
    signed_in: SignedIn, port: str, sessions: Sessions
) -> None:
    reviewer = signed_in("reviewer")
    reviewer.get(f"{HOME}/{port}")
    found = _versions(sessions, port)
    body = {"act": "merge", "bead": found[3][0], "seen": dict(found[3:5])}
    told = reviewer.post(f"{HOME}/{port}/acts", json=body).get_json()
    assert (told["version"], told["gone"], told["undo"]) == (1, [found[3][0], found[4][0]], "merge")
    assert told["html"].count('class="piece"') == 4
    again = reviewer.post(f"{HOME}/{port}/acts", json=body)
    assert (again.status_code, again.get_json()["code"]) == (409, "STALE_BEAD")
    assert reviewer.get(f"{HOME}/{port}/rows").text.count('role="row" tabindex') == 19
    for wrong in ({"act": "accept", "bead": found[0][0], "seen": {found[0][0]: "0"}}, {"act": "drop"}, {"more": 1}):
        assert reviewer.post(f"{HOME}/{port}/acts", json=wrong).status_code == 422


def test_a_pair_that_was_taken_out_of_the_memory_is_looked_at_and_nothing_more(
    signed_in: SignedIn, make_pair: Make, sessions: Sessions
) -> None:
    pair = make_pair(FRENCH, ENGLISH, sure=True)
    editor = signed_in("editor")
    with sessions.read() as session:
        act = get_pair(session, pair).import_id
    assert editor.post(f"/memory/imports/{act}/undo", data={"reason": "wrong files"}).status_code == 303
    page = editor.get(f"{HOME}/{pair}").text
    assert "was taken out of the memory as a whole" in page
    assert 'value="undo"' not in page
    assert editor.post(f"{HOME}/{pair}/acts", data={"act": "undo", "version": "0"}).status_code == 409


def test_the_queue_has_what_is_met_most_first_and_leads_to_each_bead(
    signed_in: SignedIn, make_pair: Make, port: str, sessions: Sessions
) -> None:
    make_pair(
        "Autre nouvelle\n\nLes travaux ont duré trois hivers.", "Other news\n\nThe works took three winters.", name="b"
    )
    reviewer = signed_in("reviewer")
    page = reviewer.get(f"{HOME}/queue").text
    assert page.index("Les travaux ont duré trois hivers.") < page.index("Le port de Morlaix")
    bead = _versions(sessions, port)[1][0]
    assert f'href="{HOME}/{port}#b-{bead}"' in page
    assert "22 doubtful beads wait" in reviewer.get(HOME).text


def test_pairs_of_a_project_are_for_its_members(
    signed_in: SignedIn, place: Place, sessions: Sessions, work: Align
) -> None:
    with sessions.write() as session:
        make_project(session, "Archives", place.actors["editor"].id)
        session.commit()
    editor = signed_in("editor")
    pair = _id(_send(editor, "", **_two(), project="archives"))
    work()
    assert "project <bdi>Archives</bdi>" in editor.get(f"{HOME}/{pair}").text
    stranger = signed_in("reviewer")
    for path in ("", "/rows", "/line", "/status"):
        assert stranger.get(f"{HOME}/{pair}{path}").status_code == 404
    assert "a.fr.txt" not in stranger.get(HOME).text
    assert stranger.post(f"{HOME}/{pair}/acts", json={"act": "undo", "version": 0}).status_code == 404


def test_hostile_texts_and_names_come_out_as_text(
    signed_in: SignedIn, make_pair: Make, sessions: Sessions, place: Place
) -> None:
    pair = make_pair(f"{FRENCH}\n{HOSTILE}\n", f"{ENGLISH}\n{HOSTILE}\n", name=HOSTILE)
    with sessions.write() as session:
        bead = beads_of(session, pair)[1]
        bead.edited_source = bead.edited_target = HOSTILE
        refused = FilePair(label=HOSTILE, document_key="x" * 64, french_name=HOSTILE, french_blob="0" * 64)
        refused.english_name, refused.english_blob, refused.source = HOSTILE, "0" * 64, "upload"
        refused.state, refused.code, refused.reason = "failed", HOSTILE[:32], HOSTILE
        session.add(refused)
        session.commit()
        other = refused.id
    editor = signed_in("editor")
    for path in ("", "/queue", f"/{pair}", f"/{pair}/rows", f"/{other}"):
        page = editor.get(HOME + path)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert page.text.count("<script") <= 1
    refusal = _send(editor, "/files", files=[(f"{HOSTILE}.png", b"x"), ("<img src=x>.fr.txt", b"x")])
    assert "<img" not in refusal.text
