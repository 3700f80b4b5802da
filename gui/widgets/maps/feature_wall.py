"""The wall: every feature map as a tile, live. Called by the labs that show maps.

It knows where tiles stand and what is under the cursor; the tiles themselves arrive painted
(`engine.passes.feature_maps.Wall`). Its owner asks `plan` how large tiles should be, has them made, and hands them to
`show_tiles`. Until new ones arrive the old ones stay, fitted to the new places, so that nothing flickers while a slider is
dragged. Maps keep their numbers in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.passes.feature_maps import Wall
from gui.shell.theme import THEME, font, theme
from gui.widgets.maps.tiling import GAP, aspect_of, pair_aspect, split, tiled

RING = 2  # px around the tiles: the ring of one at the edge must be seen whole

NUMBERED = QSize(40, 24)  # px: a number would hide too much of a smaller tile
_BOX = QColor(0, 0, 0, 210)
_CHIP = QColor(0, 0, 0, 150)  # under a number: the same in both themes, as the maps' colours are


@dataclass(frozen=True)
class Plan:
    """What the wall wants to be given: all maps as tiles of (height, width) pixels of the screen, `columns` in a row of the
    picture, and with an enlarged map that one at `large`. With `sources` each map's input channel has a tile before it;
    `activity`: the mean absolute values are wanted too."""

    tile: tuple[int, int]
    columns: int
    enlarged: int | None
    large: tuple[int, int] | None
    sources: bool = False
    activity: bool = False


@dataclass(frozen=True)
class Spot:
    """A cell of a map, or of the input channel beside it."""

    number: int
    row: int
    column: int
    source: bool = False


class FeatureWall(QWidget):
    """`set_maps` says how many maps of which shape there are, `show_tiles` gives them; a map can be enlarged beside the others.

    Arrow keys go from map to map, Enter enlarges, Escape goes back; with Shift, arrow keys go from cell to cell.
    """

    rearranged = Signal()  # places have changed: tiles of another size are wanted
    pointed = Signal(object)  # the Spot under the cursor, or None
    tiles_painted = Signal()  # the tiles of the last `show_tiles` are on the screen
    enlarged = Signal(object)  # the user chose a map's number, or None to go back
    walked = Signal(int)  # the keyboard went to another map while none is enlarged

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._shape = (1, 1, 1)
        self._sources: tuple[int, int] | None = None
        self._order: tuple[int, ...] = (0,)  # the number of the map in each place
        self._positions: tuple[int, ...] = (0,)  # the place of each map
        self._chosen: int | None = None
        self._current = 0
        self._spot: Spot | None = None
        self._tiles: Wall | None = None
        self._large: Wall | None = None
        self._pictures: tuple[QImage, QImage | None] | None = None
        self._ringed = self._named = False
        self._first = 0  # what the first map is called
        self._placeholder = self._read_out = self._dead_tip = ""
        self._unpainted = False
        self._grid = tiled(1, (1, 1), self.rect())
        self._stage: QRect | None = None
        self._source_stage: QRect | None = None
        THEME.changed.connect(self.update)

    # --- what is shown

    def set_maps(self, shape: tuple[int, int, int], chosen: int | None = None, sources: tuple[int, int] | None = None) -> None:
        """The maps' shape (C, H, W), which one is enlarged, and with pooling the (height, width) of the input's channels, which
        then stand beside their maps. Tiles of the maps so far stay until `show_tiles`."""
        if (shape, chosen, sources) == (self._shape, self._chosen, self._sources):
            return
        self._shape, self._chosen, self._sources = shape, chosen, sources
        self._current = min(self._current if chosen is None else chosen, shape[0] - 1)
        if len(self._order) != shape[0]:
            self._set_order(self._order)
        if self._spot is not None and not self._holds(self._spot):
            self._point(None)
        self._arrange()

    def set_order(self, numbers: Sequence[int]) -> None:
        """In which order the maps stand, by their numbers; maps that are not named follow."""
        before = self._order
        self._set_order(numbers)
        if self._order != before:
            self.update()

    def _set_order(self, numbers: Sequence[int]) -> None:
        count = self._shape[0]
        named = [number for number in numbers if number < count]
        self._order = (*named, *sorted(set(range(count)) - set(named)))
        positions = [0] * count
        for position, number in enumerate(self._order):
            positions[number] = position
        self._positions = tuple(positions)

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of the maps as they stand."""
        return self._order

    def set_first(self, number: int) -> None:
        """Call the maps by their numbers in a layer of which they are a part that begins with map `number`."""
        if number != self._first:
            self._first = number
            self.update()

    def set_current(self, number: int | None, *, named: bool = False) -> None:
        """Put the keyboard on a map; it keeps a ring, also without the focus, as the one that something else shows too. If
        `named` it bears its number, however small the tiles are. None: that one is not among these maps."""
        ringed, current = number is not None, self._current if number is None or number >= self._shape[0] else number
        if (ringed, named and ringed, current) != (self._ringed, self._named, self._current):
            self._ringed, self._named, self._current = ringed, named and ringed, current
            self.update()

    def show_tiles(self, tiles: Wall, large: Wall | None) -> None:
        self._tiles, self._large = tiles, large
        self._pictures = (_image(tiles), _image(large) if large is not None else None)
        self._unpainted = True
        self.update()

    def clear(self) -> None:
        """Without tiles again: those that were shown are of something else, and no others will come."""
        if self._tiles is not None:
            self._tiles = self._large = self._pictures = None
            self._unpainted = False
            self.update()

    def set_placeholder(self, text: str) -> None:
        """What stands there while there are no tiles yet."""
        self._placeholder = text
        self.update()

    def set_read_out(self, text: str) -> None:
        """What is said beside the cell under the cursor."""
        if text != self._read_out:
            self._read_out = text
            self.setAccessibleDescription(text)
            self.update()

    def set_dead_tip(self, text: str) -> None:
        """The tooltip of a map that has the same value everywhere."""
        self._dead_tip = text

    @property
    def read_out(self) -> str:
        return self._read_out

    @property
    def current(self) -> int:
        """The map that the keyboard is on."""
        return self._current

    @property
    def unpainted(self) -> bool:
        """Whether there are tiles that will be on the screen with the next frame."""
        return self._unpainted and self.isVisible()

    @property
    def spot(self) -> Spot | None:
        return self._spot

    def plan(self) -> Plan:
        ratio = self.devicePixelRatioF()

        def pixels(size: QSize) -> tuple[int, int]:
            return round(size.height() * ratio), round(size.width() * ratio)

        paired = self._sources is not None
        tile = self.place(self._order[0]).size()
        columns = self._grid.columns * (2 if paired else 1)
        large = pixels(self._stage.size()) if self._stage is not None else None
        return Plan(pixels(tile), columns, self._chosen, large, paired)

    def place(self, number: int) -> QRect:
        """Where a map's tile stands."""
        place = self._grid.place(self._positions[number])
        return place if self._sources is None else split(place, self._shape[1:])[1]

    def source_place(self, number: int) -> QRect | None:
        """Where the tile of a map's input channel stands, if there is one."""
        return None if self._sources is None else split(self._grid.place(self._positions[number]), self._shape[1:])[0]

    @property
    def stage(self) -> QRect | None:
        """Where the enlarged map stands."""
        return self._stage

    # --- places

    def _arrange(self) -> None:
        count, height, width = self._shape
        area = self.rect().adjusted(RING, RING, -RING, -RING)
        self._stage = self._source_stage = None
        pairs = self._sources is not None
        if self._chosen is not None:
            aspect = pair_aspect((height, width)) if pairs else aspect_of((height, width))
            share = area.width() if count == 1 else area.width() * 0.62
            across = max(1, min(int(share), int(area.height() * aspect)))
            down = max(1, min(area.height(), int(across / aspect)))
            left = (area.width() - across) // 2 if count == 1 else 0
            self._stage = QRect(left, (area.height() - down) // 2, across, down)
            if pairs:
                self._source_stage, self._stage = split(self._stage, (height, width))
            area = area.adjusted(across + 2 * GAP, 0, 0, 0) if count > 1 else QRect(0, 0, 1, 1)
        self._grid = tiled(count, (height, width), area, pairs=pairs)
        self.update()
        self.rearranged.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def _spot_at(self, point: QPoint) -> Spot | None:
        """The cell under `point`, by where it is painted: never a value of a pixel."""
        position = None if self._alone() else self._grid.at(point)
        number = self._chosen if position is None else self._order[position]
        if number is None:
            return None
        for source in (False, True):
            for place in self._places_of(number, source):
                if place.contains(point):
                    height, width = self._size(source)
                    row = (point.y() - place.top()) * height // place.height()
                    column = (point.x() - place.left()) * width // place.width()
                    return Spot(number, min(row, height - 1), min(column, width - 1), source)
        return None

    def _size(self, source: bool) -> tuple[int, int]:
        """(height, width) of a map, or of the input's channels."""
        return self._sources if source and self._sources is not None else self._shape[1:]

    def _alone(self) -> bool:
        return self._chosen is not None and self._shape[0] == 1

    def _holds(self, spot: Spot) -> bool:
        height, width = self._size(spot.source)
        inside = spot.number < self._shape[0] and spot.row < height and spot.column < width
        return inside and not (spot.source and self._sources is None)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._tiles is None or self._pictures is None:
            self._paint_placeholder(painter)
            return
        self._paint_maps(painter)
        self._paint_rings(painter)
        if self._spot is not None and self._read_out:
            self._paint_read_out(painter, self._spot)
        if self._unpainted:
            self._unpainted = False
            self.tiles_painted.emit()

    def picture(self) -> QImage:
        """The wall as it is seen, at the screen's resolution, without what shows where the cursor is."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(theme().panel)
        painter = QPainter(image)
        self._paint_maps(painter)
        painter.end()
        return image

    def _paint_maps(self, painter: QPainter) -> None:
        if self._tiles is None or self._pictures is None:
            return
        sheet, large = self._pictures
        numbers = range(0 if self._alone() else self._shape[0])
        fits = (self._tiles.sources is None) == (self._sources is None)
        for number in numbers:
            place, source = self.place(number), self.source_place(number)
            if number < self._tiles.count and fits:
                painter.drawImage(place, sheet, _cut(self._tiles, number))
                if source is not None:
                    painter.drawImage(source, sheet, _cut(self._tiles, number, source=True))
            else:
                painter.fillRect(place, theme().grid)
                if source is not None:
                    painter.fillRect(source, theme().grid)
        if self._stage is not None and self._chosen is not None:
            enlarged, picture, number = self._tiles, sheet, self._chosen
            if large is not None and self._large is not None and self._large.first == self._chosen:
                enlarged, picture, number = self._large, large, 0
            if number < enlarged.count and (enlarged.sources is None) == (self._sources is None):
                painter.drawImage(self._stage, picture, _cut(enlarged, number))
                if self._source_stage is not None:
                    painter.drawImage(self._source_stage, picture, _cut(enlarged, number, source=True))
        self._paint_dead(painter)
        self._paint_numbers(painter, numbers)

    def _paint_dead(self, painter: QPainter) -> None:
        """Hatch the maps that have the same value everywhere: their colour says nothing."""
        assert self._tiles is not None
        colour = QColor(theme().window)
        colour.setAlpha(150)
        brush = QBrush(colour, Qt.BrushStyle.BDiagPattern)
        for number in self._tiles.dead.nonzero()[0].tolist():
            if number < self._shape[0]:
                for place in self._places_of(number):
                    painter.fillRect(place, brush)

    def _paint_placeholder(self, painter: QPainter) -> None:
        now = theme()
        for number in range(0 if self._alone() else self._shape[0]):
            for place in self._places_of(number) + self._places_of(number, source=True):
                painter.fillRect(place, now.grid)
        painter.setFont(font(13))
        painter.setPen(now.muted)
        box = self.rect().adjusted(8, 8, -8, -8)
        centred = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        if self._placeholder:
            ground = painter.boundingRect(box, centred, self._placeholder).adjusted(-6, -4, 6, 4)
            painter.fillRect(ground, now.panel)
        painter.drawText(box, centred, self._placeholder)

    def _paint_numbers(self, painter: QPainter, numbers: range) -> None:
        painter.setPen(Qt.GlobalColor.white)
        tile = self.place(self._order[0]).size()
        small = min(tile.width(), tile.height())
        several = self._shape[0] > 1 or self._first > 0
        if several and tile.width() >= NUMBERED.width() and tile.height() >= NUMBERED.height():
            painter.setFont(font(11 if small >= 56 else 9))
            for number in numbers:
                _paint_chip(painter, self.place(number), str(self._first + number))
        elif several and self._named:
            painter.setFont(font(9))
            _paint_chip(painter, self.place(self._current), str(self._first + self._current))
        if self._stage is not None:
            painter.setFont(font(11))
            _paint_chip(painter, self._stage, str(self._first + (self._chosen or 0)))

    def _paint_rings(self, painter: QPainter) -> None:
        now = theme()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._chosen is not None and not self._alone():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(self.place(self._chosen).adjusted(-1, -1, 1, 1))
        elif (self.hasFocus() or (self._ringed and self._shape[0] > 1)) and not self._alone():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(self.place(self._current).adjusted(-1, -1, 1, 1))
        if self.hasFocus():  # a ring may stand there without it
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._spot is None:
            return
        height, width = self._size(self._spot.source)
        for place in self._places_of(self._spot.number, self._spot.source):
            left = place.left() + self._spot.column * place.width() // width
            top = place.top() + self._spot.row * place.height() // height
            across, down = max(3, -(-place.width() // width)), max(3, -(-place.height() // height))
            painter.setPen(QPen(now.window, 2 if across > 6 else 1))
            painter.drawRect(QRect(left, top, across, down).adjusted(-1, -1, 0, 0))

    def _paint_read_out(self, painter: QPainter, spot: Spot) -> None:
        """Beside the cell, on the side where there is room."""
        place = self._places_of(spot.number, spot.source)[-1]
        height, width = self._size(spot.source)
        painter.setFont(font(12))
        lines = self._read_out.split("\n")
        across = max(painter.fontMetrics().horizontalAdvance(line) for line in lines)
        size = QSize(across + 14, 6 + 17 * len(lines))
        right = place.left() + (spot.column + 1) * place.width() // width
        below = place.top() + (spot.row + 1) * place.height() // height
        left = right + 8 if right + 8 + size.width() <= self.width() else right - 16 - size.width()
        top = below + 8 if below + 8 + size.height() <= self.height() else below - 16 - size.height()
        box = QRect(QPoint(max(0, left), max(0, top)), size)
        painter.fillRect(box, _BOX)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._read_out)

    def _places_of(self, number: int, source: bool = False) -> list[QRect]:
        """Where a map is seen, or its input channel: among the others, and enlarged."""
        stage = self._source_stage if source else self._stage
        tile = self.source_place(number) if source else self.place(number)
        places = [] if self._alone() or tile is None else [tile]
        return [*places, stage] if stage is not None and number == self._chosen else places

    # --- what the user does

    def _point(self, spot: Spot | None) -> None:
        if spot == self._spot:
            return
        self._spot = spot
        self.update()
        self.pointed.emit(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._spot_at(event.position().toPoint()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._point(self._spot_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self._spot_at(event.position().toPoint())
        stages = (self._stage, self._source_stage)
        on_stage = any(stage is not None and stage.contains(event.position().toPoint()) for stage in stages)
        if spot is None or on_stage:
            if self._chosen is not None:
                self.enlarged.emit(None)
        else:
            self._current = spot.number
            self.enlarged.emit(None if spot.number == self._chosen else spot.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if key in steps and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_spot(*steps[Qt.Key(key)])
        elif key in steps:
            rows, columns = steps[Qt.Key(key)]
            self._go_to(self._positions[self._current] + rows * self._grid.columns + columns)
        elif key == Qt.Key.Key_Home:
            self._go_to(0)
        elif key == Qt.Key.Key_End:
            self._go_to(self._shape[0] - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.enlarged.emit(None if self._chosen == self._current else self._current)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self.enlarged.emit(None)
        else:
            super().keyPressEvent(event)

    def _go_to(self, position: int) -> None:
        if not 0 <= position < self._shape[0] or self._order[position] == self._current:
            return
        number = self._current = self._order[position]
        self.update()
        if self._chosen is not None:
            self.enlarged.emit(number)
            return
        self.walked.emit(number)
        if self._spot is not None:
            self._point(Spot(number, self._spot.row, self._spot.column))

    def _move_spot(self, rows: int, columns: int) -> None:
        _, height, width = self._shape
        old = self._spot if self._spot is not None and self._spot.number == self._current else None
        if old is None:
            self._point(Spot(self._current, height // 2, width // 2))
            return
        row, column = min(max(old.row + rows, 0), height - 1), min(max(old.column + columns, 0), width - 1)
        self._point(Spot(self._current, row, column))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._dead_tip:
            spot = self._spot_at(event.pos())
            tiles = self._tiles
            if spot is not None and tiles is not None and spot.number < tiles.count and tiles.dead[spot.number]:
                place = next(place for place in self._places_of(spot.number, spot.source) if place.contains(event.pos()))
                QToolTip.showText(event.globalPos(), self._dead_tip, self, place)
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _image(tiles: Wall) -> QImage:
    """The sheet of tiles as Qt paints it, in the array's own memory: the Wall must be kept as long as the image."""
    height, width = tiles.pixels.shape
    return QImage(tiles.pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _cut(tiles: Wall, number: int, *, source: bool = False) -> QRect:
    """Where a map's tile, or its input channel's, lies in the sheet of tiles."""
    height, width = tiles.tile
    row, column = divmod(number if tiles.sources is None else 2 * number + (not source), tiles.columns)
    return QRect(column * width, row * height, width, height)


def _paint_chip(painter: QPainter, tile: QRect, text: str) -> None:
    measure = painter.fontMetrics()
    chip = QRect(tile.left() + 2, 0, measure.horizontalAdvance(text) + 6, measure.ascent() + 2)
    chip.moveBottom(tile.bottom() - 2)
    painter.fillRect(chip, _CHIP)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
