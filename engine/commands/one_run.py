"""`python -m engine train FILE` and `python -m engine resume RUN`: one run, from its beginning or from where it was stopped.

The same command, begun several times by torchrun, computes one run together. torch is imported when the run begins.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.commands.exits import FAILED, UNREADABLE, UsageError
from engine.commands.given.given_experiment import changed, chosen, whole_number
from engine.training.distributed.launch import StopWish, launched, require_shareable, threads_each
from engine.training.distributed.leader import Leader
from engine.training.interrupts import stopping_on_signals


def add_to(commands: Any) -> None:
    """Add both commands to the parsers of `commands`."""
    command = commands.add_parser(
        "train", help="train an experiment, under torchrun in several processes; Ctrl-C and SIGTERM keep what it has reached"
    )
    command.add_argument("file", nargs="?", metavar="FILE", help="an experiment's file, or the folder of a run to begin anew")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--out", metavar="DIR", help="the run's folder (a new one among the user's data)")
    command.add_argument("--device", metavar="D", help="auto, cpu, cuda or mps")
    command.add_argument("--seed", type=whole_number, metavar="N")
    command.add_argument("--epochs", type=whole_number, metavar="N")
    command.add_argument("--json", action="store_true", help="the result as one JSON line")
    command.set_defaults(run=_alone_or_together(_train), may_be_shared=True)

    command = commands.add_parser("resume", help="go on with a run that was stopped, or has ended and gets more epochs")
    command.add_argument("run_folder", metavar="RUN", help="the run's folder")
    command.add_argument("--epochs", type=whole_number, metavar="N", help="in all, more than it has; kept in its experiment")
    command.add_argument("--device", metavar="D", help="auto, cpu, cuda or mps")
    command.add_argument("--json", action="store_true", help="the result as one JSON line")
    command.set_defaults(run=_alone_or_together(_resume), may_be_shared=True)


def _train(arguments: argparse.Namespace, leader: Leader | None) -> int:
    experiment = changed(chosen(arguments), arguments)
    if leader is not None:
        require_shareable(experiment)
    from engine import progress
    from engine.runs.folder import default_root, new_folder
    from engine.training.worker import train

    try:
        folder = Path(arguments.out) if arguments.out else new_folder(default_root(), experiment.name)
    except OSError as error:
        raise UsageError(f"{default_root()}: cannot be written ({error.strerror}); --out DIR names another folder") from None
    with progress.shown() as on_progress:
        status = train(experiment, folder=folder, on_progress=on_progress, threads=_threads(leader), leader=leader)
    return progress.end(status, as_json=arguments.json)


def _resume(arguments: argparse.Namespace, leader: Leader | None) -> int:
    from engine import progress
    from engine.runs.folder import Run
    from engine.training.worker import resume

    folder = Path(arguments.run_folder)
    experiment = changed(Run.open(folder).experiment, arguments)  # also says whether the options say something possible
    if leader is not None:
        require_shareable(experiment)
    with progress.shown() as on_progress:
        status = resume(
            folder,
            epochs=arguments.epochs,
            on_progress=on_progress,
            device=arguments.device,
            threads=_threads(leader),
            leader=leader,
        )
    return progress.end(status, as_json=arguments.json)


def _threads(leader: Leader | None) -> int | None:
    return None if leader is None else threads_each(leader.launch)


def _alone_or_together(run: Callable[[argparse.Namespace, Leader | None], int]) -> Callable[[argparse.Namespace], int]:
    """The command in this process alone, or as one of those that torchrun has started: the first leads and does what one
    process does, the others compute with it."""

    def begin(arguments: argparse.Namespace) -> int:
        launch = launched()
        if launch is None:
            return run(arguments, None)
        if not launch.leads:
            wishes = StopWish()
            with stopping_on_signals(wishes.stop):  # torch is imported first
                from engine.training.distributed.following_rank import follow

            return follow(launch, wishes)
        leader = Leader(launch)
        leader.listening.enter_context(stopping_on_signals(leader.wishes.stop))
        code = FAILED
        try:
            code = run(arguments, leader)
        except ValueError:  # a refusal, in words
            code = UNREADABLE
            raise
        finally:
            leader.listening.close()
            leader.end(code)
        return code

    return begin
