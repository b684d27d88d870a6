"""The editor in French, in a real browser by keys: its scripts speak the language of the page."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def test_the_language_is_chosen_and_scripts_speak_it(open_as: Open) -> None:
    page = open_as("translator")
    page.goto(page.url.split("/edit")[0])
    page.get_by_role("button", name="Français").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="Ouvrir dans l’éditeur").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=counts]")).to_have_text("1 traduit, 3 à traduire · 19 mots restants")
    expect(page.get_by_role("button", name="À traduire 3")).to_be_visible()
    field(page, 2)
    expect(page.get_by_label("Traduction du segment 2")).to_be_focused()
    expect(page.locator("#s2 [data-act=confirm] kbd")).to_have_text("Ctrl Entrée")
    page.keyboard.press("Control+a")
    page.keyboard.type("The  Council met on 5 December 2009.")
    expect(page.locator(".finding").first).to_contain_text("« 4 décembre 2009 » est devenu « 5 December 2009 ».")
    expect(page.locator("[data-slot=findings-said]")).to_contain_text("2 constats : ")
    page.keyboard.press("Alt+m")
    expect(page.locator(".finding")).to_have_count(1)
    expect(page.locator(".finding")).to_contain_text("Il y a deux espaces.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")
    expect(page.locator("#s2 .place")).to_contain_text("traduit")
    page.keyboard.press("Alt+Shift+J")
    expect(page.locator("[data-slot=saved]")).to_have_text(
        "Le segment suivant est dans un autre paragraphe : seuls des voisins d’un même paragraphe sont fusionnés."
    )
    page.keyboard.press("Alt+h")
    expect(page.locator("dialog[open]")).to_contain_text("confirmer, passer au segment suivant")
    expect(page.locator("dialog[open] kbd").filter(has_text="Ctrl Maj Entrée")).not_to_have_count(0)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_a_refusal_is_said_in_french(open_as: Open) -> None:
    page = open_as("translator")
    page.context.set_extra_http_headers({"Accept-Language": "fr"})
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    field(page, 1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-slot=saved]")).to_have_text("Un texte vide ne peut être confirmé.")
