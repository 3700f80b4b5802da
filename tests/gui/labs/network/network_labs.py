"""The network lab as its tests use it."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.lab.base import Services
from gui.labs.network.lab import NetworkLab
from tests.patience import GIVE_UP_S


def network_lab(qtbot: QtBot, folder: Path) -> NetworkLab:
    """As the window makes it, without torch; it is closed with the test."""
    made = open_network_lab(folder)
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    return made


def open_network_lab(folder: Path) -> NetworkLab:
    """The same; whoever asks for it closes it."""
    made = NetworkLab(Services(runs_folder=folder / "runs"))
    made.resize(1256, 804)
    made.show()
    return made
