"""The page of the confusion matrix: which class is taken for which, precision and recall of each, and the samples of a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.figures import full_count, percent
from engine.judging.confusion import Confusion, confusion, in_cell
from engine.judging.whole_set import Verdicts
from gui.labs.training.judged.judged_page import JudgedPage

if TYPE_CHECKING:
    from gui.plots.matrices.confusion_plot import ConfusionPlot

MOST_CLASSES = 64  # of more, cells would be smaller than the eye sees
UNKNOWN_SHARE = "—"


class _Overview(QWidget):
    """The place of the matrix, which is made when the first answers come: only then are the plots loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 120)


class ConfusionPage(JudgedPage):
    """The matrix; a chosen cell lists its samples."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._cell: tuple[int, int] | None = None  # that is chosen
        self._hovered: tuple[int, int] | None = None
        self._matrix: Confusion | None = None
        self._place = _Overview()
        super().__init__(self._place, parent)
        self.retranslate()

    @cached_property
    def plot(self) -> ConfusionPlot:
        """The matrix, made when the first one comes."""
        from gui.plots.matrices.confusion_plot import ConfusionPlot

        plot = ConfusionPlot()
        plot.cell_chosen.connect(self.choose_cell)
        plot.cell_moved.connect(self._cell_moved)
        self._place.column.addWidget(plot)
        self._place.setFocusProxy(plot)
        return plot

    def page_title(self) -> str:
        return self.tr("Confusion")

    def short_title(self) -> str:
        return self.tr("Confusion", "choice of pages")

    @property
    def matrix(self) -> Confusion | None:
        return self._matrix

    @property
    def deep(self) -> bool:
        return super().deep or self._cell is not None

    @Slot(int, int)
    def choose_cell(self, true: int, predicted: int) -> None:
        """List the samples of a cell."""
        self._cell = (true, predicted)
        self.gallery.tiles.first()
        self._show()
        if self.plot.hasFocus():
            self.gallery.tiles.setFocus()

    @Slot(object)
    def _cell_moved(self, cell: tuple[int, int] | None) -> None:
        self._hovered = cell
        if self.verdicts is not None and not self.deep:
            self.line.set_text(*self.group_text())

    def forget_choice(self) -> None:
        super().forget_choice()
        self._cell = self._hovered = None

    def in_group(self) -> NDArray[np.int64] | None:
        if self._cell is None or self.verdicts is None:
            return None
        return in_cell(self.verdicts, *self._cell)

    def show_verdicts(self, verdicts: Verdicts) -> None:
        found = self._matrix = confusion(verdicts.truth, verdicts.predicted, verdicts.classes)
        numbers = range(len(found.classes))
        self.plot.set_counts(found.counts, found.classes, [*map(found.recall, numbers)], [*map(found.precision, numbers)])
        self.plot.set_chosen(self._cell)
        self.plot.describe(self._whole()[0])
        group = self.in_group()
        if group is not None:
            self.gallery.tiles.show_tiles(verdicts, group, pairs=False)

    def _problem(self) -> str:
        problem = super()._problem()
        if not problem and self.verdicts is not None and len(self.verdicts.classes) > MOST_CLASSES:
            return self.tr("With {count} classes the matrix would have cells that nobody can see.").format(
                count=full_count(len(self.verdicts.classes))
            )
        return problem

    def group_text(self) -> tuple[str, ...]:
        cell = self._cell or self._hovered
        return self._whole() if cell is None else self._cell_texts(*cell)

    def _whole(self) -> tuple[str, ...]:
        """The accuracy, over how many answers."""
        assert self._matrix is not None
        values = {
            "right": full_count(self._matrix.right),
            "total": full_count(self._matrix.total),
            "accuracy": _share(self._matrix.accuracy),
        }
        text = self.tr("{right} of {total} right, accuracy {accuracy}").format(**values)
        short = self.tr("{right}/{total} right, {accuracy}").format(**values)
        counted = self.counted()
        return (f"{text} ({counted})", text, short) if counted else (text, short)

    def _cell_texts(self, true: int, predicted: int) -> tuple[str, ...]:
        """A cell: its count, the recall of its row, the precision of its column."""
        assert self._matrix is not None
        values = {
            "true": self.name_of(true),
            "predicted": self.name_of(predicted),
            "count": full_count(int(self._matrix.counts[true, predicted])),
            "recall": _share(self._matrix.recall(true)),
            "precision": _share(self._matrix.precision(predicted)),
        }
        long = self.tr(
            "True {true}, predicted {predicted}: {count} · recall of {true}: {recall} · precision of {predicted}: {precision}"
        )
        middle = self.tr("True {true}, predicted {predicted}: {count} · recall {recall} · precision {precision}")
        short = self.tr("True {true}, predicted {predicted}: {count}")
        shortest = self.tr("{true} → {predicted}: {count}", "a true and a predicted class, and how many")
        return tuple(text.format(**values) for text in (long, middle, short, shortest))

    def retranslate(self) -> None:
        super().retranslate()
        self._place.setAccessibleName(self.tr("Confusion matrix"))


def _share(value: float | None) -> str:
    return UNKNOWN_SHARE if value is None else percent(value)
