"""A few samples that are sequences: series as curves, texts as what is read and what is to be answered.

Called by the card of samples.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.contents import KeptSamples
from engine.data.info import DataInfo
from engine.figures import full_count, measured
from engine.words import printable
from gui.labs.training.data.samples.spelled_text import spelled
from gui.plots.lines import LinePlot, PlotLine
from gui.widgets.labels import label

CURVES, CURVE_PX = 4, 132
TEXTS = 8
MOST_LINES = 6  # curves of one sample


class CurveSamples(QWidget):
    """Series, one below the other: a curve for each of their inputs, and below it the target."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.plots: list[LinePlot] = []
        self.captions = [label("muted", wraps=True) for _ in range(CURVES)]
        for caption in self.captions:
            plot = LinePlot()
            plot.setFixedHeight(CURVE_PX)
            self.plots.append(plot)
            self._column.addWidget(caption)
            self._column.addWidget(plot)

    def show_samples(self, kept: KeptSamples, info: DataInfo, page: int) -> None:
        """Show the samples of a page, counted from 0 on."""
        for number, (plot, caption) in enumerate(zip(self.plots, self.captions, strict=True)):
            place = page * CURVES + number
            for part in (plot, caption):
                part.setVisible(place < len(kept.numbers))
            if place >= len(kept.numbers):
                continue
            x = self._in_units(kept.x[place].astype(np.float64), info)
            names = [self._name(feature, x.shape[1], info) for feature in range(min(x.shape[1], MOST_LINES))]
            said = self.tr("Sample {number}").format(number=full_count(int(kept.numbers[place])))
            caption.setText(" · ".join((said, self._target(kept, place, info))))
            plot.set_axis_names(self.tr("Time step t"), names[0] if len(names) == 1 else "")
            plot.set_lines(
                [PlotLine(name, x[:, feature].tolist(), feature % 4, dashed=feature // 4) for feature, name in enumerate(names)]
            )

    @staticmethod
    def _in_units(x: np.ndarray, info: DataInfo) -> np.ndarray:
        """In the file's own units, where the series has been standardised."""
        return x if info.scale is None else info.scale.mean + info.scale.deviation * x

    def _name(self, feature: int, features: int, info: DataInfo) -> str:
        if info.scale is not None:
            return printable(info.scale.name)
        if info.name == "adding":
            return (self.tr("Value"), self.tr("Mark"))[feature]
        return self.tr("Value") if features == 1 else self.tr("Input {number}").format(number=feature + 1)

    def _target(self, kept: KeptSamples, place: int, info: DataInfo) -> str:
        y = kept.y[place]
        if info.task == "classification":
            return self.tr("class {name}").format(name=printable(info.classes[int(y)]))
        if info.continues:
            last = float(self._in_units(y.astype(np.float64).reshape(-1), info)[-1])
            return self.tr("to answer: the next value at every step, at the end {value}").format(value=measured(last))
        if y.ndim == 1:
            return self.tr("to answer: {value}").format(value=", ".join(measured(float(value)) for value in y[:4]))
        return self.tr("to answer: a value at every step")

    def pages(self, kept: KeptSamples) -> int:
        return max(1, -(-len(kept.numbers) // CURVES))


class TextSamples(QWidget):
    """Texts, one below the other: what is read, and below it what is to be answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.captions = [label("muted") for _ in range(TEXTS)]
        self.texts = [label("fact", wraps=True) for _ in range(TEXTS)]
        for caption, text in zip(self.captions, self.texts, strict=True):
            column.addWidget(caption)
            column.addWidget(text)

    def show_samples(self, kept: KeptSamples, info: DataInfo, page: int) -> None:
        """Show the samples of a page, counted from 0 on."""
        for number, (caption, text) in enumerate(zip(self.captions, self.texts, strict=True)):
            place = page * TEXTS + number
            for part in (caption, text):
                part.setVisible(place < len(kept.numbers))
            if place < len(kept.numbers):
                read = spelled(kept.x[place].tolist(), info.classes)
                answer = spelled(kept.y[place].tolist(), info.classes)
                caption.setText(self.tr("Sample {number}").format(number=full_count(int(kept.numbers[place]))))
                text.setText(self.tr("reads {read}\nanswers {answer}").format(read=read, answer=answer))

    def pages(self, kept: KeptSamples) -> int:
        return max(1, -(-len(kept.numbers) // TEXTS))
