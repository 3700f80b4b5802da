"""A sample that the model has judged, as a setting of another lab: with the model's network, its weights at that moment and the
very numbers of the sample. No Qt.

Called by the training lab. The text is what the other lab would have saved, so no lab need know another.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.cells.filters import Weights
from engine.data.sources import describe
from engine.layers.kinds.convolution import Conv2d
from engine.runs.looked_at import keep_looked_at, keep_sample
from engine.toml_text import inline, table_of
from gui.lab.names import NETWORK, LabText
from gui.labs.training.judged.judged_page import TakenSample

CONVOLUTION = "convolution"


def setting_of(taken: TakenSample, root: Path) -> LabText:
    """The setting of the lab that is to show the sample. The model and the sample are kept in a folder in `root`. Raises
    OSError where the disk refuses."""
    folder = keep_looked_at(root, taken.experiment, taken.weights)
    picture = keep_sample(folder, taken.number, taken.values)
    lines = _of_network if taken.lab == NETWORK else _of_convolution
    text = "\n".join([f"lab = {inline(taken.lab)}", f"picture = {inline(str(picture))}", *lines(taken, folder)]) + "\n"
    return LabText(text, taken.experiment.name, taken.lab, is_setting=True)


def _of_network(taken: TakenSample, folder: Path) -> list[str]:
    experiment = taken.experiment
    shape = experiment.network.input or describe(experiment.data).input
    return [
        f"name = {inline(experiment.name)}",
        f"input = {inline(shape)}",
        f"layers = {inline(experiment.network.layers)}",
        f"weights = {inline(str(folder))}",
        "chosen = [0]",
        'page = "maps"',
        f"target = {taken.truth}",
    ]


def _of_convolution(taken: TakenSample, folder: Path) -> list[str]:
    """The first layer, which reads the sample itself."""
    first = taken.experiment.network.layers[0]
    assert isinstance(first, Conv2d)
    layer = msgspec.structs.replace(first, in_channels=None)
    weights = Weights(source="run", run=str(folder))
    return [table_of("layer", layer), table_of("weights", weights)]
