"""The memory: how much it holds, and the concordance."""

from __future__ import annotations

from flask import Blueprint, request

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import memory
from service.web.fields import line
from service.web.pages import MemoryPage
from service.web.rendering import render
from tm.errors import InputError
from tm.types import Language

bp = Blueprint("memory", __name__, url_prefix="/memory")


@bp.get("")
@allow("memory.concordance")
def index() -> str:
    """Where a phrase stands in the memory."""
    language: Language = "en" if request.args.get("language") == "en" else "fr"
    statistics = memory.statistics(db())
    try:
        phrase = line("phrase", memory.LONGEST_PHRASE)
        passages = memory.concordance(db(), actor(), house().memory, phrase, language)
    except InputError as error:
        return render(MemoryPage(statistics, "", language, [], error))
    return render(MemoryPage(statistics, phrase, language, passages))
