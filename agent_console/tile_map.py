"""The districts of West Bengal as tiles: each stands about where it lies, and all are of one size."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.patterns import Recurring

# Rows from north to south, columns from west to east.
_ROWS: tuple[tuple[str, ...], ...] = (
    ("", "darjeeling", "kalimpong", "jalpaiguri", "alipurduar"),
    ("", "uttar_dinajpur", "", "", "cooch_behar"),
    ("", "malda", "dakshin_dinajpur", "", ""),
    ("", "birbhum", "murshidabad", "", ""),
    ("paschim_bardhaman", "purba_bardhaman", "nadia", "", ""),
    ("purulia", "bankura", "hooghly", "north_24_parganas", ""),
    ("jhargram", "paschim_medinipur", "howrah", "kolkata", ""),
    ("", "", "purba_medinipur", "south_24_parganas", ""),
)
DISTRICTS = frozenset(code for row in _ROWS for code in row if code)


@dataclass(frozen=True, slots=True)
class Tile:
    """One district. `heat` is 0 where nothing came, 1 as usual, 2 unusual, 3 alarming."""

    district: str
    name: str
    observed: int
    usual: float
    heat: int


def lay_tiles(
    counted: Mapping[str, Recurring], names: Mapping[str, str], levels: tuple[float, float]
) -> list[list[Tile | None]]:
    """The map, row by row. `levels` say once in how many periods is unusual, and alarming."""
    return [[_tile(code, counted.get(code), names, levels) if code else None for code in row] for row in _ROWS]


def _tile(code: str, one: Recurring | None, names: Mapping[str, str], levels: tuple[float, float]) -> Tile:
    if one is None or not one.observed:
        return Tile(code, names.get(code, code), 0, one.usual if one else 0.0, 0)
    heat = 1 + sum(one.once_in >= level for level in levels)
    return Tile(code, names.get(code, code), one.observed, one.usual, heat)
