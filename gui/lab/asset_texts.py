"""The texts that come with the program, as what a lab opens: presets, settings, networks, the books' experiments; and which
experiments the sequence lab can show.

Called by what leads from one lab to another: the boards' links, the list of the books' experiments, what opens files. No Qt.
"""

from __future__ import annotations

from dataclasses import replace

from engine.assets import asset
from engine.experiments.experiment import Experiment, ExperimentError
from engine.layers.kinds.composite import every
from engine.layers.kinds.recurrent import Recurrent
from gui.lab.names import SEQUENCE, TRAINING, LabText, recognised


def asset_text(folder: str, name: str) -> LabText:
    """The file `assets/FOLDER/NAME.toml`. An experiment with a recurrent network is for the sequence lab."""
    found = recognised(asset(folder, f"{name}.toml").read_text("utf-8"), name)
    return for_sequence(found) or found


def for_sequence(found: LabText) -> LabText | None:
    """The same for the sequence lab, where it is an experiment with a recurrent network."""
    if found.lab != TRAINING or found.is_setting:
        return None
    try:
        is_one = is_recurrent(found.experiment)
    except ExperimentError:
        return None
    return replace(found, lab=SEQUENCE) if is_one else None


def is_recurrent(experiment: Experiment) -> bool:
    """Whether its network is a recurrent one."""
    return any(isinstance(layer, Recurrent) for layer in every(experiment.network.layers))
