"""`python -m engine export FILE --to pytorch`: an experiment, a run as it was run, or code of a network, as a file that another
program reads."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.exits import DONE, FAILED, UsageError, refuse
from engine.commands.given.given_experiment import chosen, is_folder, whole_number
from engine.words import LANGUAGES, printable

if TYPE_CHECKING:
    from engine.exports.outgoing import Outgoing

TARGETS = ("pytorch", "notebook", "tensorboard", "onnx", "weights", "csv", "zip")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("export", help="an experiment or a run for another program")
    command.add_argument("file", nargs="?", metavar="RUN|FILE", help="a run's folder or zip, or an experiment's file")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--to", required=True, choices=(*TARGETS, "toml"))
    command.add_argument("--out", metavar="FILE", help="where to write it (standard output, where it is text)")
    command.add_argument("--step", type=whole_number, metavar="N", help="onnx, weights: of the last kept moment up to it")
    command.add_argument("--language", choices=LANGUAGES, help="notebook: of the words in it (the system's)")
    command.set_defaults(run=_export, only_looks=True)


def _export(arguments: argparse.Namespace) -> int:
    from engine.experiments.problems import CannotRunError
    from engine.exports.destinations import DESTINATIONS, Wanted, export
    from engine.exports.export_problems import ExportError

    if arguments.to == "toml":
        return _write(None if arguments.out is None else Path(arguments.out), _toml(arguments))
    destination = DESTINATIONS[arguments.to]
    if arguments.step is not None and not destination.of_moment:
        raise UsageError(f"--step: expected with --to onnx or --to weights, not {arguments.to}")
    if arguments.out is None and not destination.is_text:
        raise UsageError(str(ExportError("needs_out", to=arguments.to, suffix=destination.suffix)))
    out = None if arguments.out is None else _out(Path(arguments.out), arguments)
    try:
        source = _source(arguments)
        made = export(arguments.to, source, Wanted(arguments.step, arguments.language or _system_language()))
    except CannotRunError as error:
        return refuse(error.problem.sentence(), FAILED)
    except ExportError as error:
        return refuse(error, FAILED)
    except MemoryError:
        return refuse(f"{arguments.preset or arguments.file}: needs more memory than there is", FAILED)
    for note in made.notes:
        print(f"note: {printable(note.say('en'))}", file=sys.stderr)
    return _write(out, made.content)


def _write(out: Path | None, content: bytes | str) -> int:
    """To the file, or to standard output."""
    from engine.files import replace_file

    if out is None:
        print(content, end="")
        return DONE
    try:
        replace_file(out, content)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror or error})") from None
    return DONE


def _out(out: Path, arguments: argparse.Namespace) -> Path:
    """Where the file goes. An event file gets a name of TensorBoard's kind in a folder, and must have one otherwise."""
    if arguments.to != "tensorboard":
        return out
    from engine.exports.event_file import NAMED
    from engine.exports.export_problems import ExportError

    if out.is_dir():
        return out / f"events.out.{NAMED}.layerscope"
    if NAMED not in out.name:
        raise UsageError(str(ExportError("event_name", file=out, better=f"{out.stem}.{NAMED}")))
    return out


def _source(arguments: argparse.Namespace) -> Outgoing:
    """Raises UsageError, ExperimentError and RunError."""
    from engine.exports.outgoing import Outgoing

    experiment = chosen(arguments, as_it_was_run=True)
    return Outgoing.of_run(Path(arguments.file)) if is_folder(arguments.file) else Outgoing(experiment)


def _toml(arguments: argparse.Namespace) -> str:
    """An experiment's file, or of code the network alone."""
    from engine.commands.given.given_network import network_in
    from engine.experiments.experiment import to_toml
    from engine.layers.network_toml import network_to_text

    if not arguments.file or arguments.preset:
        return to_toml(chosen(arguments))
    experiment, alone = network_in(arguments.file)
    if not alone:
        return to_toml(chosen(arguments))
    return network_to_text(experiment.name, experiment.network.input or (), experiment.network.layers)


def _system_language() -> str:
    said = next((value for name in _LOCALE if (value := os.environ.get(name))), "")
    return "ko" if said.lower().startswith("ko") else "en"
