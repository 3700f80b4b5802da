"""`python -m engine export FILE --to pytorch`: an experiment, or a run as it was run, as a script."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.exits import DONE, FAILED, UsageError, refuse
from engine.commands.given_experiment import chosen, is_folder

if TYPE_CHECKING:
    from engine.experiments.mid_run import SettingChange


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("export", help="an experiment as a script")
    command.add_argument("file", nargs="?", metavar="RUN|FILE", help="a run's folder, or an experiment's file")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--to", required=True, choices=("pytorch", "toml"))
    command.add_argument("--out", metavar="FILE", help="where to write it (standard output)")
    command.set_defaults(run=_export)


def _export(arguments: argparse.Namespace) -> int:
    from engine.experiments.problems import CannotRunError
    from engine.files import replace_file

    try:
        script = _toml(arguments) if arguments.to == "toml" else _script(arguments)
    except CannotRunError as error:
        return refuse(error.problem.sentence(), FAILED)
    if not arguments.out:
        print(script, end="")
        return DONE
    try:
        replace_file(arguments.out, script)
    except OSError as error:
        raise UsageError(f"{arguments.out}: cannot be written ({error.strerror or error})") from None
    return DONE


def _script(arguments: argparse.Namespace) -> str:
    from engine.experiments.export import to_pytorch

    return to_pytorch(chosen(arguments, as_it_was_run=True), *_as_it_was_run(arguments.file))


def _toml(arguments: argparse.Namespace) -> str:
    """An experiment's file, or of code the network alone."""
    from engine.commands.given_network import network_in
    from engine.experiments.experiment import to_toml
    from engine.layers.network_toml import network_to_text

    if not arguments.file or arguments.preset:
        return to_toml(chosen(arguments))
    experiment, alone = network_in(arguments.file)
    if not alone:
        return to_toml(chosen(arguments))
    return network_to_text(experiment.name, experiment.network.input or (), experiment.network.layers)


def _as_it_was_run(file: str | None) -> tuple[list[tuple[int, float]], int | None, list[SettingChange]]:
    """The learning rates that were set in mid-run, the number of threads, and what else was changed, of the run whose folder
    `file` is; none of a file or a preset. Raises RunError."""
    if file is None or not is_folder(file):
        return [], None, []
    from engine.runs.folder import Run

    run = Run.open(Path(file))
    kept = run.kept()
    history = run.history() if kept is None else run.metrics(kept.step, kept.lr, kept.settings).history
    return history.rates, None if kept is None else kept.threads, history.changes
