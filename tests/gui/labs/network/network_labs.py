"""The network lab as its tests use it."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.lab.base import Services
from gui.labs.network.lab import NetworkLab
from tests.patience import GIVE_UP_S


def network_lab(qtbot: QtBot, folder: Path) -> NetworkLab:
    """As the window makes it, without torch; it is closed with the test."""
    made = NetworkLab(Services(runs_folder=folder / "runs"))
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    made.resize(1256, 804)
    made.show()
    return made
