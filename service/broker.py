"""How messages travel: the configuration of Celery, and a sender that never holds up the one who sends.

A message is a hint that carries one id; the row of the run is the truth. So a sender that cannot deliver says so in the
log and goes on: the sweep sends again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from service.settings import Settings

log = logging.getLogger(__name__)

TASKS = (
    *(
        "ingest",
        "propose",
        "propose-segment",
        "learn",
        "evaluate",
        "refresh",
        "generation",
        "import",
        "source",
        "align",
    ),
    *("evaluate-memory", "prune", "sweep"),
)
HARD_LIMIT = 900  # seconds a task may take; work that takes longer is cut into batches, each of them committed
SEND_WITHIN = 0.4  # seconds a sender waits at most
POLL_EVERY = 0.05  # seconds between two looks of the embedded broker: 0.6 % of a core when idle


def celery_config(settings: Settings) -> dict[str, Any]:
    """What `Celery.conf.update` takes, for the worker, the scheduler and senders alike.

    Messages are JSON, results are not kept, a message is acknowledged when its task has ended, and is given back when
    the process that ran it was killed.
    """
    common = {
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": HARD_LIMIT,
        "task_soft_time_limit": HARD_LIMIT - 30,
        "task_default_queue": "passerelle",
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": settings.worker_concurrency,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        # a task whose broker went away goes on: its results carry the attempt, so a second delivery changes nothing
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 2,
        "enable_utc": True,
        "timezone": "UTC",
        "beat_scheduler": "workers.schedule:Metronome",
    }
    return common | (_folder_config(settings) if settings.embedded else _redis_config(settings))


def _folder_config(settings: Settings) -> dict[str, Any]:
    settings.broker_folder.mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": "localhost",  # ignored; an address with a scheme would overrule broker_transport
        "broker_transport": "service.folder_transport:Transport",
        "broker_transport_options": {
            "data_folder_in": str(settings.broker_folder),
            "data_folder_out": str(settings.broker_folder),
            "polling_interval": POLL_EVERY,
        },
    }


def _redis_config(settings: Settings) -> dict[str, Any]:
    return {
        "broker_url": settings.redis_url,
        "broker_transport_options": {
            # a message that was not acknowledged comes back after this, so it must outlast any task
            "visibility_timeout": 2 * HARD_LIMIT,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "health_check_interval": 10,
        },
    }


def make_sender(settings: Settings) -> Callable[[str, str], None]:
    """A function `send(task, id)` for the tasks of `TASKS`, by their full name (`passerelle.ingest`).

    It returns within half a second and never raises, whatever state the broker is in; what could not be delivered is
    logged and left to the sweep. While the broker does not answer, further messages wait for nothing.
    """
    from celery import Celery

    app = Celery("sender", set_as_current=False)
    app.conf.update(celery_config(settings))
    if not settings.embedded:
        quick = {"socket_timeout": SEND_WITHIN, "socket_connect_timeout": SEND_WITHIN, "max_retries": 0}
        app.conf.broker_transport_options |= quick
    waiting = threading.BoundedSemaphore(8)  # senders in the hands of a broker that does not answer
    well = threading.Event()
    well.set()

    def deliver(task: str, subject: str) -> None:
        try:
            app.send_task(task, args=[subject], retry=False, ignore_result=True)
            well.set()
        except Exception as error:
            log.warning("could not send %s %s: %s; the sweep will", task, subject, error)
        finally:
            waiting.release()

    def send(task: str, subject: str) -> None:
        if not waiting.acquire(blocking=False):
            log.warning("the broker does not answer; %s %s is left to the sweep", task, subject)
            return
        # a timeout of the socket does not bound name resolution and reconnecting, a thread does
        thread = threading.Thread(target=deliver, args=(task, subject), daemon=True, name="send")
        thread.start()
        thread.join(SEND_WITHIN if well.is_set() else 0)
        if thread.is_alive():
            well.clear()

    return send
