"""Thirty-two people save one segment at once: whatever was acknowledged stands in its history."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest
from sqlalchemy import select

from service.desk import people, review
from service.storage.releases import History, Segment
from tests.factories import make_person, make_release, operation
from tests.parts.service import Web

CLIENTS, SAVES = 32, 25
PAUSE = 0.8  # seconds at most that a client waits after a conflict: all at once, nearly every save would be one
PASSWORD = "correct horse battery"


class Client:
    """A signed-in browser without a screen: cookies, the token of its pages, and its own list of what was accepted."""

    def __init__(self, url: str, email: str) -> None:
        self.url, self.accepted, self.conflicts, self.version = url, [], 0, 0
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._token()
        form = f"csrf_token={self.token}&email={email}&password={PASSWORD.replace(' ', '+')}&next=/releases"
        self._token(self.opener.open(f"{url}/sign-in", form.encode(), timeout=60))

    def _token(self, page=None) -> None:
        text = (page or self.opener.open(f"{self.url}/sign-in", timeout=60)).read().decode()
        self.token = text.split('csrf-token" content="')[1].split('"')[0]

    def save(self, segment: str, text: str) -> bool:
        """One save on the version last seen; a conflict teaches the new version, and is not counted."""
        body = json.dumps({"text": text, "seen": self.version, "operation": operation()}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self.token}
        request = urllib.request.Request(f"{self.url}/segments/{segment}/save", body, headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                self.version = json.load(answer)["version"]
        except urllib.error.HTTPError as refused:
            if refused.code == 503:  # the database was busy for longer than a request waits: nothing was acknowledged
                return False
            if refused.code != 409:
                raise
            self.version = json.load(refused)["conflict"]["theirs"]["version"]
            self.conflicts += 1
            return False
        self.accepted.append(text)
        return True


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_no_acknowledged_save_is_missing_from_the_history(settings, sessions):
    with sessions.write() as session:
        boss = people.operator(session)
        emails = [f"p{number}@passerelle.test" for number in range(CLIENTS)]
        for email in emails:
            people.add_person(session, boss, email, "translator", settings=settings, password=PASSWORD)
        segment = make_release(session, make_person(session)).segments[0].id
        session.commit()
    web = Web(settings).start()
    try:
        clients = [Client(web.url, email) for email in emails]
        run_together(clients, segment)
    finally:
        web.stop()
    check(sessions, clients, segment)


def run_together(clients: list[Client], segment: str) -> None:
    """Each client gets 25 saves acknowledged, trying again after each conflict."""
    faults: list[BaseException] = []

    def work(number: int, client: Client) -> None:
        try:
            while len(client.accepted) < SAVES:
                if not client.save(segment, f"client {number} save {len(client.accepted)}"):
                    time.sleep(random.uniform(0, PAUSE))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def check(sessions, clients: list[Client], segment: str) -> None:
    """Every acknowledged text is in the history once, versions have no gap, and the last one is what stands."""
    acknowledged = [text for client in clients for text in client.accepted]
    assert len(acknowledged) == CLIENTS * SAVES
    assert sum(client.conflicts for client in clients) > CLIENTS * SAVES // 2, "they were not at it at once"
    with sessions.read() as session:
        rows = session.execute(
            select(History.version, History.target)
            .where(History.segment_id == segment, History.version.is_not(None))
            .order_by(History.version)
        ).all()
        assert sorted(text for _, text in rows) == sorted(acknowledged)
        assert [version for version, _ in rows] == list(range(1, len(acknowledged) + 1))
        assert session.get(Segment, segment).target == rows[-1].target


def test_an_approval_never_stands_on_a_text_that_was_not_seen(sessions):
    """A reviewer approves while a translator saves: the approved text is always the one that was seen."""
    for _ in range(40):
        with sessions.write() as session:
            translator, reviewer = make_person(session), make_person(session, "reviewer")
            segment = make_release(session, translator).segments[0].id
            review.save(session, translator, segment, "Seen.", seen=0, operation=operation(), confirm=True)
            session.commit()
        start = threading.Barrier(2)

        def act(verb, *words, barrier=start, **more):
            barrier.wait()
            with sessions.write() as session:
                try:
                    verb(session, *words, operation=operation(), **more)
                    session.commit()
                except Exception:
                    session.rollback()

        saving = threading.Thread(
            target=act, args=(review.save, translator, segment, "Unseen."), kwargs={"seen": 1, "confirm": True}
        )
        approving = threading.Thread(target=act, args=(review.approve, reviewer, segment), kwargs={"seen": 1})
        for thread in (saving, approving):
            thread.start()
        for thread in (saving, approving):
            thread.join()
        with sessions.read() as session:
            row = session.get(Segment, segment)
            assert (row.state, row.target) in {("approved", "Seen."), ("translated", "Unseen.")}
