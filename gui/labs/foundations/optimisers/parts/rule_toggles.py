"""A switch for each optimiser, with a piece of its path's line: which of them go down. Called by the board of optimisers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.labs.foundations.optimisers.parts.rule_colours import rule_pen
from gui.labs.foundations.optimisers.state import OF_RULES, OptimisersState, RuleName
from gui.shell.language import say
from gui.shell.theme import restyle_when_seen
from gui.widgets.forms.controls import SegmentButton

SAMPLE_PX = 22, 12
FAINT = 0.25


class RuleToggles(QWidget):
    """`show_rules` shows which rules are drawn; `switched` carries a rule and whether it is to be."""

    switched = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[RuleName, SegmentButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for number, rule in enumerate(OF_RULES):
            button = self._buttons[rule] = SegmentButton("", self)
            button.setProperty("place", "only")
            button.setIconSize(QSize(*SAMPLE_PX))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.toggled.connect(lambda on, rule=rule: self.switched.emit(rule, on))
            grid.addWidget(button, number // 2, number % 2)
        restyle_when_seen(self, self._restyle)
        self.retranslate()
        self._restyle()

    def button(self, rule: RuleName) -> SegmentButton:
        return self._buttons[rule]

    def show_rules(self, state: OptimisersState) -> None:
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
        self.setAccessibleName(self.tr("Optimizers that go down"))
        for rule, button in self._buttons.items():
            button.setText(say("board_optimisers", f"rule.{rule}"))
            button.setToolTip(say("board_optimisers", f"about.{rule}"))

    def _restyle(self) -> None:
        for rule, button in self._buttons.items():
            button.setIcon(_sample(rule))


def _sample(rule: RuleName) -> QIcon:
    """A piece of the rule's line; faint where the switch is off."""
    width, height = SAMPLE_PX
    icon = QIcon()
    for state, opacity in ((QIcon.State.On, 1.0), (QIcon.State.Off, FAINT)):
        pixmap = QPixmap(2 * width, 2 * height)
        pixmap.setDevicePixelRatio(2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(opacity)
        pen = rule_pen(rule)
        pen.setWidthF(3.0)
        painter.setPen(pen)
        painter.drawLine(QPointF(1, height / 2), QPointF(width - 1, height / 2))
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            icon.addPixmap(pixmap, mode, state)
    return icon
