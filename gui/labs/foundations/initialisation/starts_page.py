"""The topic of learning from several first weights: starts, stops and shows it. Shown on the board of first weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from engine.books.written_digits import digits_of_mnist
from engine.figures import UNKNOWN, fixed, full_count
from engine.foundations.boards.initialisation.initialisation_numbers import BOOK_STARTS, StartLosses, StartsLearning, learned
from gui.labs.foundations.initialisation.starts_view import StartsView, smoothed
from gui.labs.foundations.initialisation.state import InitialisationState
from gui.labs.foundations.long_course import LongCourse
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.shell.language import say
from gui.widgets.labels import label, set_text


def _learned(learning: StartsLearning) -> Iterator[StartLosses]:
    """In its thread."""
    digits = digits_of_mnist()
    return learned(learning, digits.x_train, digits.t_train)


class StartsPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._state: InitialisationState | None = None
        self._learning: StartsLearning | None = None  # of the shown course
        self._losses: tuple[StartLosses, ...] = ()
        self._course: LongCourse[StartsLearning, StartLosses] = LongCourse(_learned, self, name="starts")
        self._course.advanced.connect(self._advanced)
        self._course.ended.connect(self._ended)
        self._course.failed.connect(self._failed)
        self.view = StartsView()
        self.start, self.told = QPushButton(), label("muted", wraps=True)
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self._pressed)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.start)
        row.addWidget(self.told, 1)
        self.column.addLayout(row)
        self.column.addWidget(self.view, 1)
        self.retranslate()

    @property
    def losses(self) -> tuple[StartLosses, ...]:
        """One mapping for each iteration of the shown course."""
        return self._losses

    def show_page(self, state: InitialisationState) -> None:
        self._state = state
        if self._learning is None:
            self.view.show_losses(state.learning, ())
        self._write()

    @Slot()
    def _pressed(self) -> None:
        if self._course.busy:
            self._course.stop()
        elif self._state is not None:
            self._learning, self._losses = self._state.learning, ()
            self._course.start(self._learning)
            self._draw()

    @Slot(object)
    def _advanced(self, losses: tuple[StartLosses, ...]) -> None:
        self._losses = losses
        self._draw()

    @Slot()
    def _ended(self) -> None:
        self._write()
        self.answers_changed.emit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        raise error

    def _draw(self) -> None:
        assert self._learning is not None
        self.view.show_losses(self._learning, self._losses)
        self._write()
        self.answers_changed.emit()

    def page_answers(self, state: InitialisationState) -> Sequence[TopicFigure]:
        whole = state.iterations if self._learning is None else self._learning.iterations
        figures = [
            (self.tr("Iterations"), full_count(len(self._losses)), self.tr("of {count}").format(count=full_count(whole)))
        ]
        for start in BOOK_STARTS:
            means = smoothed([each[start] for each in self._losses[-20:]])
            value = means[-1] if means else math.nan
            note = self.tr("loss") if math.isfinite(value) else ""
            figures.append((say("choices", start), fixed(value, 3) if note else UNKNOWN, note))
        return figures

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
        self._write()

    def _write(self) -> None:
        self.start.setText(self.tr("Stop") if self._course.busy else self.tr("Train"))
        text = self.tr(
            "The same network begins with 0.01, Xavier and He, besides with the first weights at the left where those are "
            "others, and learns from the same batches."
        )
        if self._learning is None:
            text += " " + self.tr("Press Train (Space).")
        elif self._course.busy:
            text = self.tr("Training in the background")
        elif self._state is not None and self._learning != self._state.learning:
            text = self.tr("Trained with other settings than those at the left; train again to see these.")
        set_text(self.told, text)
