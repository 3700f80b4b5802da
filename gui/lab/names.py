"""The labs: one row each, with its class and the texts that it opens; and which of them a text is for.

A new lab is a folder, a row here and its title in `assets/words/labs.toml`. The window, the command line's --lab and all that
opens a text (a file named on the command line, the open dialog, a dropped file, the clipboard) read these rows. No Qt: the
command line asks before Qt is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.data.source import SOURCES
from engine.experiments.experiment import Experiment, ExperimentError, beside, parse, read_text
from engine.toml_text import TomlError, parsed
from engine.toml_values import is_network_path

TITLES = "labs"  # the table of words that holds the labs' titles
TRAINING = "training"  # the lab that trains experiments
NETWORK = "network"  # the lab that edits their networks
SEQUENCE = "sequence"  # the lab that opens recurrent networks up
CODE_ENDINGS = (".py", ".txt", ".md")  # of files that may hold code of a network

_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LAB = re.compile(r"""^[ \t]*lab[ \t]*=[ \t]*(["'])([^"'\r\n]{0,80})\1""", re.MULTILINE)
_EXPERIMENT = re.compile(r"^[ \t]*(?:\[\[?[ \t]*(?:network|data|training)\b|(?:name|seed)[ \t]*=)", re.MULTILINE)
_OTHER_TABLE = re.compile(r"^[ \t]*(?:\[[ \t]*(?:data|training)\b|seed[ \t]*=)", re.MULTILINE)
_INPUT = re.compile(r"^[ \t]*\[[ \t]*network[ \t]*\][^\[]*?^[ \t]*input[ \t]*=", re.MULTILINE)
_TEXTS = (".txt", ".md")
_BEGINNING = 10_000  # letters of a text in which it says what it is


def _is_experiment(text: str) -> bool:
    """Whether the text describes an experiment."""
    return _EXPERIMENT.search(text[:_BEGINNING]) is not None


def _is_network_alone(text: str) -> bool:
    """Whether the text describes an experiment that names its network and the input, and nothing else."""
    return _is_experiment(text) and _INPUT.search(text[:_BEGINNING]) is not None and not _OTHER_TABLE.search(text)


def _is_code(text: str) -> bool:
    """Whether the text is code of a network; a TOML text that quotes some is none."""
    from engine.experiments.brought.network_code import is_network_code  # not at every start

    if not is_network_code(text):
        return False
    try:
        parsed(text)
    except TomlError:
        return True
    return False


def _is_nothing(text: str) -> bool:
    return False


@dataclass(frozen=True)
class LabRow:
    """A lab's class, imported when the lab is first shown. `recognises` says whether a text without a line `lab = "NAME"` is
    for this lab."""

    module: str
    kind: str
    recognises: Callable[[str], bool] = _is_nothing


# name -> row, in the order of the window's list; the first lab that recognises a text opens it
LABS: Mapping[str, LabRow] = {
    "convolution": LabRow("gui.labs.convolution.lab", "ConvolutionLab"),
    NETWORK: LabRow("gui.labs.network.lab", "NetworkLab", _is_network_alone),
    TRAINING: LabRow("gui.labs.training.lab", "TrainingLab", _is_experiment),
    SEQUENCE: LabRow("gui.labs.sequence.lab", "SequenceLab"),
    "foundations": LabRow("gui.labs.foundations.lab", "FoundationsLab"),
}


@dataclass(frozen=True)
class LabText:
    """A text that a lab opens. `source` names it in errors. `lab` is the lab that it is for: None where no lab recognises it,
    and a name that is none of LABS where the text says so. `is_setting`: the text holds the lab's state, and no experiment.
    `is_code`: it is code of a network, in PyTorch or Keras."""

    text: str
    source: str
    lab: str | None
    is_setting: bool
    is_code: bool = False

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment that the text describes. Raises ExperimentError."""
        experiment = parse(self.text, self.source)
        if experiment.data.path is None or is_network_path(self.source) or not Path(self.source).is_file():
            return experiment
        return beside(experiment, self.source)


def recognised(text: str, source: str = "") -> LabText:
    """Find out which lab `text` is for: the one named in its line `lab = "NAME"`, above the first table, or else the first one
    that recognises it. The rest of the text need not be valid."""
    beginning = text[:_BEGINNING]
    table = _FIRST_TABLE.search(beginning)
    if named := _LAB.search(beginning[: table.start()] if table else beginning):
        return LabText(text, source, named[2], is_setting=True)
    if _is_code(text):
        return LabText(text, source, NETWORK, is_setting=False, is_code=True)
    lab = next((name for name, row in LABS.items() if row.recognises(text)), None)
    return LabText(text, source, lab, is_setting=False)


def is_data(path: Path) -> bool:
    """Whether a folder or a file may be data of the user's own, which the training lab learns from."""
    return path.is_dir() or path.suffix.lower() in {*_TEXTS, *(ending for each in SOURCES.values() for ending in each.endings)}


def read_file(path: Path) -> LabText:
    """The text of a file, recognised. Raises ExperimentError where the file cannot be read."""
    return recognised(read_text(path), str(path))


def holds_code(path: Path) -> bool:
    """Whether the file at `path` is a text with code of a network in it."""
    try:
        return path.suffix.lower() in CODE_ENDINGS and read_file(path).is_code
    except ExperimentError:
        return False
