"""What gates and states are called, in the window's language. Called by the page of the gates and its maps."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.figures import full_count
from engine.sequences.convolved import ConvolvedLayer
from engine.sequences.opened import OpenedDirection
from gui.labs.sequence.gates.gate_images import GateImage


def gate_name(name: str) -> str:
    """Forget gate f, 망각 게이트 f."""
    translate = QCoreApplication.translate
    return {
        "i": translate("gates", "Input gate i"),
        "f": translate("gates", "Forget gate f"),
        "g": translate("gates", "Candidate g"),
        "o": translate("gates", "Output gate o"),
        "r": translate("gates", "Reset gate r"),
        "z": translate("gates", "Update gate z"),
        "n": translate("gates", "Candidate n"),
        "c": translate("gates", "Cell state c"),
        "h": translate("gates", "Hidden state h"),
    }[name]


def array_name(direction: OpenedDirection, name: str) -> str:
    """The same, of a layer that may be a convolution."""
    if isinstance(direction, ConvolvedLayer):
        return QCoreApplication.translate("gates", "Channels")
    return gate_name(name)


def layer_title(direction: OpenedDirection) -> str:
    """Which cell it is."""
    return "Conv1d" if isinstance(direction, ConvolvedLayer) else direction.kind


def joined_said(image: GateImage) -> str:
    """Of what each cell of a map is the mean, where there is no room for each; empty where there is."""
    translate, steps, units = QCoreApplication.translate, full_count(image.steps), full_count(image.units)
    if image.steps > 1 and image.units > 1:
        return translate("gates", "each cell shows the mean of {steps} steps and {units} units").format(
            steps=steps, units=units
        )
    if image.steps > 1:
        return translate("gates", "each column shows the mean of {steps} steps").format(steps=steps)
    return translate("gates", "each row shows the mean of {units} units").format(units=units) if image.units > 1 else ""
