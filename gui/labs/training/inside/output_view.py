"""What one layer makes of the sample: feature maps as tiles, a sequence as a matrix of units and time steps, a vector as bars.

Called by the page of feature maps. The plots are made when the first layer that needs one is shown.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.colours import viridis
from engine.figures import full_count, measured, shape_text
from engine.networks.axis_meaning import CONTENTS
from engine.passes.activations import as_maps
from engine.passes.feature_maps import paint
from engine.passes.sample_view import SampleView
from gui.widgets.labels import label, set_text
from gui.widgets.maps.colour_legend import ColourLine
from gui.widgets.maps.feature_wall import FeatureWall
from gui.widgets.maps.wall_places import Spot
from gui.widgets.own_keys import claims_key

if TYPE_CHECKING:
    from gui.plots.matrices.heat_map import HeatMap
    from gui.plots.unit_bars import UnitBars

PAGE = 32  # maps at once
LEGEND_PX = 130  # in a lower view the colours have no line of their own
WALKED = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


class MapsWall(FeatureWall):
    """A wall beside a run: its arrow keys are no shortcuts of the lab."""

    def event(self, event: QEvent) -> bool:
        return claims_key(event, WALKED) or super().event(event)


class OutputView(QWidget):
    """`show_output` shows the values of a layer; one map may be enlarged. `channel` is the map that is enlarged, or that the
    keyboard is at."""

    enlarged = Signal(object)  # the user chose a map's number, or None to go back
    picked = Signal(object)  # (map, row, column) of the cell of the enlarged map that was clicked
    walked = Signal()  # `channel` has changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SampleView | None = None
        self._enlarged: int | None = None
        self._first = 0  # the number of the first map on the wall
        self.wall = MapsWall(picks_large=True)
        self.wall.setMinimumSize(80, 44)
        self.legend = ColourLine(viridis())
        self.shape_line = label("muted")
        self.before, self.after = QPushButton("‹"), QPushButton("›")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.legend, 1)
        head.addWidget(self.shape_line)
        for button, way in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "link")
            button.clicked.connect(lambda _on=False, way=way: self._turn(way))
            head.addWidget(button)
        self._foot = QWidget()
        self._foot.setLayout(head)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.wall, 1)
        self._column.addWidget(self._foot)
        self.wall.rearranged.connect(self._paint)
        self.wall.enlarged.connect(self._chosen)
        self.wall.walked.connect(self.walked)
        self.wall.pointed.connect(self._pointed)
        self.wall.picked.connect(self._cell_clicked)
        self._shown: QWidget = self.wall
        self.retranslate()

    @cached_property
    def sheet(self) -> HeatMap:
        from gui.plots.matrices.heat_map import HeatMap

        made = HeatMap()
        made.export_name = "activations"
        self._column.insertWidget(0, made, 1)
        self._name_sheet(made)
        return made

    @cached_property
    def bars(self) -> UnitBars:
        from gui.plots.unit_bars import UnitBars

        made = UnitBars()
        made.export_name = "activations"
        self._column.insertWidget(0, made, 1)
        made.setAccessibleName(self.tr("Values of this layer"))
        return made

    # --- what is shown

    def show_output(self, view: SampleView | None, enlarged: int | None) -> None:
        """Show `view`; None: nothing."""
        before, self._view, self._enlarged = self._view, view, enlarged
        if view is None:
            self.wall.clear()
            self._choose(self.wall)
            self.legend.set_words("", "")
            set_text(self.shape_line, "")
            for button in (self.before, self.after):
                button.hide()
            return
        if before is None or (before.path, before.values.shape) != (view.path, view.values.shape):
            self._first = 0
        set_text(self.shape_line, shape_text(view.values.shape, tight=True))
        match _kind(view):
            case "sheet":
                self._show_sheet(view)
            case "bars":
                self.bars.set_values(view.values, view.classes if self._is_answer(view) else ())
                self._choose(self.bars)
            case _:
                self._choose(self.wall)
                self._lay(view)
                self._paint()

    @property
    def shown(self) -> QWidget:
        """Wall, sheet or bars."""
        return self._shown

    @property
    def channel(self) -> int:
        return self._enlarged if self._enlarged is not None else self._first + self.wall.current

    def _choose(self, shown: QWidget) -> None:
        self._shown = shown
        for name in ("wall", "sheet", "bars"):
            if name in self.__dict__:
                part = self.__dict__[name]
                part.setVisible(part is shown)
        self._fit()

    def _is_answer(self, view: SampleView) -> bool:
        return view.answers is not None and view.values.shape == view.output.shape and bool((view.values == view.output).all())

    def _show_sheet(self, view: SampleView) -> None:
        """Units downwards, time steps to the right."""
        values = view.values.reshape(1, -1) if view.values.ndim == 1 else view.values
        by_unit = view.values.ndim == 1 or view.axes[0] in CONTENTS
        tokens = np.issubdtype(view.input.dtype, np.integer) and values.shape[1 if by_unit else 0] == len(view.input)
        steps = [_character(view.classes[int(token)]) for token in view.input] if tokens and view.classes else ()
        rows = view.classes if self._is_answer(view) else ()
        matrix = values if by_unit else values.T
        self.sheet.set_values(matrix, signed=bool((matrix < 0).any()), rows=rows, columns=steps)
        self._choose(self.sheet)
        self.legend.set_words("", "")
        for button in (self.before, self.after):
            button.hide()

    def _lay(self, view: SampleView) -> None:
        _, maps = as_maps(view.values)
        count, height, width = maps.shape
        if self._enlarged is not None and self._enlarged < count:
            self._first = self._enlarged // PAGE * PAGE
        self._first = min(self._first, (count - 1) // PAGE * PAGE)
        shown = min(PAGE, count - self._first)
        large = None if self._enlarged is None or count == 1 else min(self._enlarged - self._first, shown - 1)
        self.wall.set_first(self._first)
        self.wall.set_maps((shown, height, width), large)
        for button, last in ((self.before, self._first == 0), (self.after, self._first + shown >= count)):
            button.setVisible(count > PAGE)
            button.setEnabled(not last)
        set_text(self.shape_line, shape_text(view.values.shape, tight=True))
        if count > PAGE:
            part = self.tr("{first}–{last} of {count}")
            set_text(self.shape_line, part.format(first=self._first, last=self._first + shown - 1, count=full_count(count)))

    @Slot()
    def _paint(self) -> None:
        """Paint the maps that have come at the size that the wall has now."""
        view = self._view
        if view is None or self._shown is not self.wall or _kind(view) != "maps":
            return
        _, maps = as_maps(view.values)
        plan = self.wall.plan()
        numbers = range(self._first, min(self._first + PAGE, len(maps)))
        if len(numbers) != self.wall.places.shape[0] or min(plan.tile) < 1:
            return
        tiles = paint(maps, tile=plan.tile, columns=plan.columns, colours=viridis(), maps=numbers)
        large = None
        if plan.enlarged is not None and plan.large is not None:
            number = self._first + plan.enlarged
            large = paint(maps, tile=plan.large, columns=1, colours=viridis(), maps=range(number, number + 1))
        self.wall.show_tiles(tiles, large)
        if len(maps) == 1:
            words = measured(float(tiles.low[0]), 3), measured(float(tiles.high[0]), 3)
        else:
            words = self.tr("each map: min"), self.tr("max")
        hatched = (self.tr("hatched: all values equal"), self.tr("hatched: all equal")) if tiles.dead.any() else ()
        self.legend.set_words(*words, *hatched)

    def _turn(self, way: int) -> None:
        self._first = max(0, self._first + way * PAGE)
        if self._enlarged is not None:
            self.enlarged.emit(None)
        if self._view is not None:
            self._lay(self._view)
            self._paint()
            self.walked.emit()

    @Slot(object)
    def _chosen(self, number: int | None) -> None:
        self.enlarged.emit(None if number is None else self._first + number)

    @Slot(object)
    def _cell_clicked(self, spot: Spot) -> None:
        if self._view is None or self._view.opened is None:  # its cells are no sums
            self.enlarged.emit(None)
        else:
            self.picked.emit((self._first + spot.number, spot.row, spot.column))

    @Slot(object)
    def _pointed(self, spot: Spot | None) -> None:
        text = ""
        if spot is not None and self._view is not None and _kind(self._view) == "maps":
            _, maps = as_maps(self._view.values)
            number = self._first + spot.number
            if number < len(maps) and spot.row < maps.shape[1] and spot.column < maps.shape[2]:
                value = measured(float(maps[number, spot.row, spot.column]))
                text = f"({number}, {spot.row}, {spot.column}): {value}"
        self.wall.set_read_out(text)

    # --- room and words

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        self._foot.setVisible(self._shown is self.wall and self.height() >= LEGEND_PX)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _name_sheet(self, sheet: HeatMap) -> None:
        sheet.setAccessibleName(self.tr("Values of this layer, a row a unit, a column a time step"))
        sheet.set_axis_names(self.tr("time step"), self.tr("unit"))

    def retranslate(self) -> None:
        self.wall.setAccessibleName(self.tr("Feature maps of this layer"))
        self.wall.set_dead_tip(self.tr("All values of this map are equal: it says nothing about the picture."))
        self.before.setAccessibleName(self.tr("The maps before"))
        self.after.setAccessibleName(self.tr("The next maps"))
        if "sheet" in self.__dict__:
            self._name_sheet(self.sheet)
        if "bars" in self.__dict__:
            self.bars.setAccessibleName(self.tr("Values of this layer"))
        if self._view is not None:
            self.show_output(self._view, self._enlarged)


def _kind(view: SampleView) -> str:
    values = view.values
    if values.ndim == 2 or (values.ndim == 1 and np.issubdtype(values.dtype, np.integer)):
        return "sheet"
    if values.ndim == 1 or all(size == 1 for size in values.shape[1:]):
        return "bars"
    return "maps"


def _character(text: str) -> str:
    return "␣" if text == " " else text
