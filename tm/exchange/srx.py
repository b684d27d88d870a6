"""SRX 2.0, the exchange format of segmentation rules.

A file holds named groups of rules and says by patterns which group is for which language. With `cascade`, all groups
whose pattern fits a language are asked in their order, without it the first alone. Regular expressions are read as
`tm.text.rules.reading` does: what SRX knows of ICU's, less what has no bound. The names of rules travel as comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from tm.documents.guard import control_character
from tm.errors import InputError, TooLarge, WrongType
from tm.exchange.guarded import entities, name_of, parsed
from tm.text.rules import Rule, Rules
from tm.text.rules.pattern import source
from tm.text.rules.program import compiled
from tm.text.rules.reading import read as read_pattern
from tm.text.rules.shipped import files
from tm.types import Language

LARGEST = 5_000_000  # bytes; the largest file of rules known, for forty languages, has a tenth of it
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
  <header segmentsubflows="yes" cascade="{cascade}">
    <formathandle type="start" include="no"/>
    <formathandle type="end" include="yes"/>
    <formathandle type="isolated" include="no"/>
  </header>
  <body>
    <languagerules>
"""
_TAIL = "    </maprules>\n  </body>\n</srx>\n"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of a file: `groups` by name; `maps` has patterns of language codes, each with the name of a group."""

    groups: tuple[tuple[str, tuple[Rule, ...]], ...]
    maps: tuple[tuple[str, str], ...]
    cascade: bool = True

    def rules(self, language: Language, *, on_top: bool = False) -> Rules:
        """The rules for a language, ready for `tm.text.segment.split`; `on_top`: what they leave open, ours decide.

        Raises InputError RULE_PATTERN for a pattern that cannot be used, SRX_INVALID for a group that is not there.
        """
        groups = dict(self.groups)
        chosen: list[Rule] = []
        for pattern, name in self.maps:
            if re.fullmatch(source(read_pattern(pattern)), language, re.IGNORECASE):
                if name not in groups:
                    raise _invalid("A pattern of languages names rules that are not there.", f"languagerulename {name}")
                chosen += groups[name]
                if not self.cascade:
                    break
        compiled(chosen)
        return Rules(tuple(chosen), cascade=on_top)


def shipped() -> RuleFile:
    """Our own rules, to be written: what other tools can start from. `\\G`, the beginning of a sentence, is ours."""
    groups = files()
    order = ("opening", "fr", "en", "general")
    return RuleFile(
        tuple((name, groups[name]) for name in order),
        tuple((".*" if name in ("opening", "general") else f"{name}.*", name) for name in order),
    )


def read(data: bytes) -> RuleFile:
    """The rules of an SRX file (2.0, and 1.0 as far as they are alike). Nothing outside of the file is fetched.

    Raises InputError SRX_INVALID, XML_ENTITY_FORBIDDEN, TooLarge XML_TOO_LARGE, WrongType. Patterns are looked at when
    the rules of a language are asked for: those of other languages do no harm.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.", code="XML_TOO_LARGE")
    root = parsed(data, lambda where: _invalid("The file is not well-formed XML.", where))
    if name_of(root) != "srx":
        raise WrongType("The file is XML, but not SRX.", where=f"root element {root.tag}")
    header = next(_all(root, "header"), None)
    groups = tuple((each.get("languagerulename", ""), tuple(_rules(each))) for each in _all(root, "languagerule"))
    maps = tuple(
        (each.get("languagepattern", ""), each.get("languagerulename", "")) for each in _all(root, "languagemap")
    )
    if not groups or not maps:
        raise _invalid("The SRX file has no rules, or does not say for which languages they are.")
    return RuleFile(groups, maps, header is not None and header.get("cascade", "no") == "yes")


def _invalid(what: str, where: str = "") -> InputError:
    return InputError(what, code="SRX_INVALID", where=where, todo="Export it again as SRX 2.0.")


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if name_of(element) == name)


def _rules(group: etree._Element) -> Iterator[Rule]:
    name = group.get("languagerulename", "")
    for number, rule in enumerate(_all(group, "rule"), 1):
        sides = {name_of(side): _text(side) for side in rule}
        kind = rule.get("break", "yes")
        if kind not in ("yes", "no"):
            raise _invalid("A rule says neither that a sentence ends nor that it goes on.", f"rule {number} of {name}")
        comment = rule.getprevious()
        said = (comment.text or "").strip() if isinstance(comment, etree._Comment) else ""
        yield Rule(kind == "yes", sides.get("beforebreak", ""), sides.get("afterbreak", ""), said or f"{name} {number}")


def _text(side: etree._Element) -> str:
    """A pattern, around comments and whatever else lies in it."""
    if any(isinstance(node, etree._Entity) for node in side):
        raise entities()
    return (side.text or "") + "".join(node.tail or "" for node in side)


def write(file: RuleFile) -> bytes:
    """The rules as SRX 2.0 in UTF-8; the same rules always give the same bytes, and `read` gives them back.

    Raises InputError CONTROL_CHARACTER for a pattern that XML cannot hold.
    """
    lines = [_HEAD.format(cascade="yes" if file.cascade else "no")]
    for name, rules in file.groups:
        lines.append(f"      <languagerule languagerulename={_quoted(name)}>\n")
        lines += [_written(rule) for rule in rules]
        lines.append("      </languagerule>\n")
    lines.append("    </languagerules>\n    <maprules>\n")
    for pattern, name in file.maps:
        lines.append(f"      <languagemap languagepattern={_quoted(pattern)} languagerulename={_quoted(name)}/>\n")
    return ("".join(lines) + _TAIL).encode()


def _written(rule: Rule) -> str:
    comment = re.sub(r"-(?=-|\Z)", "- ", _checked(rule.name))
    return (
        (f"        <!-- {comment} -->\n" if comment else "")
        + f'        <rule break="{"yes" if rule.ends else "no"}">'
        + f"<beforebreak>{_escaped(rule.before)}</beforebreak><afterbreak>{_escaped(rule.after)}</afterbreak></rule>\n"
    )


def _quoted(text: str) -> str:
    return quoteattr(_checked(text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def _escaped(text: str) -> str:
    return escape(_checked(text), {"\r": "&#13;"})


def _checked(text: str) -> str:
    if found := _FORBIDDEN.search(text):
        raise control_character(text, found.start())
    return text
