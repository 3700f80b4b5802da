"""The pages of over- and underfitting: fits, learning curves, folds, early stopping. What takes longer than a frame,
networks, is trained in a thread; polynomials follow the hand.
"""

from __future__ import annotations

from PySide6.QtCore import Slot

from engine.figures import to_figures
from engine.foundations.boards.capacity.capacity_networks import LossCourse, WidthsFitted
from gui.bridge import Latest
from gui.labs.foundations.capacity.capacity_shown import TopicShown, word
from gui.labs.foundations.capacity.curve_shown import shown_curve
from gui.labs.foundations.capacity.fit_shown import (
    WidthsQuestion,
    answered_widths,
    degrees_scanned,
    shown_fit,
    widths_question,
)
from gui.labs.foundations.capacity.folds_shown import shown_folds
from gui.labs.foundations.capacity.state import CURVE_COUNTS, MOST_POINTS, CapacityState
from gui.labs.foundations.capacity.stopping_shown import CourseQuestion, answered_course, course_question, shown_stopping
from gui.labs.foundations.capacity.two_graphs import TwoGraphs
from gui.labs.foundations.long_course import REST_MS
from gui.widgets.forms.controls import Segmented

SCANS = ("over_capacity", "over_decay")


class FitPage(TwoGraphs):
    """The networks that are known are those of the last answer; they stand for every width that is among them."""

    def __init__(self) -> None:
        super().__init__()
        self._known: tuple[WidthsQuestion, WidthsFitted] | None = None
        self._asked: WidthsQuestion | None = None
        self.scan = Segmented((name, "") for name in SCANS)
        self.scan.chosen.connect(self._scan_chosen)
        self.tools.addWidget(self.scan)
        self._networks: Latest[WidthsQuestion, tuple[WidthsQuestion, WidthsFitted]] = Latest(
            self._train, self, name="capacity-widths", rest_ms=REST_MS
        )
        self._networks.answered.connect(self._answered)

    def _train(self, question: WidthsQuestion) -> tuple[WidthsQuestion, WidthsFitted]:
        """In the thread."""
        return question, answered_widths(question, self._networks.give_way)

    def shown_of(self, state: CapacityState) -> TopicShown:
        self.scan.set_choices((name, word(name)) for name in SCANS)
        self.scan.setAccessibleName(word("scan"))
        self.scan.set_current(state.scan)
        self.scan.setVisible(state.model == "polynomial")
        if state.model == "polynomial":
            return shown_fit(state, None)
        networks = self._networks_for(state)
        shown = shown_fit(state, networks)
        return self.until_then(shown) if networks is None else shown

    def _networks_for(self, state: CapacityState) -> WidthsFitted | None:
        """The networks that the state asks for, where they have been trained; else they are asked for."""
        question = widths_question(state)
        networks = None
        if self._known is not None:
            known, trained = self._known
            if known._replace(widths=()) == question._replace(widths=()) and state.width in known.widths:
                networks = trained
        if question != self._asked:
            self._asked = question
            if networks is None:
                self._networks.ask(question)
            else:
                self._networks.forget()
        return networks

    @Slot(object)
    def _answered(self, answer: tuple[WidthsQuestion, WidthsFitted]) -> None:
        self._known = answer
        self.show_again()

    @Slot(str)
    def _scan_chosen(self, scan: str) -> None:
        self.looked.emit({"scan": scan})

    @Slot(float, float)
    def upper_clicked(self, x: float, y: float) -> None:
        self.add_point(x, y)

    @Slot(float, float)
    def lower_clicked(self, x: float, _y: float) -> None:
        """A place on the curve is chosen."""
        if self._state.model != "polynomial":
            self.edited.emit({"width": int(min(max(round(x), 1), 48))})
        elif self._state.scan == "over_decay":
            self.edited.emit({"decay": to_figures(min(max(x, 1e-10), 10.0), 2)})
        else:
            self.edited.emit({"degree": int(min(max(round(x), 0), degrees_scanned(self._state)[-1]))})

    def page_busy(self) -> bool:
        return self._networks.busy()

    def close_page(self, deadline_s: float) -> None:
        self._networks.close(deadline_s)


class CurvePage(TwoGraphs):
    def shown_of(self, state: CapacityState) -> TopicShown:
        return shown_curve(state)

    @Slot(float, float)
    def upper_clicked(self, x: float, _y: float) -> None:
        self.edited.emit({"samples": int(min(max(round(x), 3), MOST_POINTS, CURVE_COUNTS[-1]))})


class FoldsPage(TwoGraphs):
    def shown_of(self, state: CapacityState) -> TopicShown:
        return shown_folds(state)

    @Slot(float, float)
    def upper_clicked(self, x: float, y: float) -> None:
        self.add_point(x, y)

    @Slot(float, float)
    def lower_clicked(self, x: float, _y: float) -> None:
        self.edited.emit({"degree": int(min(max(round(x), 0), 20))})

    def play_page(self) -> bool:
        """The next fold's turn."""
        folds = len(self.shown.upper.handles)
        last = min(self._state.folds, folds)
        self.edited.emit({"fold": self._state.fold % last + 1})
        return True


class StoppingPage(TwoGraphs):
    """The course is trained once for every patience."""

    def __init__(self) -> None:
        super().__init__()
        self._known: tuple[CourseQuestion, LossCourse] | None = None
        self._asked: CourseQuestion | None = None
        self._courses: Latest[CourseQuestion, tuple[CourseQuestion, LossCourse]] = Latest(
            self._train, self, name="capacity-course", rest_ms=REST_MS
        )
        self._courses.answered.connect(self._answered)

    def _train(self, question: CourseQuestion) -> tuple[CourseQuestion, LossCourse]:
        """In the thread."""
        return question, answered_course(question, self._courses.give_way)

    def shown_of(self, state: CapacityState) -> TopicShown:
        question = course_question(state)
        is_known = self._known is not None and self._known[0] == question
        if question != self._asked:
            self._asked = question
            if is_known:
                self._courses.forget()
            else:
                self._courses.ask(question)
        if self._known is not None and is_known:
            return shown_stopping(state, self._known[1])
        return self.until_then(shown_stopping(state, None))

    @Slot(object)
    def _answered(self, answer: tuple[CourseQuestion, LossCourse]) -> None:
        self._known = answer
        self.show_again()

    @Slot(float, float)
    def lower_clicked(self, x: float, y: float) -> None:
        self.add_point(x, y)

    def page_busy(self) -> bool:
        return self._courses.busy()

    def close_page(self, deadline_s: float) -> None:
        self._courses.close(deadline_s)
