"""Where the layer's filters come from: drawn, from the library, from a trained run; and how many were set by hand.

A part of the layer's panel. It shows `Weights`, and emits new ones with the layer that they go with: a Gabor filter is 7×7, a
run's filters have their own size. Weights that were set by hand belong to the weights on which they were set: others begin
without them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.cells.filter_library import Library, every_name, kernel_for
from engine.cells.filters import Filters, FiltersError, Weights, edits_in_force, spread
from engine.cells.planes import Studied
from engine.fields import fields
from engine.figures import full_count, measured
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.transposed import Transposed
from engine.runs.first_filters import FilterLayer, first_layer, trained_runs
from engine.runs.looked_at import BROUGHT
from engine.words import readable
from gui.shell.language import language, say
from gui.widgets.forms.controls import ChoiceRow, Segmented, align
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, set_text

Origin = Literal["random", "library", "run"]

RANDOM = ("he", "xavier", "normal")
LEAST_TITLE_PX, ARROW_PX = 210, 34  # of a run's title in its list, and of the arrow beside it
HEADING_PX = 26  # the same with a button in it and without


class WeightsPanel(QWidget):
    """`show_state` shows weights and the layer that they are for; it emits nothing."""

    edited = Signal(object, object)  # other Weights, and the layer that they go with, which may not fit the picture

    def __init__(self, runs_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_folder = runs_folder
        self._weights = Weights()
        self._layer: Studied = Conv2d(out_channels=1, kernel_size=3)
        self._channels: int | None = None
        self._last_random = "he"
        self._looking = False  # at the list of runs, without having chosen one
        self._refusal: FiltersError | None = None
        self._library: tuple[str, ...] = ()
        self._runs: list[tuple[Path, str]] = []
        self.title = label("title")
        self.title.setMinimumHeight(HEADING_PX)
        self.regenerate = QPushButton()
        self.browse = QPushButton()
        for button in (self.regenerate, self.browse):
            button.setProperty("role", "link")
        self.origin = Segmented([("random", ""), ("library", ""), ("run", "")])
        self.random = Segmented([(name, "") for name in RANDOM])
        declared = fields(Weights)
        self.seed = NumberRow(declared["seed"])
        self.deviation = NumberRow(declared["deviation"])
        self.library = ChoiceRow()
        self.run = ChoiceRow()
        self.note = label("small", wraps=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.reason = label("warning", wraps=True)
        self.edits = label("small")
        self.reset = QPushButton()
        self.reset.setProperty("role", "link")
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        heading = QHBoxLayout()
        heading.addWidget(self.title)
        heading.addStretch(1)
        heading.addWidget(self.regenerate)
        heading.addWidget(self.browse)
        column.addLayout(heading)
        for part in (self.origin, self.random, self.seed, self.deviation, self.library, self.run, self.reason, self.note):
            column.addWidget(part)
        self._edits_row = QWidget()
        row = QHBoxLayout(self._edits_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edits)
        row.addStretch(1)
        row.addWidget(self.reset)
        column.addWidget(self._edits_row)

    def _connect(self) -> None:
        self.origin.chosen.connect(self._origin_chosen)
        self.random.chosen.connect(self._random_chosen)
        self.seed.value_changed.connect(self._seed_changed)
        self.deviation.value_changed.connect(self._deviation_changed)
        self.library.chosen.connect(self._library_chosen)
        self.run.chosen.connect(self.take_run)
        self.regenerate.clicked.connect(self._regenerate)
        self.browse.clicked.connect(self._browse)
        self.reset.clicked.connect(self._reset)

    # --- what is shown

    def show_state(self, weights: Weights, layer: Studied, channels: int | None = None) -> None:
        """Show `weights` for a `layer` over an input of `channels` channels. With None, what depends on the channels is left
        out."""
        if (weights, layer) != (self._weights, self._layer):
            self._looking, self._refusal = False, None
        if weights.source in RANDOM:
            self._last_random = weights.source
        self._weights, self._layer, self._channels = weights, layer, channels
        if weights.source == "run" and weights.run not in (str(folder) for folder, _ in self._runs):
            self._list_runs()
        self._show()

    @property
    def _origin(self) -> Origin:
        if self._looking:
            return "run"
        return {"library": "library", "run": "run"}.get(self._weights.source, "random")  # type: ignore[return-value]

    def _show(self) -> None:
        weights, layer, origin = self._weights, self._layer, self._origin
        some = isinstance(layer, Filtering)
        self.origin.set_current(origin)
        self.random.set_current(weights.source)
        self.seed.set_value(weights.seed)
        self.deviation.set_value(weights.deviation)
        drawn = some and origin == "random"
        for parts, seen in (
            ((self.origin,), some),
            ((self.random, self.seed, self.regenerate), drawn),
            ((self.deviation,), drawn and weights.source == "normal"),
            ((self.library,), some and origin == "library"),
            ((self.run,), some and origin == "run" and bool(self._runs)),
            ((self.browse,), some and origin == "run"),
        ):
            for part in parts:
                part.setVisible(seen)
        self._fill_library()
        self.library.set_value(weights.library)
        self.run.set_value(weights.run)
        self.run.setEnabled(bool(self._runs))
        self._write()

    def _fill_library(self) -> None:
        """Offer the filters that there are along as many axes as the layer has, and the one that is chosen."""
        axes = self._layer.AXES
        names = ["all", *every_name(axes), "course", "zeros"]
        if self._weights.library not in names:
            names.append(self._weights.library)
        if tuple(names) != self._library:
            self._library = tuple(names)
            self.library.set_choices([(name, say("filters", name)) for name in names])

    def _list_runs(self) -> None:
        self._runs = trained_runs(self._runs_folder, language=language())
        self._runs += trained_runs(self._runs_folder.parent / BROUGHT, language=language())  # weights from a file
        chosen = self._weights.run
        if self._weights.source == "run" and chosen not in (str(folder) for folder, _ in self._runs):
            self._runs.append((Path(chosen), Path(chosen).name or chosen))  # a folder that was browsed for, or that is gone
        box = self.run.box
        self.run.set_choices([(str(folder), self._cut(title)) for folder, title in self._runs])
        for number, (_, title) in enumerate(self._runs):
            box.setItemData(number, title, Qt.ItemDataRole.ToolTipRole)

    def _cut(self, title: str) -> str:
        """A run's title, shortened to the width of its list: the name is shortened, not the time."""
        name, dot, time = title.rpartition(" · ")
        measure = self.run.box.fontMetrics()
        room = max(LEAST_TITLE_PX, self.run.box.width() - ARROW_PX) - measure.horizontalAdvance(dot + time)
        return measure.elidedText(name, Qt.TextElideMode.ElideRight, room) + dot + time

    # --- words

    def _write(self) -> None:
        refusal, text = self._refusal, ""
        if not isinstance(self._layer, Filtering):
            refusal, text = None, self.tr("Pooling has no weights: it takes the largest or the mean value.")
        elif self._origin == "random":
            text = self._spread_text(self._layer)
        elif self._origin == "library":
            text = say("filters", f"{self._weights.library}.about")
        elif self._looking:
            text = self.tr("There is no run with a convolution yet. Train a network in the training lab first.")
            text = "" if self._runs else text
        else:
            text, gone = self._run_text(self._layer)
            refusal = refusal or gone
        set_text(self.note, text)
        set_text(self.reason, "" if refusal is None else say("filters", refusal.code, **refusal.values))
        self.reason.setVisible(refusal is not None)
        self.note.setVisible(bool(text))
        edits = self._weights.edits if self._channels is None else edits_in_force(self._weights, self._layer, self._channels)
        set_text(self.edits, self.tr("Set by hand: {count}").format(count=len(edits)))
        self._edits_row.setVisible(bool(edits))

    def _spread_text(self, layer: Filtering) -> str:
        """The deviation with the present numbers put in."""
        if self._channels is None:
            return ""
        into, out, deviation = spread(self._weights, layer, self._channels)
        match self._weights.source:
            case "he":
                formula = f"√(2 / {full_count(into)})"
            case "xavier":
                formula = f"√(2 / ({full_count(into)} + {full_count(out)}))"
            case _:
                return self.tr("Normal: mean 0, deviation as set above")
        text = self.tr("Normal: mean 0, deviation {formula} = {deviation}")
        return text.format(formula=formula, deviation=measured(deviation, 3))

    def _run_text(self, layer: Filtering) -> tuple[str, FiltersError | None]:
        try:
            own, filters = first_layer(self._weights.run)
        except FiltersError as error:
            return "", error
        text = self.tr("First convolution: {kind} {kernel}, channels {inputs} → {outputs}.").format(
            kind=type(own).__name__, kernel=readable(own.kernel), inputs=_inputs(own, filters), outputs=own.out_channels
        )
        if own.kernel != layer.kernel or layer.out_channels > own.out_channels:
            text += " " + self.tr("It is cut to this layer's size, or filled up with zeros.")
        return text, None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Filters"))
        self.regenerate.setText(self.tr("Draw anew"))
        self.regenerate.setToolTip(self.tr("Take the next seed"))
        self.browse.setText(self.tr("Browse..."))
        self.browse.setToolTip(self.tr("Choose the folder of a run"))
        origins = {"random": self.tr("Random"), "library": self.tr("Library"), "run": self.tr("Trained")}
        self.origin.set_choices(origins.items())
        self.origin.setAccessibleName(self.tr("Where the filters come from"))
        self.origin.button("random").setToolTip(self.tr("Drawn at random, as before training"))
        self.origin.button("library").setToolTip(self.tr("Filters that are made to see something"))
        self.origin.button("run").setToolTip(self.tr("The first convolution of a network that you have trained"))
        self.random.set_choices([("he", "He"), ("xavier", "Xavier"), ("normal", self.tr("Normal"))])
        self.random.setAccessibleName(self.tr("Weight initialisation"))
        self.random.button("he").setToolTip(self.tr("He et al. 2015: variance 2 / inputs of an output channel, made for ReLU"))
        self.random.button("xavier").setToolTip(
            self.tr("Glorot and Bengio 2010: variance 2 / (inputs + outputs), made for sigmoid and tanh")
        )
        self.random.button("normal").setToolTip(self.tr("A deviation of your own"))
        self.seed.set_label(self.tr("Seed"), self.tr("The same seed draws the same filters."))
        self.deviation.set_label(
            self.tr("Deviation"), self.tr("How far the weights lie from 0: two thirds of them nearer than this")
        )
        self._library = ()
        self._fill_library()
        self.library.set_value(self._weights.library)
        for row, name in ((self.library, self.tr("Filter")), (self.run, self.tr("Run"))):
            row.set_label("")
            row.box.setAccessibleName(name)
        self.reset.setText(self.tr("Reset"))
        self.reset.setToolTip(self.tr("Take back every weight that was set by hand"))
        align([self.seed.head, self.deviation.head])
        if self._runs:
            self._list_runs()
            self.run.set_value(self._weights.run)
        self._write()

    # --- what the user does

    def _emit(self, layer: Studied | None = None, **changes: Any) -> None:
        """Ask for other weights; `layer` is the one that they go with, None for the layer as it is."""
        self.edited.emit(msgspec.structs.replace(self._weights, edits=(), **changes), layer or self._layer)

    def _origin_chosen(self, origin: str) -> None:
        if origin == "library":
            self._library_chosen(self._weights.library)
        elif origin == "run":
            self._list_runs()
            self._looking = self._weights.source != "run"
            if self._looking and self._runs:
                self.take_run(str(self._runs[0][0]))
            self._show()
        elif self._weights.source in RANDOM:
            self._looking, self._refusal = False, None
            self._show()
        else:
            self._emit(source=self._last_random)

    def _random_chosen(self, source: str) -> None:
        if source != self._weights.source:
            self._emit(source=source)

    def _seed_changed(self, seed: int) -> None:
        self._emit(seed=seed)

    def _deviation_changed(self, deviation: float) -> None:
        self._emit(deviation=deviation)

    def _library_chosen(self, library: str) -> None:
        chosen: Library = library  # type: ignore[assignment]
        layer = self._layer
        if isinstance(layer, Filtering):
            layer = msgspec.structs.replace(layer, kernel_size=kernel_for(chosen, layer.kernel))
        self._emit(layer, source="library", library=chosen)

    @Slot(str)
    def take_run(self, folder: str) -> None:
        """Take the filters of the run in `folder`. Where there are none, say why and change nothing."""
        try:
            layer, _ = first_layer(folder)
        except FiltersError as error:
            self._refusal = error
            self._show()
            return
        self._refusal = None
        self._emit(layer, source="run", run=folder)

    @Slot()
    def _regenerate(self) -> None:
        """Take the next seed: the seeds before can be taken again."""
        self._emit(seed=(self._weights.seed + 1) % 2**31)

    @Slot()
    def _browse(self) -> None:
        start = str(self._runs_folder) if self._runs_folder.is_dir() else ""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder of a run"), start)
        if folder:
            self.take_run(folder)

    @Slot()
    def _reset(self) -> None:
        self._emit()

    def showEvent(self, event: QShowEvent) -> None:
        """List the runs again: some may have been trained since. The first of them is then taken, as it would have been when
        trained filters were asked for: the list names none whose filters are not there."""
        super().showEvent(event)
        if self._origin == "run":
            self._list_runs()
            if self._looking and self._runs:
                self.take_run(str(self._runs[0][0]))
            self._show()


def _inputs(layer: FilterLayer, filters: Filters) -> int:
    """The channels that a run's first convolution reads."""
    return len(filters.weight) if isinstance(layer, Transposed) else filters.weight.shape[1] * layer.groups
