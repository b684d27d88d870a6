"""TMX 1.4b, the exchange format of translation memories, as a stream in both directions.

Ids, dates, people and use travel in the format's own attributes (`tuid`, `creationdate`, `creationid`, `changedate`,
`changeid`, `usagecount`, `lastusagedate`). What a pair knows of its place travels in properties: `x-document`,
`x-position`, `x-role`, `x-context-pre` and `x-context-post` (fingerprints of the neighbouring source segments, empty
at the edges of the document), `x-origin`. The header names the project whose units a file holds in `x-project`; whose
they become is for those to say who import it.
"""

from __future__ import annotations

from tm.exchange.tmx.reading import read
from tm.exchange.tmx.writing import write

__all__ = ["read", "write"]
