"""A visit to a source, from its list to the pairs in the memory. Only workers come here: it fetches."""

from __future__ import annotations

import time

from service.desk import folders
from service.desk.apart import Apart
from service.desk.pairing import pair_up
from service.desk.visits import Plan, Work, begin, end
from service.desk.walking import ListUnreadable, Walk

SECONDS = 600  # of one run; a longer visit goes on in the next, because a task may not take for ever


def visit(work: Work, seconds: float = SECONDS) -> None:
    """Visit the source that is the subject of the run: fetch outside of transactions, write in short ones.

    Safe to repeat and to interrupt: a visit that was broken off goes on where it was, and one that finds nothing new
    changes nothing. What goes wrong with a page or the list is written down in the visit, and is no failure of the run.
    """
    with work.write() as session:
        plan = begin(session, work.claim)
    left, code, reason = False, None, ""
    with Apart() as apart:
        try:
            left = _walk(work, plan, apart, time.monotonic() + seconds)
        except ListUnreadable as error:
            code, reason = error.code, error.reason
        if not left:
            pair_up(work, plan, apart)
    with work.write() as session:
        end(session, plan, work.claim, left=left, code=code, reason=reason)


def _walk(work: Work, plan: Plan, apart: Apart, until: float) -> bool:
    if plan.kind == "folder":
        return folders.walk(work, plan, apart, until)
    return Walk(work, plan, apart, until).run()
