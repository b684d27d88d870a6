"""Every module with tables, imported once, so that the one metadata is whole."""

from service.storage import audit, people, proposals, publications, releases, runs
from tm.store import units

__all__ = ["audit", "people", "proposals", "publications", "releases", "runs", "units"]
