"""The page of a few digits: networks are trained in a thread, one after the other, while their accuracies are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from engine.foundations.boards.capacity.capacity_digits import AccuracyEpoch, FewSamples, FewSamplesPlan, few_samples_course
from gui.labs.foundations.capacity.capacity_shown import TopicShown, word
from gui.labs.foundations.capacity.few_samples_shown import compared_plans, shown_few
from gui.labs.foundations.capacity.state import CapacityState, few_plan
from gui.labs.foundations.capacity.two_graphs import TwoGraphs
from gui.labs.foundations.long_course import LongCourse


def book_digits() -> FewSamples:
    """The digits that the books' experiments learn from."""
    from engine.books.written_digits import digits_of_mnist

    digits = digits_of_mnist()
    return FewSamples(digits.x_train, digits.t_train, digits.x_test, digits.t_test)


class FewPage(TwoGraphs):
    """`courses` holds what has been trained of each plan, as long as the window is open. Space trains what is set, or stops."""

    digits: Callable[[], FewSamples] = staticmethod(book_digits)

    def __init__(self) -> None:
        super().__init__()
        self.courses: dict[FewSamplesPlan, tuple[AccuracyEpoch, ...]] = {}
        self.training: FewSamplesPlan | None = None
        self._waiting: list[FewSamplesPlan] = []
        self._course: LongCourse[FewSamplesPlan, AccuracyEpoch] = LongCourse(self._epochs, self, name="few-digits")
        self._course.advanced.connect(self._advanced)
        self._course.ended.connect(self._ended)
        self._course.failed.connect(self._failed)
        self.train, self.compare, self.forget = QPushButton(), QPushButton(), QPushButton()
        for button, pressed in (
            (self.train, self._train_pressed),
            (self.compare, self._compare_pressed),
            (self.forget, self._forget_pressed),
        ):
            button.clicked.connect(pressed)
            self.upper_tools.addWidget(button)
        self.train.setProperty("role", "primary")
        for button in (self.compare, self.forget):
            button.setProperty("role", "offer")

    def _epochs(self, plan: FewSamplesPlan) -> Iterator[AccuracyEpoch]:
        """In the thread."""
        return few_samples_course(plan, self.digits())

    def shown_of(self, state: CapacityState) -> TopicShown:
        training = self.training is not None
        self.train.setText(word("few.stop" if training else "few.start"))
        self.compare.setText(word("few.all"))
        self.forget.setText(word("few.forget"))
        self.train.setEnabled(training or not self._is_whole(few_plan(state)))
        self.compare.setEnabled(not training and not all(map(self._is_whole, compared_plans(state))))
        self.forget.setEnabled(not training and bool(self.courses))
        return shown_few(state, self.courses, self.training, len(self._waiting))

    def _is_whole(self, plan: FewSamplesPlan) -> bool:
        return len(self.courses.get(plan, ())) == plan.epochs + 1

    def _start(self, plans: Iterable[FewSamplesPlan]) -> None:
        self._waiting += [plan for plan in plans if not self._is_whole(plan)]
        self._next()

    def _next(self) -> None:
        if self.training is None and self._waiting:
            self.training = self._waiting.pop(0)
            self.courses.pop(self.training, None)  # the newest stands last
            self.courses[self.training] = ()
            self._course.start(self.training)
        self.show_again()

    @Slot()
    def _train_pressed(self) -> None:
        if self.training is not None:
            self._waiting.clear()
            self._course.stop()
        else:
            self._start([few_plan(self._state)])

    @Slot()
    def _compare_pressed(self) -> None:
        self._start(compared_plans(self._state))

    @Slot()
    def _forget_pressed(self) -> None:
        self.courses.clear()
        self.show_again()

    @Slot(object)
    def _advanced(self, epochs: tuple[AccuracyEpoch, ...]) -> None:
        if self.training is not None:
            self.courses[self.training] = epochs
            self.show_again()

    @Slot()
    def _ended(self) -> None:
        self.training = None
        self._next()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._waiting.clear()
        raise error

    def play_page(self) -> bool:
        self.train.click()
        return True

    def page_busy(self) -> bool:
        return self._course.busy

    def close_page(self, deadline_s: float) -> None:
        self._waiting.clear()
        self._course.close(deadline_s)
