"""The experiment that the arguments of a command name: a file, a run's folder or a preset, and what options say instead.

Called by the commands that train, resume and export.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from engine.commands.exits import UsageError
from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training, preset, read
from engine.fields import edited, fields
from engine.words import printable


def chosen(arguments: argparse.Namespace) -> Experiment:
    """The experiment of FILE, of a run's folder, or of --preset NAME, if there are such data as it names. What was done to an
    own file is said on stderr. Raises UsageError and ExperimentError."""
    if bool(arguments.file) == bool(arguments.preset):
        raise UsageError("expected FILE or --preset NAME")
    if arguments.preset:
        return preset(arguments.preset)
    inside = Path(arguments.file) / "experiment.toml"
    file = inside if inside.is_file() else arguments.file
    experiment = read(file)
    try:
        notes = describe(experiment.data).notes
    except DatasetError as error:
        raise UsageError(f"{file}: {error}") from None
    for note in notes:
        print(f"note: {printable(note.say('en'))}", file=sys.stderr)
    return experiment


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
    except msgspec.ValidationError as error:
        if choices := fields(Training)[option].choices if option in training else ():
            raise UsageError(f"--{option}: {training[option]!r} is none of {', '.join(choices)}") from None
        raise UsageError(f"--{option}: {str(error).partition(' - at')[0]}") from None
    return experiment
