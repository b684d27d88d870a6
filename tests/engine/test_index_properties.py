"""Whatever comes, changes, goes and is switched, in any order: the index finds what comparing with everything finds."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tm.match.generation.build import build
from tm.match.generation.following import FollowingIndex
from tm.match.generation.index import GenerationIndex, prepare
from tm.match.index import BruteForceIndex, Change
from tm.match.score import FORM, LOCALISED, SAME, STALE, WORDS, assess, similarity
from tm.text.normalise import normal
from tm.text.tokens import tokens

WORDS_HELD = [
    "de",
    "la",
    "Alliés",
    "l’OTAN",
    "réunion",
    "12 mars",
    "14 juin 2023",
    "3",
    "1 500",
    "2 %",
    "!",
    "« oui »",
    "œuvre",
]
texts = st.lists(st.sampled_from(WORDS_HELD), max_size=9).map(" ".join)
changes = st.lists(
    st.builds(Change, st.integers(0, 40), st.one_of(st.none(), texts, texts), st.integers(0, 3)), max_size=30
)


class Memories(RuleBasedStateMachine):
    """A memory that follows generations, beside one that compares with everything."""

    @initialize()
    def begin(self) -> None:
        prepare()
        self.folder = TemporaryDirectory()
        self.oracle, self.index = BruteForceIndex(), FollowingIndex()
        self.units: dict[int, Change] = {}
        self.generations: list[tuple[GenerationIndex, dict[int, Change]]] = []

    def teardown(self) -> None:
        self.generations = []
        self.folder.cleanup()

    @rule(made=changes)
    def change(self, made: list[Change]) -> None:
        """Units come, change, are superseded and go."""
        self.index.update(made)
        self.oracle.update(made)
        self.units.update({each.unit_id: each for each in made})

    @rule()
    def write_a_generation(self) -> None:
        """A generation is built; the memory goes on without it for now."""
        held = [(each.unit_id, each.text, each.scope) for each in self.units.values() if each.text is not None]
        path = build(Path(self.folder.name), held, tick=len(self.generations))
        self.generations.append((GenerationIndex(path), dict(self.units)))

    @rule(which=st.integers(0, 100), without=st.booleans())
    def switch(self, which: int, without: bool) -> None:
        """The memory stands on one of the generations, an older one too, or on none, and takes in what came after."""
        generation, held = None, {}
        if self.generations and not without:
            generation, held = self.generations[which % len(self.generations)]
        self.index.switch(generation, [each for key, each in self.units.items() if held.get(key) != each])

    @rule(
        queries=st.lists(texts, min_size=1, max_size=3),
        threshold=st.integers(50, 100),
        limit=st.one_of(st.none(), st.integers(1, 5)),
        scopes=st.one_of(st.none(), st.sets(st.integers(0, 4))),
    )
    def ask(self, queries: list[str], threshold: int, limit: int | None, scopes: set[int] | None) -> None:
        """Both find the same."""
        assert self.index.search(queries, threshold, limit, scopes) == self.oracle.search(
            queries, threshold, limit, scopes
        )

    @invariant()
    def as_many(self) -> None:
        """Both hold as many."""
        if hasattr(self, "index"):
            assert len(self.index) == len(self.oracle)


Memories.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMemories = Memories.TestCase


@given(texts, texts)
def test_similarity_is_symmetric_and_whole_only_where_words_agree(one: str, other: str) -> None:
    here, there = tokens(one), tokens(other)
    assert similarity(here, there) == similarity(there, here)
    assert 0 <= similarity(here, there) <= 100
    assert similarity(here, here) == (100 if here else 0)


@given(texts, texts, texts)
def test_no_rate_crosses_its_band(query: str, source: str, target: str) -> None:
    found = assess(query, source, target)
    if normal(query) == normal(source):
        assert found.rate == (SAME if normal(query) else 0)
    elif found.similarity == 100:
        assert found.rate in (FORM, LOCALISED, STALE)
        assert (found.rate == STALE) == (not found.localised.complete)
    else:
        assert found.rate <= min(WORDS, found.similarity)
        assert found.rate >= max(0, min(WORDS, found.similarity) - 1)
