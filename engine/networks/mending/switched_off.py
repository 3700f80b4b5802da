"""What is switched off and would mend a problem: offered before a layer of its kind is inserted anew. No torch. Called by
`engine.networks.repairs` and `engine.networks.hints`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from engine.layers.catalog import AnyLayer
from engine.networks.edits import Edit, Layers, at, has
from engine.networks.trace import Path

MOST_TRIED = 4  # layers of one kind, the nearest ones


def to_switch_on(edits: Iterable[Edit], layers: Layers, disabled: Collection[Path], where: Path) -> Iterator[tuple[Path, ...]]:
    """The paths of layers to be switched on instead of `edits`: one that is off and of a kind that they insert, then one of
    each kind together. `layers` is the whole network; what is off nearest to the layer at `where` comes first."""
    kinds = tuple(dict.fromkeys(type(edit.layer) for edit in edits if edit.action == "inserted" and edit.layer is not None))
    off = {path: at(layers, path) for path in disabled if has(layers, path)}
    alike = [_nearest(kind, off, where) for kind in kinds]
    for found in alike:
        yield from ((path,) for path in found)
    if len(kinds) > 1 and all(alike):
        yield tuple(sorted((found[0] for found in alike), key=str))


def _nearest(kind: type[AnyLayer], off: dict[Path, AnyLayer], where: Path) -> list[Path]:
    found = [path for path, layer in off.items() if type(layer) is kind]
    return sorted(found, key=lambda path: (path[:-1] != where[:-1], abs(_top(path) - _top(where)), str(path)))[:MOST_TRIED]


def _top(path: Path) -> int:
    return int(path[0])
