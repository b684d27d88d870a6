"""The Celery application: `celery -A workers.app worker` and `celery -A workers.app beat`."""

from __future__ import annotations

from celery import Celery

from service.broker import celery_config
from service.settings import load
from workers.schedule import beat_schedule

settings = load()
app = Celery("passerelle", include=["workers.tasks"])
app.conf.update(celery_config(settings), beat_schedule=beat_schedule(settings))
