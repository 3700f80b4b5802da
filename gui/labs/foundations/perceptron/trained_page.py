"""What is trained on points of the plane: the plane with its boundary and its points, and a row to play, step and go back; the
curve of the losses. Logistic regression and networks derive their pages from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton

from engine.figures import full_count, measured, percent
from engine.foundations.boards.perceptron.plane_networks import PlaneJudged
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.perceptron.parts_grid import PartsGrid, TitledSection
from gui.labs.foundations.perceptron.plane_points import SIDE, own_point, own_points
from gui.labs.foundations.perceptron.plane_view import DrawnPlane, PlaneView
from gui.labs.foundations.perceptron.state import MOST_OWN, MOST_STEPS_BACK, PerceptronState
from gui.labs.foundations.perceptron.step_player import StepPlayer
from gui.labs.foundations.topic_board import TopicPage
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text

MOST_LOSS_POINTS = 800  # of the curve; of more, every second, third, ...


class ShownLosses(NamedTuple):
    """After how many steps, and the loss there."""

    steps: RealArray
    losses: RealArray


class TrainedPage(TopicPage):
    """A page fills in `fields_at`, `steps_done`, and draws with `show_plane`, `show_losses` and
    `show_course`."""

    def __init__(self) -> None:
        super().__init__()
        self.state = PerceptronState(topic="network")
        self.judged = PlaneJudged(0.0, np.zeros(0, np.int64), 1.0)
        self.plane, self.losses, self.player = PlaneView(), GraphPlot(), StepPlayer()
        self.plane.set_teller(self._tell)
        self.plane.point_added.connect(self._add)
        self.plane.point_moved.connect(self._move)
        self.plane.point_removed.connect(self._remove)
        self.losses.export_name = "loss"
        self.losses.setMinimumSize(160, 90)
        self.hint = label("small", wraps=True)
        self.fresh, self.clear = QPushButton(), QPushButton()
        for button in (self.fresh, self.clear):
            button.setProperty("role", "link")
        self.fresh.clicked.connect(self._fresh_points)
        self.clear.clicked.connect(lambda: self.edited.emit({"data": "own", "own": ()}))
        self.plane_part, self.losses_part = TitledSection(), TitledSection()
        self.plane_part.body.addWidget(self.plane, 1)
        self.plane_part.body.addWidget(self.hint)
        for button in (self.fresh, self.clear):
            self.plane_part.tools.addWidget(button)
        self.losses_part.body.addWidget(self.losses, 1)
        self.grid = PartsGrid()
        self.column.addWidget(self.grid, 1)
        self.column.addWidget(self.player)
        self.player.due.connect(self._due)
        self.player.step_wanted.connect(lambda: self.go_to(self.steps_done + 1))
        self.player.begin_wanted.connect(lambda: self.go_to(0))
        self.player.went.connect(self.go_to)

    # --- what a page fills in

    @property
    def steps_done(self) -> int:
        """After how many steps the state shows it."""
        raise NotImplementedError

    def fields_at(self, step: int) -> dict[str, object]:
        """The fields of the state after so many steps."""
        raise NotImplementedError

    # --- the topic's page

    def play_page(self) -> bool:
        self.player.toggle()
        return True

    def page_left(self) -> None:
        self.player.pause()

    def close_page(self, deadline_s: float) -> None:
        self.player.pause()

    def _due(self) -> None:
        if not self.page_busy():
            self.go_on(self.state.pace)

    def go_on(self, steps: int) -> None:
        """So many steps further, as it plays."""
        self.played.emit(self.fields_at(min(self.steps_done + steps, MOST_STEPS_BACK)), self.player.play_key)

    def go_to(self, step: int) -> None:
        """To the training after so many steps, as the user asks for it."""
        if step != self.steps_done:
            self.edited.emit(self.fields_at(min(step, MOST_STEPS_BACK)))

    # --- drawing

    def show_plane(self, drawn: DrawnPlane) -> None:
        self.judged = drawn.judged
        self.plane.show_drawn(drawn)
        full = self.state.data != "own" and len(drawn.scene.part.x) > MOST_OWN
        texts = {
            True: self.tr("Own points are at most {most}: choose fewer to edit them.").format(most=MOST_OWN),
            False: self.tr("Click: add a point. Drag: move. Right click or Delete: remove."),
        }
        set_text(self.hint, texts[full])
        self.clear.setEnabled(bool(len(drawn.scene.part.x)))
        self.fresh.setVisible(self.state.data != "own")

    def show_losses(self, shown: ShownLosses) -> None:
        every = max(1, -(-len(shown.steps) // MOST_LOSS_POINTS))
        steps, losses = shown.steps[::every], shown.losses[::every]
        if len(steps) and steps[-1] != shown.steps[-1]:
            steps, losses = np.append(steps, shown.steps[-1]), np.append(losses, shown.losses[-1])
        finite = losses[np.isfinite(losses)]
        high = float(finite.max()) if len(finite) else 1.0
        last_step = float(steps[-1]) if len(steps) else 0.0
        last = max(last_step, 10.0)
        ceiling = 1.06 * max(high, 1e-6)
        hint = [GraphText(self.tr("▶ or Space: train"), last / 2, ceiling / 2, "muted", "middle")] if last_step == 0 else []
        self.losses.show_picture(
            GraphPicture(
                lines=(GraphLine(self.tr("loss"), steps, losses, 0, dots=len(steps) < 3),),
                texts=hint,
                x=(0.0, 1.02 * last),
                y=(0.0, ceiling),
                x_name=self.tr("step"),
                legend=False,
            )
        )

    def show_course(self, step: int, reached: int, epoch: int | None = None) -> None:
        """Where the training stands."""
        told = self.tr("step {step}").format(step=full_count(step))
        if epoch is not None:
            told = self.tr("step {step}, epoch {epoch}").format(step=full_count(step), epoch=full_count(epoch))
        possible = self.plane.drawn is not None and bool(len(self.plane.drawn.scene.part.x))
        self.player.show_steps(step, reached, told, possible=possible)

    def _tell(self, row: int, column: int) -> str:
        """The tooltip of a cell of the grid."""
        drawn = self.plane.drawn
        if drawn is None:
            return ""
        axis = drawn.scene.axis
        place = f"x₁ = {measured(float(axis[column]), 3)}, x₂ = {measured(float(axis[row]), 3)}"
        shares = drawn.shares[row * SIDE + column].tolist()
        lines = [
            self.tr("class {number}: {share}").format(number=number, share=percent(share) if np.isfinite(share) else "NaN")
            for number, share in enumerate(shares)
        ]
        return "\n".join([place, *lines])

    # --- points under the hand

    def _add(self, x: float, y: float) -> None:
        points = own_points(self.state)
        if points is None or len(points) >= MOST_OWN:
            return
        label = int(self.state.point_class[-1])
        self.edited.emit({"data": "own", "own": (*points, own_point(x, y, label))})

    def _move(self, number: int, x: float, y: float) -> None:
        points = own_points(self.state)
        if points is not None and number < len(points):
            moved = own_point(x, y, points[number].label)
            self.edited.emit({"data": "own", "own": (*points[:number], moved, *points[number + 1 :])})

    def _remove(self, number: int) -> None:
        points = own_points(self.state)
        if points is not None and number < len(points):
            self.edited.emit({"data": "own", "own": (*points[:number], *points[number + 1 :])})

    def _fresh_points(self) -> None:
        self.edited.emit({"data_seed": (self.state.data_seed + 1) % 10_000})

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.losses_part.set_title(self.tr("Loss"))
        self.fresh.setText(self.tr("New"))
        self.fresh.setToolTip(self.tr("Other points of the same kind"))
        self.clear.setText(self.tr("Clear"))
        self.clear.setToolTip(self.tr("An empty plane for points of your own"))
        self.player.retranslate()

    def accuracy_figure(self) -> tuple[str, str, str]:
        """The share of points on their side of the boundary."""
        total = len(self.judged.predicted)
        right = round(self.judged.accuracy * total)
        note = self.tr("{right} of {total} points").format(right=full_count(right), total=full_count(total))
        return self.tr("Accuracy"), percent(self.judged.accuracy) if total else "–", note
