"""Patterns read from text. What cannot be used is refused with the place where it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from tm.errors import InputError
from tm.text.rules.classes import property_class
from tm.text.rules.pattern import OPEN_ENDED, Choice, Edge, Look, Many, Node, One, Seq

LONGEST = 20_000  # characters of one pattern; word lists in the files of other tools are long
_DEEPEST = 20
_QUANTIFIER = re.compile(r"([*+?])|\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_HORIZONTAL = "\\t\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000"
_LOOKS = {"?=": (True, True), "?!": (True, False), "?<=": (False, True), "?<!": (False, False)}


@lru_cache(maxsize=4096)
def read(pattern: str) -> Node:
    """The tree of a pattern. Raises InputError RULE_PATTERN."""
    return _Reader(pattern).whole()


class _Reader:
    """One pass over a pattern; `at` is the next character."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at, self.fold = pattern, 0, False

    def whole(self) -> Node:
        """The whole pattern."""
        if len(self.pattern) > LONGEST:
            raise self._refusal(f"It has {len(self.pattern):,} characters; at most {LONGEST:,} are read.")
        node = self._branches(0)
        if self.at < len(self.pattern):
            raise self._refusal("A closing bracket has no opening one.")
        return node

    def _refusal(self, why: str) -> InputError:
        shown = self.pattern if len(self.pattern) <= 80 else self.pattern[:77] + "…"
        place = f"pattern {shown}, character {min(self.at, len(self.pattern)) + 1}"
        return InputError(
            f"A rule of segmentation has a pattern that cannot be used. {why}", code="RULE_PATTERN", where=place
        )

    def _peek(self, length: int = 1) -> str:
        return self.pattern[self.at : self.at + length]

    def _take(self, length: int = 1) -> str:
        taken = self._peek(length)
        if len(taken) < length:
            raise self._refusal("It ends too early.")
        self.at += length
        return taken

    def _branches(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise self._refusal("Its groups lie too deep in one another.")
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom(depth)))
        return parts[0] if len(parts) == 1 else Seq(tuple(parts))

    def _quantified(self, node: Node) -> Node:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not found:
            return node
        if isinstance(node, Edge | Look):
            raise self._refusal("What has no characters cannot be repeated.")
        self.at = found.end()
        if self._peek() == "?":
            self._take()
        elif self._peek() in ("+", "*"):
            raise self._refusal("Possessive quantifiers are not read; write the plain one.")
        least, most = _times(found)
        if most < least or most > 1000:
            raise self._refusal("The number of repetitions is wrong; at most 1000 are possible.")
        return Many(node, least, most)

    def _atom(self, depth: int) -> Node:
        sign = self._take()
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escape()
        if sign == ".":
            return One(r"[^\n\r]")
        if sign in "^$":
            return Edge(sign)
        if sign in "*+?{":
            raise self._refusal("There is nothing to repeat here.")
        return self._letter(sign)

    def _group(self, depth: int) -> Node:
        before, kind = self.fold, ""
        if self._peek() == "?":
            found = re.compile(r"\?(?:<?[=!]|(i?(?:-i)?)(:|\)))").match(self.pattern, self.at)
            if not found:
                raise self._refusal("Of the groups with a question mark, only (?:…), (?i:…) and looks are read.")
            kind, self.at = found[0], found.end()
            self.fold = {"i": True, "-i": False}.get(found[1] or "", self.fold)
            if found[2] == ")":
                return Seq(())  # (?i) holds to the end of the group that it stands in
        node = self._branches(depth + 1)
        if self._peek() != ")":
            raise self._refusal("An opening bracket is not closed.")
        self._take()
        self.fold = before
        return Look(node, *_LOOKS[kind]) if kind in _LOOKS else node

    def _letter(self, sign: str) -> Node:
        if self.fold and sign.lower() != sign.upper():
            return One(f"[{_inside(sign.lower())}{_inside(sign.upper())}]")
        return One(_inside(sign), sign)

    def _escape(self) -> Node:
        sign = self._peek()
        if sign in ("b", "B", "G"):
            return Edge("\\" + self._take())
        if sign in ("A", "Z", "z"):
            self._take()
            return Edge("^" if sign == "A" else "$")
        inside, letter = self._member()
        if letter:
            return self._letter(letter)
        return One(f"[{inside}]")

    def _member(self) -> tuple[str, str]:
        """What follows a backslash: the inside of a class, and the character where it is but one."""
        sign = self._take()
        if sign in "sSdDwW":
            return "\\" + sign, ""
        if sign in "pP":
            return self._property(sign == "P"), ""
        if sign == "h":
            return _HORIZONTAL, ""
        if sign in _CONTROL:
            return _inside(_CONTROL[sign]), _CONTROL[sign]
        if sign in "ux":
            return self._code(sign)
        if sign.isalnum():
            raise self._refusal(f"\\{sign} is not read.")
        return _inside(sign), sign

    def _code(self, sign: str) -> tuple[str, str]:
        found = re.compile(r"[0-9a-fA-F]{4}" if sign == "u" else r"[0-9a-fA-F]{2}|\{([0-9a-fA-F]{1,6})\}").match(
            self.pattern, self.at
        )
        code = int((found[1] if sign == "x" and found[1] else found[0]), 16) if found else -1
        if not found or code > 0x10FFFF:
            raise self._refusal("This is no code of a character.")
        self.at = found.end()
        return _inside(chr(code)), chr(code)

    def _property(self, negated: bool) -> str:
        found = re.compile(r"\{(\^?)(?:gc=|Is)?(\w{1,20})\}|(\^?)([LMNPSZC])").match(self.pattern, self.at)
        inside = property_class(found[2] or found[4]) if found else None
        if not found or inside is None:
            raise self._refusal("This property of characters is not known; general categories such as Lu and L are.")
        self.at = found.end()
        if negated or found[1] or found[3]:
            raise self._refusal("The opposite of a property is read as [^\\p{…}] only.")
        return inside

    def _class(self) -> Node:
        start = self.at
        negated = self._peek() == "^"
        self.at += negated
        inside, last = "", ""
        while self._peek() != "]" or self.at == start + negated:
            sign = self._take()
            if sign == "[" or (sign == "&" and self._peek() == "&"):
                raise self._refusal("Classes inside of classes are not read; write one class.")
            if sign == "-" and last and self._peek() not in ("]", ""):
                inside, last = inside + self._range(last), ""
            elif sign == "\\":
                more, last = self._member()
                inside += more
            else:
                inside, last = inside + _inside(sign), sign
        self._take()
        written = f"[{'^' if negated else ''}{inside}]"
        return One(f"(?i:{written})" if self.fold else written)

    def _range(self, first: str) -> str:
        sign = self._take()
        last = self._member()[1] if sign == "\\" else sign
        if not last or last < first:
            raise self._refusal("A range of characters ends before it begins.")
        return "-" + _inside(last)


def _inside(sign: str) -> str:
    """A character as it is written in a class or outside of one."""
    return (
        sign
        if sign.isalnum() and sign.isascii()
        else f"\\u{ord(sign):04x}"
        if ord(sign) < 0x10000
        else f"\\U{ord(sign):08x}"
    )


def _times(found: re.Match[str]) -> tuple[int, int]:
    if found[1]:
        return {"*": (0, OPEN_ENDED), "+": (1, OPEN_ENDED), "?": (0, 1)}[found[1]]
    least = int(found[2])
    if not found[3]:
        return least, least
    return least, int(found[4]) if found[4] else max(least, OPEN_ENDED)
