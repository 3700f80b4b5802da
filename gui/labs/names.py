"""Which labs there are, in the order of the list. No Qt here: the command line names them before Qt is loaded."""

from __future__ import annotations

from collections.abc import Mapping

# name -> (module, class), imported when the lab is first shown
LABS: Mapping[str, tuple[str, str]] = {
    "convolution": ("gui.labs.convolution.lab", "ConvolutionLab"),
    "training": ("gui.labs.training.lab", "TrainingLab"),
}
