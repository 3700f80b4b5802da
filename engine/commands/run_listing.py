"""`python -m engine runs [DIR] [--json]`: all runs in a folder, and in which settings they differ."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.commands.exits import DONE, UsageError
from engine.figures import UNKNOWN, fixed, full_count, percent
from engine.networks.network_text import network_text
from engine.networks.summary import aligned
from engine.words import printable

if TYPE_CHECKING:
    from engine.runs.library.run_list import ListedRun

HEADINGS = ("name", "data", "network", "state", "epochs", "accuracy", "loss", "folder")


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("runs", help="all runs in a folder: how they stand, their best values, what differs")
    command.add_argument("folder", nargs="?", metavar="DIR", help="a folder of runs (that of the user's data)")
    command.add_argument("--json", action="store_true", help="one line a run, the newest first")
    command.set_defaults(run=_runs)


def _runs(arguments: argparse.Namespace) -> int:
    from engine.runs.folder import default_root
    from engine.runs.library.run_list import RunList
    from engine.runs.library.setting_differences import ABSENT, setting_differences

    root = Path(arguments.folder) if arguments.folder else default_root()
    if arguments.folder and not root.is_dir():
        is_file = root.exists()
        raise UsageError(f"{root}: {'is a file' if is_file else 'there is no such folder'}; expected a folder of runs")
    listed = RunList(root)
    runs = listed.read()
    listed.keep()
    readable = [run for run in runs if run.experiment is not None]
    rows = setting_differences([run.experiment for run in readable if run.experiment is not None])
    own = {
        run.path: {row.key: row.values[number] for row in rows if row.values[number] is not ABSENT}
        for number, run in enumerate(readable)
    }
    if arguments.json:
        for run in runs:
            print(json.dumps(_as_json(run, own.get(run.path, {}))))
        return DONE
    if not runs:
        print(f"{printable(str(root))}: no runs")
        return DONE
    print(*aligned([HEADINGS, *map(_as_row, runs)]), sep="\n")
    for run in runs:
        if sentence := run.sentence():
            print(f"{printable(run.path.name)}: {sentence}")
    return DONE


def _as_row(run: ListedRun) -> tuple[str, ...]:
    experiment = run.experiment
    return (
        run.name,
        UNKNOWN if experiment is None else printable(experiment.data.name),
        UNKNOWN if experiment is None else network_text(experiment.network.layers),
        run.standing.value,
        f"{full_count(run.epochs_done)}/{full_count(run.epochs)}",
        UNKNOWN if run.best_accuracy is None else percent(run.best_accuracy),
        UNKNOWN if run.best_loss is None else fixed(run.best_loss),
        printable(run.path.name),
    )


def _as_json(run: ListedRun, differing: dict[str, Any]) -> dict[str, Any]:
    experiment = run.experiment
    return {
        "run": str(run.path),
        "name": run.name,
        "data": None if experiment is None else experiment.data.name,
        "network": None if experiment is None else network_text(experiment.network.layers),
        "seed": None if experiment is None else experiment.seed,
        "state": run.standing.value,
        "problem": run.sentence() or None,
        "begun": datetime.fromtimestamp(run.begun).isoformat(timespec="seconds"),
        "steps": run.step,
        "epochs": run.epochs_done,
        "epochs_planned": run.epochs,
        "seconds": run.seconds,
        "best_validation_loss": run.best_loss,
        "best_validation_accuracy": run.best_accuracy,
        "can_go_on": run.can_go_on,
        "note": run.note,
        "origin": None if run.origin is None else msgspec.to_builtins(run.origin),
        "differs": msgspec.to_builtins(differing),
    }
