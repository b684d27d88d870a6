"""Sign-in, sign-out, cookies, form tokens, headers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from service.app import create_app
from service.auth.addresses import safe_next
from service.settings import Settings
from service.storage.people import SignIn
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import PASSWORD, Place, Visitor

pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]


def test_signing_in_leads_to_the_page_that_was_asked_for(visitor: Visitor, place: Place) -> None:
    asked = visitor.get(f"/releases/{place.release}/edit")
    assert asked.status_code == 303
    assert asked.location == f"/sign-in?next=/releases/{place.release}/edit"
    answer = visitor.sign_in(place.email("translator"), next=f"/releases/{place.release}/edit")
    assert answer.location == f"/releases/{place.release}/edit"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: a=b",
        "/\t/evil.example",
        "http://[",
        "//[",
        "evil",
        "",
    ],
)
def test_nobody_is_led_away_after_signing_in(visitor: Visitor, place: Place, target: str) -> None:
    assert safe_next(target, "/releases") == "/releases"
    assert visitor.sign_in(place.email("translator"), next=target).location == "/releases"


def test_the_answer_is_the_same_whoever_it_is_that_cannot_sign_in(visitor: Visitor, place: Place) -> None:
    answers = set()
    for email in (place.email("editor"), "nobody@passerelle.test", "operator@localhost"):
        answer = visitor.sign_in(email, "wrong")
        assert answer.status_code == 401
        answers.add(answer.text.replace(email, "…").replace(visitor.token, "…"))
    assert len(answers) == 1


def test_the_token_is_new_at_each_sign_in_and_the_old_one_ends(
    visitor: Visitor, place: Place, sessions: Sessions
) -> None:
    tokens = []
    for who in ("translator", "reviewer"):
        visitor.client.delete_cookie("none")
        with visitor.client.session_transaction() as form:
            form.clear()
        visitor.get("/sign-in", headers={"Accept": "application/json"})
        page = visitor.open("GET", "/sign-in", headers={"Accept": "application/json"}).json
        visitor.token = page["csrf_token"]
        visitor.post("/sign-in", data={"email": place.email(who), "password": PASSWORD})
        cookie = visitor.client.get_cookie("passerelle")
        assert cookie is not None
        tokens.append(cookie.value)
    assert tokens[0] != tokens[1]
    with sessions.read() as session:
        assert session.query(SignIn).count() == 1


def test_the_form_token_changes_with_the_person(visitor: Visitor, place: Place) -> None:
    visitor.get("/sign-in")
    before = visitor.token
    visitor.sign_in(place.email("translator"))
    visitor.token = before
    assert visitor.post("/memory/schedule/refresh/start").status_code == 400


@pytest.mark.parametrize("token", ["", "x", "IjEi.aaaaaa.bbbbbbbbbbbbb"])
@pytest.mark.parametrize("as_json", [True, False])
def test_a_change_without_the_right_form_token_is_refused(
    signed_in: SignedIn, place: Place, token: str, as_json: bool
) -> None:
    visitor = signed_in("editor")
    visitor.token = token
    if as_json:
        body = {"text": "x", "seen": 0, "operation": operation()}
        answer = visitor.post(f"/segments/{place.segments[1]}/save", json=body)
        assert answer.json["code"] == "CSRF_FAILED"
    else:
        answer = visitor.post("/memory/schedule/refresh/start")
    assert answer.status_code == 400


def test_the_form_token_of_somebody_else_is_refused(signed_in: SignedIn) -> None:
    one, other = signed_in("editor"), signed_in("reviewer")
    one.token = other.token
    assert one.post("/memory/schedule/refresh/start").status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_change_that_another_site_asks_for_is_refused(signed_in: SignedIn, site: str) -> None:
    answer = signed_in("editor").post("/memory/schedule/refresh/start", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "OTHER_SITE" in answer.text


def test_guessing_a_password_is_stopped(visitor: Visitor, place: Place) -> None:
    answers = [visitor.sign_in(place.email("editor"), f"guess {number}").status_code for number in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert visitor.sign_in(place.email("editor")).status_code == 429
    assert visitor.sign_in(place.email("reviewer")).status_code == 303, "another account is not locked with it"


def test_signing_in_rightly_is_not_counted(visitor: Visitor, place: Place) -> None:
    assert {visitor.sign_in(place.email("editor")).status_code for _ in range(13)} == {303}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor, place: Place) -> None:
    cookies = visitor.sign_in(place.email("editor")).headers.getlist("Set-Cookie")
    mine = next(cookie for cookie in cookies if cookie.startswith("passerelle="))
    assert "HttpOnly" in mine
    assert "SameSite=Lax" in mine
    assert "Path=/" in mine
    assert "Domain" not in mine


def test_over_https_the_cookies_are_bound_to_the_host(
    make_settings: Callable[..., Settings], sessions: Sessions, place: Place
) -> None:
    settings = make_settings(public_url="https://passerelle.example")
    client = create_app(settings, sessions).test_client()
    base = {"base_url": "https://passerelle.example"}
    token = client.get("/sign-in", headers={"Accept": "application/json"}, **base).json["csrf_token"]
    form = {"email": place.email("editor"), "password": PASSWORD, "csrf_token": token}
    answer = client.post("/sign-in", data=form, **base)
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in cookie]
    assert any(cookie.startswith("__Host-passerelle=") for cookie in cookies)
    assert all(cookie.startswith("__Host-") and "Secure" in cookie and "Path=/" in cookie for cookie in cookies)


def test_every_answer_has_its_headers(visitor: Visitor, signed_in: SignedIn) -> None:
    for answer in (visitor.get("/sign-in"), visitor.get("/nowhere"), signed_in("editor").get("/releases")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]


def test_pages_have_no_script_and_no_style_of_their_own(signed_in: SignedIn, place: Place) -> None:
    visitor = signed_in("editor")
    for address in ("/releases", f"/releases/{place.release}", f"/releases/{place.release}/edit", "/releases/new"):
        text = visitor.get(address).text
        assert "<style" not in text
        assert " style=" not in text
        assert " on" + "click=" not in text
        assert text.count("<script") == text.count('<script type="module" src="/static/')


def test_a_host_that_is_not_ours_is_refused(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_health_says_only_ok(visitor: Visitor) -> None:
    assert visitor.get("/healthz").text == "ok\n"


def test_readiness_tells_details_to_this_machine_and_to_administrators_only(app: Flask, place: Place) -> None:
    far = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    near = Visitor(app).get("/readyz")
    assert near.status_code == 503
    assert near.json == {"ready": False, "database": True, "worker": False}
    stranger = Visitor(app)
    assert stranger.get("/readyz", **far).json == {"ready": False}
    admin = Visitor(app)
    admin.sign_in(place.email("admin"))
    assert "worker" in admin.get("/readyz", **far).json


def test_a_worker_that_shows_life_makes_the_service_ready(visitor: Visitor, sessions: Sessions) -> None:
    from service.desk.jobs import show_life

    with sessions.write() as session:
        show_life(session, "worker")
        session.commit()
    assert visitor.get("/readyz").status_code == 200
