"""Where the modules of a kind stand in a built network, by the paths of the layers that they are of.

Called by the probes of the sequence lab, which know the model alone. Importing this imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn

from engine.networks.trace import Path
from engine.passes.modules import ReadOut


def recurrent_places(model: nn.Module) -> Iterator[tuple[Path, ReadOut]]:
    """Every recurrent layer, in the order of the network."""
    for name, module in model.named_modules():
        if isinstance(module, ReadOut):
            yield path_of(name), module


def embedding_places(model: nn.Module) -> Iterator[tuple[Path, nn.Embedding]]:
    """Every Embedding, in the order of the network."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Embedding):
            yield path_of(name), module


def path_of(name: str) -> Path:
    """A module's name in torch as its layer's path: "2.main.0" is (2, "main", 0), "2.branches.1.0" (2, "branches", 1, 0). A
    block of layers in order names its first one "2.0", and its path is (2, "layers", 0)."""
    path: list[int | str] = []
    for part in name.split(".") if name else ():
        if part.isdecimal() and path and isinstance(path[-1], int) and "branches" not in path[-2:-1]:
            path.append("layers")
        path.append(int(part) if part.isdecimal() else part)
    return tuple(path)
