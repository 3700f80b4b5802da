"""The topic of many first weights: networks with batch normalisation against networks without, trained on the digits.

Shown on the board of normalisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton

from engine.books.written_digits import digits_of_mnist
from engine.figures import UNKNOWN, measured, percent, round_percent
from engine.foundations.boards.normalisation_numbers import (
    SCALES,
    ScaleReading,
    ScalesLearning,
    compared_scales,
    start_scales,
)
from gui.labs.foundations.long_course import LongCourse
from gui.labs.foundations.normalisation.state import NormalisationState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.matrices.small_multiples import PanelLine, PlotPanel, SmallMultiples
from gui.shell.theme import restyle_when_seen, theme
from gui.widgets.labels import label, set_text

PER_ROW = 4
CHANCE_FIGURES = (0.0, 0.5, 1.0)


def _compared(learning: ScalesLearning) -> Iterator[ScaleReading]:
    """In its thread."""
    digits = digits_of_mnist()
    return compared_scales(learning, digits.x_train, digits.t_train)


class ScalesPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._state: NormalisationState | None = None
        self._learning: ScalesLearning | None = None  # of the shown course
        self._readings: tuple[ScaleReading, ...] = ()
        self._course: LongCourse[ScalesLearning, ScaleReading] = LongCourse(_compared, self, name="scales")
        self._course.advanced.connect(self._advanced)
        self._course.ended.connect(self._ended)
        self._course.failed.connect(self._failed)
        self.start, self.progress, self.told = QPushButton(), QProgressBar(), label("muted", wraps=True)
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self._pressed)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(90)
        self.panels = SmallMultiples()
        self.panels.export_name = "batch norm over scales"
        self.panels.panel_chosen.connect(lambda number: self.looked.emit({"scale": number}))
        self.legend = label("small", rich=True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.start)
        row.addWidget(self.progress)
        row.addWidget(self.told, 1)
        self.column.addLayout(row)
        self.column.addWidget(self.panels, 1)
        self.column.addWidget(self.legend)
        restyle_when_seen(self, self._write_legend)
        self.retranslate()

    @property
    def readings(self) -> tuple[ScaleReading, ...]:
        """What has been measured so far."""
        return self._readings

    def show_page(self, state: NormalisationState) -> None:
        self._state = state
        self._draw()

    def _draw(self) -> None:
        state = self._state
        assert state is not None
        epochs = state.epochs if self._learning is None else self._learning.epochs
        lines: dict[tuple[int, bool], list[tuple[int, float]]] = {}
        for reading in self._readings:
            lines.setdefault((reading.scale, reading.batch_norm), []).append((reading.epoch, reading.accuracy))
        names = {True: self.tr("with BN"), False: self.tr("without")}
        panels = []
        for scale, value in enumerate(start_scales().tolist()):
            shown = []
            for norm in (True, False):
                points = np.array(lines.get((scale, norm), []), np.float64).reshape(-1, 2)
                shown.append(PanelLine(names[norm], points[:, 0], points[:, 1], 0 if norm else 1, 0 if norm else 1))
            panels.append(PlotPanel(f"σ = {measured(value, 2)}", (1.0, float(max(epochs, 2))), lines=tuple(shown)))
        self.panels.set_panels(
            panels,
            per_row=PER_ROW,
            up=(0.0, 1.0),
            up_figures=[(at, round_percent(at)) for at in CHANCE_FIGURES],
            written=percent,
            chosen=state.scale,
        )
        self._write()

    @Slot()
    def _pressed(self) -> None:
        if self._course.busy:
            self._course.stop()
        elif self._state is not None:
            self._learning, self._readings = self._state.comparing, ()
            self._course.start(self._learning)
            self._draw()
            self.answers_changed.emit()

    @Slot(object)
    def _advanced(self, readings: tuple[ScaleReading, ...]) -> None:
        self._readings = readings
        self._draw()
        self.answers_changed.emit()

    @Slot()
    def _ended(self) -> None:
        self._write()
        self.answers_changed.emit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        raise error

    def _latest(self, scale: int, norm: bool) -> float | None:
        found = (
            reading.accuracy for reading in reversed(self._readings) if (reading.scale, reading.batch_norm) == (scale, norm)
        )
        return next(found, None)

    def page_answers(self, state: NormalisationState) -> Sequence[TopicFigure]:
        epochs = state.epochs if self._learning is None else self._learning.epochs
        done = len(self._readings) // (2 * SCALES)
        scale = self.tr("at σ = {value}").format(value=measured(float(start_scales()[state.scale]), 2))
        pairs = [(self._latest(number, True), self._latest(number, False)) for number in range(SCALES)]
        better = sum(left > right + 0.01 for left, right in pairs if left is not None and right is not None)
        accuracies = [self._latest(state.scale, norm) for norm in (True, False)]
        with_norm, without = (UNKNOWN if value is None else percent(value) for value in accuracies)
        return [
            (self.tr("With BN"), with_norm, scale),
            (self.tr("Without BN"), without, scale),
            (
                self.tr("BN is ahead at"),
                str(better) if self._readings else UNKNOWN,
                self.tr("of {count} scales").format(count=SCALES),
            ),
            (self.tr("Epochs"), str(done), self.tr("of {count}").format(count=epochs)),
        ]

    def play_page(self) -> bool:
        self._pressed()
        return True

    def page_busy(self) -> bool:
        return self._course.busy

    def page_left(self) -> None:
        self._course.stop()

    def close_page(self, deadline_s: float) -> None:
        self._course.close(deadline_s)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.start.setToolTip(self.tr("Space"))
        self.panels.setAccessibleName(self.tr("Accuracy over the epochs, a plot for each deviation of the first weights"))
        self.panels.set_axis_names(self.tr("epoch"), self.tr("accuracy"))
        self.progress.setAccessibleName(self.tr("Progress"))
        self._write_legend()
        if self._state is not None:
            self._draw()
        self._write()

    def _write(self) -> None:
        self.start.setText(self.tr("Stop") if self._course.busy else self.tr("Train"))
        whole = 2 * SCALES * (self._learning.epochs if self._learning is not None else 1)
        self.progress.setRange(0, whole)
        self.progress.setValue(len(self._readings))
        self.progress.setVisible(self._course.busy)
        text = self.tr("32 networks of five hidden layers of 100, 1,000 digits, rate 0.01")
        if self._learning is None:
            text += ". " + self.tr("Press Train (Space): every frame gets two curves.")
        rests = not self._course.busy and self._learning is not None and self._state is not None
        if rests and self._learning != self._state.comparing:  # type: ignore[union-attr]
            text = self.tr("Trained with other settings than those at the left; train again to see these.")
        set_text(self.told, text)

    def _write_legend(self) -> None:
        names = ((0, "—", self.tr("with batch normalisation")), (1, "- -", self.tr("without")))
        spans = (f'<span style="color:{theme().curves[colour].name()}">{dash}</span> {name}' for colour, dash, name in names)
        set_text(self.legend, "&nbsp;&nbsp; ".join(spans))
