"""The page of feature maps: one validation sample in the network that is looked at. Any layer's output, the filters of a
convolution, and the answer at the end.

Shown in the upper group of the pages beside the curves.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from engine.colours import diverging
from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.networks.edits import has
from engine.networks.output_meaning import OutputMeaning, output_meaning
from engine.networks.trace import Path, trace
from engine.passes.feature_maps import paint
from engine.passes.sample_view import SampleView, look_inside
from gui.labs.training.inside.cell_sum import CellSum
from gui.labs.training.inside.inside_view import InsideView
from gui.labs.training.inside.layer_names import all_paths, first_learning, layer_name
from gui.labs.training.inside.output_view import MapsWall, OutputView
from gui.labs.training.inside.sample_answer import SampleAnswer
from gui.running.result_page import ModelQuestion, ResultPage
from gui.shell.language import language
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine

FILTERS_PX = 46
LOW_PX = 300  # a lower page has no filters
MOST_FILTERS = 64
ROOMY_PX = 300  # of the page: the box of the sample has its name in it


class FeatureMapsPage(ResultPage):
    """`view_edited` carries the InsideView that the user has made."""

    view_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._view = InsideView()
        self._experiment: Experiment | None = None
        self._paths: tuple[Path, ...] = ()
        self._default: Path = ()
        self._meaning: OutputMeaning = "scores"
        self._question: tuple[object, ModelQuestion] | None = None  # what it was made of, and the question
        self._answer: SampleView | None = None
        self.layer = QComboBox()
        self.layer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.layer.setMinimumWidth(60)
        scrolls_past(self.layer)
        self.sample = NumberBox()
        self.before, self.after = QPushButton("‹"), QPushButton("›")
        for button, way in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "link")
            button.clicked.connect(lambda _on=False, way=way: self._step(way))
        self.output, self.answer = OutputView(), SampleAnswer()
        self.sum = CellSum()
        self.filters, self.filters_line = MapsWall(), OneLine()
        self.filters.setMinimumSize(40, FILTERS_PX)
        self.filters.setFixedHeight(FILTERS_PX)
        self.filters.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.layer, 1)
        for part in (self.before, self.sample, self.after):
            row.addWidget(part)
        self.body.setSpacing(4)
        self.body.addLayout(row)
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.empty, 1)
        self.body.addWidget(self.output, 1)
        self.body.addWidget(self.sum)
        self.body.addWidget(self.filters_line)
        self.body.addWidget(self.filters)
        self.body.addWidget(self.answer)
        self.layer.activated.connect(self._layer_chosen)
        self.sample.valueChanged.connect(self._sample_typed)
        self.output.enlarged.connect(self._enlarged)
        self.output.picked.connect(self._cell_picked)
        self.output.walked.connect(self._show_filters)
        self.filters.rearranged.connect(self._show_filters)
        self.filters.enlarged.connect(self._filter_pressed)
        self.retranslate()
        self._show()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 180)

    # --- what is asked

    def page_title(self) -> str:
        return self.tr("Feature maps")

    def short_title(self) -> str:
        return self.tr("Maps", "choice of pages")

    def show_run(self, experiment: Experiment | None) -> None:
        before = None if self._experiment is None else (self._experiment.network, self._experiment.data)
        self._experiment = experiment
        self._paths, self._default = (), ()
        if experiment is not None:
            layers = experiment.network.layers
            try:
                info = describe(experiment.data)
            except DatasetError:
                self._experiment = None
            else:
                rows = trace(layers, experiment.network.input or info.input, tokens=info.tokens).rows
                self._paths, self._default = all_paths(layers), first_learning(layers, rows)
                self._meaning = output_meaning(layers, experiment.training.loss or info.loss, len(info.target) + 1)
        if experiment is None or (experiment.network, experiment.data) != before:
            self._answer = None
            self._fill()
        self._show()
        self.question_changed.emit()

    def set_view(self, view: InsideView) -> None:
        """Show it that way; nothing is emitted but `question_changed`, where another question is asked."""
        before, self._view = self._view, view
        self._show()
        if (before.sample, before.layer) != (view.sample, view.layer):
            self.question_changed.emit()

    def question(self) -> ModelQuestion | None:
        if self._experiment is None:
            return None
        layers = self._experiment.network.layers
        asked = (layers, self._path, self._view.sample, self._meaning)
        if self._question is None or self._question[0] != asked:
            ask = partial(look_inside, layers=layers, path=self._path, sample=self._view.sample, meaning=self._meaning)
            self._question = asked, ask
        return self._question[1]

    @property
    def _path(self) -> Path:
        """The layer that is shown, () for the input."""
        path = self._view.layer
        if path is None or self._experiment is None or (path and not has(self._experiment.network.layers, path)):
            return self._default
        return path

    def show_answer(self, answer: Any) -> None:
        assert answer is None or isinstance(answer, SampleView)
        if answer is not None and answer.path != self._path:
            return  # of a layer that was shown before
        self._answer = answer
        self._show()

    # --- what is shown

    def _fill(self) -> None:
        """The choice of layers."""
        with QSignalBlocker(self.layer):
            self.layer.clear()
            if self._experiment is not None:
                self.layer.addItem(self.tr("Input"))
                for path in self._paths:
                    self.layer.addItem(layer_name(self._experiment.network.layers, path, language()))
                view = self.layer.view()
                view.setMinimumWidth(view.sizeHintForColumn(0) + 24)  # a narrow choice has a list as wide as its names

    def _show(self) -> None:
        answer, there = self._answer, self._experiment is not None
        for part in (self.layer, self.sample, self.before, self.after):
            part.setEnabled(there)
        with QSignalBlocker(self.layer):
            path = self._path
            self.layer.setCurrentIndex((self._paths.index(path) + 1 if path in self._paths else 0) if there else -1)
        if answer is not None:
            self.sample.setRange(0, answer.total - 1)
        self.sample.show_value(self._view.sample if answer is None else answer.sample)
        self.empty.setVisible(answer is None)
        self.output.setVisible(answer is not None)
        self.answer.setVisible(answer is not None)
        self.output.show_output(answer, self._view.enlarged)
        sums = self._show_sum()
        self.answer.setVisible(answer is not None and not sums)
        self.answer.show_answer(answer)
        self._show_filters()

    def _show_sum(self) -> bool:
        """Whether the sum of a cell of the enlarged map is shown, in the place of the filters and the answer."""
        answer, number, cell = self._answer, self._view.enlarged, self._view.cell
        shown = False
        if answer is not None and number is not None and cell is not None:
            shown = self.sum.show_cell(answer, (number, *cell))
        self.sum.setVisible(shown)
        return shown

    @Slot()
    def _show_filters(self) -> None:
        """One input channel: a filter for each map, in the maps' order. More: the slices of the current map's filter."""
        answer = self._answer
        filters = None if answer is None else answer.filters
        shown = filters is not None and self.height() >= LOW_PX and self.sum.isHidden()
        self.filters.setVisible(shown)
        self.filters_line.setVisible(shown)
        if filters is None or not shown:
            return
        tiles, all_of_them, number = self._tiles(filters)
        self.filters.set_maps((min(len(tiles), MOST_FILTERS), *tiles.shape[1:]))
        most = float(np.abs(tiles[np.isfinite(tiles)]).max(initial=0.0)) or 1.0
        plan = self.filters.plan()
        shape = "×".join(map(str, filters.shape[2:]))
        if all_of_them:
            text = self.tr("{count} filters, {shape}: blue below 0, red above").format(count=len(filters), shape=shape)
        else:
            text = self.tr("Filter of channel {number}: {count} input channels, {shape}").format(
                number=number, count=filters.shape[1], shape=shape
            )
        self.filters_line.set_text(text)
        if min(plan.tile) < 1 or not np.isfinite(tiles).all():
            self.filters.clear()
            return
        painted = paint(
            np.ascontiguousarray(tiles),
            tile=plan.tile,
            columns=plan.columns,
            colours=diverging(),
            maps=range(min(len(tiles), MOST_FILTERS)),
            ends=(-most, most),
        )
        self.filters.show_tiles(painted, None)

    def _tiles(self, filters: np.ndarray[Any, np.dtype[np.float32]]) -> tuple[np.ndarray[Any, Any], bool, int]:
        """The tiles (count, rows, columns), whether they are of all filters, and the channel whose filter they are."""
        number = min(self.output.channel, len(filters) - 1)
        if filters.ndim == 3:  # 1-d: input channels downwards, the kernel to the right
            return filters, True, number
        flat = filters if filters.ndim == 4 else filters[:, :, filters.shape[2] // 2]
        return (flat[:, 0], True, number) if flat.shape[1] == 1 else (flat[number], False, number)

    # --- what the user does

    def _edit(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        self._show()
        self.view_edited.emit(self._view)

    @Slot(int)
    def _layer_chosen(self, index: int) -> None:
        path: Path = self._paths[index - 1] if index > 0 else ()
        if path != self._path:
            self._edit(layer=path, enlarged=None, cell=None)
            self.question_changed.emit()

    @Slot(object)
    def _sample_typed(self, number: float) -> None:
        self._edit(sample=int(number))
        self.question_changed.emit()

    def _step(self, way: int) -> None:
        total = 1 if self._answer is None else self._answer.total
        number = self._view.sample if self._answer is None else self._answer.sample
        self._edit(sample=(number + way) % total)
        self.question_changed.emit()

    @Slot(object)
    def _enlarged(self, number: int | None) -> None:
        self._edit(enlarged=number, cell=None)

    @Slot(object)
    def _cell_picked(self, place: tuple[int, int, int]) -> None:
        """The same cell again puts its sum away."""
        number, *cell = place
        self._edit(enlarged=number, cell=None if self._view.cell == tuple(cell) else tuple(cell))

    @Slot(object)
    def _filter_pressed(self, number: int | None) -> None:
        """A filter leads to its map."""
        filters = None if self._answer is None else self._answer.filters
        if number is not None and filters is not None and self._tiles(filters)[1] and filters.ndim > 3:
            self._edit(enlarged=number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_sample()
        self._show_filters()

    # --- words

    def _name_sample(self) -> None:
        """The box says what its number is, where there is room."""
        roomy = self.width() >= ROOMY_PX
        self.sample.setPrefix(self.tr("sample ") if roomy else "")
        self.sample.setFixedWidth(104 if roomy else 52)

    def retranslate(self) -> None:
        super().retranslate()
        self.layer.setAccessibleName(self.tr("Layer"))
        self.layer.setToolTip(self.tr("The layer whose output is shown, also inside of blocks"))
        self.sample.setAccessibleName(self.tr("Validation sample"))
        self._name_sample()
        self.sample.setToolTip(self.tr("The number of the validation sample, from 0"))
        self.before.setAccessibleName(self.tr("The sample before"))
        self.after.setAccessibleName(self.tr("The next sample"))
        self.filters.setAccessibleName(self.tr("Filters of this layer"))
        self.answer.setAccessibleName(self.tr("Answer for this sample"))
        self.empty.setText(
            self.none_yet(self.tr("Once a run has begun, what its layers make of a validation sample appears here."))
        )
        self._fill()
        self._show()
