"""`python -m engine summary FILE...`: shapes, parameters and MACs of networks, each row a layer."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.exits import DONE, FAILED, UsageError, refuse
from engine.commands.given.given_network import network_in
from engine.data.info import DatasetError
from engine.experiments import famous
from engine.experiments.brought.written_code import BroughtError
from engine.experiments.experiment import Experiment, ExperimentError, preset, preset_names, trace_of
from engine.fields import edited
from engine.networks import summary
from engine.runs.failures import RunError
from engine.sequences.conventions import COUNTINGS, counted
from engine.toml_text import inline
from engine.words import printable

_COUNTED = {"torch": "torch", "keras": "Keras", "book": "the book"}


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("summary", help="shapes, parameters and MACs of a network")
    command.add_argument(
        "files", nargs="*", metavar="FILE", help="an experiment's TOML file, a run's folder, or code of a network"
    )
    command.add_argument("--preset", metavar="NAME", help="one of `list presets` or `list networks`")
    command.add_argument("--input", type=_shape, metavar="3x224x224", help="another input than the file's")
    command.add_argument(
        "--convention", choices=COUNTINGS, help="how the biases of recurrent layers are counted: torch has two in each gate"
    )
    command.add_argument("--json", action="store_true", help="one line a file")
    command.set_defaults(run=_summary, only_looks=True)


def _shape(text: str) -> tuple[int, ...]:
    """3x224x224 as (3, 224, 224)."""
    sizes = text.replace("×", "x").split("x")
    if not 1 <= len(sizes) <= 4 or not all(size.isdecimal() and 0 < int(size) <= 1_000_000 for size in sizes):
        raise argparse.ArgumentTypeError(f"{text!r} is no shape; expected sizes such as 3x224x224")
    return tuple(map(int, sizes))


def _summary(arguments: argparse.Namespace) -> int:
    """A file that cannot be read is said, and the next one follows."""
    if bool(arguments.files) == bool(arguments.preset):
        raise UsageError("expected either FILE... (a run's folder is one too), or --preset NAME")
    code = DONE
    for position, source in enumerate(arguments.files or [arguments.preset]):
        try:
            experiment = _known(source) if arguments.preset else network_in(source)[0]
            if arguments.input:
                experiment = edited(experiment, network=edited(experiment.network, input=arguments.input))
            trace = trace_of(experiment)
            if arguments.convention:
                trace = counted(trace, experiment.network.layers, arguments.convention)
        except (UsageError, ExperimentError, DatasetError, RunError, BroughtError) as error:
            where = f"{source}: " if isinstance(error, DatasetError) else ""
            code = refuse(f"{where}{error}")
            continue
        if arguments.json:
            print(summary.as_json(source, trace, arguments.convention or ""))
        else:
            layers = experiment.network.layers
            by = f", recurrent layers as {_COUNTED[arguments.convention]} counts them" if arguments.convention else ""
            title = printable(f"{experiment.name} ({source}){by}")
            print("\n" * bool(position) + summary.as_table(title, trace, layers))
            if advice := summary.advice(trace, layers):
                print(advice)
        if trace.problem is not None:
            code = max(code, FAILED)
    return code


def _known(name: str) -> Experiment:
    """The preset of this name, or the famous network: where both have the name, they have the same layers."""
    if name in preset_names():
        return preset(name)
    if name in famous.names():
        return famous.experiment(name)
    raise ExperimentError("no_preset", name=inline(name), choices=", ".join(dict.fromkeys(preset_names() + famous.names())))
