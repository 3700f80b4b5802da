"""A network from a text of code: PyTorch's `nn.Sequential` or a class with a straight `forward`, what `print(model)` says,
Keras' `Sequential`. Nothing is executed.

    text --code_of--> statements --torch_layers | keras_layers--> layers, notes --given_input--> BroughtNetwork

Called by the network lab, the window's documents and the command line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

from engine.experiments.brought.keras_calls import ONLY_IN_KERAS
from engine.experiments.brought.keras_code import is_keras, keras_layers
from engine.experiments.brought.network_input import GivenInput, given_input
from engine.experiments.brought.printed_module import is_printed, printed_layers
from engine.experiments.brought.torch_calls import TORCH_NAMES
from engine.experiments.brought.torch_code import ReadLayers, torch_layers
from engine.experiments.brought.written_code import MOST_DEEP, BroughtError, brought_note, code_of
from engine.experiments.experiment import Experiment, Network
from engine.figures import full_count, shape_text
from engine.layers.base import Shape
from engine.layers.network_toml import MOST_LAYERS, MOST_LEVELS, excess
from engine.networks.edits import Layers
from engine.networks.trace import trace
from engine.words import Phrase

Framework: TypeAlias = Literal["torch", "printed", "keras"]

_NAMES = "|".join(sorted(TORCH_NAMES | ONLY_IN_KERAS))
_CODE = re.compile(
    rf"\bnn\s*\.\s*\w+\s*\(|\b(?:{_NAMES})\s*\(|\bkeras\b|\blayers\s*\.\s*\w+\s*\(|\bclass\s+\w+\s*\([^)]*Module\s*\)"
)


@dataclass(frozen=True)
class BroughtNetwork:
    """A network that was read from code: its layers on an input, and what should be known of it. `whole`: the text names a
    network, and not only some layers to put into one."""

    framework: Framework
    layers: Layers
    input: Shape
    whole: bool
    notes: tuple[Phrase, ...]
    name: str = ""

    def experiment(self, name: str = "") -> Experiment:
        """The network as an experiment without data of its own."""
        network = Network(input=self.input, layers=self.layers)
        return Experiment(name=self.name or name, network=network)


def is_network_code(text: str) -> bool:
    """Whether a text is rather code of a network than anything else that the program opens."""
    return is_printed(text) or _CODE.search(text) is not None


def network_from_code(text: str, before: Shape | None = None) -> BroughtNetwork:
    """The network that `text` describes. `before` is an input that is tried before the usual ones, where the text names none.
    Raises BroughtError, which says in which line it cannot be read, and what was expected."""
    try:
        framework, found, named = _read(text, before)
    except RecursionError:
        raise BroughtError("too_deep", most=MOST_DEEP) from None
    match excess(found.layers):
        case "too_many":
            raise BroughtError("too_many_layers", most=full_count(MOST_LAYERS))
        case "too_deep":
            raise BroughtError("too_deep", most=MOST_LEVELS)
    if not found.layers:
        raise BroughtError("empty_network")
    fitted = given_input(found.layers, found.shapes, before, alone=framework == "keras")
    if fitted.fits and found.views:
        _require_views(found, fitted)
    notes = found.notes
    if not (fitted.named and named):
        kept, shape = fitted.shape == before, shape_text(fitted.shape)
        note = brought_note(("input_kept" if kept else "input_chosen") if fitted.fits else "input_does_not_fit", shape=shape)
        notes = (*notes, note)
    return BroughtNetwork(framework, fitted.layers, fitted.shape, found.whole, notes, found.name)


def _require_views(found: ReadLayers, fitted: GivenInput) -> None:
    """Raise BroughtError where a view is to another size than flattening gives: it would mix samples."""
    sizes = {id(view.layer): view for view in found.views}
    for layer, row in zip(found.layers, trace(fitted.layers, fitted.shape).rows, strict=True):
        view = sizes.get(id(layer))
        if view is not None and row.output != (view.size,):
            shape, features = shape_text(fitted.shape), str(prod(row.output))  # as code has it, without commas
            raise BroughtError("wrong_view", line=view.line, found=str(view.size), features=features, shape=shape)


def _read(text: str, before: Shape | None) -> tuple[Framework, ReadLayers, bool]:
    """What a text is in, its layers, and whether the shapes that come with them are the text's own."""
    if is_printed(text):
        return "printed", printed_layers(text), True
    code = code_of(text)
    if is_keras(code):
        return "keras", *keras_layers(code, before)
    return "torch", torch_layers(code), True
