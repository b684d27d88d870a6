"""Concordance: where a phrase stands in a text, and which fragments of a text are worth asking for."""

from __future__ import annotations

from tm.text.normalise import folded
from tm.text.tokens import Token, tokens
from tm.types import Language, Span

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


def passages(phrase: str, text: str, language: Language) -> tuple[Span, ...]:
    """Where `phrase` stands in `text`, both in `language`; ascending, not overlapping.

    Word by word, whatever the case, spaces and punctuation; accents count. The last word of the phrase may be the
    beginning of one, so that hits come while somebody types.
    """
    words = [folded(token.text) for token in _words(phrase, language)]
    found = _words(text, language)
    held = [folded(token.text) for token in found]
    spans: list[Span] = []
    at = 0
    while words and at + len(words) <= len(held):
        last = at + len(words) - 1
        if held[at:last] == words[:-1] and held[last].startswith(words[-1]):
            spans.append(Span(found[at].start, found[last].end))
            at = last
        at += 1
    return tuple(spans)


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


def _words(text: str, language: Language) -> list[Token]:
    return [token for token in tokens(text, language) if token.kind != "punctuation"]


def _telling(token: Token) -> bool:
    return token.kind == "word" and token.value not in FUNCTION_WORDS and len(token.text) > 1
