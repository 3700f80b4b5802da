"""A switch for each optimiser, with a dot in the colour of its path: which of them go down. Called by the board of optimisers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.labs.foundations.optimisers.rule_colours import rule_colour
from gui.labs.foundations.optimisers.state import OF_RULES, OptimisersState, RuleName
from gui.shell.language import say
from gui.shell.theme import restyle_when_seen

DOT_PX = 12


class RuleToggles(QWidget):
    """`show_state` shows which rules are drawn; `switched` carries a rule and whether it is to be."""

    switched = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[RuleName, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for rule in OF_RULES:
            button = QPushButton(self)
            button.setCheckable(True)
            button.setProperty("role", "compact")
            button.setIconSize(QSize(DOT_PX, DOT_PX))
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(40)
            button.toggled.connect(lambda on, rule=rule: self.switched.emit(rule, on))
            row.addWidget(button, 1)
            self._buttons[rule] = button  # type: ignore[index]
        restyle_when_seen(self, self._restyle)
        self.retranslate()
        self._restyle()

    def button(self, rule: RuleName) -> QPushButton:
        return self._buttons[rule]

    def show_state(self, state: OptimisersState) -> None:
        """Nothing is emitted. The last one that is drawn cannot be switched off."""
        for rule, button in self._buttons.items():
            shown = rule in state.rules
            if button.isChecked() != shown:
                with QSignalBlocker(button):
                    button.setChecked(shown)
            alone = state.rules == (rule,)
            if button.isEnabled() == alone:
                button.setEnabled(not alone)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        for rule, button in self._buttons.items():
            button.setText(say("choices", rule))
            button.setToolTip(say("board_optimisers", f"about.{rule}"))

    def _restyle(self) -> None:
        for rule, button in self._buttons.items():
            button.setIcon(_dot(rule_colour(rule)))


def _dot(colour: QColor) -> QIcon:
    """Filled where the switch is on, a ring where it is off."""
    icon = QIcon()
    for state, filled in ((QIcon.State.On, True), (QIcon.State.Off, False)):
        pixmap = QPixmap(2 * DOT_PX, 2 * DOT_PX)
        pixmap.setDevicePixelRatio(2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2))
        if filled:
            painter.setBrush(colour)
        painter.drawEllipse(QRectF(2, 2, DOT_PX - 4, DOT_PX - 4))
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            icon.addPixmap(pixmap, mode, state)
    return icon
