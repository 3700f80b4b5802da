"""`python -m engine gates RUN|FILE|--preset NAME`: the gates and states of a network's recurrent layers for one sample, and the
gradient of its loss by every state, as a file of arrays or as a table.

A run's network has the weights that were kept last; a file or a preset has not been trained: its network is as it begins.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.commands.exits import DONE, FAILED, UsageError, refuse
from engine.commands.given.given_experiment import chosen, is_folder
from engine.figures import UNKNOWN, full_count, measured, percent
from engine.networks.summary import aligned
from engine.words import printable

if TYPE_CHECKING:  # torch is imported when the command is called
    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    from engine.data.datasets import Dataset
    from engine.experiments.experiment import Experiment
    from engine.sequences.gate_probe import GatesAnswer
    from engine.sequences.opened import ArrayName, OpenedDirection
    from engine.sequences.sent_back import StateGradients
    from engine.sequences.through_time import WholeGradient

SQUASHED = ("i", "f", "o", "r", "z")  # gates, between 0 and 1


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("gates", help="gates, states and gradients of recurrent layers for one sample")
    command.add_argument("file", nargs="?", metavar="RUN|FILE", help="a run's folder, or an experiment's file")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--sample", type=_number, default=0, metavar="K", help="validation sample, from 0 on")
    command.add_argument("--out", metavar="FILE.npz", help="where to write all arrays")
    command.set_defaults(run=_gates, only_looks=True)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!r} is no sample; expected a whole number from 0 on")
    return int(text)


def _gates(arguments: argparse.Namespace) -> int:
    from engine.experiments.check import check
    from engine.experiments.problems import CannotRunError

    experiment = chosen(arguments, as_it_was_run=True)
    source = arguments.preset or arguments.file
    try:
        check(experiment)
        return _look(arguments, experiment, source)
    except CannotRunError as error:
        return refuse(f"{source}: {error.problem.sentence()}", FAILED)
    except MemoryError:
        return refuse(f"{source}: the network or its data need more memory than there is", FAILED)


def _look(arguments: argparse.Namespace, experiment: Experiment, source: str) -> int:
    from engine.layers.kinds.composite import every
    from engine.layers.kinds.recurrent import Recurrent

    if not any(isinstance(layer, Recurrent) for layer in every(experiment.network.layers)):
        raise UsageError(f"{source}: the network has no recurrent layer (RNN, LSTM or GRU)")
    from engine.sequences.gate_probe import look_at_gates
    from engine.sequences.through_time import whole_gradient

    run = Path(arguments.file) if is_folder(arguments.file) else None
    model, data = _model(experiment, run)
    total = len(data.x_validation)
    if arguments.sample >= total:
        raise UsageError(f"{source}: there is no sample {arguments.sample}; its validation samples are 0 to {total - 1}")
    training = experiment.training
    answer = look_at_gates(model, data, arguments.sample)
    gradient = whole_gradient(
        model,
        data,
        arguments.sample,
        loss=training.loss,
        label_smoothing=training.label_smoothing,
        class_weights=training.class_weights,
        clip=training.clip,
        truncated_steps=training.truncated_steps,
    )
    if arguments.out:
        return _write(Path(arguments.out), model, answer, gradient)
    title = printable(f"{experiment.name} ({source})")
    print(_text(title, answer, gradient, training.truncated_steps, is_run=run is not None))
    return DONE


def _model(experiment: Experiment, run: Path | None) -> tuple[nn.Module, Dataset]:
    """In evaluation mode. Raises RunError, DatasetError and MemoryError."""
    if run is not None:
        from engine.passes.past import PastModel
        from engine.runs.folder import Run

        past = PastModel(experiment)
        return past.at(Run.open(run).weights()), past.dataset
    import torch

    from engine.data import datasets
    from engine.passes.modules import build
    from engine.training.recipe.starting import begin

    data = datasets.load(experiment.data, seed=experiment.seed)
    torch.manual_seed(experiment.seed)  # as a training of it begins
    model = build(experiment.network.layers, data.input, tokens=data.tokens)
    begin(model, experiment.training)
    return model.eval(), data


def _named(answer: GatesAnswer, gradient: WholeGradient) -> Iterator[tuple[str, OpenedDirection, StateGradients | None]]:
    """Each direction of each layer with its name in the file, and the gradients by its states. Layers are counted on from one
    recurrent layer of the network to the next."""
    before = 0
    for path, directions in answer.recurrent:
        for one in directions:
            way = "backward" if one.backward else "forward"
            yield f"layer{before + one.layer}.{way}", one, gradient.states.get((path, one.layer, one.backward))
        before += directions[-1].layer + 1


def _write(out: Path, model: nn.Module, answer: GatesAnswer, gradient: WholeGradient) -> int:
    import numpy as np

    from engine.files import replace_file

    arrays: dict[str, NDArray[Any]] = {"x": answer.x, "y": answer.y, "output": answer.output}
    for name, one, by_state in _named(answer, gradient):
        arrays |= {f"{name}.{key}": values for key, values in one.arrays.items()}
        arrays |= {f"{name}.d{key}": values for key, values in _gradients(one, by_state)}
    for key, weights in model.state_dict().items():
        arrays[f"weights/{key}"] = weights.detach().cpu().contiguous().numpy()
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # numpy's own argument may be a name too
    try:
        replace_file(out, content.getvalue())
    except (OSError, ValueError) as error:
        raise UsageError(f"{out}: cannot be written ({getattr(error, 'strerror', None) or error})") from None
    print(f"{full_count(len(arrays))} arrays: {printable(str(out))}")
    return DONE


def _gradients(one: OpenedDirection, by_state: StateGradients | None) -> list[tuple[Literal["h", "c"], NDArray[np.float64]]]:
    """By h, and of an LSTM by c; zeros where the layer takes no part in the answer."""
    import numpy as np

    names: tuple[Literal["h", "c"], ...] = ("h", "c") if one.kind == "LSTM" else ("h",)
    given = (None, None) if by_state is None else (by_state.dh, by_state.dc)
    return [
        (name, np.zeros(one.arrays[name].shape) if values is None else values)
        for name, values in zip(names, given, strict=False)
    ]


def _text(title: str, answer: GatesAnswer, gradient: WholeGradient, truncated_steps: int | None, *, is_run: bool) -> str:
    """Two tables for people: the gates and states, and the gradient's length at both ends of the sequence."""
    gates: list[tuple[str, ...]] = [
        ("array", "under 0.1", "over 0.9", "mean", "largest", "half-life in steps: shortest", "median", "longest")
    ]
    lengths: list[tuple[str, ...]] = [("gradient by", "first step", "last step", "largest", "decades a step back")]
    for name, one, by_state in _named(answer, gradient):
        gates += [_gate_row(f"{name}.{key}", key, one) for key in one.arrays]
        lengths += [_length_row(f"{name}.{key}", values, one) for key, values in _gradients(one, by_state)]
    truncated = (
        [] if truncated_steps is None else [f"truncated: it goes back through {full_count(truncated_steps)} steps at most"]
    )
    weights = "the weights kept last" if is_run else "untrained"
    bites = ""
    if gradient.clip is not None:
        bites = f"; clipping at {measured(gradient.clip)} " + (
            f"leaves {percent(gradient.clipped_to)} of it" if gradient.clipped_to < 1 else "leaves it as it is"
        )
    return "\n".join(
        (
            title,
            f"sample {full_count(answer.sample)} of {full_count(answer.total)}, {weights}; its loss: {measured(gradient.loss)}",
            "",
            *aligned(gates, right=range(1, 8)),
            "",
            *aligned(lengths, right=range(1, 5)),
            "",
            f"length of the gradient by all weights: {measured(gradient.weights_norm)}{bites}",
            *truncated,
        )
    )


def _gate_row(name: str, key: ArrayName, one: OpenedDirection) -> tuple[str, ...]:
    import numpy as np

    from engine.sequences.gate_probe import gate_shares, half_life, keeping_gate

    values = one.arrays[key]
    shares: tuple[str, ...] = ("", "")
    if key in SQUASHED:
        shares = tuple(map(percent, gate_shares(values)))
    lives: tuple[str, ...] = ("", "", "")
    if (kept := keeping_gate(one)) is not None and values is kept:
        found = half_life(kept)
        lives = tuple(measured(float(life), 3) for life in (found.min(), np.median(found), found.max()))
    return (name, *shares, measured(float(values.mean()), 3), measured(float(np.abs(values).max()), 3), *lives)


def _length_row(name: str, values: NDArray[np.float64], one: OpenedDirection) -> tuple[str, ...]:
    from engine.sequences.sent_back import lengths
    from engine.sequences.through_time import decades_a_step

    norms = lengths(values)
    slope = decades_a_step(norms if one.backward else norms[::-1])
    ends = (measured(float(length), 3) for length in (norms[0], norms[-1], norms.max()))
    return (name, *ends, UNKNOWN if slope is None else measured(slope, 3))
