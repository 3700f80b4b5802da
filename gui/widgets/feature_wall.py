"""The wall: every feature map as a tile, live. Called by the labs that show maps.

It knows where tiles stand and what is under the cursor; the tiles themselves arrive painted (`engine.feature_maps.Wall`). Its
owner asks `plan` how large tiles should be, has them made, and hands them to `show_tiles`. Until new ones arrive the old ones
stay, fitted to the new places, so that nothing flickers while a slider is dragged.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.feature_maps import Wall
from gui.shell.theme import THEME, font, theme
from gui.widgets.tiling import GAP, aspect_of, tiled

NUMBERED = 26  # px: a smaller tile carries no number
_BOX = QColor(0, 0, 0, 210)
_CHIP = QColor(0, 0, 0, 150)  # under a number: the same in both themes, as the maps' colours are


@dataclass(frozen=True)
class Plan:
    """What the wall wants to be given: all maps as tiles of (height, width) pixels of the screen, `columns` in a row of the
    picture, and with an enlarged map that one at `large`."""

    tile: tuple[int, int]
    columns: int
    enlarged: int | None
    large: tuple[int, int] | None


@dataclass(frozen=True)
class Spot:
    """A cell of a map."""

    number: int
    row: int
    column: int


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
        self._chosen: int | None = None
        self._current = 0
        self._spot: Spot | None = None
        self._tiles: Wall | None = None
        self._large: Wall | None = None
        self._pictures: tuple[QImage, QImage | None] | None = None
        self._ringed = False
        self._placeholder = self._read_out = ""
        self._unpainted = False
        self._grid = tiled(1, (1, 1), self.rect())
        self._stage: QRect | None = None
        THEME.changed.connect(self.update)

    # --- what is shown

    def set_maps(self, shape: tuple[int, int, int], chosen: int | None = None) -> None:
        """The maps' shape (C, H, W), and which one is enlarged. Tiles of the maps so far stay until `show_tiles`."""
        if (shape, chosen) == (self._shape, self._chosen):
            return
        self._shape, self._chosen = shape, chosen
        self._current = min(self._current if chosen is None else chosen, shape[0] - 1)
        self._arrange()

    def set_current(self, number: int) -> None:
        """Put the keyboard on a map; it keeps a ring, also without the focus, as the one that something else shows too."""
        self._ringed = True
        if number != self._current and number < self._shape[0]:
            self._current = number
            self.update()

    def show_tiles(self, tiles: Wall, large: Wall | None) -> None:
        self._tiles, self._large = tiles, large
        self._pictures = (_image(tiles), _image(large) if large is not None else None)
        self._unpainted = True
        if self._spot is not None and not self._holds(self._spot):
            self._point(None)
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

    @property
    def read_out(self) -> str:
        return self._read_out

    @property
    def current(self) -> int:
        """The map that the keyboard is on."""
        return self._current

    @property
    def spot(self) -> Spot | None:
        return self._spot

    def plan(self) -> Plan:
        ratio = self.devicePixelRatioF()

        def pixels(size: QSize) -> tuple[int, int]:
            return round(size.height() * ratio), round(size.width() * ratio)

        large = pixels(self._stage.size()) if self._stage is not None else None
        return Plan(pixels(self._grid.tile), self._grid.columns, self._chosen, large)

    def place(self, number: int) -> QRect:
        """Where a map's tile stands."""
        return self._grid.place(number)

    @property
    def stage(self) -> QRect | None:
        """Where the enlarged map stands."""
        return self._stage

    # --- places

    def _arrange(self) -> None:
        count, height, width = self._shape
        area = self.rect()
        self._stage = None
        if self._chosen is not None:
            aspect = aspect_of((height, width))
            share = area.width() if count == 1 else area.width() * 0.62
            across = max(1, min(int(share), int(area.height() * aspect)))
            down = max(1, min(area.height(), int(across / aspect)))
            left = (area.width() - across) // 2 if count == 1 else 0
            self._stage = QRect(left, (area.height() - down) // 2, across, down)
            area = area.adjusted(across + 2 * GAP, 0, 0, 0) if count > 1 else QRect(0, 0, 1, 1)
        self._grid = tiled(count, (height, width), area)
        self.update()
        self.rearranged.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def _spot_at(self, point: QPoint) -> Spot | None:
        """The cell under `point`, by where it is painted: never a value of a pixel."""
        number: int | None
        if self._stage is not None and self._stage.contains(point):
            number, place = self._chosen, self._stage
        else:
            number = None if self._alone() else self._grid.at(point)
            place = self._grid.place(number) if number is not None else QRect()
        if number is None:
            return None
        _, height, width = self._shape
        row = (point.y() - place.top()) * height // place.height()
        column = (point.x() - place.left()) * width // place.width()
        return Spot(number, min(row, height - 1), min(column, width - 1))

    def _alone(self) -> bool:
        return self._chosen is not None and self._shape[0] == 1

    def _holds(self, spot: Spot) -> bool:
        count, height, width = self._shape
        return spot.number < count and spot.row < height and spot.column < width

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        numbers = range(0 if self._alone() else self._shape[0])
        if self._tiles is None or self._pictures is None:
            self._paint_placeholder(painter)
            return
        sheet, large = self._pictures
        for number in numbers:
            place = self._grid.place(number)
            if number < self._tiles.count:
                painter.drawImage(place, sheet, self._cut(number))
            else:
                painter.fillRect(place, theme().grid)
        if self._stage is not None:
            if large is not None and self._large is not None and self._large.first == self._chosen:
                painter.drawImage(self._stage, large)
            elif self._chosen is not None and self._chosen < self._tiles.count:
                painter.drawImage(self._stage, sheet, self._cut(self._chosen))
        self._paint_numbers(painter, numbers)
        self._paint_rings(painter)
        if self._spot is not None and self._read_out:
            self._paint_read_out(painter, self._spot)
        if self._unpainted:
            self._unpainted = False
            self.tiles_painted.emit()

    def _cut(self, number: int) -> QRect:
        """A tile's place in the sheet of tiles."""
        assert self._tiles is not None
        height, width = self._tiles.tile
        row, column = divmod(number, self._tiles.columns)
        return QRect(column * width, row * height, width, height)

    def _paint_placeholder(self, painter: QPainter) -> None:
        now = theme()
        for number in range(0 if self._alone() else self._shape[0]):
            painter.fillRect(self._grid.place(number), now.grid)
        if self._stage is not None:
            painter.fillRect(self._stage, now.grid)
        painter.setFont(font(13))
        painter.setPen(now.muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._placeholder)

    def _paint_numbers(self, painter: QPainter, numbers: range) -> None:
        painter.setPen(Qt.GlobalColor.white)
        small = min(self._grid.tile.width(), self._grid.tile.height())
        if small >= NUMBERED:
            painter.setFont(font(11 if small >= 56 else 9))
            for number in numbers:
                _paint_chip(painter, self._grid.place(number), str(number))
        if self._stage is not None:
            painter.setFont(font(11))
            _paint_chip(painter, self._stage, str(self._chosen))

    def _paint_rings(self, painter: QPainter) -> None:
        now = theme()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._chosen is not None and not self._alone():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(self._grid.place(self._chosen).adjusted(-1, -1, 1, 1))
        elif (self.hasFocus() or (self._ringed and self._shape[0] > 1)) and not self._alone():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(self._grid.place(self._current).adjusted(-1, -1, 1, 1))
        if self._spot is None:
            return
        _, height, width = self._shape
        for place in self._places_of(self._spot.number):
            left = place.left() + self._spot.column * place.width() // width
            top = place.top() + self._spot.row * place.height() // height
            across, down = max(3, -(-place.width() // width)), max(3, -(-place.height() // height))
            painter.setPen(QPen(now.window, 2 if across > 6 else 1))
            painter.drawRect(QRect(left, top, across, down).adjusted(-1, -1, 0, 0))

    def _paint_read_out(self, painter: QPainter, spot: Spot) -> None:
        """Beside the cell, on the side where there is room."""
        place = self._places_of(spot.number)[-1]
        _, height, width = self._shape
        painter.setFont(font(12))
        size = QSize(painter.fontMetrics().horizontalAdvance(self._read_out) + 14, 22)
        right = place.left() + (spot.column + 1) * place.width() // width
        below = place.top() + (spot.row + 1) * place.height() // height
        left = right + 8 if right + 8 + size.width() <= self.width() else right - 16 - size.width()
        top = below + 8 if below + 8 + size.height() <= self.height() else below - 16 - size.height()
        box = QRect(QPoint(max(0, left), max(0, top)), size)
        painter.fillRect(box, _BOX)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._read_out)

    def _places_of(self, number: int) -> list[QRect]:
        places = [] if self._alone() else [self._grid.place(number)]
        if self._stage is not None and number == self._chosen:
            places.append(self._stage)
        return places

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
        on_stage = self._stage is not None and self._stage.contains(event.position().toPoint())
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
            self._go_to(self._current + rows * self._grid.columns + columns)
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

    def _go_to(self, number: int) -> None:
        if not 0 <= number < self._shape[0] or number == self._current:
            return
        self._current = number
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


def _paint_chip(painter: QPainter, tile: QRect, text: str) -> None:
    measure = painter.fontMetrics()
    chip = QRect(tile.left() + 2, 0, measure.horizontalAdvance(text) + 6, measure.ascent() + 2)
    chip.moveBottom(tile.bottom() - 2)
    painter.fillRect(chip, _CHIP)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
