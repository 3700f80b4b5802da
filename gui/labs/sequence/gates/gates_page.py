"""The page of the gates: heat maps unit x time step of every gate and state of a recurrent layer, while it learns.

It asks the model that is looked at for all gates of one validation sample (`look_at_gates`) and shows one layer and direction
of the answer; where three cells run side by side, those of all three.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import fixed, full_count, percent
from engine.networks.trace import Path
from engine.sequences.convolved import ConvolvedLayer
from engine.sequences.gate_probe import GatesAnswer, gate_shares, half_life, keeping_gate, unit_order
from engine.sequences.opened import ArrayName, OpenedDirection
from gui.labs.sequence.cell_edits import BESIDE_NAMES, is_sequence
from gui.labs.sequence.gates.gate_maps import GateMaps
from gui.labs.sequence.gates.gate_words import joined_said, layer_title
from gui.labs.sequence.gates.gates_view import GatesView
from gui.labs.sequence.gates_question import convolutions_question, gates_question
from gui.labs.sequence.sequence_look import SequenceLook, clipped
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.result_page import ModelQuestion
from gui.widgets.forms.controls import ChoiceRow, Segmented
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine

COLUMN_PX = 185  # that the maps of one cell need beside those of others
ROOMY_PX = 760  # for the tools beside the choice of the page
SORTED_S = 1.0  # how often the rows change places while a run goes on
TOOLS_MARGIN_PX = 28  # what the card has at both sides
RATED_S = 1.5  # over which the rate of the refreshes is measured
OWN = "own"  # the key of the experiment's own cell among those side by side


class GatesPage(SequencePage):
    """`maps` are those of the experiment's cell."""

    asks_beside = True
    view: GatesView

    def __init__(self) -> None:
        super().__init__()
        self.view = GatesView()
        self._answers: dict[str, GatesAnswer] = {}  # of the cells side by side, the experiment's own one under OWN
        self._orders: dict[str, tuple[float, object, NDArray[np.int64]]] = {}
        self._arrivals: deque[float] = deque(maxlen=40)
        self._is_past = False
        self._is_learning = False
        self._experiment: Experiment | None = None
        self._asked: tuple[object, ...] = ("gates", 0, None)
        self._question: ModelQuestion = gates_question(0, None)
        self._layers: list[tuple[Path, int]] = []  # that can be chosen
        self.maps = GateMaps()
        self.columns: dict[str, GateMaps] = {OWN: self.maps}
        self._titles: dict[str, OneLine] = {OWN: OneLine("title")}
        self.before, self.after = QToolButton(), QToolButton()
        for button, sign in ((self.before, "‹"), (self.after, "›")):
            button.setProperty("role", "link")
            button.setText(sign)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sample = label("muted")
        self.layer, self.order = ChoiceRow(), ChoiceRow()
        self.direction_choice = Segmented()
        self.front = Segmented()
        self.said = OneLine("muted")
        self.kept = OneLine("small")
        self._lay_out()
        self.before.clicked.connect(lambda: self._walk(-1))
        self.after.clicked.connect(lambda: self._walk(1))
        self.layer.chosen.connect(self._layer_chosen)
        self.order.chosen.connect(self._order_chosen)
        self.direction_choice.chosen.connect(self._direction_chosen)
        self.front.chosen.connect(self._front_chosen)
        self.maps.cell_chosen.connect(self._cell_chosen)
        self.maps.resized.connect(self._show_said)
        self.retranslate()

    def _lay_out(self) -> None:
        for part in (self.before, self.sample, self.after, self.front, self.layer, self.direction_choice, self.order):
            self.tools.addWidget(part)
        for choice in (self.layer, self.order):
            choice.head.setMinimumWidth(0)
        self.layer.box.setMinimumWidth(72)
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._add_column(OWN)
        self._second = QHBoxLayout()  # tools that have no room beside the others
        self._second.addStretch(1)
        self.body.addLayout(self._second)
        self.body.addLayout(self._row, 1)
        self.body.addWidget(self.said)
        self.body.addWidget(self.kept)

    def _add_column(self, cell: str) -> None:
        from PySide6.QtWidgets import QVBoxLayout

        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        title = self._titles.setdefault(cell, OneLine("title"))
        column.addWidget(title)
        column.addWidget(self.columns[cell], 1)
        before = [name for name in self.columns if name != cell and _rank(name) < _rank(cell)]
        self._row.insertWidget(len(before), place, 1)

    # --- what is asked, and what comes

    def question(self) -> ModelQuestion | None:
        return self._question

    def show_answer(self, answer: Any) -> None:
        self._take(OWN, answer)

    def show_beside(self, cell: str, answer: Any) -> None:
        if answer is not None and cell not in self.columns:
            self.columns[cell] = maps = GateMaps()
            maps.cell_chosen.connect(self._cell_chosen)
            maps.set_look(self.look)
            self._add_column(cell)
        self._take(cell, answer)

    def _take(self, cell: str, answer: GatesAnswer | None) -> None:
        had = set(self._answers)
        if answer is None:
            self._answers.pop(cell, None)
            self._orders.pop(cell, None)
        else:
            self._answers[cell] = answer
        if cell == OWN:
            self._arrivals.append(time.perf_counter())
        if had != set(self._answers):
            self._show_columns()
        self._show_gates(cell)
        if cell == OWN or len(self._answers) == 1:
            self._show_choices()
        self._show_said()

    def show_run(self, experiment: Experiment | None) -> None:
        self._arrivals.clear()
        self._experiment = experiment
        self._ask()
        self.maps.set_empty(self._empty_said())

    def question_beside(self, cell: str) -> ModelQuestion | None:
        return convolutions_question(self.look.sample) if cell == "Conv1d" else self.question()

    def _ask(self) -> None:
        """The gates of the sample that is looked at; of a network without a recurrent layer its convolutions over time."""
        look, own = self.look, self._experiment
        asked = ("convolutions", look.sample) if own is not None and not is_sequence(own) else ("gates", look.sample, look.path)
        if asked == self._asked:
            return
        self._asked = asked
        if asked[0] == "gates":
            self._question = gates_question(look.sample, look.path)
        else:
            self._question = convolutions_question(look.sample)
        self.question_changed.emit()

    def set_past(self, is_past: bool) -> None:
        self._is_past = is_past
        self._show_said()

    def set_learning(self, is_learning: bool) -> None:
        self._is_learning = is_learning
        self._arrivals.clear()
        self._show_said()

    # --- what of it is shown

    @property
    def answer(self) -> GatesAnswer | None:
        return self._answers.get(OWN)

    def direction(self, cell: str = OWN) -> OpenedDirection | None:
        """The layer and direction of a cell that is looked at; where the network has no such one, the nearest."""
        answer = self._answers.get(cell)
        if answer is None or not answer.recurrent:
            return None
        _, directions = answer.recurrent[0]
        if self.look.path is not None:
            directions = next((each for path, each in answer.recurrent if path == self.look.path), directions)
        layer = clipped(self.look.layer, 1 + max(each.layer for each in directions))
        both = [each for each in directions if each.layer == layer]
        return next((each for each in both if each.backward == self.look.backward), both[0])

    def _show_gates(self, cell: str) -> None:
        if cell not in self.columns:
            return
        direction = self.direction(cell)
        answer = self._answers.get(cell) if direction is not None else None
        self.columns[cell].show_gates(answer, direction, None if direction is None else self._order_of(cell, direction))
        self._titles[cell].set_text("" if direction is None else layer_title(direction))

    def _order_of(self, cell: str, direction: OpenedDirection) -> NDArray[np.int64] | None:
        """The order of the rows. While a run goes on, they change places once a second at most: eyes can follow them then."""
        if self.view.order == "as_they_are":
            return None
        now = time.perf_counter()
        key = (self.view.order, self.look.sample, self.look.path, direction.layer, direction.backward, direction.units)
        kept = self._orders.get(cell)
        if kept is not None and kept[1] == key and now - kept[0] < SORTED_S and not self._is_past:
            return kept[2]
        order = unit_order(direction, self.view.order)
        self._orders[cell] = now, key, order
        return order

    def _show_columns(self) -> None:
        """Side by side as many as there is room for, or one of them, and the choice which."""
        cells = sorted((cell for cell in self.columns if cell in self._answers), key=_rank) or [OWN]
        fits = self.width() >= len(cells) * COLUMN_PX + 24
        shown = cells if fits else [self.view.front if self.view.front in cells else cells[0]]
        for cell, maps in self.columns.items():
            place = maps.parentWidget()
            assert place is not None
            place.setVisible(cell in shown)
            self._titles[cell].setVisible(len(cells) > 1)
        self.front.setVisible(len(cells) > 1 and not fits)
        if len(cells) > 1:
            directions = ((cell, self.direction(cell)) for cell in cells)
            self.front.set_choices([(cell, cell if found is None else layer_title(found)) for cell, found in directions])
            self.front.set_current(shown[0])

    def _place_tools(self) -> None:
        """All of them in a row, or where that is too narrow what is chosen of the network in a second one."""
        movable = (self.layer, self.direction_choice, self.order)
        shown = [part for part in (self.before, self.sample, self.after, self.front, *movable) if not part.isHidden()]
        needed = sum(max(part.sizeHint().width(), part.minimumSizeHint().width()) + self.tools.spacing() for part in shown)
        lead = 0 if self.width() < ROOMY_PX else self._header.sizeHint().width()
        row = self.tools if needed <= self.width() - lead - TOOLS_MARGIN_PX else self._second
        if row.indexOf(self.order) < 0:
            for part in movable:
                row.addWidget(part)

    def _show_choices(self) -> None:
        """The tools for what there is to choose: sample, layer, direction, order."""
        self._show_tools()
        self._place_tools()

    def _show_tools(self) -> None:
        answer = self.answer or next(iter(self._answers.values()), None)
        there_is = answer is not None
        for part in (self.before, self.after, self.order):
            part.setEnabled(there_is)
        if answer is None:
            self.sample.setText(self.tr("Sample"))
            self.layer.hide()
            self.direction_choice.hide()
            return
        number, total = full_count(answer.sample + 1), full_count(answer.total)
        self.sample.setText(self.tr("Sample {number} / {total}").format(number=number, total=total))
        layers = [(path, layer) for path, each in answer.recurrent for layer in sorted({one.layer for one in each})]
        self.layer.setVisible(len(layers) > 1)
        if len(layers) > 1 and (direction := self.direction()) is not None:
            words = [self.tr("Layer {number}").format(number=place + 1) for place in range(len(layers))]
            keys = [f"{number}" for number in range(len(layers))]
            if [self.layer.box.itemText(place) for place in range(self.layer.box.count())] != words:
                self.layer.set_choices(list(zip(keys, words, strict=True)))
            path = self.look.path or answer.recurrent[0][0]
            self.layer.set_value(str(layers.index((path, direction.layer)) if (path, direction.layer) in layers else 0))
        self._layers = layers
        both = any(one.backward for _, each in answer.recurrent for one in each)
        self.direction_choice.setVisible(both)
        if both and (direction := self.direction()) is not None:
            self.direction_choice.set_current("backward" if direction.backward else "forward")

    @Slot()
    def _show_said(self) -> None:
        """What there is to say of the chosen unit and of its gate as a whole."""
        direction = self.direction()
        name = self.maps.gate
        self.maps.set_empty(self._empty_said())
        if direction is None or name is None or (unit := self.maps.unit_in(name)) is None:
            self.said.set_text("")
            self.kept.set_text("")
            return
        self.said.set_text(*self._unit_said(direction, name, unit))
        self.kept.set_text(*self._keeping_said(direction, unit), tip=self._keeping_tip(direction))

    def _unit_said(self, direction: OpenedDirection, name: ArrayName, unit: int) -> tuple[str, ...]:
        t = self.maps.t
        text = self.tr("Unit {unit} · t = {t} · {name} = {value}").format(
            unit=full_count(unit + 1), t=full_count(t + 1), name=name, value=fixed(float(direction.arrays[name][t, unit]))
        )
        image = self.maps.images.get(name)
        joined = "" if image is None else joined_said(image)
        parts = [part for part in (text, joined, self._rate_said()) if part]
        return tuple(" · ".join(parts[:count]) for count in range(len(parts), 0, -1))

    def _keeping_said(self, direction: OpenedDirection, unit: int) -> tuple[str, ...]:
        """The gate that keeps the old state, of the chosen unit and of all units: how long it remembers."""
        if isinstance(direction, ConvolvedLayer):
            reach, dilation = full_count(direction.reach), full_count(direction.dilation)
            seen = self.tr("A convolution keeps no state: each value sees {reach} time steps, the present one and those before")
            more = self.tr("dilation {dilation}").format(dilation=dilation)
            return f"{seen.format(reach=reach)} · {more}", seen.format(reach=reach)
        kept = keeping_gate(direction)
        if kept is None:
            return (self.tr("A plain RNN has no gate: nothing says how much of the old state stays"),)
        letter = "f" if direction.kind == "LSTM" else "z"
        unit = clipped(unit, direction.units)
        own, every = kept[:, unit : unit + 1], kept.reshape(-1, 1)

        def said(values: NDArray[np.float32]) -> tuple[str, str]:
            closed, opened = gate_shares(values)
            life = self._steps_said(float(half_life(values)[0]))
            whole = self.tr("half-life {steps}, {letter} < 0.1: {closed}, > 0.9: {opened}")
            values_said = {"steps": life, "letter": letter, "closed": percent(closed), "opened": percent(opened)}
            return whole.format(**values_said), self.tr("half-life {steps}").format(steps=life)

        (mine, mine_short), (all_of_them, all_short) = said(own), said(every)
        words = self.tr("Unit {unit}: {mine} · all: {every}")
        number = full_count(unit + 1)
        return (
            words.format(unit=number, mine=mine, every=all_of_them),
            words.format(unit=number, mine=mine, every=all_short),
            words.format(unit=number, mine=mine_short, every=all_short),
        )

    def _keeping_tip(self, direction: OpenedDirection) -> str:
        if isinstance(direction, ConvolvedLayer) or keeping_gate(direction) is None:
            return ""
        return self.tr(
            "Half-life: after so many steps half of the state is left if nothing is added, −ln 2 / ln f, with the geometric "
            "mean of f over the sequence; of a GRU z is what f is here"
        )

    def _steps_said(self, steps: float) -> str:
        if np.isnan(steps):
            return "NaN"
        if np.isinf(steps):
            return "∞"
        return self.tr("{steps} steps").format(
            steps=fixed(round(steps, 1) or steps, 1) if steps < 100 else full_count(round(steps))
        )

    def _rate_said(self) -> str:
        """How often the maps are refreshed, while the network learns."""
        now = time.perf_counter()
        recent = [at for at in self._arrivals if now - at < RATED_S]
        if self._is_past or not self._is_learning or len(recent) < 3:
            return ""
        rate = (len(recent) - 1) / max(recent[-1] - recent[0], 1e-3)
        return self.tr("live, {rate} Hz").format(rate=full_count(max(round(rate), 1)))

    def _empty_said(self) -> str:
        if self._answers and self.direction() is None:
            return self.tr("This network has no recurrent layer: there are no gates to look at.")
        if self._experiment is not None:
            return self.tr("The gates are being read...")
        words = self.tr("Press Play: the gates of a validation sequence appear here and follow the training.")
        return self.none_yet(words)

    # --- what the user does

    def look_changed(self, before: SequenceLook) -> None:
        for maps in self.columns.values():
            maps.set_look(self.look)
        self._ask()
        if (before.layer, before.backward, before.path) != (self.look.layer, self.look.backward, self.look.path):
            for cell in self.columns:
                self._show_gates(cell)
        self._show_choices()
        self._show_said()

    def set_view(self, view: GatesView) -> None:
        if view == self.view:
            return
        self.view = view
        self.order.set_value(view.order)
        self._show_columns()
        for cell in self.columns:
            self._show_gates(cell)

    def _edit_look(self, **changes: object) -> None:
        self.look_edited.emit(msgspec.structs.replace(self.look, **changes))

    @Slot(int, int, str)
    def _cell_chosen(self, t: int, unit: int, name: str) -> None:
        self._edit_look(t=t, unit=unit, gate=name)

    def _walk(self, stride: int) -> None:
        """To the next sample, in a circle."""
        answer = self.answer
        if answer is not None:
            self._edit_look(sample=(answer.sample + stride) % answer.total)

    def _layer_chosen(self, key: str) -> None:
        path, layer = self._layers[int(key)]
        self._edit_look(path=None if path == self._layers[0][0] else path, layer=layer)

    def _direction_chosen(self, key: str) -> None:
        self._edit_look(backward=key == "backward")

    def _order_chosen(self, key: str) -> None:
        self.view_edited.emit(msgspec.structs.replace(self.view, order=key))
        self.set_view(msgspec.structs.replace(self.view, order=key))

    def _front_chosen(self, key: str) -> None:
        view = msgspec.structs.replace(self.view, front=key)
        self.view_edited.emit(view)
        self.set_view(view)

    # --- look and words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_tools_below(event.size().width() < ROOMY_PX)
        if len(self.columns) > 1:
            self._show_columns()
        self._place_tools()

    def page_title(self) -> str:
        return self.tr("Gates and states")

    def short_title(self) -> str:
        return self.tr("Gates", "choice of pages")

    def retranslate(self) -> None:
        super().retranslate()
        for button, tip in ((self.before, self.tr("The sample before")), (self.after, self.tr("The next sample"))):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.layer.set_label("", self.tr("Which recurrent layer is shown"))
        self.layer.box.setAccessibleName(self.tr("Layer"))
        self.direction_choice.set_choices([("forward", self.tr("Forward")), ("backward", self.tr("Backward"))])
        self.direction_choice.setAccessibleName(self.tr("Direction"))
        orders: Sequence[tuple[str, str]] = (
            ("as_they_are", self.tr("Order: as numbered")),
            ("forget", self.tr("Order: forget value")),
            ("activity", self.tr("Order: activity")),
        )
        self.order.set_label("", self.tr("Order of the units in the maps: those that keep most, or are most active, on top"))
        self.order.box.setAccessibleName(self.tr("Order of the units"))
        self.order.set_choices(orders)
        self.order.set_value(self.view.order)
        widest = max(self.order.box.fontMetrics().horizontalAdvance(text) for _, text in orders)
        self.order.box.setMinimumWidth(widest + 44)
        for maps in self.columns.values():
            maps.setAccessibleName(self.tr("Gates and states, unit by time step"))
            maps.update()
        self.layer.box.clear()
        self._show_choices()
        self._show_said()


def _rank(cell: str) -> int:
    """The place of a column among those side by side: the experiment's own cell first."""
    return 0 if cell == OWN else 1 + BESIDE_NAMES.index(cell)
