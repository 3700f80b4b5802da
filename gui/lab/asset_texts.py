"""The texts that come with the program, as what a lab opens: presets, settings, networks, the books' experiments.

Called by what leads from one lab to another: the boards' links, the list of the books' experiments. No Qt.
"""

from __future__ import annotations

from engine.assets import asset
from engine.experiments.experiment import ExperimentError
from engine.layers.kinds.composite import every
from engine.layers.kinds.recurrent import Recurrent
from gui.lab.names import SEQUENCE, TRAINING, LabText, recognised


def asset_text(folder: str, name: str) -> LabText:
    """The file `assets/FOLDER/NAME.toml`. An experiment with a recurrent network is for the sequence lab."""
    found = recognised(asset(folder, f"{name}.toml").read_text("utf-8"), name)
    return LabText(found.text, name, SEQUENCE, is_setting=False) if _is_recurrent(found) else found


def _is_recurrent(found: LabText) -> bool:
    if found.lab != TRAINING:
        return False
    try:
        layers = found.experiment.network.layers
    except ExperimentError:
        return False
    return any(isinstance(layer, Recurrent) for layer in every(layers))
