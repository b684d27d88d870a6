"""Messages: they arrive whole and once, and a broker that is away holds nobody up."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection, Consumer, Queue

from service.broker import SEND_WITHIN, TASKS, celery_config, make_sender
from service.settings import Settings
from tests.parts.process import free_port
from tests.parts.redis import Server

MakeSettings = Callable[..., Settings]
SLACK = 0.35  # what a loaded machine may add


@pytest.fixture(params=["embedded", "redis"])
def settings(request: pytest.FixtureRequest, make_settings: MakeSettings) -> Settings:
    """An installation on each broker."""
    return make_settings(redis_url="" if request.param == "embedded" else request.getfixturevalue("redis_url"))


@contextmanager
def _connection(settings: Settings) -> Iterator[Connection]:
    app = Celery("receiver", set_as_current=False)
    app.conf.update(celery_config(settings))
    with app.connection_for_read() as connection:
        yield connection


def _receive(connection: Connection, count: int, within: float = 20) -> list[tuple[str, list[str]]]:
    """The next `count` messages: task and arguments."""
    got: list[tuple[str, list[str]]] = []

    def take(body: list, message: object) -> None:
        got.append((message.headers["task"], body[0]))  # type: ignore[attr-defined]
        message.ack()  # type: ignore[attr-defined]

    deadline = time.monotonic() + within
    with Consumer(connection, [Queue("passerelle", routing_key="passerelle")], callbacks=[take]):
        while len(got) < count and time.monotonic() < deadline:
            try:
                connection.drain_events(timeout=0.5)
            except TimeoutError:
                continue
    return got


def test_every_task_arrives_once_with_its_one_id(settings: Settings) -> None:
    send = make_sender(settings)
    sent = [(f"passerelle.{task}", [f"id-{task}"]) for task in TASKS]
    with _connection(settings) as connection:
        for task, (subject,) in sent:
            send(task, subject)
        assert sorted(_receive(connection, len(sent))) == sorted(sent)
        assert _receive(connection, 1, within=0.6) == []


def test_messages_of_many_senders_are_whole_while_somebody_reads(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Each arrives once, or is said to be left to the sweep: a broker on a busy machine may not answer for a moment."""
    senders, each = 6, 50
    send = [make_sender(settings) for _ in range(senders)]

    def work(number: int) -> None:
        for count in range(each):
            send[number]("passerelle.propose", f"{number}-{count}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(senders)]
    sent = {f"{n}-{c}" for n in range(senders) for c in range(each)}
    got: list[str] = []
    with caplog.at_level(logging.WARNING), _connection(settings) as connection:
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        while len(got) < len(sent) and time.monotonic() < deadline:
            more = [arguments[0] for _, arguments in _receive(connection, len(sent) - len(got), within=2)]
            got += more
            if not more and not any(thread.is_alive() for thread in threads):
                break
    left = set(re.findall(r"passerelle\.propose (\d+-\d+)", caplog.text))
    assert len(got) == len(set(got)) > len(sent) / 2
    assert set(got) | left == sent


def test_damaged_message_is_dropped_and_the_next_one_arrives(make_settings: MakeSettings) -> None:
    settings = make_settings()
    with _connection(settings) as connection:
        (settings.broker_folder / "00-half.passerelle.msg").write_text('{"body": "W1s')
        (settings.broker_folder / "00-empty.passerelle.msg").touch()
        make_sender(settings)("passerelle.ingest", "sound")
        assert _receive(connection, 1) == [("passerelle.ingest", ["sound"])]
    assert list(settings.broker_folder.iterdir()) == []


def test_message_waits_for_a_reader_that_comes_later(settings: Settings) -> None:
    make_sender(settings)("passerelle.learn", "kept")
    with _connection(settings) as connection:
        assert _receive(connection, 1) == [("passerelle.learn", ["kept"])]


def test_message_carries_no_pickle_and_no_result(settings: Settings) -> None:
    config = celery_config(settings)
    assert config["accept_content"] == ["json"]
    assert config["task_ignore_result"] is True
    assert config["task_acks_late"] is True
    assert config["task_reject_on_worker_lost"] is True


def _longest(send: Callable[[str, str], None], count: int) -> float:
    longest = 0.0
    for number in range(count):
        begin = time.monotonic()
        send("passerelle.ingest", str(number))
        longest = max(longest, time.monotonic() - begin)
    return longest


def test_broker_that_is_away_holds_nobody_up(make_settings: MakeSettings, caplog: pytest.LogCaptureFixture) -> None:
    send = make_sender(make_settings(redis_url=f"redis://127.0.0.1:{free_port()}/0"))
    with caplog.at_level(logging.WARNING):
        assert _longest(send, 5) < SEND_WITHIN + SLACK
    assert "the sweep will" in caplog.text


def test_broker_that_never_answers_holds_nobody_up(make_settings: MakeSettings) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        send = make_sender(make_settings(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        begin = time.monotonic()
        assert _longest(send, 40) < SEND_WITHIN + SLACK
        assert time.monotonic() - begin < 3 * SEND_WITHIN + SLACK, "only the first message may wait"
        time.sleep(2 * SEND_WITHIN)  # the threads that still hope for an answer end before their socket does


def test_sender_delivers_again_once_the_broker_is_back(make_settings: MakeSettings, tmp_path: Path) -> None:
    server = Server(tmp_path)
    settings = make_settings(redis_url=server.url)
    send = make_sender(settings)
    send("passerelle.ingest", "too early")
    server.start()
    try:
        send("passerelle.ingest", "in time")
        with _connection(settings) as connection:
            assert _receive(connection, 1) == [("passerelle.ingest", ["in time"])]
    finally:
        server.kill()


def test_unwritable_folder_of_the_embedded_broker_is_no_error_for_the_sender(make_settings: MakeSettings) -> None:
    settings = make_settings()
    send = make_sender(settings)
    settings.broker_folder.rmdir()
    settings.broker_folder.touch()  # not a folder any more: nothing can be written there, even by root
    send("passerelle.ingest", "lost, and found by the sweep")
