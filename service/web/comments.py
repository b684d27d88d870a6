"""Comments beside a segment, and what somebody is told inside the product."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.desk import comments, notices
from service.storage.comments import Comment, readers_of, threads_on
from service.storage.notices import Notice, notices_of, unread_of
from service.storage.releases import Segment, get_segment
from service.web.bodies import CommentBody, SettleBody, body
from service.web.pages import View
from service.web.panel_pages import Threads
from service.web.rendering import render

bp = Blueprint("comments", __name__)


@dataclass(frozen=True)
class NoticePage(View):
    """What the reader was told, the unread first."""

    template = "pages/notices.html"
    notices: list[Notice]
    waiting: int


def threads_of(segment: Segment) -> Threads:
    """The threads on a segment, for its panel."""
    names = [person.name for person in readers_of(db(), segment.release) if person.id != actor().id]
    return Threads(segment.id, threads_on(db(), segment.id), names)


@bp.post("/segments/<uuid:segment_id>/comments")
@allow("comment.write")
def say(segment_id: UUID) -> Response:
    """Make a remark, or answer one."""
    sent = body(CommentBody)
    return _threads(comments.say(db(), actor(), str(segment_id), sent.text, sent.thread))


@bp.post("/comments/<int:comment_id>/settle")
@allow("comment.write")
def settle(comment_id: int) -> Response:
    """Settle a thread, or open it again."""
    return _threads(comments.settle(db(), actor(), comment_id, body(SettleBody).settled))


@bp.post("/comments/<int:comment_id>/withdraw")
@allow("comment.write")
def withdraw(comment_id: int) -> Response:
    """Take one's own remark back."""
    return _threads(comments.withdraw(db(), actor(), comment_id))


def _threads(comment: Comment) -> Response:
    threads = threads_of(get_segment(db(), comment.segment_id))
    waiting = sum(thread[0].settled_at is None and thread[0].withdrawn_at is None for thread in threads.threads)
    return jsonify({"html": render(threads), "open": waiting})


@bp.get("/me/notices")
@allow("notice.see")
def index() -> str:
    """What the reader was told."""
    return render(NoticePage(notices_of(db(), actor().id), unread_of(db(), actor().id)))


@bp.post("/me/notices/read")
@allow("notice.read")
def read_all() -> Response:
    """Mark all of them as read."""
    notices.read(db(), actor())
    return make_response(redirect(url_for(".index"), 303))


@bp.post("/me/notices/<int:notice_id>")
@allow("notice.read")
def follow(notice_id: int) -> Response:
    """Mark one as read, and go to the segment that it is about."""
    found = next((one for one in notices_of(db(), actor().id) if one.id == notice_id), None)
    notices.read(db(), actor(), notice_id)
    return make_response(redirect(_about(found), 303))


def _about(notice: Notice | None) -> str:
    if notice is None:
        return url_for(".index")
    if notice.segment_id is None:
        return url_for("releases.show", release_id=notice.release_id)
    return url_for("editor.place_of", segment_id=notice.segment_id)
