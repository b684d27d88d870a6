"""The forms of a word: what may stand in a text for the word of a glossary.

A stemmer is too coarse here: it makes one of `conseil` and `conseiller`, of `operation` and `operational`, and a wrong
term is worse than none. So a form stands for a word where number, gender or a verb's ending alone part them, and that
one way only: `armée` may be the feminine of `armé`, but `armé` is never the noun `armée`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tm.types import Language

# end in -s, -x or -z and are no plurals
_SAME = frozenset(
    """
avis bois bras bas bus campus cas choix colis compromis concours consensus corps cours croix dans dépens dessous dessus
discours dos fois fonds français anglais irlandais japonais polonais portugais finlandais néerlandais danois suédois
chinois gros hors jus lors mais mois os palais paix parcours pas pays permis plus poids prix processus puis recours
relais remords repas rubis secours sens sous sursis taux temps tiers toujours trois univers vers virus voix faux heureux
deux ceux eux noix toux doux roux statuts-quo deçà gaz nez assez chez rez
""".split()
)
_ODD_FRENCH = {"travaux": "travail", "baux": "bail", "yeux": "oeil", "mesdames": "madame", "messieurs": "monsieur"}
_ODD_ENGLISH = dict(
    pair.split()
    for pair in """
crises crisis\nanalyses analysis\nbases basis\ntheses thesis\nhypotheses hypothesis\ncriteria criterion
phenomena phenomenon\nmemoranda memorandum\nchildren child\nlives life\nstaves staff\nhalves half\nheld hold
built build\nled lead\nmet meet\nsent send\nmade make\ntook take\ntaken take\ngave give\ngiven give\nkept keep
won win\nfought fight\nwithdrew withdraw\nwithdrawn withdraw\nbegan begin\nbegun begin\nchose choose\nchosen choose
""".strip().splitlines()
)
# a feminine ending, and the masculine one that a glossary has
_GENDER = tuple(
    tuple(pair.split())
    for pair in """
trice teur\neuse eur\neuse eux\nelle el\nenne en\nonne on\nière ier\nère er\nive if\nale al\naine ain\naise ais
oise ois\nante ant\nente ent\née é\nhaute haut\nande and\nète et\nque c\ncheffe chef
""".strip().splitlines()
)
# things, not persons: their feminine is a participle (`l'affaire traitée`)
_NO_FEMININE = frozenset("traité comité marché arrêté communiqué exposé procédé énoncé résumé défilé".split())
_ER = "e es ons ez ent é ée és ées ant ait aient ais era eront erait eraient èrent a".split()
_IR = "it issent i ie is ies issant issait issaient ira iront irait".split()
_RE = "d dent du due dus dues dant dait daient dra dront drait".split()
_VOWELS = frozenset("aeiouyéèêëîïôû")
_SHORTEST = 3  # letters that must be left of a word


def base(word: str, language: Language) -> str:
    """A folded word in the singular: what a glossary's word and a text's have in common."""
    return _french(word) if language == "fr" else _english(word)


@lru_cache(maxsize=50_000)
def bases(word: str, language: Language) -> tuple[str, ...]:
    """What a folded word of a text may stand for in a glossary, itself in the singular first."""
    if language == "fr":
        return tuple(dict.fromkeys([_french(word), *_feminine(word), *_verbs(word)]))
    odd = [_ODD_ENGLISH[word]] if word in _ODD_ENGLISH else []
    return tuple(dict.fromkeys([_english(word), *odd, *_tenses(word)]))


def agreeing(word: str, language: Language) -> tuple[str, ...]:
    """What else a word may stand for where it agrees with one before it: `civile` for `civil`. Alone it would be too
    much: `porte` is not `port`."""
    one = _french(word) if language == "fr" else ""
    return (_french(one[:-1]),) if len(one) > _SHORTEST + 1 and one[-1] == "e" and one[-2] not in _VOWELS else ()


def _french(word: str) -> str:
    if word in _ODD_FRENCH:
        return _ODD_FRENCH[word]
    if len(word) <= _SHORTEST or word in _SAME or word.endswith(("ss", "ès")):
        return word
    if word.endswith(("eaux", "eux", "oux", "yaux")):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-3] + "al"
    return word[:-1] if word.endswith("s") else word


def _feminine(word: str) -> Iterator[str]:
    one = _french(word)
    for ending, instead in _GENDER:
        if one.endswith(ending) and len(one) - len(ending) + len(instead) > _SHORTEST:
            found = _french(one[: len(one) - len(ending)] + instead)
            if found not in _NO_FEMININE:
                yield found


def _verbs(word: str) -> Iterator[str]:
    """Infinitives of which a word may be a form; those of the three regular kinds."""
    for endings, infinitive in ((_ER, "er"), (_IR, "ir"), (_RE, "dre")):
        for ending in endings:
            root = word[: -len(ending)]
            if word.endswith(ending) and len(root) >= _SHORTEST:
                yield root + infinitive
                if infinitive == "er" and root[-1] in "eiç":
                    yield {"e": root[:-1], "i": root[:-1] + "y", "ç": root[:-1] + "c"}[root[-1]] + "er"


def _english(word: str) -> str:
    if len(word) <= _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word[:-2] + "an" if word.endswith("men") and len(word) > 4 else word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zzes", "oes")) else word[:-1]


def _tenses(word: str) -> Iterator[str]:
    """Verbs of which a word may be a form."""
    for ending in ("ed", "ing"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= _SHORTEST:
            yield from (root, root + "e")
            if root[-1] == root[-2]:
                yield root[:-1]
            if ending == "ed" and root.endswith("i"):
                yield root[:-1] + "y"
