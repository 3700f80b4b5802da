"""The maps of one layer on a wall, as many on a page as are large enough to be read. Shown in the maps' card.

Maps come later than the layer that is shown. They are shown only as long as what they are `of`, which the card says, is the
same.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.colours import viridis
from engine.figures import full_count, measured, shape_text
from engine.layers.base import Shape
from engine.passes.activations import LayerOutput, Tiles
from gui.labs.network.maps.sight import index_of, plane
from gui.labs.network.state import MapUnit
from gui.widgets.labels import label, set_text
from gui.widgets.maps.colour_legend import ColourLine
from gui.widgets.maps.feature_wall import FeatureWall
from gui.widgets.maps.tiling import GAP, aspect_of
from gui.widgets.maps.wall_places import Spot

TILE_PX = 36  # of the shorter side of a tile, at least
FEWEST, MOST = 8, 48  # maps a page
FEW_CELLS = 4096  # of the maps of a page: more are too small for numbers


class MapsView(QWidget):
    """`unit_chosen` carries a MapUnit, `enlarged` one whose map is to be large, or None for none. `rearranged`: tiles of
    another size, or of other maps, are wanted."""

    unit_chosen = Signal(object)
    enlarged = Signal(object)
    rearranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape = (1,)
        self._unit = MapUnit()
        self._look: LayerOutput | None = None  # of the shown layer as it is now
        self._of: Hashable = None
        self._tiled: Hashable = None  # what the tiles on the wall are of, and the number of the first map
        self._channel = 0  # of the unit that is shown
        self._large = False  # whether its map is enlarged
        self._first = 0  # the number of the first map on the wall
        self._page = MOST
        self.wall = FeatureWall(picks=True)
        self.wall.setMinimumSize(120, 60)
        self.legend = ColourLine(viridis())
        self._title, self._count = label("title"), label("muted")
        self.before, self.after, self.large = QPushButton("‹"), QPushButton("›"), QPushButton()
        self.large.setProperty("role", "link")
        self.large.setCheckable(True)
        self.large.clicked.connect(lambda on: self.enlarged.emit(self._unit if on else None))
        for button, way in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "link")
            button.clicked.connect(lambda _on=False, way=way: self._turn(way))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        for part in (self._count, self.before, self.after):
            head.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.wall, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.legend, 1)
        foot.addWidget(self.large)
        column.addLayout(foot)
        self.wall.picked.connect(self._picked)
        self.wall.enlarged.connect(self._enlarged)
        self.wall.walked.connect(self._walked)
        self.wall.pointed.connect(self._pointed)
        self.wall.rearranged.connect(self._rearranged)
        self.retranslate()

    # --- what is shown

    def show_layer(self, shape: Shape, unit: MapUnit, of: Hashable, *, enlarged: bool = False) -> None:
        """Show the places of a layer's maps, and ring a unit, whose map may be `enlarged`. Maps `of` something else go at once;
        those of the same stay until `show_look`."""
        if of != self._of:
            self._first, self._channel = 0, -1
        self._shape, self._unit, self._of, self._look, self._large = shape, unit, of, None, enlarged
        self._lay()

    def show_look(self, look: LayerOutput) -> None:
        """Show maps that have come."""
        self._look = look
        if look.wall is not None and look.wall.first == self._first:
            shown = look.maps_CHW[self._first : self._first + look.wall.count]
            told = shown.size <= FEW_CELLS and bool(np.isfinite(look.values).all())  # in the maps NaN is 0
            self.wall.show_tiles(look.wall, look.large, *([shown] if told else []))
            self._tiled = (self._of, self._first)
        self._write()

    def say(self, text: str) -> None:
        """Show a text in place of maps."""
        self.wall.set_placeholder(text)

    def clear(self) -> None:
        """Show no maps: those on the wall are not of this layer."""
        self._look, self._tiled = None, None
        self.wall.clear()
        self._write()

    def tiles(self) -> Tiles:
        """The tiles that the wall has room for."""
        plan = self.wall.plan()
        enlarged = None if plan.enlarged is None else self._first + plan.enlarged
        return Tiles(plan.tile, plan.columns, maps=self.numbers, enlarged=enlarged, large=plan.large)

    @property
    def look(self) -> LayerOutput | None:
        """The maps of the layer as it is now; None until they have come."""
        return self._look

    @property
    def numbers(self) -> range:
        """The numbers of the maps on the wall."""
        return range(self._first, min(self._first + self._page, plane(self._shape)[0]))

    def _lay(self) -> None:
        """Turn to the unit's page if it is another one, and give the maps their places."""
        (channels, height, width), channel = plane(self._shape), self._unit.channel
        if channel != self._channel or channel in self.numbers:
            self._channel = self._first = channel
        self._page = self._fitting(channels, (height, width))
        self._first = (self._first if self._first < channels else 0) // self._page * self._page
        large = channel - self._first if self._large and channels > 1 and channel in self.numbers else None
        self.wall.set_maps((len(self.numbers), height, width), large)
        self.wall.set_first(self._first)
        self.wall.set_current(channel - self._first if channel in self.numbers else None, named=True)
        self.large.setVisible(channels > 1)
        self.large.setChecked(self._large)
        for button, last in ((self.before, self._first == 0), (self.after, self._first + self._page >= channels)):
            button.setVisible(channels > self._page)
            button.setEnabled(not last)
        if self._tiled != (self._of, self._first):
            self.clear()
        self._write()

    def _fitting(self, count: int, shape: tuple[int, int]) -> int:
        """How many of `count` maps are on a page: as many as there is room for, in multiples of eight unless they are all."""
        aspect = aspect_of(shape)
        across, down = round(TILE_PX * max(aspect, 1)), round(TILE_PX * max(1 / aspect, 1))
        area = self.wall.places.area
        room = ((area.width() + GAP) // (across + GAP)) * ((area.height() + GAP) // (down + GAP))
        return count if count <= min(max(room, FEWEST), MOST) else min(max(room // 8 * 8, FEWEST), MOST)

    @Slot()
    def _rearranged(self) -> None:
        """Lay the maps out again if the new size of the wall has room for another number of them."""
        channels, height, width = plane(self._shape)
        if self._page != self._fitting(channels, (height, width)):
            self._lay()
        self.rearranged.emit()

    def _turn(self, way: int) -> None:
        """Go to the next page of maps, or to the one before."""
        self._first = max(0, self._first + way * self._page)
        self._lay()
        self.rearranged.emit()

    # --- what the user does

    @Slot(object)
    def _picked(self, spot: Spot) -> None:
        self._unit = MapUnit(self._first + spot.number, spot.row, spot.column)
        self.unit_chosen.emit(self._unit)

    @Slot(object)
    def _enlarged(self, number: int | None) -> None:
        """Ask for a map to be enlarged, with its unit at the same place; None: for none."""
        unit = None if number is None else MapUnit(self._first + number, self._unit.row, self._unit.column)
        self.enlarged.emit(unit)

    @Slot(int)
    def _walked(self, number: int) -> None:
        self.unit_chosen.emit(MapUnit(self._first + number, self._unit.row, self._unit.column))

    @Slot(object)
    def _pointed(self, spot: Spot | None) -> None:
        text = ""
        if spot is not None and self._look is not None:
            unit, maps = MapUnit(self._first + spot.number, spot.row, spot.column), self._look.maps_CHW
            if unit.channel < len(maps) and unit.row < maps.shape[1] and unit.column < maps.shape[2]:
                place = ", ".join(map(str, index_of(unit, self._shape)))
                text = f"({place}): {measured(float(maps[unit.channel, unit.row, unit.column]))}"
        self.wall.set_read_out(text)

    # --- words

    def _write(self) -> None:
        (channels, height, _), numbers = plane(self._shape), self.numbers
        part = self.tr("maps {first}–{last} of {count}")
        part = part.format(first=numbers.start, last=numbers.stop - 1, count=full_count(channels))
        set_text(self._count, part if channels > len(numbers) else shape_text(self._shape))
        set_text(
            self._title, self.tr("Maps of this layer") if (channels, height) != (1, 1) else self.tr("Values of this layer")
        )
        self._write_legend()

    def _write_legend(self) -> None:
        wall = None if self._look is None else self._look.wall
        if wall is None:
            if self._tiled is None:
                self.legend.set_words("", "")
            return
        if wall.shape[0] == 1:
            words = measured(float(wall.low[0]), 3), measured(float(wall.high[0]), 3)
        else:
            words = self.tr("each map: min"), self.tr("max")
        hatched = (self.tr("hatched: all values equal"), self.tr("hatched: all equal")) if wall.dead.any() else ()
        self.legend.set_words(*words, *hatched)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.large.setText(self.tr("Enlarge"))
        self.large.setToolTip(self.tr("One map large, as with a double click or Enter. Escape goes back."))
        self.before.setAccessibleName(self.tr("The maps before"))
        self.after.setAccessibleName(self.tr("The next maps"))
        self.wall.setAccessibleName(self.tr("Maps of this layer"))
        self.wall.set_dead_tip(self.tr("All values of this map are equal: it says nothing about the picture."))
        self._write()
