"""The card that shows what the model answers to some validation samples while it learns, beside the truth.

It draws one `Prediction`, and asks for the samples that the lab's state names.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from engine.figures import fixed, full_count, measured
from engine.networks.output_meaning import OutputMeaning
from engine.training.probes import AnsweredRows, Classified, Forecast, Numbers, Prediction, Text, is_finite, predict
from gui.labs.training.pages import drawings
from gui.running.result_page import ModelQuestion, ResultPage
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

if TYPE_CHECKING:
    from gui.labs.training.pages.answered_rows_view import AnsweredRowsView
    from gui.labs.training.pages.predicted_plots import NumbersView, SeriesView

P = TypeVar("P", bound=QWidget)

STRIDES = {  # pictures, rows of them
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PredictionView(QWidget):
    """Paints a prediction that is no plot: pictures or a text. Of pictures, one is chosen by click or arrow keys."""

    picture_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.prediction: Prediction | None = None
        self._none_yet = ""
        self._broken = False
        self.chosen = 0
        self.setMinimumSize(QSize(180, 100))  # two rows of pictures
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        THEME.changed.connect(self.update)

    def set_prediction(self, prediction: Prediction | None, *, broken: bool = False) -> None:
        """Draw it, or say that there is none: not yet, or, `broken`, none that could be drawn."""
        self.prediction = prediction
        self._broken = broken
        self.update()

    def set_none_yet(self, words: str) -> None:
        """What is said as long as there is none."""
        self._none_yet = words
        self.update()

    def set_chosen(self, chosen: int) -> None:
        self.chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self._area()
        match self.prediction:
            case Classified() as found:
                drawings.draw_pictures(painter, area, found, min(self.chosen, len(found.pictures) - 1))
            case Text() as found:
                drawings.draw_text(painter, area, found, self.tr("Truth"), self.tr("Prediction"))
            case _:
                painter.setFont(font(12))
                painter.setPen(theme().muted)
                words = self.tr("The model's answers are no longer finite numbers.") if self._broken else self._none_yet
                painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), words)
        if self.hasFocus() and isinstance(self.prediction, Text):
            painter.setPen(theme().accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def choose(self, number: int) -> None:
        """As a click on the picture, or on a row in its place."""
        match self.prediction:
            case Classified() as found:
                count = len(found.pictures)
            case AnsweredRows() as found:
                count = len(found.cells)
            case _:
                count = 0
        if 0 <= number < count:
            self.set_chosen(number)
            self.picture_chosen.emit(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if isinstance(self.prediction, Classified):
            places = drawings.picture_areas(self._area(), len(self.prediction.pictures))
            for number, place in enumerate(places):
                if place.adjusted(-4, -4, 4, drawings.LABEL).contains(event.position()):
                    self.choose(number)

    def event(self, event: QEvent) -> bool:
        return claims_key(event, STRIDES) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = STRIDES.get(Qt.Key(event.key()))
        if stride is None:
            super().keyPressEvent(event)
        else:
            pictures, rows = stride
            self.choose(self.chosen + pictures + rows * self._columns())

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(3, 3, -3, -3)

    def _columns(self) -> int:
        """How many pictures stand in a row."""
        if not isinstance(self.prediction, Classified):
            return drawings.COLUMNS
        tops = [place.top() for place in drawings.picture_areas(self._area(), len(self.prediction.pictures))]
        return max(tops.count(tops[0]), 1) if tops else drawings.COLUMNS


class PredictionCard(ResultPage):
    """The view, how well it stands in one line, and a button for other samples."""

    next_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._plots: list[QWidget] = []
        self._samples: tuple[int, OutputMeaning] | None = None
        self._question: ModelQuestion | None = None
        self.view = PredictionView()
        self.score = QLabel()
        self.score.setProperty("role", "muted")
        self.score.setWordWrap(True)
        self.other = QToolButton()
        self.other.setProperty("role", "link")
        self.other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.other.clicked.connect(self.next_asked)
        line = QHBoxLayout()  # the header is narrow, and full of the choice of pages
        line.addWidget(self.score, 1)
        line.addWidget(self.other, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)
        self.body.addWidget(self.view, 1)
        self.retranslate()

    def set_samples(self, sample: int, meaning: OutputMeaning) -> None:
        """Ask for the validation samples from number `sample` on, whose outputs mean `meaning`."""
        if (sample, meaning) != self._samples:
            self._samples = sample, meaning
            self._question = partial(predict, sample=sample, meaning=meaning)
            self.question_changed.emit()

    def question(self) -> ModelQuestion | None:
        return self._question

    def show_answer(self, answer: Any) -> None:
        self.show_prediction(answer)

    def page_title(self) -> str:
        return self.tr("Predictions")

    def short_title(self) -> str:
        return self.tr("Answers", "choice of pages")

    @cached_property
    def numbers(self) -> NumbersView:
        """The plot of numbers, made when the first ones come."""
        from gui.labs.training.pages.predicted_plots import NumbersView

        return self._added(NumbersView())

    @cached_property
    def series(self) -> SeriesView:
        """The plot of a series, made when the first one comes."""
        from gui.labs.training.pages.predicted_plots import SeriesView

        return self._added(SeriesView())

    @cached_property
    def rows(self) -> AnsweredRowsView:
        """The rows of a table, made when the first ones come."""
        from gui.labs.training.pages.answered_rows_view import AnsweredRowsView

        rows = self._added(AnsweredRowsView())
        rows.set_chosen(self.view.chosen)
        rows.row_chosen.connect(self._choose_row)
        return rows

    @Slot(int)
    def _choose_row(self, number: int) -> None:
        self.rows.set_chosen(number)
        self.view.choose(number)

    def set_chosen(self, chosen: int) -> None:
        """Which picture or row has its answers shown as bars."""
        self.view.set_chosen(chosen)
        if "rows" in self.__dict__:
            self.rows.set_chosen(chosen)

    def _added(self, plot: P) -> P:
        self.body.addWidget(plot, 1)
        self._plots.append(plot)
        return plot

    def _look(self, prediction: Prediction | None) -> None:
        """Of the view and the plots, show the one that is for `prediction`."""
        shown: QWidget = self.view
        match prediction:
            case Numbers() as found:
                self.numbers.show_numbers(found, self._score(found))
                shown = self.numbers
            case AnsweredRows() as found:
                self.rows.show_rows(found, self._score(found))
                shown = self.rows
            case Forecast() as found:
                self.series.show_series(found, self._score(found))
                shown = self.series
        for each in (self.view, *self._plots):
            each.setVisible(each is shown)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Draw it; None: there is no model yet. Answers that are no finite numbers are not drawn, and it says so."""
        broken = prediction is not None and not is_finite(prediction)
        prediction = None if broken else prediction
        self.view.set_prediction(prediction, broken=broken)
        self._look(prediction)
        self.other.setEnabled(prediction is not None)
        self.score.setText(self._score(prediction))
        self.view.setAccessibleDescription(self.score.text())

    def _score(self, prediction: Prediction | None) -> str:
        match prediction:
            case Classified() as found:
                text = self.tr("{right} of {count} right").format(right=found.right, count=len(found.labels))
                if found.is_values:
                    text += " · " + self.tr("outputs trained on squared error, no probabilities")
                return text
            case Numbers() as found:
                return self.tr("{count} validation samples, mean error {error}").format(
                    count=len(found.truth), error=fixed(found.mean_error)
                )
            case AnsweredRows(answers=Numbers() as numbers):
                return self.tr("{count} validation samples, mean error {error}").format(
                    count=full_count(len(numbers.truth)), error=measured(numbers.mean_error)
                )
            case AnsweredRows() as found:
                return self._score(found.answers)
            case Forecast() as found:
                return self.tr("Mean squared error of this series: {error}").format(error=fixed(found.mean_squared_error))
            case Text() as found:
                return self.tr("{right} of {count} characters right").format(right=found.right, count=len(found.truth))
            case None:
                return ""

    def retranslate(self) -> None:
        super().retranslate()
        self.other.setText(self.tr("Others"))
        self.other.setToolTip(self.tr("Show other validation samples"))
        self.other.setAccessibleName(self.other.toolTip())
        self.view.setAccessibleName(self.tr("Predictions for some validation samples"))
        self.score.setText(self._score(self.view.prediction))
        words = self.tr("Once a run has begun, the model's answers to some validation samples appear here.")
        self.view.set_none_yet(self.none_yet(words))
