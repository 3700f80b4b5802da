"""The scrubber of a timeline: small pictures of the network at moments of the run, over a groove with a handle.

Each moment of the whole run has its place from the beginning, also those that will come: what is there never moves. Called by
the timeline's card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from engine.colours import diverging
from gui.running.timeline.moment_pictures import MomentPicture, Mosaic, PlaneMosaic
from gui.shell.theme import THEME, theme
from gui.widgets.labels import fill_ground

SIDE_PX = 33  # of a picture
GAP_PX = 7
HANDLE_PX = 6.0  # radius
GROOVE_PX = 4
BELOW_PX = 18  # under the pictures: groove and handle
PAGE = 10  # moments of the page keys
USUAL = 0.95  # the share of a picture's weights that the colours reach to: a few are soon far larger than all others
STRENGTH = 0.75  # of a class's colour where a network is certain: of so small a picture more than of the page's


class MomentStrip(QSlider):
    """Its value is the number of a moment among all that the run will have. Left and right go to the next one, the page keys
    ten further, Home and End to the first and the last that is kept."""

    chosen = Signal(int)  # the number of a moment, by the user
    pictures_wanted = Signal()  # `shown_steps` have become others

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._steps: tuple[int, ...] = ()  # of all moments, kept or to come
        self._kept = 0
        self._pictures: dict[int, MomentPicture] = {}  # by step
        self._images: dict[int, QImage] = {}
        self._layout: tuple[list[QRectF], list[int]] | None = None  # of the pictures: their places, and the moment of each
        self._most = 0.0  # that the colours reach to: all pictures have the same
        self._is_past = False
        self._has_pictures = True
        self.setSingleStep(1)
        self.setPageStep(PAGE)
        self.setTracking(True)
        self.setFixedHeight(SIDE_PX + BELOW_PX + 2)
        self.setMinimumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setEnabled(False)  # there is no moment yet
        self.actionTriggered.connect(self._moved_by_hand)
        THEME.changed.connect(self._restyle)

    # --- what it shows

    def set_moments(self, steps: Sequence[int], kept: int) -> None:
        """`steps` are those of all moments of the run, of which the first `kept` are there."""
        before = self._steps, self._kept
        self._steps, self._kept = tuple(steps), kept
        if before == (self._steps, kept):
            return
        if before[0] != self._steps:
            self._layout = None
            self.setRange(0, max(0, len(steps) - 1))
        self.setEnabled(kept > 0)
        self.update()
        self.pictures_wanted.emit()

    def set_place(self, number: int, *, is_past: bool) -> None:
        """Put the handle on a moment, without telling anybody."""
        if is_past != self._is_past:
            self._is_past = is_past
            self.update()
        self.setValue(number)

    def set_pictures_shown(self, shown: bool) -> None:
        """Pictures over the groove, or the groove alone."""
        self._has_pictures = shown
        self._layout = None
        self.setFixedHeight(self._groove_top + BELOW_PX)
        self.pictures_wanted.emit()
        self.update()

    @property
    def _groove_top(self) -> int:
        return SIDE_PX + 2 if self._has_pictures else 2

    def forget_pictures(self) -> None:
        self._pictures.clear()
        self._images.clear()
        self._most = 0.0
        self.update()

    def shown_steps(self) -> tuple[int, ...]:
        """The steps of the kept moments that have a place for their picture."""
        return tuple(self._steps[number] for number in self._placed()[1] if number < self._kept)

    def missing_steps(self) -> tuple[int, ...]:
        return tuple(step for step in self.shown_steps() if step not in self._pictures)

    def add_pictures(self, pictures: Mapping[int, MomentPicture]) -> None:
        self._pictures |= pictures
        mosaics = [picture for picture in pictures.values() if not isinstance(picture, PlaneMosaic)]
        finite = [np.abs(picture[np.isfinite(picture)]) for picture in mosaics]
        most = max((float(np.quantile(sizes, USUAL, method="higher")) for sizes in finite if sizes.size), default=0.0)
        if most > self._most:
            self._most = most
            self._images.clear()
        self.update()

    def picture(self, step: int) -> QImage | None:
        """How the moment's picture looks; one pixel a weight, or a place of the plane."""
        if step not in self._images and step in self._pictures:
            picture = self._pictures[step]
            self._images[step] = _plane_image(picture) if isinstance(picture, PlaneMosaic) else _image(picture, self._most)
        return self._images.get(step)

    @Slot()
    def _restyle(self) -> None:
        """Of a plane the colours are the theme's."""
        self._images.clear()
        self.update()

    # --- places

    def place(self, number: int) -> float:
        """Where the moment lies, in pixels from the left."""
        room = self.width() - 2 * HANDLE_PX
        return HANDLE_PX + room * number / max(1, len(self._steps) - 1)

    def number_at(self, x: float) -> int:
        """The moment that is nearest to that many pixels from the left."""
        room = max(1.0, self.width() - 2 * HANDLE_PX)
        last = len(self._steps) - 1
        return min(max(round((x - HANDLE_PX) / room * last), 0), max(0, last))

    def _placed(self) -> tuple[list[QRectF], list[int]]:
        """The places of the pictures, and the moment of each. They change with the width and with the length of the run."""
        if self._layout is None:
            self._layout = self._areas(), self._numbers()
        return self._layout

    def _areas(self) -> list[QRectF]:
        """The places of the pictures."""
        if not self._has_pictures:
            return []
        count = max(1, int((self.width() + GAP_PX) // (SIDE_PX + GAP_PX)))
        pitch = self.width() / count
        return [QRectF(round(pitch * index + (pitch - SIDE_PX) / 2), 1, SIDE_PX, SIDE_PX) for index in range(count)]

    def _numbers(self) -> list[int]:
        """The moment of each picture. Of few moments each has one picture only."""
        found = [self.number_at(area.center().x()) for area in self._areas()] if self._steps else []
        return [number if position == found.index(number) else len(self._steps) for position, number in enumerate(found)]

    # --- by hand

    @Slot(int)
    def _moved_by_hand(self, _action: int) -> None:
        """A key, or the wheel. What is not there yet cannot be reached."""
        if self._kept:
            self.setSliderPosition(min(self.sliderPosition(), self._kept - 1))
            self.chosen.emit(self.sliderPosition())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go_to(self, event: QMouseEvent) -> None:
        if self._kept:
            number = min(self.number_at(event.position().x()), self._kept - 1)
            self.setValue(number)
            self.chosen.emit(number)

    # --- drawing

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._layout = None
        self.pictures_wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_ground(self)
        painter = QPainter(self)
        now = theme()
        here = self.place(self.value())
        under: QRectF | None = None
        for area, number in zip(*self._placed(), strict=False):
            image = self.picture(self._steps[number]) if number < self._kept else None
            if image is None:
                painter.fillRect(area, now.grid)
            else:
                self._draw_picture(painter, area, image)
            if self._kept and number < self._kept and (under is None or _distance(area, here) < _distance(under, here)):
                under = area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if under is not None and self._is_past:
            painter.setPen(QPen(now.accent, 2))
            painter.drawRoundedRect(under.adjusted(-1, 0, 1, 1), 2, 2)
        self._draw_groove(painter, here)

    @staticmethod
    def _draw_picture(painter: QPainter, area: QRectF, image: QImage) -> None:
        """At a whole number of pixels a weight, in the middle; a larger one smaller."""
        painter.fillRect(area, theme().panel)
        scale = min(area.width() / image.width(), area.height() / image.height())
        scale = float(int(scale)) if scale >= 1 else scale
        width, height = image.width() * scale, image.height() * scale
        left, top = int(area.left() + (area.width() - width) / 2), int(area.top() + (area.height() - height) / 2)
        painter.drawImage(QRectF(left, top, width, height), image)

    def _draw_groove(self, painter: QPainter, here: float) -> None:
        now = theme()
        middle = self._groove_top + BELOW_PX / 2
        painter.setPen(Qt.PenStyle.NoPen)
        last = self.place(max(0, self._kept - 1))
        colour = now.accent if self._is_past else QColor(now.muted)
        for until, brush in ((self.width() - HANDLE_PX, now.grid), (last, now.groove), (here, colour)):
            if self._kept or brush == now.grid:
                painter.setBrush(brush)
                left = QRectF(HANDLE_PX, middle - GROOVE_PX / 2, max(0.0, until - HANDLE_PX), GROOVE_PX)
                painter.drawRoundedRect(left, GROOVE_PX / 2, GROOVE_PX / 2)
        if self._kept:
            painter.setPen(QPen(colour, 2))
            painter.setBrush(now.panel)
            painter.drawEllipse(QPointF(here, middle), HANDLE_PX - 1, HANDLE_PX - 1)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(now.accent, 1))
                painter.drawRoundedRect(QRectF(0.5, self._groove_top + 0.5, self.width() - 1, BELOW_PX - 1), 4, 4)


def _distance(area: QRectF, x: float) -> float:
    return abs(area.center().x() - x)


def _image(picture: Mosaic, most: float) -> QImage:
    """Blue for negative weights, red for positive ones; nothing between the filters."""
    table = diverging()
    height, width = picture.shape
    gaps = np.isnan(picture)
    share = np.clip(np.where(gaps, 0.0, picture) / np.float32(most or 1.0), -1.0, 1.0)  # also of weights without end
    cells = table[np.clip(np.rint(127.5 + 127.5 * share), 0, 255).astype(np.uint8)]
    cells[gaps] = 0
    return QImage(np.ascontiguousarray(cells).data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def _plane_image(picture: PlaneMosaic) -> QImage:
    """Each place in the colour of its class, as strongly as the network is certain of it."""
    now = theme()
    ground = _rgb(now.panel)
    colours = np.array(
        [_rgb(now.curves[number % len(now.curves)]) for number in range(int(picture.classes.max(initial=0)) + 1)]
    )
    share = STRENGTH * picture.certainty[..., None]
    cells = np.full((*picture.classes.shape, 4), 255, np.uint8)
    cells[..., :3] = np.rint(ground + share * (colours[picture.classes] - ground))
    height, width = picture.classes.shape
    return QImage(cells.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _rgb(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
