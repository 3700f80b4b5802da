"""What every lab is to the window: a page with one frozen state, a line for the status bar, and an orderly end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Services:
    """What the window lends its labs."""

    runs_folder: Path  # where finished and running runs are kept


class Lab(QWidget):
    """One page of the window. Its whole state is one frozen value, so restoring, sharing and testing come down to `set_state`.

    torch is imported after the window is on screen; `torch_ready` is called once, in the GUI thread, when it is there.
    """

    name = ""  # also the command line's --lab
    state_type: type[msgspec.Struct]

    state_changed = Signal()
    status_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.services = services

    def state(self) -> msgspec.Struct:
        raise NotImplementedError

    def set_state(self, state: msgspec.Struct) -> None:
        raise NotImplementedError

    def status_text(self) -> str:
        """What the lab is doing, for the status bar."""
        return ""

    def actions_for_menu(self) -> list[QAction]:
        """What the lab offers in the menu while it is shown. Its shortcuts are theirs."""
        return []

    def torch_ready(self) -> None:
        """torch can now be imported without delay."""

    def run_in_progress(self) -> bool:
        return False

    def close_lab(self, deadline_s: float) -> None:
        """Stop what runs, save it, and join every thread, within `deadline_s` seconds."""
