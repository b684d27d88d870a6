"""Every module with tables, imported once, so that the one metadata is whole."""

from service.storage import (
    alignments,
    audit,
    comments,
    evaluations,
    glossary,
    intended,
    notices,
    people,
    presence,
    projects,
    proposals,
    publications,
    releases,
    runs,
    segmentation,
    sources,
)
from tm.store import units

__all__ = [
    "alignments",
    "audit",
    "comments",
    "evaluations",
    "glossary",
    "intended",
    "notices",
    "people",
    "presence",
    "projects",
    "proposals",
    "publications",
    "releases",
    "runs",
    "segmentation",
    "sources",
    "units",
]
