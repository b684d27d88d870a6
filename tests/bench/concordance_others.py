"""What concordance is measured beside: SQLite FTS5, and a scan of everything."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tm.match.concordance import passages
from tm.match.wordlists.reading import folded, words
from tm.match.wordlists.stems import stem
from tm.types import Language

PAGE = 50

Asked = tuple[str, Language, bool]  # phrase, language, whether in any form
Texts = dict[Language, list[str]]


class FullText:
    """SQLite FTS5 with places (detail=full), asked for the phrase, the newest first."""

    def __init__(self, path: Path, texts: Texts) -> None:
        self._texts, started = texts, time.process_time()
        self._database = sqlite3.connect(path)
        self._database.execute(
            "CREATE VIRTUAL TABLE found USING fts5(fr, en, content='', detail=full,"
            " tokenize='unicode61 remove_diacritics 0')"
        )
        rows = enumerate(zip(texts["fr"], texts["en"], strict=True), 1)
        self._database.executemany(
            "INSERT INTO found(rowid, fr, en) VALUES (?, ?, ?)", ((number, *pair) for number, pair in rows)
        )
        self._database.commit()
        self._database.execute("INSERT INTO found(found) VALUES ('optimize')")
        self._database.commit()
        size = path.stat().st_size / 1e6
        print(f"SQLite FTS5: built in {time.process_time() - started:.1f} s of processor, {size:.0f} MB without texts")

    def page(self, asked: Asked) -> list[int]:
        """The newest hits, the phrase marked in each, as `page` does. FTS5 knows no forms of French words."""
        phrase, language, _ = asked
        pieces = " ".join(re.findall(r"[^\W_]+", phrase))
        match = f'{language} : "{pieces}" *'
        rows = self._database.execute(
            "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT ?", (match, PAGE)
        )
        found = [number - 1 for (number,) in rows]
        for number in found:
            passages(phrase, self._texts[language][number], language)
        return found


class Scan:
    """All texts as words with spaces between, and as stems: what is found in them owes nothing to an index."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._words: Texts = {"fr": [], "en": []}
        self._stems: Texts = {"fr": [], "en": []}
        for language, several in texts.items():
            for text in several:
                held = words(folded(text), language)
                self._words[language].append(f" {' '.join(held)} ")
                self._stems[language].append(f" {' '.join(stem(word, language) for word in held)} ")

    def hits(self, asked: Asked) -> list[int]:
        """All units that hold the phrase, the newest first."""
        phrase, language, inflected = asked
        several = words(folded(phrase), language)
        begun = f" {' '.join(several)}"
        if not inflected:
            return [at for at, text in self._newest(self._words[language]) if begun in text]
        first = " ".join(["", *(stem(word, language) for word in several[:-1]), ""])
        last = f" {stem(several[-1], language)} "
        held = self._texts[language]
        return [
            at
            for at, stems in self._newest(self._stems[language])
            if (begun in self._words[language][at] or last in stems if len(several) == 1 else first in stems)
            and passages(phrase, held[at], language, inflected=True)
        ]

    @staticmethod
    def _newest(several: list[str]) -> Iterator[tuple[int, str]]:
        return zip(range(len(several) - 1, -1, -1), reversed(several), strict=True)
