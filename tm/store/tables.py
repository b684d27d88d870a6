"""The tables of the memory as such, for statements about many rows at once."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from tm.store.units import Import, Occurrence, Unit, UnitChange

UNITS = cast(Table, Unit.__table__)
SEEN = cast(Table, Occurrence.__table__)
IMPORTS = cast(Table, Import.__table__)
CHANGES = cast(Table, UnitChange.__table__)
