"""`python -m engine train FILE` and `python -m engine resume RUN`: one run, from its beginning or from where it was stopped.

torch is imported when the run begins.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.commands.exits import UsageError
from engine.commands.given_experiment import changed, chosen, whole_number


def add_to(commands: Any) -> None:
    """Add both commands to the parsers of `commands`."""
    command = commands.add_parser("train", help="train an experiment; Ctrl-C and SIGTERM stop it and keep what it has reached")
    command.add_argument("file", nargs="?", metavar="FILE", help="an experiment's file, or the folder of a run to begin anew")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--out", metavar="DIR", help="the run's folder (a new one among the user's data)")
    command.add_argument("--device", metavar="D", help="auto, cpu, cuda or mps")
    command.add_argument("--seed", type=whole_number, metavar="N")
    command.add_argument("--epochs", type=whole_number, metavar="N")
    command.add_argument("--json", action="store_true", help="the result as one JSON line")
    command.set_defaults(run=_train)

    command = commands.add_parser("resume", help="go on with a run that was stopped, or has ended and gets more epochs")
    command.add_argument("run_folder", metavar="RUN", help="the run's folder")
    command.add_argument("--epochs", type=whole_number, metavar="N", help="in all, more than it has; kept in its experiment")
    command.add_argument("--device", metavar="D", help="auto, cpu, cuda or mps")
    command.add_argument("--json", action="store_true", help="the result as one JSON line")
    command.set_defaults(run=_resume)


def _train(arguments: argparse.Namespace) -> int:
    experiment = changed(chosen(arguments), arguments)
    from engine import progress
    from engine.runs.folder import default_root, new_folder
    from engine.training.worker import train

    try:
        folder = Path(arguments.out) if arguments.out else new_folder(default_root(), experiment.name)
    except OSError as error:
        raise UsageError(f"{default_root()}: cannot be written ({error.strerror}); --out DIR names another folder") from None
    with progress.shown() as on_progress:
        status = train(experiment, folder=folder, on_progress=on_progress)
    return progress.end(status, as_json=arguments.json)


def _resume(arguments: argparse.Namespace) -> int:
    from engine import progress
    from engine.runs.folder import Run
    from engine.training.worker import resume

    folder = Path(arguments.run_folder)
    changed(Run.open(folder).experiment, arguments)  # whether the options say something possible
    with progress.shown() as on_progress:
        status = resume(folder, epochs=arguments.epochs, device=arguments.device, on_progress=on_progress)
    return progress.end(status, as_json=arguments.json)
