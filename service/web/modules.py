"""The scripts that a page will need, read from the scripts themselves: what one imports, and what those import."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "static" / "js"
IMPORTED = re.compile(r'^import .*?from "\./([\w-]+)\.js";$', re.MULTILINE)


@cache
def modules_of(name: str) -> tuple[str, ...]:
    """The addresses below `static` of a script and of all that it imports, itself first. A page that names them has
    them fetched at once instead of one after the other is read."""
    found = [name]
    for each in found:
        text = (FOLDER / f"{each}.js").read_text(encoding="utf-8")
        found += [other for other in dict.fromkeys(IMPORTED.findall(text)) if other not in found]
    return tuple(f"js/{each}.js" for each in found)
