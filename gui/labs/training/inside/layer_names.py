"""What the pages of the inside call a layer: 4 Conv2d 32, 3×3; inside of blocks 3.main.1 ReLU. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers.layer_text import short
from engine.networks.edits import Layers, at, paths
from engine.networks.trace import Path, Row


def layer_name(layers: Layers, path: Path, language: str = "en") -> str:
    """The layer's place, counted from 1 as everywhere in the window, and the layer in a few words."""
    return f"{place_text(path)} {short(at(layers, path), language)}"


def place_text(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path if part not in ("layers", "branches"))


def all_paths(layers: Layers) -> tuple[Path, ...]:
    """Of all layers, those inside of blocks too, depth first."""
    return paths(layers)


def first_learning(layers: Layers, rows: Sequence[Row]) -> Path:
    """The first layer with weights, or else the first layer: in a block, the first inside of it."""
    found = [path for path in all_paths(layers) if path and int(path[0]) < len(rows) and rows[int(path[0])].parameters]
    return found[0] if found else (0,) if layers else ()
