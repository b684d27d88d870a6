"""Acts on many segments against people at work on one: nothing acknowledged is lost, every conflict is told, and the
French is rebuilt to the byte."""

from __future__ import annotations

import itertools
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from service.desk import people, review
from service.storage.releases import Block, History, Segment, get_release, history_of
from tests.factories import make_person, make_release, operation
from tests.parts.service import Web
from tests.service.test_races import PASSWORD, Client

COUNT, ROUNDS = 8, 12
pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


class Worker(Client):
    """A client that sends any act, and keeps what was acknowledged: `(segment, text)`."""

    def send(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self.token}
        request = urllib.request.Request(f"{self.url}{path}", json.dumps(body).encode(), headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code not in (409, 422, 503):
                raise
            return refused.code, json.load(refused)


@pytest.fixture
def race(settings, sessions) -> Callable[..., Any]:
    """Run `many(client, ids)` and `single(client, ids)` at once against a web process; returns the ids and what each of
    the two says it was told."""

    def run(many: Callable[..., Any], single: Callable[..., Any]) -> tuple[list[str], Any, Any]:
        with sessions.write() as session:
            boss = people.operator(session)
            for name, role in (("many", "reviewer"), ("single", "translator")):
                email = f"{name}@passerelle.test"
                people.add_person(session, boss, email, role, settings=settings, password=PASSWORD)
            release = make_release(session, make_person(session), ["Le Conseil s’est réuni."] * COUNT)
            writer = make_person(session)
            for segment in release.segments:
                review.save(session, writer, segment.id, "the colour", seen=0, operation=operation())
            ids, made = [segment.id for segment in release.segments], release.id
            session.commit()
        web = Web(settings).start()
        told: dict[str, Any] = {}
        try:
            first, second = (Worker(web.url, f"{name}@passerelle.test") for name in ("many", "single"))
            jobs = {"many": lambda: many(first, made, ids), "single": lambda: single(second, made, ids)}
            threads = [threading.Thread(target=note, args=(told, name, job)) for name, job in jobs.items()]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            web.stop()
        for answer in told.values():
            if isinstance(answer, BaseException):
                raise answer
        return ids, told["many"], told["single"]

    return run


def note(told: dict[str, Any], name: str, job: Callable[[], Any]) -> None:
    try:
        told[name] = job()
    except BaseException as fault:  # raised again where the test sees it
        told[name] = fault


def edits(client: Worker, release: str, ids: list[str], tries: int = 1, **more: Any) -> dict[str, list[str]]:
    """Save each segment again and again, up to so many times where a colleague was first; what was acknowledged, by
    segment."""
    accepted: dict[str, list[str]] = {one: [] for one in ids}
    versions = dict.fromkeys(ids, 1)
    for round_ in range(ROUNDS):
        for number, one in enumerate(ids):
            text = f"edit {chr(97 + round_)} of {chr(97 + number)}: the colour"
            for _ in range(tries):
                body = {"text": text, "seen": versions[one], "operation": operation(), **more}
                status, answer = client.send(f"/segments/{one}/save", **body)
                if status == 200:
                    versions[one] = answer["version"]
                    accepted[one].append(text)
                    break
                if "conflict" in answer:
                    versions[one] = answer["conflict"]["theirs"]["version"]
    return accepted


def rounds(done: dict[str, int]) -> Iterator[int]:
    """As many rounds as the other makes, and more as long as nothing has come through: on a busy machine one of two may
    be served first each time, but not for ever."""
    yield from range(ROUNDS)
    yield from itertools.takewhile(lambda _: not done, range(ROUNDS, 30 * ROUNDS))


def check(sessions, ids: list[str], edited: dict[str, list[str]], done: dict[str, int], action: str) -> None:
    """Every acknowledged edit is in the history, as many rows of the act as were acknowledged, no version twice or
    missing, what stands is the newest, and the source is as it was."""
    with sessions.read() as session:
        for one in ids:
            query = select(History).where(History.segment_id == one, History.version.is_not(None))
            rows = session.scalars(query.order_by(History.version)).all()
            assert [row.version for row in rows] == list(range(1, len(rows) + 1))
            texts = [row.target for row in rows]
            assert set(edited[one]) <= set(texts)
            assert sum(row.action == action for row in rows) == done.get(one, 0)
            segment = session.get_one(Segment, one)
            assert (segment.target, segment.version) == (texts[-1], len(rows))
            block = session.get_one(Block, segment.block_id)
            assert block.text[segment.start : segment.end] == segment.source


def rows_of(answer: dict[str, Any], ids: list[str]) -> list[str]:
    return [one for one in ids if f'data-id="{one}"' in answer["others"]]


def shown(html: str, ids: list[str]) -> dict[str, int]:
    """The version of each segment as a preview shows it."""
    found = dict(re.findall(r'value="([^"]+)" data-version="(\d+)"', html))
    return {one: int(found[one]) for one in ids if one in found}


def test_replacing_in_all_against_single_edits(race, sessions) -> None:
    def many(client: Worker, release: str, ids: list[str]) -> tuple[dict[str, int], int]:
        done: dict[str, int] = {}
        reported = 0
        for round_ in rounds(done):
            old, new = ("colour", "color") if round_ % 2 == 0 else ("color", "colour")
            _, found = client.send(f"/releases/{release}/replace/preview", find=old)
            seen = shown(found["html"], ids)
            if not seen:
                continue
            status, answer = client.send(
                f"/releases/{release}/replace", find=old, replacement=new, seen=seen, operation=operation()
            )
            if status == 200:
                for one in rows_of(answer, ids):
                    done[one] = done.get(one, 0) + 1
                reported += len(answer["left"])
                assert answer["count"] + len(answer["left"]) == len(seen)  # every one is accounted for
        return done, reported

    ids, (done, _), edited = race(many, edits)
    assert sum(done.values()) > 0
    assert sum(map(len, edited.values())) > 0
    check(sessions, ids, edited, done, "replace")


def test_confirming_repetitions_against_single_edits(race, sessions) -> None:
    def many(client: Worker, release: str, ids: list[str]) -> dict[str, int]:
        done: dict[str, int] = {}
        seen = 1
        for round_ in range(ROUNDS):
            status, answer = client.send(
                f"/segments/{ids[0]}/confirm", text=f"confirmed {round_}", seen=seen, operation=operation()
            )
            if status == 200:
                seen = answer["version"]
                for one in rows_of(answer, ids):
                    done[one] = done.get(one, 0) + 1
                assert answer["count"] == len(rows_of(answer, ids))
            elif "conflict" in answer:
                seen = answer["conflict"]["theirs"]["version"]
        return done

    ids, done, edited = race(many, edits)
    assert sum(map(len, edited.values())) > 0
    check(sessions, ids, edited, done, "propagate")


def test_approving_all_against_single_edits(race, sessions) -> None:
    def many(client: Worker, release: str, ids: list[str]) -> dict[str, int]:
        done: dict[str, int] = {}
        for _ in rounds(done):
            _, answer = client.send(f"/releases/{release}/replace/preview", find="colour")
            if not (seen := shown(answer["html"], ids)):
                continue
            status, answer = client.send(
                f"/releases/{release}/bulk", act="approve", acknowledged=True, seen=seen, operation=operation()
            )
            if status == 200:
                for one in rows_of(answer, ids):
                    done[one] = done.get(one, 0) + 1
                assert answer["count"] + len(answer["left"]) == len(seen)
        return done

    ids, done, edited = race(many, partial(edits, confirm=True))
    assert sum(done.values()) > 0
    assert sum(map(len, edited.values())) > 0
    check(sessions, ids, edited, done, "approve")
    with sessions.read() as session:  # what is approved is what the reviewer saw: the newest text of somebody else
        for one in done:
            segment = session.get_one(Segment, one)
            assert segment.state == "approved"
            assert segment.approved_by != segment.translated_by


def test_splitting_and_merging_against_single_edits(race, sessions) -> None:
    """Each segment is split and merged again and again while somebody types into it: what was acknowledged is in its
    history, whichever part it was typed into, and the French is as it was."""

    def cut(client: Worker, one: str, act: str, **more: Any) -> dict[str, Any]:
        """Do it, trying again where the colleague was first; what the last answer was."""
        for _ in range(30):
            if other := more.get("following"):
                more["following_seen"] = version_of(sessions, other)
            body = {"seen": version_of(sessions, one), "operation": operation(), **more}
            status, answer = client.send(f"/segments/{one}/{act}", **body)
            if status == 200:
                return answer
            assert "conflict" in answer or status == 503, answer
        return {}

    def many(client: Worker, release: str, ids: list[str]) -> int:
        done = 0
        for _ in range(ROUNDS // 2):
            for one in ids:
                if answer := cut(client, one, "split", at=11):
                    assert cut(client, one, "merge", following=answer["segments"][1])
                    done += 1
        return done

    ids, done, edited = race(many, partial(edits, tries=6))
    assert done > 0
    assert sum(map(len, edited.values())) > 0
    with sessions.read() as session:
        for one in ids:
            segment = session.get_one(Segment, one)
            assert set(edited[one]) <= {row.target for row in history_of(session, one)}
            assert segment.source == "Le Conseil s’est réuni."
            assert [each.id for each in segment.block.segments] == [one]
            rows = [row for row in history_of(session, one) if row.segment_id == one and row.version]
            assert sorted(row.version for row in rows) == list(range(1, segment.version + 1))
        positions = [segment.position for segment in get_release(session, segment.release_id).segments]
        assert positions == list(range(1, len(ids) + 1))


def version_of(sessions, segment: str) -> int:
    with sessions.read() as session:
        return session.get_one(Segment, segment).version
