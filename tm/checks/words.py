"""Words: what was left in French, acronyms that have an English form, words written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tm.checks.findings import Finding, Mend
from tm.text.normalise import normal
from tm.text.tokens import Token, tokens
from tm.types import Span

# short words of French that no English sentence has in lower case; "on", "an", "but", "son" are both
_FRENCH = frozenset(
    """
le la les des du une et est sont dans pour avec sur par que qui ne pas aux au ce cette ces leur leurs ses nous vous ils
elles être été avoir plus sans sous entre comme mais où dont l' d' qu' n' s' c' j'
""".split()
)
# acronyms of international organisations and of the trade, each with its English form
ACRONYMS = dict(
    pair.split()
    for pair in """
OTAN NATO\nONU UN\nUE EU\nUEO WEU\nFMI IMF\nOMC WTO\nOMS WHO\nOIT ILO\nOCDE OECD
CPI ICC\nCICR ICRC\nAIEA IAEA\nBCE ECB
BERD EBRD\nBEI EIB
PESC CFSP\nPESD ESDP\nPSDC CSDP\nFIAS ISAF\nONG NGO\nPIB GDP\nTVA VAT\nPME SMEs\nEEI IED\nADM WMD\nMINUK UNMIK
ARYM FYROM\nCPEA EAPC\nPPP PfP\nHCR UNHCR\nCEDH ECHR\nTPIY ICTY\nTNP NPT\nSIDA AIDS\nVIH HIV
""".strip().splitlines()
)
_AGAIN = frozenset({"had", "that"})  # may stand twice
_TITLES = (
    (re.compile(r"(?<!\w)M\.(?=\s[A-ZÀ-Þ])"), "Mr"),
    (re.compile(r"(?<!\w)MM\.(?=\s[A-ZÀ-Þ])"), "Messrs"),
    (re.compile(r"(?<!\w)Mme\.?(?=\s[A-ZÀ-Þ])"), "Mrs"),
)


def words(source: str, target: str) -> Iterator[Finding]:
    """What is wrong with the words of a translation."""
    if is_untranslated(source, target):
        yield Finding("UNTRANSLATED", "The translation is the French text.", target=Span(0, len(target)))
        return
    french = [token for token in tokens(source, "fr") if token.kind == "word"]
    translated = [token for token in tokens(target, "en") if token.kind == "word"]
    yield from _left(french, translated, target)
    yield from _titles(source, target)
    yield from _acronyms(source, target)
    yield from _twice(translated, target)


def is_untranslated(source: str, target: str) -> bool:
    """Whether the translation is the French text, and the text is French beyond doubt: a name stays as it is."""
    if normal(source) != normal(target):
        return False
    found = [str(token.value) for token in tokens(source, "fr") if token.kind == "word"]
    return any(word in _FRENCH for word in found) or any(re.search("[éèêçàùôîœ]", word) for word in found[3:])


def _left(french: Sequence[Token], translated: Sequence[Token], target: str) -> Iterator[Finding]:
    """Runs of three words or more that stand in the source as they are, French and no name."""
    known = [str(token.value) for token in french]
    runs = {tuple(known[at : at + 3]) for at in range(len(known) - 2)}
    at = 0
    while at < len(translated) - 2:
        end = at
        while end < len(translated) - 2 and tuple(str(each.value) for each in translated[end : end + 3]) in runs:
            end += 1
        if end > at and _is_french(run := translated[at : end + 2]):
            span = Span(run[0].start, run[-1].end)
            yield Finding("FRENCH_LEFT", f"“{target[span.start : span.end]}” is French.", target=span)
        at = max(end, at + 1)


def _is_french(run: Sequence[Token]) -> bool:
    """Whether words are French, and no name or title, whose words have capitals."""
    short = [token for token in run if token.value in _FRENCH]
    return bool(short) and any(not token.text[:1].isupper() for token in run if token not in short)


def _titles(source: str, target: str) -> Iterator[Finding]:
    for pattern, written in _TITLES:
        if pattern.search(source):
            for found in pattern.finditer(target):
                span = Span(*found.span())
                message = f"“{found[0]}” is “{written}” in English."
                yield Finding("FRENCH_LEFT", message, target=span, mend=Mend(span, written))


def _acronyms(source: str, target: str) -> Iterator[Finding]:
    for french, written in ACRONYMS.items():
        if french not in target or not re.search(rf"\b{french}\b", source):
            continue
        for found in re.finditer(rf"\b{french}\b", target):
            span = Span(*found.span())
            yield Finding("ACRONYM", f"{french} is {written} in English.", target=span, mend=Mend(span, written))


def _twice(translated: Sequence[Token], target: str) -> Iterator[Finding]:
    for one, other in pairwise(translated):
        between = target[one.end : other.start]
        if one.value == other.value and between and between.isspace() and one.value not in _AGAIN:
            span = Span(one.end, other.end)
            message = f"“{other.text}” is written twice."
            yield Finding("DOUBLE_WORD", message, target=Span(one.start, other.end), mend=Mend(span, ""))
