"""Who may go where: every route has a policy, and answers each kind of caller as the table of rights says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from service.auth import guard
from service.desk.people import set_active
from service.desk.policy import TABLE
from service.settings import Settings
from service.storage.people import SignIn
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import PASSWORD, ROLES, Place, Visitor
from tm.store.base import now

NOWHERE = "00000000-0000-4000-8000-000000000000"


def test_every_route_has_a_policy_and_none_writes_under_a_right_to_read(app: Flask) -> None:
    assert guard.faults(app) == []


@pytest.mark.backends("sqlite")
def test_a_route_without_a_policy_is_found(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "text")
    assert guard.faults(app) == ["forgotten (/forgotten) has no policy"]


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_route_that_writes_under_a_right_to_read_is_found(app: Flask, method: str) -> None:
    app.add_url_rule("/sly", "sly", guard.allow("release.see")(lambda: "text"), methods=[method])
    assert guard.faults(app) == [f"sly (/sly) takes {method} under release.see"]


@pytest.mark.backends("sqlite")
def test_one_view_for_reading_and_writing_is_found(app: Flask) -> None:
    app.add_url_rule("/both", "both", guard.allow("release.add")(lambda: "text"), methods=["GET", "POST"])
    assert guard.faults(app) == ["both (/both) answers GET and POST in one view"]


def test_an_action_that_is_not_in_the_table_cannot_be_named() -> None:
    with pytest.raises(KeyError, match=r"release\.frobnicate"):
        guard.allow("release.frobnicate")


# (method, address, action, what is sent); `{…}` is filled from the place
Row = tuple[str, str, str, dict[str, object]]
ACT = {"seen": 0}
ROUTES: list[Row] = [
    ("GET", "/releases", "release.list", {}),
    ("GET", "/releases/{release}/line", "release.list", {}),
    ("GET", "/releases/new", "release.add", {}),
    ("POST", "/releases", "release.add", {"data": {"text": ""}}),
    ("GET", "/releases/{release}", "release.see", {}),
    ("GET", "/releases/{release}/status", "release.progress", {}),
    ("POST", "/releases/{release}/publish", "release.publish", {}),
    ("POST", "/releases/{release}/assign", "release.assign", {"data": {"due": "2026-12-24"}}),
    ("POST", "/releases/{release}/approve-all", "segment.approve-all", {}),
    ("GET", "/releases/{release}/original", "release.original", {}),
    ("GET", "/releases/{release}/export/txt-fr", "release.export", {}),
    ("GET", "/releases/{release}/edit", "release.see", {}),
    ("GET", "/releases/{release}/rows?ids={segment}", "release.see", {}),
    ("GET", "/releases/{release}/pulse", "release.progress", {}),
    ("GET", "/segments/{segment}", "release.see", {}),
    ("GET", "/segments/{segment}/panel", "release.see", {}),
    ("PUT", "/segments/{segment}/draft", "segment.draft", {"json": {"text": "draft", "seen": 0}}),
    ("POST", "/segments/{segment}/save", "segment.edit", {"json": ACT | {"text": "text"}}),
    ("POST", "/segments/{confirmed}/approve", "segment.approve", {"json": ACT}),
    ("POST", "/segments/{confirmed}/send-back", "segment.send-back", {"json": ACT | {"reason": "why"}}),
    ("POST", "/segments/{confirmed}/reopen", "segment.reopen", {"json": ACT | {"reason": "why"}}),
    ("GET", "/terms", "term.see", {}),
    ("GET", "/terms/new", "term.propose", {}),
    ("POST", "/terms", "term.propose", {"data": {"french": "mot"}}),
    ("POST", "/terms/from/{segment}", "term.propose", {"json": {"french": "mot nouveau"}}),
    ("GET", "/terms/import", "term.import", {}),
    ("POST", "/terms/import", "term.import", {}),
    ("GET", "/terms/glossary.csv", "term.export", {}),
    ("GET", f"/terms/{NOWHERE}", "term.see", {}),
    ("POST", f"/terms/{NOWHERE}/edit", "term.edit", {"data": {"french": "mot", "seen": "1"}}),
    ("POST", f"/terms/{NOWHERE}/retire", "term.edit", {"data": {"seen": "1"}}),
    ("POST", f"/terms/{NOWHERE}/take-up", "term.edit", {"data": {"seen": "1"}}),
    ("GET", "/memory", "memory.concordance", {}),
    ("GET", "/memory/hits?phrase=Conseil", "memory.concordance", {}),
    ("GET", "/memory/units", "memory.see", {}),
    ("GET", "/memory/units/1", "memory.see", {}),
    ("POST", "/memory/units/1/edit", "memory.edit", {"data": {"target": "text", "reason": "why", "seen": "1"}}),
    ("POST", "/memory/units/1/supersede", "memory.edit", {"data": {"reason": "why"}}),
    ("POST", "/memory/units/1/reactivate", "memory.edit", {"data": {"reason": "why"}}),
    ("GET", "/memory/contradictions", "memory.see", {}),
    ("GET", "/memory/imports", "memory.see", {}),
    ("POST", "/memory/imports", "memory.import", {}),
    ("GET", f"/memory/imports/{NOWHERE}", "memory.see", {}),
    ("GET", f"/memory/imports/{NOWHERE}/status", "memory.see", {}),
    ("POST", f"/memory/imports/{NOWHERE}/undo", "memory.import", {"data": {"reason": "why"}}),
    ("GET", "/memory/alignments", "alignment.see", {}),
    ("POST", "/memory/alignments", "alignment.submit", {}),
    ("POST", "/memory/alignments/files", "alignment.submit", {}),
    ("GET", "/memory/alignments/queue", "alignment.see", {}),
    ("GET", f"/memory/alignments/{NOWHERE}", "alignment.see", {}),
    ("GET", f"/memory/alignments/{NOWHERE}/line", "alignment.see", {}),
    ("GET", f"/memory/alignments/{NOWHERE}/status", "alignment.see", {}),
    ("GET", f"/memory/alignments/{NOWHERE}/rows", "alignment.see", {}),
    ("POST", f"/memory/alignments/{NOWHERE}/acts", "alignment.review", {"data": {"act": "undo", "version": "0"}}),
    ("POST", f"/memory/alignments/{NOWHERE}/again", "alignment.submit", {}),
    ("POST", f"/memory/alignments/{NOWHERE}/swap", "alignment.submit", {}),
    ("GET", "/memory/generations", "refresh.see", {}),
    ("POST", "/memory/generations", "memory.rebuild", {}),
    ("GET", "/memory/evaluations", "evaluation.see", {}),
    ("POST", "/memory/evaluations", "evaluation.start", {}),
    ("GET", "/sources", "source.see", {}),
    ("POST", "/sources", "source.manage", {"data": {"kind": "feed"}}),
    ("GET", f"/sources/{NOWHERE}", "source.see", {}),
    ("POST", f"/sources/{NOWHERE}", "source.manage", {}),
    ("POST", f"/sources/{NOWHERE}/visit", "source.start", {}),
    ("POST", f"/sources/{NOWHERE}/active", "source.manage", {}),
    ("POST", f"/sources/{NOWHERE}/remove", "source.manage", {}),
    ("GET", "/publications", "publication.see", {}),
    ("GET", f"/publications/{NOWHERE}", "publication.see", {}),
    ("GET", f"/publications/{NOWHERE}/files", "publication.see", {}),
    ("GET", f"/publications/{NOWHERE}/files/html", "publication.download", {}),
    ("GET", f"/publications/{NOWHERE}/proof", "publication.verify", {}),
    ("POST", f"/publications/{NOWHERE}/withdraw", "publication.withdraw", {"data": {"reason": "why"}}),
    ("POST", f"/publications/{NOWHERE}/open", "publication.open", {}),
    ("POST", f"/publications/{NOWHERE}/close", "publication.open", {}),
    ("POST", f"/publications/{NOWHERE}/correct", "publication.correct", {}),
    ("GET", "/releases/{release}/analysis", "release.see", {}),
    ("POST", "/releases/{release}/analysis", "release.analyse", {}),
    ("GET", "/releases/{release}/analysis/table.csv", "release.see", {}),
    ("GET", "/releases/{release}/elsewhere", "release.see", {}),
    ("GET", "/releases/{release}/elsewhere/po", "release.return", {}),
    ("POST", "/releases/{release}/elsewhere", "release.return", {}),
    ("GET", "/house", "house.see", {}),
    ("POST", "/house", "house.change", {"data": {"date_form": "dmy", "quotes": "double", "spelling": "en-GB"}}),
    ("GET", "/house/logo", "house.see", {}),
    ("GET", "/runs", "run.see", {}),
    ("POST", f"/runs/{NOWHERE}/retry", "run.retry", {}),
    ("POST", f"/runs/{NOWHERE}/stop", "run.stop", {}),
    ("GET", "/memory/schedule", "refresh.see", {}),
    ("GET", "/memory/schedule/tasks", "refresh.see", {}),
    ("POST", "/memory/schedule/refresh/start", "schedule.start", {}),
    ("POST", "/memory/schedule/refresh/stop", "run.stop", {}),
    ("GET", "/projects", "project.see", {}),
    ("POST", "/projects", "project.manage", {"data": {"key": "Not a key"}}),
    ("POST", "/projects/99/name", "project.manage", {"data": {"name": "Name"}}),
    ("POST", "/projects/99/members", "project.manage", {"data": {"email": "nobody@passerelle.test"}}),
    ("POST", f"/projects/99/members/{NOWHERE}/remove", "project.manage", {}),
    ("GET", "/projects/99/segmentation/fr", "segmentation.see", {}),
    ("POST", "/projects/99/segmentation/fr", "segmentation.change", {"data": {"never": "S.E."}}),
    ("POST", "/projects/99/segmentation/fr/try", "segmentation.change", {"data": {"trial": "Un."}}),
    ("POST", "/projects/99/segmentation/fr/import", "segmentation.change", {}),
    ("GET", "/projects/99/segmentation/rules.srx", "segmentation.see", {}),
    ("POST", f"/releases/{NOWHERE}/presence", "presence.tell", {"json": {}}),
    ("POST", f"/releases/{NOWHERE}/bulk", "segment.bulk", {"json": {"act": "confirm", "seen": {NOWHERE: 1}}}),
    ("POST", f"/releases/{NOWHERE}/replace/preview", "segment.edit", {"json": {"find": "a"}}),
    (
        "POST",
        f"/releases/{NOWHERE}/replace",
        "segment.edit",
        {"json": {"find": "a", "seen": {NOWHERE: 1}, "operation": "o" * 8}},
    ),
    ("POST", f"/segments/{NOWHERE}/confirm", "segment.edit", {"json": {"text": "t", "seen": 0, "operation": "o" * 8}}),
    (
        "POST",
        f"/releases/{NOWHERE}/take-back",
        "segment.edit",
        {"json": {"act": "c" * 8, "operation": "o" * 8}},
    ),
    ("GET", f"/releases/{NOWHERE}/findings", "release.see", {}),
    (
        "POST",
        f"/segments/{NOWHERE}/intended",
        "finding.intend",
        {"json": {"code": "NUMBER", "reason": "why"}},
    ),
    ("POST", f"/segments/{NOWHERE}/not-intended", "finding.intend", {"json": {"code": "NUMBER"}}),
    (
        "POST",
        f"/segments/{NOWHERE}/split",
        "segment.cut",
        {"json": {"at": 3, "seen": 0, "operation": "o" * 8}},
    ),
    (
        "POST",
        f"/segments/{NOWHERE}/merge",
        "segment.cut",
        {"json": {"following": NOWHERE, "following_seen": 0, "seen": 0, "operation": "o" * 8}},
    ),
    ("POST", f"/segments/{NOWHERE}/never-after", "segmentation.change", {"json": {"word": "S.E."}}),
    ("POST", f"/segments/{NOWHERE}/comments", "comment.write", {"json": {"text": "t"}}),
    ("POST", "/comments/99/settle", "comment.write", {"json": {"settled": True}}),
    ("POST", "/comments/99/withdraw", "comment.write", {"json": {}}),
    ("GET", "/me/notices", "notice.see", {}),
    ("POST", "/me/notices/read", "notice.read", {}),
    ("POST", "/me/notices/99", "notice.read", {}),
    ("GET", "/me/keys", "keys.see", {}),
    ("POST", "/me/language", "language.change", {"data": {"language": "xx"}}),
    ("POST", "/me/keys", "keys.change", {}),
    ("GET", "/people", "people.see", {}),
    ("POST", "/people", "people.manage", {"data": {"email": "not an address"}}),
    ("POST", f"/people/{NOWHERE}/role", "people.manage", {"data": {"role": "editor"}}),
    ("POST", f"/people/{NOWHERE}/active", "people.manage", {}),
    ("GET", "/audit", "audit.see", {}),
]
PUBLIC = {
    "/p/<slug>",
    "/p/<slug>/<form>",
    "/",
    "/sign-in",
    "/sign-out",
    "/healthz",
    "/readyz",
    "/static/<path:filename>",
}
# what a right that is there leads to, where the thing itself is not (yet) as the act needs it: never 401 or 403
LEGAL = {200, 303, 404, 409, 413, 422}


def test_the_matrix_has_every_route(app: Flask, place: Place) -> None:
    listed = set()
    for method, address, action, _ in ROUTES:
        rule, _values = app.url_map.bind("localhost").match(_filled(address, place).split("?")[0], method)
        policy = guard.policy_of(app, rule)
        assert policy is not None
        assert policy.action == action
        listed.add((method, rule))
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule not in PUBLIC
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == listed


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    signed_in: Callable[[str], Visitor], place: Place, role: str
) -> None:
    visitor = signed_in(role)
    for row in ROUTES:
        status = _ask(visitor, row, place)
        if role in TABLE[row[2]]:
            assert status in LEGAL, (row, status)
        else:
            assert status == 403, (row, status)


@pytest.mark.parametrize("who", ["nobody", "put to rest", "expired", "idle", "signed out"])
def test_who_is_not_signed_in_is_sent_to_sign_in(
    who: str, visitor: Visitor, place: Place, sessions: Sessions, settings: Settings
) -> None:
    visitor.get("/sign-in")
    if who != "nobody":
        visitor.sign_in(place.email("editor"))
        _end(who, visitor, place, sessions, settings)
    for row in ROUTES:
        expected = 303 if row[0] == "GET" and not _is_json(row) else 401
        assert _ask(visitor, row, place) == expected, row


def _end(who: str, visitor: Visitor, place: Place, sessions: Sessions, settings: Settings) -> None:
    if who == "signed out":
        kept = visitor.client.get_cookie("passerelle")
        assert kept is not None
        visitor.post("/sign-out")
        visitor.get("/sign-in")
        visitor.client.set_cookie("passerelle", kept.value)  # a copy of the cookie is worth nothing any more
        return
    with sessions.write() as session:
        if who == "put to rest":
            set_active(session, place.actors["admin"], place.actors["editor"].id, False)
        elif who == "expired":
            session.execute(update(SignIn).values(expires_at=now() - timedelta(seconds=1)))
        else:
            last = now() - timedelta(minutes=settings.session_idle_minutes, seconds=1)
            session.execute(update(SignIn).values(seen_at=last))
        session.commit()


def test_a_change_of_role_counts_from_the_next_request(signed_in: Callable[[str], Visitor], place: Place) -> None:
    reviewer, admin = signed_in("reviewer"), signed_in("admin")
    assert reviewer.get(f"/releases/{place.release}/original").status_code == 200
    admin.post(f"/people/{place.actors['reviewer'].id}/role", data={"role": "translator"})
    assert reviewer.get(f"/releases/{place.release}/original").status_code == 403


def test_what_is_not_there_answers_404_to_who_may_look(signed_in: Callable[[str], Visitor]) -> None:
    visitor = signed_in("editor")
    for address in ("/releases/{0}", "/releases/{0}/edit", "/releases/{0}/pulse", "/segments/{0}/panel"):
        assert visitor.get(address.format(NOWHERE)).status_code == 404


def test_an_administrator_sees_names_and_counts_and_no_text(signed_in: Callable[[str], Visitor], place: Place) -> None:
    admin = signed_in("admin")
    seen = "".join(admin.get(page).text for page in ("/releases", "/runs", "/audit", "/people", "/memory/schedule"))
    assert "Réunion du Conseil" in seen
    for text in ("The Council met", "Ministers took", "Une phrase que", "It gave up."):
        assert text not in seen


def test_asking_by_itself_does_not_keep_a_sign_in_alive(
    signed_in: Callable[[str], Visitor], place: Place, sessions: Sessions
) -> None:
    visitor = signed_in("translator")
    earlier = now() - timedelta(minutes=5)
    for address, kept in ((f"/releases/{place.release}/pulse", False), ("/releases", True)):
        with sessions.write() as session:
            session.execute(update(SignIn).values(seen_at=earlier))
            session.commit()
        visitor.get(address)
        with sessions.read() as session:
            assert (session.query(SignIn).one().seen_at > earlier) is kept


def _is_json(row: Row) -> bool:
    return "json" in row[3]


def _filled(address: str, place: Place) -> str:
    return address.format(release=place.release, segment=place.segments[1], confirmed=place.segments[3])


def _ask(visitor: Visitor, row: Row, place: Place) -> int:
    method, address, _, sent = row
    if "json" in sent and method == "POST":
        sent = {"json": {**sent["json"], "operation": operation()}}  # type: ignore[dict-item]
    return visitor.open(method, _filled(address, place), **sent).status_code


def test_the_password_of_these_tests_is_not_taken_for_another(visitor: Visitor, place: Place) -> None:
    assert visitor.sign_in(place.email("editor"), PASSWORD + " ").status_code == 401
