"""The gates and states of one direction of a recurrent layer as heat maps, unit x time step, under the input that they belong
to.

One painted widget: its maps are images that are made when an answer comes, so that it is live at display rate. It is shown a
`GatesAnswer` and knows neither workers nor models. Called by the page of the gates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.colours import diverging, viridis
from engine.figures import fixed, full_count, in_digits, typeset, whole_percent
from engine.sequences.gate_probe import GatesAnswer, gate_shares
from engine.sequences.opened import ArrayName, OpenedDirection
from gui.labs.sequence.gates.gate_images import COLOURS, GATES, GateImage, arrays_of, gate_image, levels_of_unit, shown_row
from gui.labs.sequence.gates.gate_places import GatePlaces, MapBand, gate_places
from gui.labs.sequence.gates.gate_words import array_name, joined_said
from gui.labs.sequence.gates.input_lane import has_lines, input_said, letters_place, line_over_time, paint_input
from gui.labs.sequence.sequence_look import SequenceLook, clipped, looked_at
from gui.shell.theme import font, restyle_when_seen, theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)
FAR = 10  # steps of PgUp and PgDn
LEAST_FRAME_PX = 5.0  # a smaller cell is framed as large as that
LINE_PX = 15.0  # of the small texts beside a map
FIGURE_PX = 44.0  # between two figures of the time axis, at least


class GateMaps(QWidget):
    """`show_gates` shows a layer's direction, `set_look` which cell is looked at. `cell_chosen`: time step, unit and array, by
    the user's hand, all as in the arrays. `resized`: there is room for other cells than before."""

    cell_chosen = Signal(int, int, str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer: GatesAnswer | None = None
        self.direction: OpenedDirection | None = None
        self.order: NDArray[np.int64] | None = None
        self.look = SequenceLook()
        self.images: dict[ArrayName, GateImage] = {}
        self._pictures: dict[ArrayName, QImage] = {}
        self._shares: dict[ArrayName, str] = {}
        self._pointed: tuple[int, int, ArrayName] | None = None
        self._empty = ""
        self.setMinimumSize(QSize(150, 150))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        restyle_when_seen(self, self._restyle)

    # --- what is shown

    def show_gates(
        self, answer: GatesAnswer | None, direction: OpenedDirection | None, order: NDArray[np.int64] | None = None
    ) -> None:
        """Show `direction` of `answer`, its units in `order` from top to bottom; None: as torch numbers them."""
        self.answer, self.direction = answer, direction
        self._shares.clear()
        self.order = None if direction is None or order is None or len(order) != direction.units else order
        self._make_images()
        self._tell()
        self.update()

    def set_look(self, look: SequenceLook) -> None:
        if look != self.look:
            self.look = look
            self._tell()
            self.update()

    def set_empty(self, text: str) -> None:
        """What is said where there is nothing to show."""
        if text != self._empty:
            self._empty = text
            self.update()

    @property
    def names(self) -> tuple[ArrayName, ...]:
        return () if self.direction is None else arrays_of(self.direction)

    @property
    def t(self) -> int:
        """The time step that is looked at."""
        direction = self.direction
        return 0 if direction is None else looked_at(self.look.t, direction.steps, backward=direction.backward)

    @property
    def gate(self) -> ArrayName | None:
        """The array that is looked at: the one that was pointed at, or the last one of the maps but one, an LSTM's cell
        state."""
        if self.direction is None:
            return None
        found: ArrayName | None = next((name for name in self.names if name == self.look.gate), None)
        return found or ("c" if "c" in self.names else "h")

    def unit_in(self, name: ArrayName) -> int | None:
        """The unit that is looked at, as a column of that array; None: it has no such column. A projected state has columns of
        its own, which belong to no unit."""
        if self.direction is None:
            return None
        if self._is_projected and (name == "h") != (self.gate == "h"):
            return None
        return clipped(self.look.unit, self.direction.arrays[name].shape[1])

    @property
    def _is_projected(self) -> bool:
        return self.direction is not None and self.direction.weight_hr is not None

    def places(self) -> GatePlaces:
        steps = 1 if self.direction is None else self.direction.steps
        return gate_places(float(self.width()), float(self.height()), steps, len(self.names))

    def _make_images(self) -> None:
        self.images, self._pictures = {}, {}
        if self.direction is None:
            return
        places = self.places()
        columns = max(int(places.right - places.left), 1)
        for name, band in zip(self.names, places.maps, strict=True):
            values = self.direction.arrays[name]
            order = None if self._is_projected and name == "h" else self.order
            self.images[name] = image = gate_image(name, values, order, columns, max(int(band.height), 1))
            self._pictures[name] = _picture(image)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.answer is None or self.direction is None:
            painter.setFont(font(13))
            painter.setPen(theme().muted)
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(24, 8, -24, -8), flags, self._empty)
            return
        places = self.places()
        self._paint_input(painter, places, self.answer)
        for name, band in zip(self.names, places.maps, strict=True):
            area = QRectF(places.left, band.top, places.right - places.left, band.height)
            painter.drawImage(area, self._pictures[name])
            self._paint_name(painter, places, name, band)
        if places.unit is not None:
            self._paint_unit(painter, places, places.unit)
        self._paint_frame(painter, places)
        self._paint_axis(painter, places)
        if self.hasFocus():
            painter.setPen(QPen(theme().accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_input(self, painter: QPainter, places: GatePlaces, answer: GatesAnswer) -> None:
        paint_input(painter, places, answer, self.t)
        if not places.named:
            return
        said, now = input_said(answer), theme()
        row = places.input.height / 3
        lines = has_lines(answer)
        for number, text in enumerate(said):
            top = places.input.top + number * row
            painter.setFont(font(11 if row < 16 else 13 if number == 0 else 12))
            painter.setPen(now.text if number == 0 else now.muted)
            left = 2.0
            if lines and number:
                pen = QPen(now.curves[number - 1], 1)
                if number == 2:
                    pen.setDashPattern([4.0, 3.0])
                painter.setPen(pen)
                painter.drawLine(QPointF(2, top + row / 2), QPointF(20, top + row / 2))
                painter.setPen(now.muted)
                left = 26.0
            place = QRectF(left, top, places.left - left - 6, row)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_name(self, painter: QPainter, places: GatePlaces, name: ArrayName, band: MapBand) -> None:
        """The array's name, the values of its first and last colour, and of a gate the shares of its values at both ends."""
        now = theme()
        room = QRectF(2, band.top, places.left - 8, band.height)
        painter.setPen(now.text)
        painter.setFont(font(13, bold=name == self.gate))
        if not places.named:
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            return
        lines = [name if self.direction is None else array_name(self.direction, name)]
        if band.height >= 2 * LINE_PX:
            lines.append(self._range_said(name))
        if band.height >= 3 * LINE_PX + 4 and name in GATES and self.direction is not None:
            lines.append(self._shares_said(name, self.direction))
        top = band.top + max((band.height - len(lines) * LINE_PX) / 2 - 2, 0)
        for number, text in enumerate(lines):
            if number:
                painter.setFont(font(11))
                painter.setPen(now.muted)
            painter.drawText(QRectF(room.left(), top + number * LINE_PX, room.width(), LINE_PX + 4), LEFT, text)

    def _shares_said(self, name: ArrayName, direction: OpenedDirection) -> str:
        """The shares of a gate's values at both ends, counted once for each answer."""
        if name not in self._shares:
            closed, opened = map(whole_percent, gate_shares(direction.arrays[name]))
            self._shares[name] = f"<0.1 {closed} · >0.9 {opened}"
        return self._shares[name]

    def _range_said(self, name: ArrayName) -> str:
        image = self.images[name]
        low, high = (typeset(in_digits(value)) for value in image.levels[:2])
        return f"≤ {low} … ≥ {high}" if image.beyond else f"{low} … {high}"

    def _paint_unit(self, painter: QPainter, places: GatePlaces, band: MapBand) -> None:
        """The chosen unit as a curve over time."""
        name, now = self.gate, theme()
        if name is None or self.direction is None or (unit := self.unit_in(name)) is None:
            return
        levels = levels_of_unit(self.images[name].levels, self.direction.arrays[name][:, unit])
        area = QRectF(places.left, band.top, places.right - places.left, band.height)
        painter.setPen(QPen(now.grid, 1))
        painter.fillRect(area, now.ground)
        middle = band.bottom - 3 - (0 - levels.low) / (levels.high - levels.low) * (band.height - 6)
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.curves[2], 1))
        values = self.direction.arrays[name][:, unit]
        painter.drawPath(line_over_time(places, values, (levels.low, levels.high), band))
        painter.restore()
        if places.named:
            self._paint_unit_name(painter, places, band, name, unit)

    def _paint_unit_name(self, painter: QPainter, places: GatePlaces, band: MapBand, name: ArrayName, unit: int) -> None:
        assert self.direction is not None
        now = theme()
        said = self.tr("Unit {unit}: {name}").format(unit=full_count(unit + 1), name=name)
        value = f"t = {full_count(self.t + 1)}: {fixed(float(self.direction.arrays[name][self.t, unit]))}"
        painter.setFont(font(13))
        painter.setPen(now.text)
        painter.drawText(QRectF(2, band.top + 4, places.left - 8, LINE_PX + 4), LEFT, said)
        painter.setFont(font(11))
        painter.setPen(now.muted)
        painter.drawText(QRectF(2, band.top + 4 + LINE_PX + 3, places.left - 8, LINE_PX + 4), LEFT, value)

    def _paint_frame(self, painter: QPainter, places: GatePlaces) -> None:
        """The chosen time step through all lanes, around its characters where it has some; the chosen unit in each map."""
        begin, end = places.span(self.t)
        amber = QColor(theme().window)
        middle = (begin + end) / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lanes = [band for band in (places.input, places.unit) if band is not None]
        if self.answer is not None and (letters := letters_place(places, self.answer, self.t)) is not None:
            painter.setPen(QPen(amber, 1))
            painter.drawRect(letters)
            lanes.remove(places.input)
        painter.setPen(QPen(amber, 2))
        if lanes:
            painter.drawLine(QPointF(middle, lanes[0].top), QPointF(middle, lanes[-1].bottom))
        wide = max(end - begin, 3.0)
        for name, band in zip(self.names, places.maps, strict=True):
            painter.setPen(QPen(amber, 1))
            column = QRectF(middle - wide / 2, band.top, wide, band.height - 1)
            painter.drawRect(column)
            if (unit := self.unit_in(name)) is not None:
                painter.setPen(QPen(amber, 2))
                painter.drawRect(self.cell_area(places, name, band, unit, middle))

    def cell_area(self, places: GatePlaces, name: ArrayName, band: MapBand, unit: int, middle: float) -> QRectF:
        """The frame around the chosen cell of a map."""
        begin, end = places.span(self.t)
        image = self.images[name]
        order = None if self._is_projected and name == "h" else self.order
        row = shown_row(unit, order) // image.units
        each = band.height / len(image.pixels)
        top = band.top + row * each
        wide, high = max(end - begin, LEAST_FRAME_PX), max(each, LEAST_FRAME_PX)
        return QRectF(middle - wide / 2, top + each / 2 - high / 2, wide, high)

    def _paint_axis(self, painter: QPainter, places: GatePlaces) -> None:
        """Time steps, counted from 1, at round numbers, and the chosen one."""
        painter.setFont(font(11))
        metrics = painter.fontMetrics()
        steps, chosen = places.steps, self.t + 1
        stride = _stride(steps, (places.right - places.left) / FIGURE_PX)
        taken: list[tuple[float, float]] = []
        figures = [chosen, 1, *range(stride, steps + 1, stride)]
        for number in figures:
            begin, end = places.span(number - 1)
            text = f"t = {full_count(number)}" if number == chosen else full_count(number)
            wide = metrics.horizontalAdvance(text)
            left = min(max((begin + end) / 2 - wide / 2, places.left), places.right - wide)
            if any(left < after + 6 and before < left + wide + 6 for before, after in taken):
                continue
            taken.append((left, left + wide))
            painter.setPen(theme().text if number == chosen else theme().muted)
            painter.drawText(QRectF(left, places.axis, wide + 2, 14), LEFT, text)

    def _restyle(self) -> None:
        self._make_images()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_images()
        self._tell()
        self.resized.emit()

    # --- the cell under the pointer

    def cell_at(self, point: QPointF) -> tuple[int, int, ArrayName] | None:
        """Time step, column and array at a pixel of a map; over the lanes above, of the array that is looked at."""
        if self.direction is None:
            return None
        places = self.places()
        if not places.left <= point.x() < places.right:
            return None
        t = places.step_at(point.x())
        number = places.map_at(point.y())
        if number is None:
            gate = self.gate
            above = places.input.top <= point.y() < (places.unit or places.input).bottom
            return (t, self.look.unit, gate) if above and gate is not None else None
        name, band = self.names[number], places.maps[number]
        image = self.images[name]
        row = int((point.y() - band.top) / band.height * len(image.pixels)) * image.units
        columns = self.direction.arrays[name].shape[1]
        order = None if self._is_projected and name == "h" else self.order
        row = clipped(row, columns)
        return t, row if order is None else int(order[row]), name

    def said_of(self, t: int, unit: int, name: ArrayName) -> str:
        """A cell in words: what it is, and its value."""
        assert self.direction is not None
        values = self.direction.arrays[name]
        unit = clipped(unit, values.shape[1])
        text = self.tr("{name} · unit {unit} · t = {t}: {value}").format(
            name=array_name(self.direction, name),
            unit=full_count(unit + 1),
            t=full_count(t + 1),
            value=fixed(float(values[t, unit])),
        )
        image = self.images[name]
        joined = joined_said(image)
        return f"{text}\n{joined}" if joined else text

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(*cell)
        if cell != self._pointed:
            self._pointed = cell
            if cell is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPosition().toPoint() + QPoint(8, 12), self.said_of(*cell), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(*cell)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointed = None
        super().leaveEvent(event)

    def _choose(self, t: int, unit: int, name: ArrayName) -> None:
        if (t, unit, name) != (self.look.t, self.look.unit, self.look.gate):
            self.cell_chosen.emit(t, unit, name)

    # --- keys

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in KEYS
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction, name = self.direction, self.gate
        if direction is None or name is None or event.key() not in KEYS:
            super().keyPressEvent(event)
            return
        columns = direction.arrays[name].shape[1]
        unit = self.unit_in(name) or 0
        order = None if self._is_projected and name == "h" else self.order
        t, row = self.t, shown_row(unit, order)
        match event.key():
            case Qt.Key.Key_Left:
                t -= 1
            case Qt.Key.Key_Right:
                t += 1
            case Qt.Key.Key_Up:
                row -= 1
            case Qt.Key.Key_Down:
                row += 1
            case Qt.Key.Key_Home:
                t = 0
            case Qt.Key.Key_End:
                t = direction.steps - 1
            case Qt.Key.Key_PageUp:
                t -= FAR
            case _:
                t += FAR
        row = clipped(row, columns)
        self._choose(clipped(t, direction.steps), row if order is None else int(order[row]), name)

    def _tell(self) -> None:
        """For a screen reader."""
        name = self.gate
        if self.direction is None or name is None:
            self.setAccessibleDescription(self._empty)
            return
        self.setAccessibleDescription(self.said_of(self.t, self.look.unit, name))


def _picture(image: GateImage) -> QImage:
    """The cells of a map in their colours, one pixel each."""
    colours = diverging() if image.levels.signed else viridis()
    table = np.empty(256, np.uint32)
    table[:COLOURS] = colours[np.linspace(0, 255, COLOURS).round().astype(np.intp)]
    table[COLOURS:] = np.uint32(theme().muted.rgb())
    pixels = np.ascontiguousarray(table[image.pixels])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _stride(steps: int, figures: float) -> int:
    """Every how many time steps a figure stands: 1, 2, 5, 10, ..."""
    wanted = steps / max(figures, 1.0)
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= wanted:
                return factor * power
        power *= 10
