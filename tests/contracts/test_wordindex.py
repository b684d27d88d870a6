"""What every index of words must do: miss no unit in which `passages` finds the phrase, and give them newest first."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from tm.match.concordance import passages
from tm.match.wordlists.build import WordsBuilder
from tm.match.wordlists.following import FollowingWords
from tm.match.wordlists.index import Changes, Texts, WordIndex, WordLists
from tm.match.wordlists.mapped import MappedWords, prepare
from tm.types import Language

Held = dict[int, Texts]


class BuiltAnew:
    """`MappedWords`, which are read-only, built anew with every update."""

    def __init__(self, place: Path) -> None:
        self._units: Held = {}
        self._place = place
        self.update([])

    def update(self, changes: Changes) -> None:
        _apply(self._units, changes)
        folder = Path(tempfile.mkdtemp(dir=self._place))
        _build(folder, self._units)
        self._mapped = MappedWords(folder)

    def search(
        self, phrase: str, language: Language, *, inflected: bool = False, before: int | None = None
    ) -> Iterator[int]:
        return self._mapped.search(phrase, language, inflected=inflected, before=before)

    def __len__(self) -> int:
        return len(self._mapped)


class OnAGeneration(FollowingWords):
    """`FollowingWords` on mapped lists: every tenth update is followed by a switch to what was built meanwhile."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._units: Held = {}
        self._place = place
        self._updates = 0

    def update(self, changes: Changes) -> None:
        given = list(changes)
        if self._updates % 10 == 2:
            folder = Path(tempfile.mkdtemp(dir=self._place))
            _build(folder, self._units)
            self.switch(MappedWords(folder), given)
        else:
            super().update(given)
        _apply(self._units, given)
        self._updates += 1


def _apply(units: Held, changes: Changes) -> None:
    for unit_id, texts in changes:
        units.pop(unit_id, None)
        if texts is not None:
            units[unit_id] = texts


def _build(folder: Path, units: Held) -> None:
    batch = [(unit_id, *texts) for unit_id, texts in units.items()]
    with WordsBuilder(folder) as builder:
        builder.add(batch[::2])
        builder.add(batch[1::2])
        builder.finish(1)


INDEXES: dict[str, Callable[[Path], WordIndex]] = {
    "WordLists": lambda place: WordLists(),
    "FollowingWords": lambda place: FollowingWords(),
    "FollowingWords on a generation": OnAGeneration,
    "MappedWords": BuiltAnew,
}


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    prepare()  # once for all processes: no test is to measure that


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> WordIndex:
    return INDEXES[request.param](tmp_path)


FRENCH = "le la l' d' de des Conseil conseils Alliance alliés sécurité déployer déployées 12 mars qu' aujourd'hui œuvre"
ENGLISH = "the of Council council's councils Alliance allies security deploy deployed 12 March isn't today's and"


def text(dice: random.Random, words: str, most: int = 12) -> str:
    return " ".join(dice.choices(words.split(), k=dice.randrange(most))).replace("' ", dice.choice(["'", "’"]))


def pair(dice: random.Random) -> Texts:
    return text(dice, FRENCH), text(dice, ENGLISH)


def phrases(dice: random.Random, held: Held, count: int) -> Iterator[tuple[str, Language]]:
    """Some that stand in units, most with the last word cut short, some that stand nowhere."""
    for _ in range(count):
        side: int = dice.randrange(2)
        language: Language = "en" if side else "fr"
        words = dice.choice(list(held.values()))[side].split() if held and dice.random() < 0.8 else []
        if words:
            start = dice.randrange(len(words))
            phrase = " ".join(words[start : start + dice.randint(1, 4)])
            yield phrase[: len(phrase) - dice.randrange(3)], language
        else:
            yield text(dice, ENGLISH if side else FRENCH, 5), language


def expected(held: Held, phrase: str, language: Language, inflected: bool) -> list[int]:
    side = 0 if language == "fr" else 1
    return sorted(
        (number for number, texts in held.items() if passages(phrase, texts[side], language, inflected=inflected)),
        reverse=True,
    )


def checked(index: WordIndex, held: Held, phrase: str, language: Language, inflected: bool = False) -> list[int]:
    """What is found and verified, which must be all there is; what is found must be descending and held."""
    found = list(index.search(phrase, language, inflected=inflected))
    assert found == sorted(set(found), reverse=True)
    assert set(found) <= set(held)
    side = 0 if language == "fr" else 1
    verified = [each for each in found if passages(phrase, held[each][side], language, inflected=inflected)]
    assert verified == expected(held, phrase, language, inflected), (phrase, language, inflected)
    return verified


@pytest.mark.parametrize("seed", range(4))
def test_it_misses_nothing_while_units_come_change_and_go(index: WordIndex, seed: int) -> None:
    dice = random.Random(seed)
    held: Held = {}
    verified = 0
    for _ in range(25):
        changes = [
            (dice.randrange(300), None if dice.random() < 0.25 else pair(dice)) for _ in range(dice.randrange(60))
        ]
        _apply(held, changes)
        index.update(changes)
        for phrase, language in phrases(dice, held, 6):
            verified += len(checked(index, held, phrase, language, inflected=dice.random() < 0.4))
        assert len(index) == len(held)
    assert verified > 100


def test_hits_are_the_newest_first_and_given_as_they_are_asked_for(index: WordIndex) -> None:
    index.update((number, ("le Conseil", "the Council")) for number in range(20_000))
    assert list(islice(index.search("le conseil", "fr"), 3)) == [19_999, 19_998, 19_997]
    assert len(list(index.search("council", "en"))) == 20_000


def test_one_page_follows_another(index: WordIndex) -> None:
    index.update((3 * number, ("le Conseil", "the Council")) for number in range(6_000))
    every = list(index.search("le conseil", "fr"))
    for before in (1 << 60, 1 << 40, 18_000, 17_997, 9_001, 9_000, 8_999, 385, 1, 0, -5):
        expected = [unit_id for unit_id in every if unit_id < before]
        assert list(index.search("le conseil", "fr", before=before)) == expected


def test_a_search_sees_the_units_as_they_were_when_it_was_asked(index: WordIndex) -> None:
    index.update((number, ("le Conseil", "the Council")) for number in range(9_000))
    found = index.search("conseil", "fr")
    first = next(found)
    index.update((number, None) for number in range(0, 9_000, 2))
    assert [first, *found] == list(range(8_999, -1, -1))
    assert list(index.search("conseil", "fr")) == list(range(8_999, -1, -2))


def test_each_language_has_its_own_words(index: WordIndex) -> None:
    index.update([(1, ("la nation", "the nation")), (2, ("un pays", "a nation")), (3, ("une nation", "a country"))])
    assert list(index.search("nation", "fr")) == [3, 1]
    assert list(index.search("nation", "en")) == [2, 1]


def test_the_last_word_may_be_only_begun_and_no_other(index: WordIndex) -> None:
    held = {1: ("l’Alliance atlantique", "a"), 2: ("les alliés", "b"), 3: ("l'all", "c")}
    index.update(held.items())
    assert checked(index, held, "L'all", "fr") == [3, 1]
    assert checked(index, held, "alli atlantique", "fr") == []
    assert checked(index, held, "all", "fr") == [3, 2, 1]


def test_any_form_of_a_word_is_found_when_asked_for(index: WordIndex) -> None:
    held = {
        1: ("Les forces déployées", "forces deployed"), 2: ("déployer une force", "to deploy a force"),
        3: ("le déploiement", "the deployment"), 4: ("les forces se déploient", "forces are deploying"),
    }  # fmt: skip
    index.update(held.items())
    assert checked(index, held, "force déployée", "fr", True) == [1]
    assert checked(index, held, "déployer", "fr", True) == [3, 2, 1]
    assert checked(index, held, "deploy", "en", True) == [4, 3, 2, 1]
    assert checked(index, held, "deployed", "en", True) == [4, 3, 2, 1]
    assert checked(index, held, "deployed", "en") == [1]
    assert checked(index, held, "forces dep", "en", True) == [1]


def test_a_changed_unit_is_found_under_its_new_words_only(index: WordIndex) -> None:
    index.update([(1, ("le Conseil", "the Council"))])
    index.update([(1, ("la mission", "the mission"))])
    assert list(index.search("conseil", "fr")) == []
    assert list(index.search("mission", "fr")) == [1]
    index.update([(1, None), (9, None)])
    assert list(index.search("mission", "fr")) == []
    assert len(index) == 0


@pytest.mark.parametrize("nothing", ["", " . ", "«»", "'", "\u200b"])
def test_a_phrase_without_words_finds_nothing(index: WordIndex, nothing: str) -> None:
    index.update([(1, (nothing, nothing)), (2, ("oui", "yes"))])
    assert list(index.search(nothing, "fr")) == []
    assert len(index) == 2


@pytest.mark.parametrize(
    ("phrase", "source"),
    [
        ("e\u0301t", "un “été”"), ("ÉTÉ", "un e\u0301te\u0301"), ("strasse", "die Straße"), ("été", "un é\u00adté"),
        ("東京", "à 東京 le"), ("Ω", "un Ω"), ("🙂", "a 🙂 b"), ("ﬁn", "la fin"), ("fin", "la ﬁn"),
        ("가", "\u1100\u1161"), ("1 500", "1.500 soldats"), ("mars 20", "le 12 mars 2024"),
        ("\U00010400", "\U00010428x"), ("ŉ", "ŉa"),
        ("aujourd'h", "aujourd’hui"), ("k", "273 K"), ("x\ud800y", "x\ud800y"), ("l ete", "l ete"), ("_a", "_ab"),
    ],
)  # fmt: skip
def test_any_writing_is_found_however_it_is_spelled(index: WordIndex, phrase: str, source: str) -> None:
    held = {1: (source, source), 2: ("autre", "other")}
    index.update(held.items())
    assert checked(index, held, phrase, "fr") == ([] if phrase == "🙂" else [1])
    assert checked(index, held, phrase, "en") == ([] if phrase == "🙂" else [1])


def test_ids_far_apart(index: WordIndex) -> None:
    held = dict.fromkeys((0, 1, 1 << 31, 1 << 32, (1 << 55) - 1), ("oui", "yes"))
    index.update(held.items())
    assert checked(index, held, "oui", "fr") == [(1 << 55) - 1, 1 << 32, 1 << 31, 1, 0]
    index.update([(1 << 32, None)])
    assert list(index.search("yes", "en")) == [(1 << 55) - 1, 1 << 31, 1, 0]


def test_long_texts_and_long_phrases(index: WordIndex) -> None:
    words = [f"mot{number}x" for number in range(3000)]
    held = {1: (" ".join(words), "a " * 5000), 2: ("z" * 5000, "a")}
    index.update(held.items())
    assert checked(index, held, " ".join(words[5:900]), "fr") == [1]
    assert checked(index, held, "z" * 4000, "fr") == [2]
    assert checked(index, held, "a a a", "en") == [1]
