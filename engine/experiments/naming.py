"""What an experiment is called in a language: a preset's name is translated, also with another cell, or with a queue's seed and
fold behind it; a name of the user's own is shown as it is. Called by whoever lists runs.
"""

from __future__ import annotations

import re
from functools import cache

from engine.experiments.experiment import Experiment, preset, preset_names
from engine.words import printable, say, table

_CELLS = ("RNN", "LSTM", "GRU", "Conv1d")  # at the end of a name, as `engine.sequences.tasks` exchanges them
_SEED = re.compile(r", seed \d+\b")
_NUMBERED = re.compile(r"\b(seed|fold) (\d+(?:/\d+)?)")  # as `engine.queue.plan` names its runs


def name_in(experiment: Experiment, language: str) -> str:
    """The experiment's name in `language`, without control characters."""
    return name_said(experiment.name, language)


def name_without_seed(experiment: Experiment, language: str) -> str:
    """The name in `language` that the runs of a queue share which differ in their seed only."""
    return name_said(_SEED.sub("", experiment.name), language)


def name_said(name: str, language: str) -> str:
    """The same of an experiment of which the name alone is known."""
    if (found := _known(name, language)) is not None:
        return found
    head, comma, rest = name.partition(", ")
    found = _known(head, language) if comma else None
    if found is None:
        return printable(name)
    if language != "en":
        rest = _NUMBERED.sub(lambda part: f"{say('fields_training', part[1], language)} {part[2]}", rest)
    return printable(f"{found}, {rest}")


def _known(name: str, language: str) -> str | None:
    """The words of a name that the program has given itself; None: it has not."""
    names = _names()
    if name in names:
        return say(*names[name], language)
    body, space, cell = name.rpartition(" ")
    if not space or cell not in _CELLS:
        return None
    for other in _CELLS:
        if (place := names.get(f"{body} {other}")) is not None and (said := say(*place, language)).endswith(f" {other}"):
            return said.removesuffix(other) + cell
    return f"{say(*names[body], language)} {cell}" if body in names and names[body][0] == "datasets" else None


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Where the words stand of each name: of presets, and of the data that a fresh experiment is called after."""
    data = {say("datasets", name).replace("×", "x"): ("datasets", name) for name in table("datasets") if "." not in name}
    return data | {preset(stem).name: ("presets", stem) for stem in preset_names()}
