"""The processes of the service itself, with the command lines that the supervisor and Docker use."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Self

from service.settings import Settings
from service.supervisor import commands
from tests.parts.process import Process, wait_for


def _process(settings: Settings, name: str) -> tuple[list[str], Path, dict[str, str]]:
    settings.log_folder.mkdir(parents=True, exist_ok=True)
    return commands(settings)[name], settings.log_folder / f"{name}.log", settings.environment()


class Worker(Process):
    """A Celery worker. `kill()` is `kill -9` for it and its pool; `start()` after that is a new one."""

    def __init__(self, settings: Settings) -> None:
        line, log, env = _process(settings, "worker")
        super().__init__(line, log, env=env)

    def start(self, wait: bool = True) -> Self:
        """Start it; `wait`: until it takes messages."""
        said = self.text().count(" ready.")
        super().start()
        if wait:
            wait_for(lambda: self.text().count(" ready.") > said or not self.alive, 30, "the worker")
            assert self.alive, self.text()[-3000:]
        return self


class Beat(Process):
    """The scheduler."""

    def __init__(self, settings: Settings) -> None:
        line, log, env = _process(settings, "beat")
        super().__init__(line, log, env=env)


class Web(Process):
    """The web process; `url` is where it answers."""

    def __init__(self, settings: Settings) -> None:
        line, log, env = _process(settings, "web")
        super().__init__(line, log, env=env)
        self.url = settings.address

    def start(self) -> Self:
        """Start it and wait until it answers."""
        super().start()
        wait_for(lambda: self._answers() or not self.alive, 30, "the web process")
        assert self.alive, self.text()[-3000:]
        return self

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
