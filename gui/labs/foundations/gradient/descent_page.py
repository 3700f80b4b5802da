"""Gradient descent step by step: the path on the surface, the height after every step, and each update as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtWidgets import QPushButton

from engine.figures import bracketed, full_count, measured
from engine.foundations.boards.gradient.descent_course import Bowl, SmoothSurface, descend, further, numerical_slopes
from engine.foundations.boards.gradient.regression_numbers import RegressionSurface
from gui.labs.foundations.gradient.parts.update_rows import UpdateRows, place_figures
from gui.labs.foundations.gradient.regression_page import B_SHOWN, W_SHOWN, placed
from gui.labs.foundations.gradient.state import MOST_STEPS, GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_page import TermsPage
from gui.labs.foundations.gradient.views import RINGS, heights, with_room_for
from gui.labs.foundations.topic_board import TopicFigure
from gui.labs.foundations.worked_lines import WorkedLines
from gui.plots.graphs.graph_parts import GraphArrow, GraphField, GraphHandle, GraphLine, GraphPicture, GraphPoints, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range, Tick, nice_unit
from gui.shell.theme import restyle_when_seen, theme
from gui.shell.undo import PlayKey
from gui.widgets.signs import SIGN_PX, sign

TOOL_PX = 36
FRAME_MS = 90  # a step, while it plays
BOWL_SHOWN: Range = (-5.0, 5.0)
LARGE, FEW_RINGS = 1e4, 4
_AXES = {"bowl": ("x₀", "x₁"), "line_loss": ("w", "b")}


class DescentPage(TermsPage):
    topic: ClassVar[GradientTopic] = "descent"

    def __init__(self) -> None:
        self.plot, self.by_step = GraphPlot(), GraphPlot()
        super().__init__(self.plot, self.by_step)
        self.plot.export_name, self.by_step.export_name = "descent", "heights"
        self._made_of: tuple[object, ...] = ()
        self._surface: SmoothSurface = Bowl()
        self._course = self._longest = descend(
            self._surface, (0.0, 0.0), 0.1, 0, "exact"
        )  # what is shown, and all that is known
        self._views: tuple[Range, Range] = (BOWL_SHOWN, BOWL_SHOWN)
        self._field: GraphField | None = None
        self._field_of: tuple[object, ...] = ()
        self._dragging = False
        self._play_key = PlayKey()
        self._space = ""
        self._signs: tuple[object, ...] = ()  # what the buttons were last drawn from
        self.update_line = WorkedLines(3)
        self.left_part.column.addWidget(self.update_line)
        self.play, self.step, self.back, self.reset = (QPushButton() for _ in range(4))
        for button in (self.play, self.step, self.back, self.reset):
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setFixedWidth(TOOL_PX)
        self.left_part.add_tools(self.play, self.step, self.back, self.reset)
        self.play.clicked.connect(self.toggle)
        self.step.clicked.connect(self._step_on)
        self.back.clicked.connect(self._step_back)
        self.reset.clicked.connect(self._reset)
        self.plot.handle_moved.connect(self._start_moved)
        self.plot.handle_released.connect(self._released)
        self.plot.clicked.connect(self._start_placed)
        self.table.row_chosen.connect(self._row_chosen)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._tick)
        restyle_when_seen(self, self._write_buttons)

    # --- what is drawn

    def draw(self) -> None:
        state = self.state
        points = state.points if state.ground == "line_loss" else ()
        made_of = (state.ground, points, state.rate, state.slopes, state.start_0, state.start_1)
        if made_of != self._made_of:
            if made_of[:2] != self._made_of[:2]:
                self._surface = Bowl() if state.ground == "bowl" else RegressionSurface(state.points)
            self._made_of = made_of
            self._longest = descend(self._surface, (state.start_0, state.start_1), state.rate, state.steps, state.slopes)
        self._course = further(self._longest, self._surface, state.rate, state.steps, state.slopes)
        if self._course.taken > self._longest.taken:
            self._longest = self._course
        self._fit_views()
        self.plot.show_picture(self._path_picture())
        self.by_step.show_picture(self._heights_picture())
        self._show_updates()
        self._write_buttons()

    def _fit_views(self) -> None:
        if self._dragging:
            return
        places, bowl = self._course.places, self.state.ground == "bowl"
        bases = (BOWL_SHOWN, BOWL_SHOWN) if bowl else (W_SHOWN, B_SHOWN)
        lowest = self.lowest
        across, up = (with_room_for(base, (*places[:, axis], lowest[axis])) for axis, base in enumerate(bases))
        if bowl and (across, up) != bases:  # round rings stay round, and the axes move seldom while a rate is dragged
            far = far_limit(float(np.abs(places).max()))
            across = up = (-far, far)
        self._views = across, up

    @property
    def lowest(self) -> tuple[float, float]:
        """Where the surface is lowest."""
        return (self._surface.best.w, self._surface.best.b) if isinstance(self._surface, RegressionSurface) else (0.0, 0.0)

    @property
    def limit(self) -> float:
        """The learning rate above which the descent leaves the bowl: 2 over the largest curvature."""
        steepest = float(self._surface.curvatures()[-1]) if isinstance(self._surface, RegressionSurface) else 2.0
        return 2 / steepest

    def _path_picture(self) -> GraphPicture:
        state, course, (across, up) = self.state, self._course, self._views
        field_of = (self._made_of[:2], across, up)
        if self._field is None or self._field_of != field_of:
            self._field_of = field_of
            rings = RINGS if across in (BOWL_SHOWN, W_SHOWN) else FEW_RINGS  # they are drawn anew for each step far away
            self._field = heights(self._surface, across, up, self.tr("height"), rings=rings)
        x, y = course.places[-1]
        lowest = self.lowest
        lines = [GraphLine(self.tr("path"), course.places[:, 0], course.places[:, 1], "text", width=1.2, dots=True, told=False)]
        points = [
            GraphPoints(self.tr("lowest"), [lowest[0]], [lowest[1]], "ok", "cross", px=6),
            GraphPoints(self.tr("now"), [x], [y], "warn", px=5.5),
        ]
        arrows = []
        slopes = self._slopes_now()
        if slopes is not None:
            dx, dy = (float(-state.rate * each) for each in slopes)
            arrows.append(GraphArrow(self.tr("next step −η∇f"), float(x), float(y), dx, dy, "warn"))
        names = _AXES[state.ground]
        return GraphPicture(
            lines,
            points,
            arrows,
            (GraphHandle("start", self.tr("start"), state.start_0, state.start_1, colour="window"),),
            field=self._field,
            x=across,
            y=up,
            x_name=names[0],
            y_name=names[1] if max(map(abs, up)) < LARGE else "",  # large figures need the room of the name
            x_ticks=few_ticks(across),
            y_ticks=few_ticks(up),
            square=state.ground == "bowl",
        )

    def _slopes_now(self) -> tuple[float, float] | None:
        """The gradient at the last place; None where it is no number."""
        place = self._course.places[-1]
        with np.errstate(all="ignore"):
            exact = self.state.slopes == "exact"
            found = self._surface.gradient(place) if exact else numerical_slopes(self._surface, place)
        first, second = (float(each) for each in found)
        return (first, second) if isfinite(first) and isfinite(second) else None

    def _heights_picture(self) -> GraphPicture:
        course = self._course
        steps = np.arange(len(course.places))
        line = GraphLine("", steps, course.heights, 0, dots=True)
        most = max(10, 10 * -(-len(steps) // 10))
        texts = []
        if not course.taken and isfinite(course.heights[0]) and course.heights[0] > 0:
            texts = [GraphText(self.tr("▶ or Space: descend"), most / 2, float(course.heights[0]), "muted", "middle")]
        return GraphPicture(
            [line],
            texts=texts,
            x=(0.0, float(most)),
            log_y=True,
            x_name=self.tr("step"),
            y_name=self.tr("height f"),
            tip=self._told_step,
        )

    def _told_step(self, x: float, _y: float) -> str:
        number = min(max(round(x), 0), self._course.taken)
        text = self.tr("after {step} steps: f = {height}")
        return text.format(step=number, height=measured(float(self._course.heights[number])))

    def _show_updates(self) -> None:
        state, course = self.state, self._course
        one, two = _AXES[state.ground]
        self.table.show_rows(
            (self.tr("step"), one, two, "f", f"∂f/∂{one}", f"∂f/∂{two}", f"−η ∂f/∂{one}", f"−η ∂f/∂{two}"),
            UpdateRows(course, state.rate),
            chosen=course.taken,
        )
        self.update_line.show_lines(self._update_lines())

    def _update_lines(self) -> list[str]:
        """The last step with its numbers put in: x ← x − η ∂f/∂x."""
        state, course = self.state, self._course
        if not course.taken:
            return [self.tr("x ← x − η ∇f: each step goes downhill by the learning rate times the gradient.")]
        parts, figures = [], place_figures(course)
        for axis, name in enumerate(_AXES[state.ground]):
            before, after = float(course.places[-2][axis]), float(course.places[-1][axis])
            slope = bracketed(measured(float(course.gradients[-1][axis])))
            old, new = measured(before, figures), measured(after, figures)
            parts.append(f"{name}: {old} − {measured(state.rate)} × {slope} = {new}")
        if course.taken < state.steps:
            parts.append(self.tr("Then the numbers overflow."))
        return parts

    def page_answers(self, state: GradientState) -> Sequence[TopicFigure]:
        state, course = self.state, self._course
        figures = place_figures(course) if course.verdict == "unmoved" else 3
        x, y = (measured(each, figures) for each in course.places[-1].tolist())
        one, two = _AXES[state.ground]
        verdicts = {
            "down": self.tr("downhill"),
            "up": self.tr("diverged"),
            "unmoved": self.tr("hardly moved") if course.taken else "",
        }
        return (
            (self.tr("Step"), full_count(course.taken), verdicts[course.verdict]),
            (f"({one}, {two})", f"({x}, {y})", ""),
            (self.tr("Height f"), measured(float(course.heights[-1])), ""),
            (self.tr("Largest rate"), measured(self.limit), self.tr("2 / curvature")),
        )

    # --- what the user does

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def play_page(self) -> bool:
        self.toggle()
        return True

    def page_left(self) -> None:
        self._stop()

    def close_page(self, deadline_s: float) -> None:
        self._stop()

    @Slot()
    def toggle(self) -> None:
        """Pause, or take step after step; at the end, from the start again."""
        if self.playing:
            self._stop()
            return
        self._play_key = PlayKey()
        self._timer.start()
        if self._at_end:
            self.played.emit({"steps": 0}, self._play_key)
        self._write_buttons()

    @property
    def _at_end(self) -> bool:
        return self.state.steps >= MOST_STEPS or self._course.taken < self.state.steps

    def _stop(self) -> None:
        if self.playing:
            self._timer.stop()
            self._write_buttons()

    @Slot()
    def _tick(self) -> None:
        if self._at_end or not self.isVisible():
            self._stop()
        else:
            self.played.emit({"steps": self.state.steps + 1}, self._play_key)

    @Slot()
    def _step_on(self) -> None:
        self._stop()
        self.stepped.emit({"steps": min(self._course.taken + 1, MOST_STEPS)})

    @Slot()
    def _step_back(self) -> None:
        self._stop()
        self.stepped.emit({"steps": max(self._course.taken - 1, 0)})

    @Slot()
    def _reset(self) -> None:
        self._stop()
        self.stepped.emit({"steps": 0})

    @Slot(str, float, float)
    def _start_moved(self, _key: str, x: float, y: float) -> None:
        self._dragging = True
        self._start_placed(x, y)

    @Slot(str)
    def _released(self, _key: str) -> None:
        self._dragging = False
        self.draw()

    @Slot(float, float)
    def _start_placed(self, x: float, y: float) -> None:
        self.edited.emit({"start_0": placed(x), "start_1": placed(y)})

    @Slot(int)
    def _row_chosen(self, row: int) -> None:
        """Back to that step."""
        self._stop()
        if row != self._course.taken:
            self.stepped.emit({"steps": row})

    # --- words

    def _write_buttons(self) -> None:
        playing, course, colour = self.playing, self._course, theme().text
        self.step.setEnabled(not self._at_end)
        self.back.setEnabled(course.taken > 0)
        self.reset.setEnabled(course.taken > 0)
        name = self.tr("Pause") if playing else self.tr("Play")
        if (playing, colour.rgb(), name, self._space) == self._signs:
            return
        self._signs = playing, colour.rgb(), name, self._space
        self.play.setAccessibleName(name)
        self.play.setToolTip(f"{name} ({self._space})")
        self.play.setIcon(sign("pause" if playing else "play", colour))
        self.step.setIcon(sign("step", colour))
        self.reset.setIcon(sign("first", colour))
        self.back.setIcon(sign("back", colour))

    def retranslate(self) -> None:
        self.left_part.set_title(self.tr("The path"))
        self.right_part.set_title(self.tr("Height after each step"))
        self.table_part.set_title(self.tr("Each update as numbers"))
        super().retranslate()
        self._space = self.tr("Space")
        for button, text in (
            (self.step, self.tr("One step on")),
            (self.back, self.tr("One step back")),
            (self.reset, self.tr("Back to the start")),
        ):
            button.setAccessibleName(text)
            button.setToolTip(text)
        self._field = None
        self.draw()


def far_limit(most: float) -> float:
    """The next of 1 and 3 times a power of ten."""
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 3, 10) if most <= step * power * (1 + 1e-9))


def few_ticks(limits: Range) -> Sequence[Tick] | None:
    """Of an axis with large numbers 0 and one more: their figures are long. None: the axis finds its own."""
    most = max(limits, key=abs)
    if abs(most) < LARGE:
        return None
    far = nice_unit(abs(most) / 2) * (1 if most > 0 else -1)
    far = far if limits[0] <= far <= limits[1] else most
    return (0.0, "0"), (far, measured(far, 2))
