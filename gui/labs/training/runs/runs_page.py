"""All runs on disk, as one of the views of the training lab."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget


class RunsPage(QWidget):
    """The runs in a folder of runs."""

    def __init__(self, root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.root = root
