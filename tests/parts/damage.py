"""Files that something has happened to."""

from __future__ import annotations

import random

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
