"""What the network lab says of a network that was brought to it as code or as a file of weights. Called by the lab."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.experiments.brought.network_code import BroughtNetwork
from engine.figures import full_count
from engine.layers.kinds.composite import Composite, every
from gui.labs.network.bringing.weights_reader import CameWeights
from gui.shell.language import language
from gui.widgets.labels import shortened

MOST_NOTES = 6  # sentences that are shown; of more the rest is counted


def news_of(brought: BroughtNetwork) -> str:
    """How much was read, and each note, a line each."""
    count = sum(not isinstance(layer, Composite) for layer in every(brought.layers))
    if brought.framework == "keras":
        read = QCoreApplication.translate("BroughtWords", "Layers read from Keras: {count}")
    else:
        read = QCoreApplication.translate("BroughtWords", "Layers read from PyTorch: {count}")
    return _listed(read.format(count=full_count(count)), [note.say(language()) for note in brought.notes])


def news_of_weights(came: CameWeights) -> str:
    """What became of the weights in a file, and each note, a line each."""
    if not came.found.open:
        said = QCoreApplication.translate("BroughtWords", "This network was built from the weights of {file}.")
    elif came.folder is not None:
        said = QCoreApplication.translate("BroughtWords", "The weights of {file} are in this network.")
    else:
        said = QCoreApplication.translate("BroughtWords", "The weights of {file} fit this network.")
    notes = [note.say(language()) for note in came.found.notes]
    return _listed(said.format(file=shortened(came.path.name)), notes)


def _listed(first: str, notes: list[str]) -> str:
    lines = [first, *(f"· {note}" for note in notes[:MOST_NOTES])]
    if len(notes) > MOST_NOTES:
        more = QCoreApplication.translate("BroughtWords", "· And {count} more")
        lines.append(more.format(count=len(notes) - MOST_NOTES))
    return "\n".join(lines)
