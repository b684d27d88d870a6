"""Concordance: where a phrase stands in a text, what stands for it in the other language, and which fragments of a text
are worth asking for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tm.match.hints import SURE, runs
from tm.match.wordlists.reading import folded, placed, words
from tm.match.wordlists.stems import stem
from tm.text.tokens import Token, measured, tokens
from tm.types import Language, Span

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon
    from tm.match.lexicon.words import Array

# Words that say too little to begin or end a fragment.
_FRENCH = """
à a ai ainsi afin alors après au aucun aussi autre autres aux avait avant avec avoir ayant c' car ce ceci cela
celle celles celui ces cet cette ceux chaque ci comme comment contre d' dans de depuis des donc dont du elle
elles en encore entre est et étaient était étant être eu eux fait fut furent il ils j' je jusqu' jusque l' la là
laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu' lorsque lui m' mais me même mêmes mon n' ne
ni nos notre nous on ont ou où par parmi pas pendant peu peut peuvent plus plusieurs pour pourquoi puis puisqu'
puisque qu' quand que quel quelle quelles quels qui quoi quoiqu' quoique s' sa sans se selon sera seront ses si
soit son sont sous sur t' ta te tel telle telles tels tous tout toute toutes très tu un une vers vos votre vous
y
"""
FUNCTION_WORDS = frozenset(_FRENCH.split())
LONGEST = 6  # words of a fragment
_BRIDGE = 2  # small words between two of one expression: "droits de l'homme"


class _Asked(NamedTuple):
    words: tuple[str, ...]
    stems: tuple[str, ...]
    possible: re.Pattern[str]  # is in every folded text that holds the phrase, and in few others


@lru_cache(maxsize=256)
def _asked(phrase: str, language: Language) -> _Asked:
    asked = words(folded(phrase), language)
    possible = re.compile(r"[^\w]*".join(re.escape(word) for word in asked))
    return _Asked(tuple(asked), tuple(stem(word, language) for word in asked), possible)


def passages(phrase: str, text: str, language: Language, *, inflected: bool = False) -> tuple[Span, ...]:
    """Where `phrase` stands in `text`, both in `language`; ascending, not overlapping.

    Word by word, whatever the case, spaces and punctuation; accents count. The last word of the phrase may be the
    beginning of one, so that hits come while somebody types. With `inflected`, any form of a word stands for it.
    Fast enough for thousands of texts at a time.
    """
    asked, given = _asked(phrase, language), folded(text)
    if not asked.words or not (inflected or asked.possible.search(given.text)):
        return ()
    found, last = placed(given, language), len(asked.words) - 1
    held = [word[0] for word in found]
    places = _forms(asked, held, language) if inflected else _places(asked.words, held)
    return tuple(given.span(found[at].start(), found[at + last].end()) for at in places)


def _places(asked: Sequence[str], held: Sequence[str]) -> list[int]:
    """Where the words asked for stand among those held."""
    first, last, length = list(asked[:-1]), asked[-1], len(asked)
    found: list[int] = []
    at = 0
    while at + length <= len(held):
        if held[at + length - 1].startswith(last) and held[at : at + length - 1] == first:
            found.append(at)
            at += length
        else:
            at += 1
    return found


def _forms(asked: _Asked, held: Sequence[str], language: Language) -> list[int]:
    """As `_places`, where a word of the same stem is as good."""
    last, mark = asked.words[-1], asked.stems[-1]
    stems = [stem(word, language) for word in held]
    # a word that only begins with the last one is given its stem, so that stems alone are compared below
    ended = [mark if word.startswith(last) else its for word, its in zip(held, stems, strict=True)]
    first, length = list(asked.stems[:-1]), len(asked.words)
    found: list[int] = []
    at = 0
    while at + length <= len(held):
        if ended[at + length - 1] == mark and stems[at : at + length - 1] == first:
            found.append(at)
            at += length
        else:
            at += 1
    return found


def counterparts(
    source: str, target: str, spans: Sequence[Span], lexicon: Lexicon, from_language: Language = "fr"
) -> tuple[Span, ...]:
    """The words of the other side that stand for the words at `spans`, ascending; () where the lexicon is not sure.

    `source` is French, `target` English; `spans` are places in the one that is in `from_language`, as `passages` gives
    them. A word is marked when the words asked for together claim it, and claim more of it than all others do.
    """
    french, english = measured(tokens(source)), measured(tokens(target, "en"))
    posteriors = lexicon.posteriors(french, english)
    here, there, text = (french, english, target) if from_language == "fr" else (english, french, source)
    if from_language != "fr":
        posteriors = posteriors.T
    rows = [at for at, token in enumerate(here) if any(s.start < token.end and token.start < s.end for s in spans)]
    if not rows or not there:
        return ()
    claimed, all_of_it = posteriors[rows].sum(axis=0), posteriors.sum(axis=0)
    marked = (claimed >= SURE) & (2 * claimed >= all_of_it)
    return runs(text, there, _bridged(marked, [_small(token) for token in there] & (all_of_it - claimed < SURE)))


def _small(token: Token) -> bool:
    return token.value in FUNCTION_WORDS


def _bridged(marked: Array, free: Array) -> Array:
    """What is marked, and the small words between that nobody else claims: `droits de l'homme` is one expression."""
    bridged, last = marked.copy(), -1
    for at in marked.nonzero()[0].tolist():
        if last >= 0 and at - last <= _BRIDGE + 1 and free[last + 1 : at].all():
            bridged[last:at] = True
        last = at
    return bridged


def fragments(query: str, n: int = 24) -> tuple[str, ...]:
    """At most `n` runs of two to six words of a French text, as they stand in it, the longest first, then from left to
    right. No run crosses punctuation other than a hyphen, and none begins or ends with a function word or figures."""
    found = []
    run: list[Token] = []
    for token in (*tokens(query), None):
        if token is not None and (token.kind != "punctuation" or token.text == "-"):
            if token.kind != "punctuation":
                run.append(token)
            continue
        found += [
            (length, query[run[at].start : run[at + length - 1].end])
            for length in range(2, LONGEST + 1)
            for at in range(len(run) - length + 1)
            if _telling(run[at]) and _telling(run[at + length - 1])
        ]
        run = []
    unique = dict.fromkeys(text for _, text in sorted(found, key=lambda each: -each[0]))
    return tuple(unique)[:n]


def _telling(token: Token) -> bool:
    return token.kind == "word" and token.value not in FUNCTION_WORDS and len(token.text) > 1
