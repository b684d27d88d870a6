"""Sentences of the desk in French: whole, by their pattern, and never a word of what people have written."""

from __future__ import annotations

import pytest
from flask import Flask

from service.web.languages import sentence

CASES = [
    ("Nothing was changed.", "Rien n’a été changé."),
    ("A comment has at most 2,000 characters.", "Un commentaire a au plus 2\u202f000 caractères."),
    ("“1,000” is not in the translation.", "« 1,000 » n’est pas dans la traduction."),
    (
        "The documents do not seem to be translations of each other: what was aligned and what it has in common come "
        "to 0.70, and 0.8 is needed.",
        "Les documents ne semblent pas être la traduction l’un de l’autre : ce qui a été aligné et ce qui leur est "
        "commun donnent 0,70, et il faut 0,8.",
    ),
    ("This text is here already, as “Visit to Kabul”.", "Ce texte est déjà là, sous « Visit to Kabul »."),
    ("A segment that is approved cannot be split.", "Un segment approuvé ne peut être scindé."),
    (
        "Segment 2 has one error: “09:15” is not in the translation.",
        "Le segment 2 a une erreur : « 09:15 » n’est pas dans la traduction.",
    ),
    ("has a warning: There are two spaces.", "a un avertissement : Il y a deux espaces."),
    ("Meeting at noon: from here to there", "Meeting at noon: from here to there"),
    ("The lights are gone", "The lights are gone"),
]


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(("said", "french"), CASES)
def test_a_sentence_is_said_in_french(app: Flask, said: str, french: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert sentence(said) == french
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert sentence(said) == said
