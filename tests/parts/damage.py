"""Files that something has happened to."""

from __future__ import annotations

import random
from copy import deepcopy

from lxml import etree

PIECES = [
    b'<!ENTITY x "y">',
    b"&x;",
    b"<seg>",
    b"</tu>",
    b"<tu>",
    b"\0",
    b"<![CDATA[",
    b"<?pi x?>",
    b"<!--",
    b"\xff\xfe",
]


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few changed, lost, doubled or put in."""
    bent = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        place, other = dice.randrange(len(bent)), dice.randrange(len(bent))
        match dice.randrange(4):
            case 0:
                bent[place] = dice.randrange(256)
            case 1:
                del bent[place : place + dice.randint(1, 60)]
            case 2:
                bent[place:place] = bent[other : other + dice.randint(1, 80)]
            case _:
                bent[place:place] = dice.choice(PIECES)
    return bytes(bent)


def rearranged(data: bytes, dice: random.Random) -> bytes:
    """XML that is still well-formed, with elements lost, doubled, moved or renamed, and attributes and texts mixed."""
    root = etree.fromstring(data)
    for _ in range(dice.randint(1, 4)):
        elements = list(root.iter(etree.Element))
        one, other = dice.choice(elements), dice.choice(elements)
        parent = one.getparent()
        match dice.randrange(6):
            case 0 if parent is not None:
                parent.remove(one)
            case 1:
                other.append(deepcopy(one))
            case 2:
                one.tag = other.tag
            case 3:
                one.text, other.text = other.text, one.text
            case 4 if one.attrib:
                one.set(dice.choice(list(one.attrib)), dice.choice(ODD_VALUES))
            case _ if one.attrib:
                del one.attrib[dice.choice(list(one.attrib))]
    return etree.tostring(root)


ODD_VALUES = ["", "-1", "99999999999", "yes", "x" * 3000, "\u00b2", "XFD1048576", "é", *"01snbde"]
