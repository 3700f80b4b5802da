"""The page of speed: steps and samples a second against the batch size, timed on this computer while it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from engine.figures import full_count, measured
from engine.foundations.boards.batches.batches_speed import BatchSpeed, batch_speeds
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.batches.batches_words import word
from gui.labs.foundations.batches.graph_pair import GraphPair, PairShown
from gui.labs.foundations.batches.state import MOST_TIMED, BatchesState
from gui.labs.foundations.long_course import LongCourse
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture, GraphText

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


class TimedPlan(NamedTuple):
    """What is timed."""

    sizes: tuple[int, ...]
    hidden: int


class TimedDigits(NamedTuple):
    """Flat digits (N, 784) and their classes (N,)."""

    x: RealArray
    classes: RealArray


def timed_digits() -> TimedDigits:
    """The digits that the books' experiments learn from."""
    from engine.books.written_digits import digits_of_mnist

    digits = digits_of_mnist()
    return TimedDigits(digits.x_train, digits.t_train)


class SpeedPage(GraphPair):
    """`found` holds what has been timed of each width of the hidden layer, as long as the window is open."""

    digits: Callable[[], TimedDigits] = staticmethod(timed_digits)
    SAMPLES = 4000  # of an epoch: those that the digits have

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, tuple[BatchSpeed, ...]] = {}
        self._timing: TimedPlan | None = None
        self._course: LongCourse[TimedPlan, BatchSpeed] = LongCourse(self._speeds, self, name="batch-speeds")
        self._course.advanced.connect(self._advanced)
        self._course.ended.connect(self._ended)
        self._course.failed.connect(self._failed)
        self.measure = QPushButton()
        self.measure.setProperty("role", "primary")
        self.measure.clicked.connect(self._pressed)
        self.tools.addWidget(self.measure)

    def _speeds(self, plan: TimedPlan) -> Iterator[BatchSpeed]:
        """In the thread."""
        digits = self.digits()
        return batch_speeds(digits.x, digits.classes, plan.sizes, hidden=plan.hidden)

    def shown_of(self, state: BatchesState) -> PairShown:
        found = self.found.get(state.hidden, ())
        timing = self._timing is not None
        self.measure.setText(word("speed.stop" if timing else "speed.again" if found else "speed.start"))
        sizes = [each.batch for each in found]
        mark = GraphMark(word("speed.now", batch=full_count(state.timed)), state.timed, colour="accent")
        lines = []
        if len(found) > 1:
            lines.append(
                GraphLine(
                    word("speed.proportional"),
                    [sizes[0], sizes[-1]],
                    [found[0].steps_per_second, found[0].steps_per_second * sizes[0] / sizes[-1]],
                    "muted",
                    dashed=1,
                    width=1.2,
                    told=False,
                )
            )
        press = [] if found or timing else [GraphText(word("speed.press"), 1, 100, "muted")]
        upper = GraphPicture(
            texts=press,
            lines=[GraphLine(word("speed.steps"), sizes, [each.steps_per_second for each in found], 0, dots=True), *lines],
            marks=[mark],
            x=(0.8, MOST_TIMED * 1.25),
            y=None if found else (1, 10_000),
            log_x=True,
            log_y=True,
            x_name=word("batch"),
            y_name=word("speed.steps"),
            tip=lambda x, _y: _told(found, x),
        )
        lower = GraphPicture(
            lines=[GraphLine(word("speed.samples"), sizes, [each.samples_per_second for each in found], 2, dots=True)],
            marks=[mark],
            x=(0.8, MOST_TIMED * 1.25),
            y=None if found else (100, 1_000_000),
            log_x=True,
            log_y=True,
            x_name=word("batch"),
            y_name=word("speed.samples"),
            tip=lambda x, _y: _told(found, x),
        )
        title = word("speed.timing", done=len(found), all=len(SIZES)) if timing else word("speed.title", hidden=state.hidden)
        return PairShown(upper, title, lower, word("speed.lower"), self._figures(state, found), word("speed.said"))

    def _figures(self, state: BatchesState, found: tuple[BatchSpeed, ...]) -> list[tuple[str, str, str]]:
        nearest = nearest_speed(found, state.timed)
        names = ("speed.steps", "speed.samples", "speed.step_ms", "speed.epoch_s", "speed.best")
        if nearest is None:
            return [(word(name), "–", "") for name in names]
        best = max(found, key=lambda each: each.samples_per_second)
        values = (
            measured(nearest.steps_per_second, 3),
            full_count(round(nearest.samples_per_second)),
            measured(1000 * nearest.step_s, 3),
            measured(nearest.epoch_s(self.SAMPLES), 3),
            full_count(best.batch),
        )
        notes = (
            word("speed.at", batch=full_count(nearest.batch)),
            "",
            "",
            word("speed.of", count=full_count(self.SAMPLES)),
            "",
        )
        return [(word(name), value, note) for name, value, note in zip(names, values, notes, strict=True)]

    @Slot()
    def _pressed(self) -> None:
        if self._timing is not None:
            self._course.stop()
            return
        self._timing = TimedPlan(SIZES, self._state.hidden)
        self.found.pop(self._state.hidden, None)
        self._course.start(self._timing)
        self.show_again()

    @Slot(object)
    def _advanced(self, speeds: tuple[BatchSpeed, ...]) -> None:
        if self._timing is not None:
            self.found[self._timing.hidden] = speeds
            self.show_again()

    @Slot()
    def _ended(self) -> None:
        self._timing = None
        self.show_again()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        raise error

    @Slot(float, float)
    def above_clicked(self, x: float, _y: float) -> None:
        self.looked.emit({"timed": nearest_size(x)})

    @Slot(float, float)
    def below_clicked(self, x: float, _y: float) -> None:
        self.looked.emit({"timed": nearest_size(x)})

    def timing(self) -> bool:
        return self._timing is not None

    def play_page(self) -> bool:
        self.measure.click()
        return True

    def page_busy(self) -> bool:
        return self._course.busy

    def close_page(self, deadline_s: float) -> None:
        self._course.close(deadline_s)


def nearest_size(x: float) -> int:
    """The size that is timed nearest to a place on a logarithmic axis."""
    return min(SIZES, key=lambda size: max(size / max(x, 1e-9), max(x, 1e-9) / size))


def nearest_speed(found: tuple[BatchSpeed, ...], batch: int) -> BatchSpeed | None:
    return min(found, key=lambda each: max(each.batch / batch, batch / each.batch)) if found else None


def _told(found: tuple[BatchSpeed, ...], x: float) -> str:
    nearest = nearest_speed(found, max(round(x), 1))
    if nearest is None:
        return ""
    return "\n".join(
        [
            f"{word('batch')} {full_count(nearest.batch)}",
            f"{word('speed.steps')}  {measured(nearest.steps_per_second, 3)}",
            f"{word('speed.samples')}  {full_count(round(nearest.samples_per_second))}",
            f"{word('speed.step_ms')}  {measured(1000 * nearest.step_s, 3)}",
            word("speed.timed_steps", steps=nearest.steps),
        ]
    )
