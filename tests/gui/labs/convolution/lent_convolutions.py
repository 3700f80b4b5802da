"""An open convolution lab, which the tests of one file share."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.lab.base import Services
from gui.labs.convolution.lab import ConvolutionLab
from tests.gui.lent_labs import Lender


def lend_convolution(qtbot: QtBot, lender: Lender, folder: Path, size: QSize) -> ConvolutionLab:
    """As the window opens it, with torch there and its first maps shown. `folder` is for the runs of a new one."""

    def opened() -> ConvolutionLab:
        lab = ConvolutionLab(Services(runs_folder=folder / "runs"))
        lab.resize(size)
        lab.show()
        lab.torch_ready()
        qtbot.waitUntil(lambda: lab.shown is not None and not under_way(lab))
        return lab

    return lender.lend(qtbot, "convolution", opened, under_way, time_cell)


def under_way(lab: ConvolutionLab) -> bool:
    return lab.busy() or lab.scene_card.writing


def time_cell(lab: ConvolutionLab) -> QWidget | None:
    return lab.answers._cells["time"][1].parentWidget()
