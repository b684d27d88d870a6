"""A small language of communiqués: every sentence is made of parts whose translation is known."""

from __future__ import annotations

import itertools
import random

WHO = {"ministre": "minister", "ambassadeur": "ambassador", "secrétaire": "secretary", "général": "general"}
DOES = {"approuve": "approves", "rejette": "rejects", "examine": "examines", "salue": "welcomes"}
WHAT = {"plan": "plan", "rapport": "report", "accord": "agreement", "budget": "budget", "programme": "programme"}
HOW = {"commun": "joint", "annuel": "annual", "détaillé": "detailed", "militaire": "military"}
WHERE = {
    "à Bruxelles": "in Brussels",
    "devant le Conseil": "before the Council",
    "pour la paix": "for peace",
    "en Géorgie": "in Georgia",
    "avant 2024": "before 2024",
}


def sentence(who: str, does: str, what: str, how: str, where: str) -> tuple[str, str]:
    """A French sentence and its English."""
    le = "L'" if who[0] in "aeé" else "Le "
    un = "l'" if what[0] in "aeé" else "le "
    return (
        f"{le}{who} {does} {un}{what} {how} {where}.",
        f"The {WHO[who]} {DOES[does]} the {HOW[how]} {WHAT[what]} {WHERE[where]}.",
    )


def pairs(count: int = 700, seed: int = 7) -> list[tuple[str, str]]:
    """Different sentences with their English, the same ones in every run."""
    every = [sentence(*parts) for parts in itertools.product(WHO, DOES, WHAT, HOW, WHERE)]
    return random.Random(seed).sample(every, count)
