"""The picture of the topic "graph": a formula, its graph, the player of the steps, and what a step does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from engine.figures import full_count, measured, shape_text
from engine.foundations.boards.backpropagation.graph_walk import GraphWalk, checked_by_differences, walk
from engine.foundations.formula_graph import FUNCTIONS, FormulaError
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.backpropagation.graph.graph_menu import GraphMenu
from gui.labs.foundations.backpropagation.graph.graph_player import GraphPlayer
from gui.labs.foundations.backpropagation.graph.graph_view import GraphSpot, GraphView, LeafCell
from gui.labs.foundations.backpropagation.graph.number_plates import cell_of, flat_place
from gui.labs.foundations.backpropagation.graph.step_card import StepCard
from gui.labs.foundations.backpropagation.state import BackpropagationState, formula_of
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.shell.language import language
from gui.widgets.forms.text_line import TextLine
from gui.widgets.labels import label, separator, set_text

MOST_CHECKED = 60  # numbers of leaves: more would cost a slider its frame
STRIP_SHARE = 0.2  # of the height: the products below the graph
REST_MS = 120  # after the last move, the gradients are checked


class GraphPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._state = BackpropagationState()
        self._walk: GraphWalk | None = None
        self._problem = ""  # why there is no graph for the state
        self.head = QLabel()
        self.formula = TextLine()
        self.formula.editingFinished.connect(self._typed)
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        self.view = GraphView()
        self.menu = GraphMenu(self.view)
        self.player = GraphPlayer()
        self.card = StepCard()
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.head)
        across.addWidget(self.formula, 1)
        self.column.addLayout(across)
        self.column.addWidget(self.problem)
        self.column.addWidget(self.view, 1)
        self.column.addWidget(self.player)
        self.column.addWidget(separator())
        self.column.addWidget(self.card)
        self.view.hovered.connect(self._pointed)
        self.view.cell_clicked.connect(self._choose)
        self.view.node_clicked.connect(self._go_to_node)
        self.view.stepped.connect(self.player.hop)
        self.player.went.connect(self._go)
        self.player.played.connect(self._played)
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(REST_MS)
        self._check.timeout.connect(self._check_now)
        self._check.start()
        self._differences = ("…", "")
        self.retranslate()

    @property
    def walk(self) -> GraphWalk | None:
        """The walk through the graph of the state; None where the values do not fit."""
        return None if self._problem else self._walk

    def show_page(self, state: BackpropagationState) -> None:
        before, self._state = self._state, state
        typing = self.formula.hasFocus() and before.formula == state.formula
        if not typing and self.formula.text() != state.formula:
            self.formula.setText(state.formula)
        if before.formula != state.formula or before.preset != state.preset:
            self.player.stop()
        try:
            self._walk = walk(formula_of(state.formula), state.values)
            self._problem = ""
        except FormulaError as error:
            self._problem = error.message(language())
        if not before.values_are(state):
            self._differences = ("…", "")
            self._check.start()
        self._say(self._problem)
        for part in (self.view, self.player):
            part.setEnabled(not self._problem)
        if self._walk is None or self._problem:  # what was drawn before stays, faded
            self.player.stop()
            return
        step = self.step
        chosen = self._chosen_cell()
        self.view.show_walk(self._walk, step, chosen)
        self.player.show_step(step, len(self._walk.steps) - 1)
        self._write_card()
        self._describe()

    @property
    def step(self) -> int:
        """The step that is shown."""
        last = len(self._walk.steps) - 1 if self._walk is not None else 0
        return last if self._state.step is None else min(self._state.step, last)

    def _chosen_cell(self) -> LeafCell | None:
        array = self._state.values.get(self._state.leaf)
        if array is None or self._state.leaf_cell >= max(array.size, 1):
            return None
        return LeafCell(self._state.leaf, *cell_of(array.shape, self._state.leaf_cell))

    def _write_card(self) -> None:
        if self.view.shown is not None:
            self.card.show_step(self.view.shown, self.view.spot)

    def _describe(self) -> None:
        """The graph in words, for screen readers."""
        assert self._walk is not None
        leaves = [
            f"{name}: {_figure(array)}, ∂ {_figure(self._walk.of_leaf(name))}" for name, array in self._state.values.items()
        ]
        self.view.setAccessibleDescription("; ".join([f"{self._state.formula} = {_figure(self._walk.output)}", *leaves]))

    # --- figures

    def page_answers(self, state: BackpropagationState) -> Sequence[TopicFigure]:
        if self._walk is None or self._problem:
            return [(title, "–", "") for title in self._titles("")]
        found, known = self._walk, self._walk.known(self.step)
        output = found.output
        name = state.leaf if state.leaf in state.values else next(iter(state.values))
        leaf = next(place for place, node in enumerate(found.formula.nodes) if node.name == name)
        gradient = known.gradients.get(leaf, np.full(found.values[leaf].shape, np.nan))
        cell = state.leaf_cell if name == state.leaf and state.leaf_cell < gradient.size else 0
        place = "" if gradient.ndim == 0 else f"[{', '.join(str(int(at)) for at in np.unravel_index(cell, gradient.shape))}]"
        titles = self._titles(f"{name}{place}")
        with np.errstate(all="ignore"):
            total = float(output.sum())
        shape = "" if output.ndim == 0 else self.tr("sum of its {count} numbers").format(count=full_count(output.size))
        last, last_node = len(found.steps) - 1, len(found.formula.nodes) - 1
        come, not_yet = leaf in known.gradients, self.tr("not yet")
        return [
            (titles[0], measured(total, 6), shape) if last_node in known.values else (titles[0], "–", not_yet),
            (titles[1], measured(float(gradient.reshape(-1)[cell]), 6), "") if come else (titles[1], "–", not_yet),
            (titles[2], full_count(self.step), self.tr("of {count}").format(count=full_count(last))),
            (titles[3], *self._differences),
        ]

    def _titles(self, name: str) -> tuple[str, str, str, str]:
        return (
            self.tr("Output"),
            f"∂/∂{name}" if name else self.tr("Gradient"),
            self.tr("Step"),
            self.tr("Backward − differences"),
        )

    @Slot()
    def _check_now(self) -> None:
        """Find the largest difference between the gradients here and central differences."""
        values = self._state.values
        if self._walk is None or self._problem:
            self._differences = ("–", "")
        elif sum(array.size for array in values.values()) > MOST_CHECKED:
            self._differences = ("–", self.tr("too many numbers"))
        else:
            numerical = checked_by_differences(formula_of(self._state.formula), values)
            with np.errstate(all="ignore"):
                apart = max(float(np.abs(numerical[name] - self._walk.of_leaf(name)).max()) for name in values)
            self._differences = (measured(apart, 2), "h = 10⁻⁴")
        self.answers_changed.emit()

    def page_busy(self) -> bool:
        return self._check.isActive()

    def close_page(self, deadline_s: float) -> None:
        self._check.stop()
        self.player.stop()

    # --- what the user does

    @Slot()
    def _typed(self) -> None:
        text = self.formula.text().strip()
        if text == self._state.formula:
            self._say(self._problem)
            return
        try:
            formula = formula_of(text)
        except FormulaError as error:
            self._say(error.message(language()))
            place = error.phrase.values.get("place")
            if isinstance(place, int):
                self.formula.setSelection(place - 1, 1)
            return
        leaves = self._state.leaves_for(formula)
        self.edited.emit({"formula": formula.text, "leaves": leaves, "step": None, "leaf": "", "leaf_cell": 0})

    def _say(self, text: str) -> None:
        set_text(self.problem, text)
        self.problem.setVisible(bool(text))

    @Slot(object)
    def _pointed(self, _spot: GraphSpot | None) -> None:
        self._write_card()

    @Slot(object)
    def _choose(self, cell: LeafCell) -> None:
        shape = self._state.values[cell.name].shape
        self.looked.emit({"leaf": cell.name, "leaf_cell": flat_place(shape, (cell.row, cell.column))})

    @Slot(int)
    def _go_to_node(self, place: int) -> None:
        """To the step backward through a node; from there to that forward."""
        assert self._walk is not None
        wanted = [number for number, step in enumerate(self._walk.steps) if step.node == place and step.kind != "begin"]
        forward, back = wanted[0], wanted[-1]
        self.player.go(forward if self.step == back else back)

    @Slot(int)
    def _go(self, step: int) -> None:
        self.edited.emit({"step": self._as_kept(step)})

    @Slot(int)
    def _played(self, step: int) -> None:
        self.played.emit({"step": self._as_kept(step)}, self.player.play_key)

    def _as_kept(self, step: int) -> int | None:
        """A step as the state has it: None is the last one."""
        assert self._walk is not None
        return None if step >= len(self._walk.steps) - 1 else step

    def play_page(self) -> bool:
        self.player.toggle()
        return True

    def page_left(self) -> None:
        self.player.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.set_strip_height(round(self.height() * STRIP_SHARE))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.head.setText(self.tr("Formula"))
        self.formula.setAccessibleName(self.tr("Formula"))
        self.formula.setToolTip(
            self.tr("+ − * / ^, @ for a matrix product, your own names, and the functions {functions}").format(
                functions=", ".join(FUNCTIONS)
            )
        )
        self.formula.setPlaceholderText("(a + b) * (b + 1)")
        self.view.setAccessibleName(self.tr("Graph of values and gradients"))
        self.view.setToolTip("")
        if self._walk is not None:
            self.show_page(self._state)


def _figure(array: RealArray) -> str:
    return measured(float(array)) if array.ndim == 0 else shape_text(array.shape, tight=True)
