"""The experiment that the arguments of a command name: a file, a run's folder or a preset, and what options say instead.

Called by the commands that read one.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import get_type_hints

import msgspec

from engine.commands.exits import UsageError
from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training, preset, read
from engine.fields import edited
from engine.runs.failures import RunError
from engine.toml_values import wrong_value
from engine.words import printable


def chosen(arguments: argparse.Namespace, *, as_it_was_run: bool = False) -> Experiment:
    """The experiment of FILE, of the run in the folder RUN, or of --preset NAME, if there are such data as it names. With
    `as_it_was_run` the own file of a run must be what it has learned from. What was done to an own file is said on stderr.
    Raises UsageError, ExperimentError and RunError."""
    if bool(arguments.file) == bool(arguments.preset):
        raise UsageError("expected either RUN or FILE, or --preset NAME")
    if arguments.preset:
        return preset(arguments.preset)
    file = experiment_file(arguments.file)
    experiment = read(file)
    if as_it_was_run and is_folder(arguments.file):
        from engine.runs.folder import Run

        Run.open(Path(arguments.file)).require_own_data()
    try:
        info = describe(experiment.data)
    except DatasetError as error:
        raise UsageError(f"{file}: {error}") from None
    for note in (*filter(None, [info.reading]), *info.notes):
        print(f"note: {printable(note.say('en'))}", file=sys.stderr)
    return experiment


def experiment_file(name: str) -> Path:
    """The file of an experiment that is called `name`, or that lies in the run's folder of this name. Raises UsageError where
    nothing has this name, and RunError where the folder is no run's."""
    if not is_folder(name):
        if not os.path.lexists(name):
            raise UsageError(f"{name}: is not there; expected an experiment's TOML file or a run's folder")
        return Path(name)
    from engine.runs.folder import EXPERIMENT

    if not (file := Path(name) / EXPERIMENT).is_file():
        raise RunError("no_run", folder=name, file=EXPERIMENT)
    return file


def is_folder(name: str | None) -> bool:
    """Whether RUN was named, and not FILE or a preset."""
    try:
        return bool(name) and Path(name or "").is_dir()
    except OSError:  # no name that a folder can have
        return False


def whole_number(text: str) -> int:
    """What an option says; of which size it may be is `changed`'s to say."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}") from None


def changed(experiment: Experiment, arguments: argparse.Namespace) -> Experiment:
    """`experiment` with what --seed, --epochs and --device say instead, where the command has them. Raises UsageError."""
    given = {key: value for key in ("seed", "epochs", "device") if (value := getattr(arguments, key, None)) is not None}
    training = {key: value for key, value in given.items() if key != "seed"}
    changes = {key: value for key, value in given.items() if key == "seed"}
    option = ""
    try:
        for option, value in training.items():
            experiment = edited(experiment, training=edited(experiment.training, **{option: value}))
        for option, value in changes.items():
            experiment = edited(experiment, **{option: value})
    except msgspec.ValidationError:
        kind = get_type_hints(Training if option in training else Experiment, include_extras=True)[option]
        raise UsageError(wrong_value(f"--{option}", kind, given[option])) from None
    return experiment
