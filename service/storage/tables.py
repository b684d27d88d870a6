"""Every module with tables, imported once, so that the one metadata is whole."""

from service.storage import (
    alignments,
    audit,
    evaluations,
    glossary,
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
    "evaluations",
    "glossary",
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
