"""Where the modules of a kind stand in a built network, by the paths of the layers that they are of: the one answer to that for
all that asks a model.

Called by the probes of the sequence lab, which know the model alone. torch is imported when a model is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.networks.trace import Path

if TYPE_CHECKING:
    from torch import nn

    from engine.passes.modules import ReadOut


def recurrent_places(model: nn.Module) -> tuple[tuple[Path, ReadOut], ...]:
    """Every recurrent layer, those inside composites too, in the order of the network. `model` is as
    `engine.passes.modules.build` makes it."""
    from engine.passes.modules import ReadOut

    return tuple((path_of(name), module) for name, module in model.named_modules() if isinstance(module, ReadOut))


def recurrent_layers(model: nn.Module) -> tuple[tuple[Path, nn.RNNBase], ...]:
    """The same with torch's own module of each."""
    return tuple((path, module.rnn) for path, module in recurrent_places(model))


def embedding_places(model: nn.Module) -> tuple[tuple[Path, nn.Embedding], ...]:
    """Every Embedding, in the order of the network."""
    from torch import nn

    return tuple((path_of(name), module) for name, module in model.named_modules() if isinstance(module, nn.Embedding))


def path_of(name: str) -> Path:
    """A module's name in torch as its layer's path: "2.main.0" is (2, "main", 0), "2.branches.1.0" (2, "branches", 1, 0). A
    block of layers in order names its first one "2.0", and its path is (2, "layers", 0)."""
    path: list[int | str] = []
    for part in name.split(".") if name else ():
        if part.isdecimal() and path and isinstance(path[-1], int) and "branches" not in path[-2:-1]:
            path.append("layers")
        path.append(int(part) if part.isdecimal() else part)
    return tuple(path)
