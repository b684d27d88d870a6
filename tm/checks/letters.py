"""Numbers in letters: `vingt-trois`, `quatre-vingt-dix`, `two hundred and five`, `troisième`, `both`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tm.types import Language

_FRENCH = """
1 un une unique premier première premiers premières\n2 deux deuxième second seconde double\n3 trois troisième triple
4 quatre quatrième\n5 cinq cinquième\n6 six sixième\n7 sept septième\n8 huit huitième huitaine\n9 neuf neuvième
10 dix dixième dizaine dizaines\n11 onze onzième\n12 douze douzième douzaine midi\n13 treize treizième
14 quatorze quatorzième\n15 quinze quinzième quinzaine\n16 seize seizième\n20 vingt vingtième vingtaine vingts
30 trente trentième trentaine\n40 quarante quarantième quarantaine\n50 cinquante cinquantième cinquantaine
60 soixante soixantième soixantaine\n100 cent cents centième centaine centaines
1000 mille millier milliers millième\n1000000 million millions\n1000000000 milliard milliards
"""
_ENGLISH = """
1 one once single first\n2 two both twice second double\n3 three third triple\n4 four fourth\n5 five fifth\n6 six sixth
7 seven seventh\n8 eight eighth\n9 nine ninth\n10 ten tenth tens\n11 eleven eleventh\n12 twelve twelfth dozen noon
13 thirteen thirteenth\n14 fourteen fourteenth\n15 fifteen fifteenth fortnight\n16 sixteen sixteenth
17 seventeen seventeenth\n18 eighteen eighteenth\n19 nineteen nineteenth\n20 twenty twentieth twenties
30 thirty thirtieth thirties\n40 forty fortieth forties\n50 fifty fiftieth fifties\n60 sixty sixtieth sixties
70 seventy seventieth seventies\n80 eighty eightieth eighties\n90 ninety ninetieth nineties
100 hundred hundreds hundredth\n1000 thousand thousands thousandth\n1000000 million millions
1000000000 billion billions
"""


def _by_word(table: str) -> dict[str, int]:
    lines = [line.split() for line in table.strip().splitlines()]
    return {word: int(number) for number, *words in lines for word in words}


_WORTH: dict[Language, dict[str, int]] = {"fr": _by_word(_FRENCH), "en": _by_word(_ENGLISH)}
_AND = frozenset({"et", "and"})


def spelled(words: Iterable[str], language: Language) -> set[int]:
    """The whole numbers that stand in letters among the folded words of a text in their order; hyphens part words."""
    return set(_numbers([part for word in words for part in word.split("-")], language))


def _numbers(words: Iterable[str], language: Language) -> Iterator[int]:
    whole = group = last = 0  # thousands and above; what is below; the word before, 0 for none
    for word in words:
        worth = _WORTH[language].get(word)
        if worth is None:
            if last and word not in _AND:
                yield whole + group
                whole = group = last = 0
        elif worth >= 1000 and worth > whole % worth:
            whole, group, last = whole + (group or 1) * worth, 0, worth
        elif worth == 100 and group < 20:
            group, last = (group or 1) * 100, 100
        elif language == "fr" and worth == 20 and last == 4:
            group, last = group + 76, 80
        elif last >= 100 or _follows(worth, last, language):
            group, last = group + worth, worth
        else:
            if last:
                yield whole + group
            whole, group, last = 0, worth, worth
    if last:
        yield whole + group


def _follows(worth: int, last: int, language: Language) -> bool:
    """Whether a word goes on with the number of the one before it: `vingt-trois`, `soixante-dix`, `dix-huit`."""
    if language == "fr" and last in (60, 80):
        return worth < 20
    if language == "fr" and last == 10:
        return 7 <= worth <= 9
    return last >= 20 and worth < 10
