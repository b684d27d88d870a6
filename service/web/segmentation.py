"""The segmentation rules of a project: changed in the browser, tried on a text, brought in and handed out as SRX."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, Response, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.desk import segmentation
from service.errors import WrongState, status_of
from service.storage.projects import Project
from service.web import fields
from service.web.downloads import attachment
from service.web.fields import choice, line, text, ticked, upload
from service.web.pages import View
from service.web.rendering import render
from tm.errors import InputError, PasserelleError
from tm.text.rules import Rule
from tm.text.rules.own import OwnRules, lines_of
from tm.types import Language

bp = Blueprint("segmentation", __name__, url_prefix="/projects/<int:number>/segmentation")
LONGEST_LIST = 40_000
LANGUAGES = {"fr": "French", "en": "English"}
TRIALS = {
    "fr": "S.E. M. Osei a reçu le gén. Kovač à 15 h. Ils ont signé l’accord, cf. art. 5. La presse était présente.",
    "en": "H.E. Mr. Osei met Gen. Kovač at 3 p.m. They signed the agreement, cf. Art. 5. The press was there.",
}


@dataclass(frozen=True)
class SegmentationPage(View):
    """The rules for one language, as they are or as somebody has just written them, and a text cut by them."""

    template = "pages/segmentation.html"
    project: Project
    language: Language
    own: OwnRules
    kept: OwnRules
    seen: int
    trial: str
    pieces: list[str]
    error: PasserelleError | None = None
    names: dict[str, str] = field(default_factory=lambda: LANGUAGES)


@dataclass(frozen=True)
class Trial(View):
    """A text cut by rules that may not be saved yet."""

    template = "partials/trial.html"
    pieces: list[str]
    error: PasserelleError | None = None


@bp.get("/<any(fr, en):language>")
@allow("segmentation.see")
def show(number: int, language: Language) -> str:
    """The rules for a language."""
    return _page(number, language)


def _page(
    number: int, language: Language, own: OwnRules | None = None, trial: str = "", error: PasserelleError | None = None
) -> str:
    found, rules = segmentation.see(db(), actor(), number)
    kept, seen = rules[language]
    shown, trial = own or kept, trial or TRIALS[language]
    # rules that cannot be used cut nothing; those that are kept can be
    pieces = [] if error and own else segmentation.try_out(db(), actor(), number, language, shown, trial)
    return render(SegmentationPage(found, language, shown, kept, seen, trial, pieces, error))


@bp.post("/<any(fr, en):language>")
@allow("segmentation.change")
def change(number: int, language: Language) -> Response:
    """Save what was written."""
    own, trial = None, ""
    try:
        own, trial = _written(), text("trial", segmentation.LONGEST_TRIAL)
        segmentation.change(db(), actor(), number, language, own, seen=fields.number("seen") or 0)
    except (InputError, WrongState) as error:
        return _refused(number, language, error, own, trial)
    return make_response(redirect(url_for(".show", number=number, language=language), 303))


@bp.post("/<any(fr, en):language>/try")
@allow("segmentation.change")
def try_out(number: int, language: Language) -> Response:
    """Cut a text by rules that may not be saved; the list alone where a script asks, else the page as it was."""
    own, trial = None, ""
    try:
        own, trial = _written(), text("trial", segmentation.LONGEST_TRIAL)
        pieces = segmentation.try_out(db(), actor(), number, language, own, trial)
    except InputError as error:
        if ticked("piece"):
            return _with_status(render(Trial([], error)), error)
        return _refused(number, language, error, own, trial)
    return make_response(render(Trial(pieces)) if ticked("piece") else _page(number, language, own, trial))


def _written() -> OwnRules:
    kept = [
        rule for place in range(fields.number("rules") or 0) if ticked(f"keep-{place}") and (rule := _rule(f"-{place}"))
    ]
    new = _rule("-new")
    return OwnRules(
        lines_of(text("never", LONGEST_LIST)),
        lines_of(text("always", LONGEST_LIST)),
        tuple(kept) + ((new,) if new else ()),
        ticked("cascade"),
    )


def _rule(end: str) -> Rule | None:
    before, after = (text(f"{side}{end}", 20_000).strip("\r\n") for side in ("before", "after"))
    if not before and not after:
        return None
    return Rule(choice(f"ends{end}", ("yes", "no")) != "no", before, after, line(f"name{end}", 200))


def _refused(
    number: int, language: Language, error: PasserelleError, own: OwnRules | None = None, trial: str = ""
) -> Response:
    """The page again with what was written, and the refusal above it."""
    db().rollback()
    return _with_status(_page(number, language, own, trial, error), error)


def _with_status(page: str, error: PasserelleError) -> Response:
    response = make_response(page)
    response.status_code = status_of(error)
    return response


@bp.post("/<any(fr, en):language>/import")
@allow("segmentation.change")
def take_in(number: int, language: Language) -> Response:
    """Bring in an SRX file; it may have rules for both languages."""
    try:
        _, data = upload("Choose an .srx file.")
        counts = segmentation.take_in(db(), actor(), number, data, on_top=ticked("on-top"))
    except (InputError, WrongState) as error:
        return _refused(number, language, error)
    goal = language if language in counts else next(iter(counts))
    return make_response(redirect(url_for(".show", number=number, language=goal), 303))


@bp.get("/rules.srx")
@allow("segmentation.see")
def hand_out(number: int) -> Response:
    """All rules of the project as SRX 2.0."""
    found, data = segmentation.hand_out(db(), actor(), number)
    return attachment(data, f"{found.key}.srx", "application/xml")
