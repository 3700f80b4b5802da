"""A part of the settings that can be folded away: its title, in a few words what is set in it, and its controls.

Called by the experiment panel. What is open is a part of the lab's state; an edit of what is inside goes out as the whole
experiment.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.data.info import DataInfo
from engine.experiments.experiment import Experiment
from engine.runs.status import Status
from gui.widgets.one_line import OneLine


class Fold(QWidget):
    """`key` names it in the lab's state. The kinds of parts fill in `show_experiment` and `retranslate`."""

    toggled = Signal(bool)  # by the user's hand
    edited = Signal(object)  # the whole new Experiment

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.header = QToolButton(self)
        self.header.setProperty("role", "fold")
        self.header.setCheckable(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setArrowType(Qt.ArrowType.RightArrow)
        self.header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.summary = OneLine("small")
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.header)
        line.addWidget(self.summary, 1)
        self.inside = QWidget(self)
        self.rows = QVBoxLayout(self.inside)
        self.rows.setContentsMargins(0, 2, 0, 6)
        self.rows.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.inside)
        self.inside.hide()
        self.header.clicked.connect(self._clicked)

    @property
    def is_open(self) -> bool:
        return self.header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show the controls, or only the summary."""
        self.header.setChecked(is_open)
        self.header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        if is_open == self.inside.isHidden():
            self.inside.setVisible(is_open)
            self.opened()

    def set_title(self, title: str, tip: str) -> None:
        self.header.setText(title)
        self.header.setAccessibleName(title)
        self.header.setToolTip(tip)

    def tell(self, *parts: str) -> None:
        """Say in a few words what is set; no part: that nothing is."""
        said = " · ".join(part for part in parts if part)
        self.summary.set_text(said)
        self.header.setAccessibleDescription(said)

    # --- what the kinds of parts fill in

    def show_experiment(self, experiment: Experiment, opened: Experiment, info: DataInfo | None) -> None:
        """Show what is set, without a signal. `opened` is what the experiment was made of; `info`: None where there are no such
        data."""
        raise NotImplementedError

    def show_run(self, status: Status | None) -> None:
        """The run of these settings stands so; None: there is none."""

    def opened(self) -> None:
        """It has been opened, or folded."""

    def heads(self) -> list[QWidget]:
        """The labels of its rows, to be aligned with all others."""
        return []

    def retranslate(self) -> None:
        raise NotImplementedError

    @Slot()
    def _clicked(self) -> None:
        is_open = self.header.isChecked()
        self.set_open(is_open)
        self.toggled.emit(is_open)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
