"""Whose units the reader may see, with the names for the screen."""

from __future__ import annotations

from service.auth.guard import actor, db
from service.desk.projects import choices
from service.storage.projects import Project


def own_projects() -> list[Project]:
    """The projects of whoever asks, by name."""
    return choices(db(), actor())


def project_names() -> dict[int, str]:
    """The same as names by number, which is the scope of their units."""
    return {project.number: project.name for project in own_projects()}
