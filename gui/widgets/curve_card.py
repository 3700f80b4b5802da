"""A plot in its card: the legend that is also the read-out, and the tools for log axis, smoothing, following
and export.

Called by the labs. What it shows of the plot is one frozen `CurveView`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QRectF, QStandardPaths, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QSizePolicy, QToolButton, QToolTip, QWidget

from gui.shell.theme import THEME, font, theme
from gui.widgets.card import Card
from gui.widgets.plot_files import SUFFIXES, save
from gui.widgets.plots import CurvePlot, Kind

SMOOTHINGS = (0.0, 0.6, 0.9, 0.97, 0.99)


class CurveView(msgspec.Struct, frozen=True):
    """How curves are looked at."""

    log: bool = False
    smoothing: float = 0.9
    following: bool = True


class Legend(QWidget):
    """Colour, line, name and value of every curve, in a row."""

    def __init__(self, plot: CurvePlot) -> None:
        super().__init__()
        self._plot = plot
        self._entries: list[tuple[str, str, str]] = []  # key, name, value
        self._at = ""
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_entries(self, entries: list[tuple[str, str, str]], at: str) -> None:
        """Key, name and value of every curve, and where the values are."""
        if (entries, at) != (self._entries, self._at):
            self._entries, self._at = entries, at
            self.setAccessibleName(", ".join(f"{name} {value}" for _, name, value in entries))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter, QRectF(self.rect()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.accessibleName(), self)
            return True
        return super().event(event)

    def _fitting(self, metrics: QFontMetrics, room: float) -> tuple[int, int, bool]:
        """Length of a line, gap behind an entry, and whether there are names: where they would cost a value its place, the
        lines alone tell the curves apart, and the names are in the tooltip."""
        ways = ((22, 12, True), (14, 4, True), (14, 8, False))
        for dash, gap, named in ways:
            texts = [text for _, name, value in self._entries for text in ((name, value) if named else (value,))]
            words = sum(metrics.horizontalAdvance(text) + 6 for text in texts)
            if words + len(self._entries) * (dash + 6 + gap) - gap - 6 <= room:
                return dash, gap, named
        return ways[-1]

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw it anywhere: on the screen, or in an exported picture."""
        now = theme()
        painter.setFont(font(12))
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        x = area.left()
        dash, gap, named = self._fitting(metrics, area.width())
        for key, name, value in self._entries:
            painter.setPen(self._plot.series[key].pen())
            painter.drawLine(int(x), int(area.center().y()), int(x) + dash, int(area.center().y()))
            x += dash + 6
            for text, colour in ((name if named else "", now.muted), (value, now.text)):
                if text:
                    painter.setPen(colour)
                    width = metrics.horizontalAdvance(text)
                    painter.drawText(QRectF(x, area.top(), width + 2, area.height()), middle, text)
                    x += width + 6
            x += gap
        painter.setPen(now.muted)
        if self._at and x + metrics.horizontalAdvance(self._at) < area.right():
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, right, self._at)


class CurveCard(Card):
    """One plot with its legend and tools."""

    view_changed = Signal(object)  # a CurveView, by the user's hand

    def __init__(self, kind: Kind, *, log_offered: bool, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._view = CurveView()
        self._names: dict[str, str] = {}
        self.export_name = "curves"
        self.plot = CurvePlot(kind)
        self.legend = Legend(self.plot)
        self.log = self._tool(checkable=True)
        self.log.setVisible(log_offered)
        self.smoothing = self._tool()
        self.follow = self._tool(checkable=True)
        self.export = self._tool()
        self.more = self._tool()  # all of them in one, where the card is narrow
        self.body.setSpacing(2)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.plot, 1)
        self._log_offered = log_offered
        self._smoothing_menu = QMenu(self.smoothing)
        self._smoothing_actions = QActionGroup(self)
        for amount in SMOOTHINGS:
            action = QAction(self._smoothing_actions)
            action.setCheckable(True)
            action.setData(amount)
            self._smoothing_menu.addAction(action)
        self._smoothing_actions.triggered.connect(self._smoothing_chosen)
        self._export_menu = QMenu(self.export)
        self.export_actions: dict[str, QAction] = {}
        for suffix in SUFFIXES:
            self.export_actions[suffix] = action = QAction(self)
            action.setData(suffix)
            action.triggered.connect(self._export_chosen)
            self._export_menu.addAction(action)
        for tool, menu in ((self.smoothing, self._smoothing_menu), (self.export, self._export_menu)):
            tool.setMenu(menu)
            tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._log_action, self._follow_action = QAction(self), QAction(self)
        more_menu = QMenu(self.more)
        for button, action in ((self.log, self._log_action), (self.follow, self._follow_action)):
            action.setCheckable(True)
            action.setVisible(button is not self.log or log_offered)
            more_menu.addAction(action)
        more_menu.addMenu(self._smoothing_menu)
        more_menu.addMenu(self._export_menu)
        self.more.setMenu(more_menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.hide()
        self.log.clicked.connect(self._log_clicked)
        self.follow.clicked.connect(self._follow_clicked)
        self._log_action.triggered.connect(self._log_clicked)
        self._follow_action.triggered.connect(self._follow_clicked)
        self.plot.following_changed.connect(self._following_changed)
        self.plot.cursor_moved.connect(self.read_out)
        self.set_view(self._view)

    def _tool(self, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "link")
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tools.addWidget(button)
        return button

    # --- how it is looked at

    @property
    def view(self) -> CurveView:
        return self._view

    def set_view(self, view: CurveView) -> None:
        """Show the curves that way; nothing is emitted."""
        self._view = view
        self.plot.set_log(view.log)
        self.plot.set_smoothing(view.smoothing)
        self.plot.set_following(view.following)
        for control in (self.log, self._log_action):
            control.setChecked(view.log)
        for control in (self.follow, self._follow_action):
            control.setChecked(view.following)
        for action in self._smoothing_actions.actions():
            action.setChecked(action.data() == view.smoothing)
        self.retranslate()

    def _edit(self, **changes: object) -> None:
        self.set_view(msgspec.structs.replace(self._view, **changes))
        self.view_changed.emit(self._view)

    def _log_clicked(self, log: bool) -> None:
        self._edit(log=log)

    def _follow_clicked(self, following: bool) -> None:
        if following:
            self.plot.show_all()
        self._edit(following=following)

    def _following_changed(self, following: bool) -> None:
        if following != self._view.following:
            self._edit(following=following)

    def _smoothing_chosen(self, action: QAction) -> None:
        self._edit(smoothing=float(action.data()))

    # --- read-out

    def set_names(self, names: dict[str, str], across: str, up: str) -> None:
        """What the curves and the axes are called."""
        self._names = names
        self.plot.set_axis_names(across, up)
        self._fit_tools()
        self.plot.setAccessibleName(self.title)
        self.read_out()

    def read_out(self, *_: object) -> None:
        """Write the values at the cursor, or the latest, into the legend."""
        step = self.plot.cursor_step
        values = self.plot.values_at(step)
        entries = [(key, name, self._figure(values.get(key))) for key, name in self._names.items()]
        at = "" if step is None else self.tr("Iteration {step}").format(step=f"{step:,.0f}")
        self.legend.set_entries(entries, at)

    def _figure(self, value: float | None) -> str:
        if value is None:
            return "–"
        if self.plot.kind == "rate":
            return f"{100 * value:.1f}%"
        return f"{value:.4f}" if 0.001 <= abs(value) < 1000 else f"{value:.3g}"

    # --- files

    def _export_chosen(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        suffix = str(action.data())
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export the plot"),
            str(Path(folder) / f"{self.export_name}.{suffix}"),
            f"{suffix.upper()} (*.{suffix})",
        )
        if path:
            self.export_to(Path(path if Path(path).suffix else f"{path}.{suffix}"))

    def export_to(self, path: Path) -> bool:
        """Write the plot to a file of the kind that its name says. What goes wrong is said in words; returns
        whether it went well."""
        try:
            save(self, path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            QMessageBox.warning(
                self,
                self.tr("Export the plot"),
                self.tr("{path} could not be written: {reason}.").format(path=path, reason=reason),
            )
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()

    def _fit_tools(self) -> None:
        """All tools side by side where they have room, otherwise one menu of them."""
        tools = (
            [self.log, self.smoothing, self.follow, self.export]
            if self._log_offered
            else [self.smoothing, self.follow, self.export]
        )
        needed = sum(tool.sizeHint().width() + 4 for tool in tools) + self.fontMetrics().horizontalAdvance(self.title)
        narrow = needed + 32 > self.width()
        for tool in tools:
            tool.setVisible(not narrow)
        self.more.setVisible(narrow)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.log.setText(self.tr("Log axis"))
        self.log.setToolTip(self.tr("A logarithmic value axis: equal factors are equally far apart"))
        self.smoothing.setText(self.tr("Smoothing {amount}").format(amount=f"{self._view.smoothing:g}"))
        self.smoothing.setToolTip(
            self.tr("Running mean of the training curve. What was measured stays visible behind it, faintly.")
        )
        self.follow.setText(self.tr("Follow"))
        self.follow.setToolTip(
            self.tr("Keep the latest iteration in sight. Wheel: zoom, drag: move, double click: the whole run")
        )
        self.export.setText(self.tr("Export"))
        self.more.setText(self.tr("View"))
        self._log_action.setText(self.log.text())
        self._follow_action.setText(self.follow.text())
        self._smoothing_menu.setTitle(self.smoothing.text())
        self._export_menu.setTitle(self.export.text())
        for button in (self.log, self.smoothing, self.follow, self.export, self.more):
            button.setAccessibleName(button.text())
        for action in self._smoothing_actions.actions():
            action.setText(self.tr("Off") if action.data() == 0 else f"{action.data():g}")
        for suffix, action in self.export_actions.items():
            action.setText(
                {"png": self.tr("Picture (PNG)"), "svg": self.tr("Drawing (SVG)"), "csv": self.tr("Table (CSV)")}[suffix]
            )
        self.read_out()
