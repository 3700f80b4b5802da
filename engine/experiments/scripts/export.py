"""An experiment as a plain PyTorch script: what a course would show, and the same losses as here.

It makes the data, the network and the training loop with torch and numpy alone (scikit-learn where the images are split), in
the trainer's order of random draws: first weights after `torch.manual_seed`, each epoch's order from a generator of its own.
With the same versions on the same CPU its losses are the engine's to the bit; a test holds that. The modules are named as in
`engine.passes.modules`, so that a run's weights can be loaded into the script's network.

`network_to_pytorch` writes the network alone. `script_parts` are the same script part by part, for a notebook. Called by the
command line and the window. Neither torch nor scikit-learn is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.data.source import DataScript
from engine.data.sources import describe, source_named
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, Training
from engine.experiments.mid_run import SettingChange, first
from engine.experiments.scripts.training_script import first_weights, needs_math, training_parts
from engine.fields import fields
from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.composite import every
from engine.layers.kinds.convolution import Conv3d, Convolution
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.recurrent import LSTM, Recurrent
from engine.networks.channels_last import are_channels_last
from engine.networks.trace import Row, message, trace
from engine.words import readable

INDENT = "    "
NAMED = (
    "kernel_size",
    "scale_factor",
)  # written by name: torch puts another argument first, or a reader would wonder which it is


def to_pytorch(
    experiment: Experiment,
    rates: Sequence[tuple[int, float]] = (),
    threads: int | None = None,
    changes: Sequence[SettingChange] = (),
) -> str:
    """The script's text. Of a run: `rates` are its learning rates, changed in mid-run (`History.rates`), and `changes` what
    else was (`History.changes`), which the script replays; `threads` are those that it was computed with (None: as many as the
    machine's cores less one). Raises CannotRunError where the experiment cannot be trained, and DatasetError where there are no
    such data."""
    imports, numbers, *parts = script_parts(experiment, rates, threads, changes)
    body = "\n\n\n".join(part.text for part in parts)
    return f"{_docstring(experiment)}\n\n{imports.text}\n\n{numbers.text}\n\n\n{body}\n"


class ScriptPart(NamedTuple):
    """A piece of the script that is read, and run, as one: "imports", "numbers" to play with, "data", "network", then what the
    training is made of ("class_weights", "schedule", "augmentation", where it has them), "optimizer" and "loop"."""

    kind: str
    text: str


def script_parts(
    experiment: Experiment,
    rates: Sequence[tuple[int, float]] = (),
    threads: int | None = None,
    changes: Sequence[SettingChange] = (),
) -> list[ScriptPart]:
    """What `to_pytorch` is made of, in its order. The arguments and what is raised are the same."""
    experiment = first(experiment, changes)
    check(experiment)
    info = describe(experiment.data)
    layers, training = experiment.network.layers, experiment.training
    rows = trace(layers, info.input, tokens=info.tokens).rows
    data = _data_script(experiment)
    network = (*module_classes(layers, training.truncated_steps), _network(layers, rows, first_weights(training)))
    return [
        ScriptPart("imports", _imports(training, data, changes)),
        ScriptPart("numbers", _numbers(experiment, threads)),
        ScriptPart("data", data.text.strip("\n")),
        ScriptPart("network", "\n\n\n".join(part.strip("\n") for part in network)),
        *(ScriptPart(kind, part.strip("\n")) for kind, part in training_parts(training, info, rates, changes)),
    ]


def packages(experiment: Experiment) -> str:
    """What the script needs installed, as pip's arguments. Raises DatasetError."""
    return _data_script(experiment).packages


def _data_script(experiment: Experiment) -> DataScript:
    info = describe(experiment.data)
    seed = "SEED" if experiment.data.seed is None else str(experiment.data.seed)
    return source_named(info.name).script(info, seed)


def network_to_pytorch(name: str, layers: Sequence[AnyLayer], shape: Shape, *, tokens: bool | None = None) -> str:
    """A script that builds the network alone as `model`, for an input of `shape` without the batch; run by itself it says its
    output shape and its parameters. Its modules are named as in `engine.passes.modules`. Raises ValueError where the network
    cannot be built."""
    traced = trace(layers, shape, tokens=tokens)
    if traced.problem is not None:
        raise ValueError(message(traced.problem))
    first = next((layer for layer in layers if not layer.keeps_tokens), None)
    whole = tokens if tokens is not None else first is not None and first.reads_tokens
    sample = f"torch.zeros(2, {', '.join(map(str, shape))}{', dtype=torch.long' if whole else ''})"
    model = f"model = {_chain(layers, traced.rows, '')}"
    if _forgets(layers):
        model += f"\n\n{_FORGETTING}"
    check = f"""if __name__ == "__main__":
    model.eval()
    with torch.no_grad():
        print("output:", tuple(model({sample}).shape[1:]))  # {readable(traced.output)}
    print("parameters:", sum(parameter.numel() for parameter in model.parameters()))  # {traced.parameters:,}"""
    body = "\n\n\n".join(part.strip("\n") for part in (*module_classes(layers), model, check))
    imports = ["import torch"]
    if "F." in body:
        imports.append("import torch.nn.functional as F")
    imports.append("from torch import nn")
    head = "\n".join([f'"""{_title(name)}, written by Layerscope. Needs: pip install torch"""', "", *imports])
    return f"{head}\n\n\n{body}\n"


def _title(name: str) -> str:
    """A name as it may stand in a docstring's first line."""
    printable = "".join(sign if sign.isprintable() else " " for sign in name)
    return printable.replace("\\", "/").replace('"', "'")


def _docstring(experiment: Experiment) -> str:
    lines = [
        f'"""{_title(experiment.name)}, written by Layerscope.',
        "",
        f"Needs: pip install {packages(experiment)}",
        "With the same versions on the same CPU, the losses are those of Layerscope, to the last bit.",
        '"""',
    ]
    return "\n".join(lines)


def _imports(training: Training, data: DataScript, changes: Sequence[SettingChange]) -> str:
    lines = [
        *sorted({"import os", *data.standard, *(["import math"] if needs_math(training, changes) else [])}),
        "",
        "import numpy as np",
        "import torch",
        "import torch.nn.functional as F",
        *data.imports,
        "from torch import nn",
    ]
    return "\n".join(lines)


def _numbers(experiment: Experiment, threads: int | None) -> str:
    """The numbers to play with."""
    training = experiment.training
    device = "cpu" if training.device == "auto" else training.device
    lines = [
        f"SEED = {experiment.seed}",
        f"BATCH_SIZE = {training.batch_size}",
        f"EPOCHS = {training.epochs}",
        f'DEVICE = "{device}"  # or cpu, cuda, mps',
        "",
        "# How many threads compute is part of a result, in its last bits.",
        *_threads(threads),
    ]
    return "\n".join(lines)


def _threads(threads: int | None) -> list[str]:
    if threads is not None:
        return [f"torch.set_num_threads({threads})  # as in the run"]
    return [
        'cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1',
        "torch.set_num_threads(max(1, cores - 1))",
    ]


# network


def module_classes(layers: Sequence[Layer], truncated_steps: int | None = None) -> Iterator[str]:
    """The modules that torch.nn does not have, where the network needs them."""
    kinds = {type(layer) for layer in every(layers)}
    for axes in sorted({layer.AXES for layer in every(layers) if isinstance(layer, Convolution) and layer.padding_layer}):
        yield _PADDED.format(axes=axes)
    if Permute in kinds:
        yield _PERMUTE
    if any(issubclass(kind, Recurrent) for kind in kinds):
        yield _read_out(_forgets(layers), truncated_steps)
    if Residual in kinds:
        yield _SUM
    if Concat in kinds:
        yield _SIDE_BY_SIDE


def _forgets(layers: Sequence[Layer]) -> bool:
    """Whether a layer says with which forget bias it begins."""
    return any(isinstance(layer, LSTM) and layer.forget_bias is not None for layer in every(layers))


def _read_out(forgets: bool, truncated_steps: int | None) -> str:
    return _READ_OUT.format(
        argument=", forget_bias=None" if forgets else "",
        kept="\n        self.forget_bias = forget_bias" if forgets else "",
        read="self.rnn(x)" if truncated_steps is None else "self.read(x)",
        pieces="" if truncated_steps is None else _PIECES.format(steps=truncated_steps).rstrip("\n"),
    )


def _network(layers: Sequence[Layer], rows: Sequence[Row], begin: str) -> str:
    """`begin` sets the first weights where they are not torch's own: on the CPU, before they are laid out otherwise."""
    if _forgets(layers):
        begin = f"{begin}\n{_FORGETTING}" if begin else _FORGETTING
    made = f"torch.manual_seed(SEED)\nmodel = {_chain(layers, rows, '')}.to(DEVICE)"
    if begin:
        made = f"torch.manual_seed(SEED)\nmodel = {_chain(layers, rows, '')}\n{begin}\nmodel = model.to(DEVICE)"
    if not are_channels_last(layers, rows):
        return made
    if any(
        isinstance(layer, Conv3d) for layer in every(layers)
    ):  # has no such layout, and refuses a model's conversion as a whole
        return f"""{made}
for weight in model.parameters():  # faster on a CPU
    if weight.dim() == 4:
        weight.data = weight.data.to(memory_format=torch.channels_last)"""
    return f"{made}\nmodel = model.to(memory_format=torch.channels_last)  # faster on a CPU"


def _chain(layers: Sequence[Layer], rows: Sequence[Row], indent: str) -> str:
    """nn.Sequential of the layers, one a line with the shape that comes out of it."""
    deeper = indent + INDENT
    lines = [
        f"{deeper}{_module(layer, row, deeper)},  # {readable(row.output)}\n" for layer, row in zip(layers, rows, strict=True)
    ]
    return f"nn.Sequential(\n{''.join(lines)}{indent})" if lines else "nn.Sequential()"


def _module(layer: Layer, row: Row, indent: str) -> str:
    deeper = indent + INDENT
    match layer:
        case Sequential():
            return _chain(layer.layers, row.inside[0][1], indent)
        case Residual():
            parts = zip((layer.main, layer.shortcut), row.inside, strict=True)
            written = "".join(f"{deeper}{_chain(inner, rows, deeper)},\n" for inner, (_, rows) in parts)
            return f"Sum(\n{written}{indent})"
        case Concat():
            parts = zip(layer.branches, row.inside, strict=True)
            written = "".join(f"{deeper}{_chain(inner, rows, deeper)},\n" for inner, (_, rows) in parts)
            return f"SideBySide(\n{written}{indent})"
        case Permute():
            return f"Permute({layer.written})"
        case Recurrent():
            forget = layer.forget_bias if isinstance(layer, LSTM) else None
            begun = "" if forget is None else f", forget_bias={_written(forget)}"
            return f"ReadOut({_call(layer, row)}, {_written(layer.output)}{begun})"
        case _:
            return _call(layer, row)


def _call(layer: Layer, row: Row) -> str:
    """The layer in torch's words: what it must be told, and what differs from torch's defaults."""
    padding = layer.padding_layer if isinstance(layer, Convolution) else None
    known = fields(type(layer))
    inferred = layer.inferred(row.input)
    made = f"nn.{type(layer).__name__}"
    arguments = []
    if padding is not None:
        pad, sides = padding
        made = f"Padded{type(layer).__name__}"
        arguments = [f"nn.{pad}({_written(sides)})"]
    for name, value in layer.arguments(row.input).items():
        if (name in inferred or (name in known and known[name].required)) and name not in NAMED:
            arguments.append(_written(value))
        elif name not in known or value != known[name].default or name == "dim":  # torch has no default for dim
            arguments.append(f"{name}={_written(value)}")
    return f"{made}({', '.join(arguments)})"


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


_PADDED = '''
class PaddedConv{axes}d(nn.Conv{axes}d):
    """A convolution with a layer in front that pads: its sides may differ."""

    def __init__(self, pad, *arguments, **named):
        super().__init__(*arguments, **named)
        self.pad = pad

    def forward(self, x):
        return super().forward(self.pad(x))
'''

_PERMUTE = '''
class Permute(nn.Module):
    """x.permute(dims) as a layer: the axes in another order. Axis 0 is the batch."""

    def __init__(self, *dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims).contiguous()
'''

_READ_OUT = '''
class ReadOut(nn.Module):
    """A recurrent layer, and its state at every time step ("sequence") or its last one ("last")."""

    def __init__(self, rnn, output{argument}):
        super().__init__()
        self.rnn = rnn
        self.output = output{kept}

    def forward(self, x):  # N, T, F
        sequence, state = {read}
        if self.output == "sequence":
            return sequence
        hidden = state[0] if isinstance(state, tuple) else state  # an LSTM has a cell state beside it
        directions = 2 if self.rnn.bidirectional else 1
        return hidden[-directions:].transpose(0, 1).flatten(1)
{pieces}'''

_PIECES = """
    def read(self, x):  # in training the gradient goes back through {steps} time steps at most
        steps = x.shape[1]
        if not self.training or steps <= {steps}:
            return self.rnn(x)
        first = steps % {steps} or {steps}
        read, state = [], None
        for part in x.split([first, *[{steps}] * ((steps - first) // {steps})], dim=1):
            if state is not None:
                state = tuple(each.detach() for each in state) if isinstance(state, tuple) else state.detach()
            sequence, state = self.rnn(part, state)
            read.append(sequence)
        return torch.cat(read, dim=1), state
"""

_FORGETTING = """# torch adds two biases in each gate: the forget gates begin with this sum
with torch.no_grad():
    for module in model.modules():
        if isinstance(module, ReadOut) and module.forget_bias is not None:
            forget = slice(module.rnn.hidden_size, 2 * module.rnn.hidden_size)  # of the gates i, f, g, o
            for name, bias in module.rnn.named_parameters():
                if name.startswith("bias"):
                    bias[forget] = module.forget_bias if name.startswith("bias_ih") else 0.0"""

_SUM = '''
class Sum(nn.Module):
    """A residual connection: main path and shortcut, added."""

    def __init__(self, main, shortcut):
        super().__init__()
        self.main = main
        self.shortcut = shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)
'''

_SIDE_BY_SIDE = '''
class SideBySide(nn.Module):
    """Branches on the same input, their channels put behind one another."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)
'''
