"""The page of predictions: what the network says comes next, beside what truly comes and beside what needs no network.

Of a series the forecasts, of a text the next characters and a text that it writes, of whole sequences the answers. Where
several cells run side by side, those of all of them in one plot, or all that one of them says.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.figures import full_count
from engine.judging.answers_by_step import AnswersByStep
from engine.sequences.forecast import ForecastAnswer
from engine.sequences.tasks import cell_kind
from engine.sequences.text_sampling import NextCharacters
from engine.training.probes import Numbers
from engine.words import CodedError
from gui.labs.sequence.cell_edits import BESIDE_NAMES
from gui.labs.sequence.predicting.compared import comparable, is_finite
from gui.labs.sequence.predicting.predict_questions import TextAnswers, TextQuestion, question_for
from gui.labs.sequence.resting_page import RestingPage
from gui.labs.sequence.sequence_look import SequenceLook
from gui.running.result_page import ModelQuestion
from gui.shell.language import language
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label, set_text

if TYPE_CHECKING:
    from gui.labs.sequence.predicting.beside_view import BesideView
    from gui.labs.sequence.predicting.forecast_view import ForecastView
    from gui.labs.sequence.predicting.text_view import TextView
    from gui.labs.sequence.predicting.whole_views import AnswersOverTime, WholeNumbers

V = TypeVar("V", bound=QWidget)

MOST_SAMPLES = 10_000  # that are gone through, where an answer does not say how many there are
OWN, TOGETHER = "own", "together"  # keys: of the experiment's own network, of all cells in one plot


class PredictingPage(RestingPage):
    """The views are made when the first answer of their kind comes: only then are the plots loaded."""

    asks_beside = True

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._found: object = None  # of the experiment's own network
        self._beside: dict[str, object] = {}  # of the others, by cell
        self._front = TOGETHER  # whose predictions are shown
        self._warm_up: int | None = None
        self._writing = TextQuestion(0, "scores")
        self._views: list[QWidget] = []
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.before, self.after = QToolButton(), QToolButton()
        for button, way in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "link")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _on=False, way=way: self._turn(way))
        self.sample = label("muted")
        for part in (self.sample, self.before, self.after):
            self.tools.addWidget(part)
        self.front = Segmented()
        self.front.hide()
        self.front.chosen.connect(self._front_chosen)
        self.body.addWidget(self.front, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.empty, 1)
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 240)

    # --- views

    def _added(self, view: V) -> V:
        self.body.addWidget(view, 1)
        self._views.append(view)
        return view

    @cached_property
    def series(self) -> ForecastView:
        from gui.labs.sequence.predicting.forecast_view import ForecastView

        made = self._added(ForecastView())
        made.start_moved.connect(self._start_moved)
        return made

    @cached_property
    def text(self) -> TextView:
        from gui.labs.sequence.predicting.text_view import TextView

        made = self._added(TextView())
        made.writing_edited.connect(self._writing_edited)
        return made

    @cached_property
    def numbers(self) -> WholeNumbers:
        from gui.labs.sequence.predicting.whole_views import WholeNumbers

        return self._added(WholeNumbers())

    @cached_property
    def answers_over_time(self) -> AnswersOverTime:
        from gui.labs.sequence.predicting.whole_views import AnswersOverTime

        return self._added(AnswersOverTime())

    @cached_property
    def together(self) -> BesideView:
        from gui.labs.sequence.predicting.beside_view import BesideView

        made = self._added(BesideView())
        made.start_moved.connect(self._start_moved)
        return made

    # --- what is asked

    def question_beside(self, cell: str) -> ModelQuestion | None:
        """Convolutions over time answer the same questions."""
        return None if self.rests(cell) else self._asked

    def show_run(self, experiment: Experiment | None) -> None:
        before, self._experiment = self._experiment, experiment
        self._beside.clear()
        if before is None or experiment is None or before.data != experiment.data:
            self._warm_up = None  # it was another series' half
        self._ask()
        set_text(self.empty, self._why_empty(self._found))

    def look_changed(self, before: SequenceLook) -> None:
        if self.look.sample != before.sample:
            self._ask()

    def _ask(self) -> None:
        question = None
        if self._experiment is not None:
            question = question_for(self._experiment, self.look.sample, warm_up=self._warm_up, writing=self._writing)
        self.ask(question, question)

    @Slot(int)
    def _start_moved(self, start: int) -> None:
        self._warm_up = start
        self._ask()

    @Slot(object)
    def _writing_edited(self, writing: TextQuestion) -> None:
        self._writing = writing
        self._ask()

    @Slot(str)
    def _front_chosen(self, name: str) -> None:
        self._front = name
        self._show()

    def _turn(self, way: int) -> None:
        """To another validation sample, which all pages look at."""
        found = self._found.next if isinstance(self._found, TextAnswers) else self._found
        total = found.total if isinstance(found, ForecastAnswer | AnswersByStep | NextCharacters) else MOST_SAMPLES
        self.look_edited.emit(edited(self.look, sample=(self.look.sample + way) % total))

    # --- what is shown

    def show_found(self, found: Any) -> None:
        self._found = found
        if found is None:
            self._beside.clear()
        self._show()

    def show_found_beside(self, cell: str, found: Any) -> None:
        if found is None:
            self._beside.pop(cell, None)
        else:
            self._beside[cell] = found
        self._show()

    @property
    def answers(self) -> dict[str, object]:
        """By cell, the experiment's own first, the others in their order; empty while that one has not answered."""
        if self._found is None:
            return {}
        kind = None if self._experiment is None else cell_kind(self._experiment)
        others = (cell for cell in BESIDE_NAMES if cell in self._beside and cell != kind)
        return {kind or OWN: self._found} | {cell: self._beside[cell] for cell in others}

    def _show(self) -> None:
        """The predictions of all cells in one plot, or all that one of them says."""
        answers = self.answers
        shown = comparable(answers)
        front = self._front if self._front in answers or self._front == TOGETHER else TOGETHER
        together = front == TOGETHER and len(shown) > 1
        self.front.setVisible(len(answers) > 1)
        if len(answers) > 1:
            self.front.set_choices([(TOGETHER, self.tr("Together")), *((cell, cell) for cell in answers)])
            self.front.set_current(front)
        found = answers.get(front, self._found)
        view: QWidget = self.empty
        if together:
            broken = {cell: self._why_empty(each) for cell, each in answers.items() if not is_finite(each)}
            self.together.show_predictions(shown, broken)
            view = self.together
        elif is_finite(found):
            view = self._shown_alone(found)
        set_text(self.empty, self._why_empty(found))
        for each in (self.empty, *self._views):
            each.setVisible(each is view)
        self._tell_sample()

    def _shown_alone(self, found: object) -> QWidget:
        """The view of the answer's kind, which shows it."""
        match found:
            case ForecastAnswer():
                self.series.show_forecast(found)
                return self.series
            case TextAnswers():
                self.text.show_text(found)
                return self.text
            case Numbers():
                self.numbers.show_numbers(found)
                return self.numbers
            case AnswersByStep():
                self.answers_over_time.show_classes(found)
                return self.answers_over_time
        return self.empty

    def _tell_sample(self) -> None:
        found = self._found.next if isinstance(self._found, TextAnswers) else self._found
        for button in (self.before, self.after):
            button.setVisible(isinstance(found, ForecastAnswer | AnswersByStep | NextCharacters))
        text = ""
        if isinstance(found, ForecastAnswer | AnswersByStep | NextCharacters):
            text = f"{full_count(found.sample + 1)} / {full_count(found.total)}"
        set_text(self.sample, text)
        self.sample.setMinimumWidth(self.sample.fontMetrics().horizontalAdvance(text))  # before the tabs, which may scroll

    def _why_empty(self, found: object) -> str:
        match found:
            case CodedError() as error:
                return error.message(language())
            case None if self._experiment is not None and self._asked is None:
                return self.tr("This task has no sequence to predict: choose one with time steps.")
            case None if self._experiment is not None:
                return self.tr("The network's answers are being computed...")
            case None:
                return self.none_yet(self.tr("Once a run has begun, what the network predicts is shown here beside the truth."))
        return self.tr("The model's answers are no longer finite numbers.")

    # --- words

    def page_title(self) -> str:
        return self.tr("Prediction")

    def short_title(self) -> str:
        return self.tr("Prediction", "choice of pages")

    def retranslate(self) -> None:
        super().retranslate()
        for button, sign, name in (
            (self.before, "‹", self.tr("The sample before")),
            (self.after, "›", self.tr("The next sample")),
        ):
            button.setText(sign)
            button.setToolTip(name)
            button.setAccessibleName(name)
        self.front.setAccessibleName(self.tr("Whose predictions"))
        self._show()
