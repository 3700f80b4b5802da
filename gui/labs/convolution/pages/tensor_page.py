"""The picture as the tensor that a layer reads: its numbers channel by channel, their order in memory (CHW against HWC), and
what a batch adds.

One number is looked at, in all places at once: the one that the scene's window is around, or the one under the pointer. The
page keeps no state of the lab. Called by the convolution lab.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.cells.memory_order import ORDERS, Order, PictureIndex, index_of, strides
from engine.figures import binary_size, full_count
from engine.layers.base import FLOAT32_BYTES
from gui.labs.convolution.pages.channel_grids import ChannelGrids
from gui.labs.convolution.pages.memory_strip import MemoryStrip
from gui.shell.theme import THEME, font, theme
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.labels import label, set_text

MOST_SAMPLES = 8
SIDE_PX = 226  # of the column about the batch
BLOCK_PX = 24
GAP_PX = 10  # between the parts of a formula
_SYMBOLS: dict[Order, str] = {"CHW": "n·C·H·W + c·H·W + h·W + w", "HWC": "n·H·W·C + h·W·C + w·C + c"}


class BatchBlocks(QWidget):
    """The samples of a batch in the order in which they lie in memory; one of them is looked at."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(BLOCK_PX)
        self._samples, self._sample = 1, 0
        THEME.changed.connect(self.update)

    def show_batch(self, samples: int, sample: int) -> None:
        self._samples, self._sample = samples, sample
        self.setAccessibleDescription(f"n = {sample} / {samples}")
        self.update()

    def place(self, sample: int) -> QRect:
        ends = [self.width() * number // self._samples for number in (sample, sample + 1)]
        return QRect(ends[0], 0, ends[1] - ends[0] - 2, BLOCK_PX - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setFont(font(11))
        for sample in range(self._samples):
            place, taken = self.place(sample), sample == self._sample
            painter.setPen(QPen(now.accent if taken else now.line, 1))
            painter.setBrush(now.accent_ground if taken else now.ground)
            painter.drawRoundedRect(place, 4, 4)
            painter.setPen(now.accent if taken else now.muted)
            room = place.width() >= 44
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"n = {sample}" if room else str(sample))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.text, 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(self.place(self._sample).adjusted(2, 2, -2, -2), 3, 3)

    def _choose(self, sample: int) -> None:
        if 0 <= sample < self._samples and sample != self._sample:
            self.chosen.emit(sample)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().x()) * self._samples // max(1, self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose(self._sample + (1 if event.key() == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, BLOCK_PX)


def _advance(shown: QLabel, text: str) -> int:
    """The width of a text in a label, with what the label adds."""
    return shown.fontMetrics().horizontalAdvance(text) + 2


class TensorPage(QWidget):
    """`show_picture` says which number is looked at. Hovering lights a number everywhere; a click or the arrow keys keep it.
    `tools` chooses the size of the batch and the channel; the owner may put it elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.float32] | None = None  # (C, H, W)
        self._names: tuple[str, ...] = ()
        self._ends = (0.0, 1.0)
        self._around: tuple[int, int] | None = None
        self._anchor = PictureIndex(0, 0, 0)
        self._hovered: PictureIndex | None = None
        self._samples, self._sample = 1, 0
        self._axes = 2  # of the layer that reads the picture
        self.grids = ChannelGrids()
        self.strips = {order: MemoryStrip(order) for order in ORDERS}
        self.grids.pointed.connect(self._pointed)
        self.grids.picked.connect(self._picked)
        for strip in self.strips.values():
            strip.pointed.connect(self._pointed)
            strip.picked.connect(self._picked)
        self.samples, self.channel = NumberBox(), NumberBox()
        self._samples_label, self._channel_label = label("title"), label("title")
        self.shape_line, self.size_line = QLabel(), label("muted", wraps=True)
        self.blocks = BatchBlocks()
        self.blocks.chosen.connect(self._sample_chosen)
        self._meaning = label("small", wraps=True)
        self._order_names = {order: label("title") for order in ORDERS}
        self._symbols = {order: label("muted") for order in ORDERS}
        self._numbers = {order: QLabel() for order in ORDERS}
        self._results = {order: label("accent") for order in ORDERS}
        self._who = {order: label("small") for order in ORDERS}
        self._whose: dict[Order, str] = dict.fromkeys(ORDERS, "")
        for box in (self.samples, self.channel):
            box.setFixedWidth(48)
        self.samples.setRange(1, MOST_SAMPLES)
        self.samples.valueChanged.connect(self._samples_chosen)
        self.channel.valueChanged.connect(self._channel_chosen)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(4)
        self.tools = QWidget()
        boxes = QHBoxLayout(self.tools)
        boxes.setContentsMargins(0, 0, 0, 0)
        boxes.setSpacing(6)
        for head, box in ((self._samples_label, self.samples), (self._channel_label, self.channel)):
            boxes.addWidget(head)
            boxes.addWidget(box)
            boxes.addStretch(int(box is self.samples))
        side.addWidget(self.tools)
        side.addWidget(self.shape_line)
        side.addWidget(self.size_line)
        side.addWidget(self.blocks)
        side.addWidget(self._meaning)
        side.addStretch(1)
        holder = QWidget()
        holder.setFixedWidth(SIDE_PX)
        side.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(side)
        above = QHBoxLayout()
        above.setSpacing(16)
        above.addWidget(self.grids, 1)
        above.addWidget(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above, 1)
        for order in ORDERS:
            column.addSpacing(4)
            row = QHBoxLayout()
            row.setSpacing(GAP_PX)
            for part in (self._order_names[order], self._symbols[order], self._numbers[order], self._results[order]):
                part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
                row.addWidget(part)
            self._numbers[order].setMinimumWidth(1)
            who = self._who[order]
            who.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            who.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(who, 1)
            column.addLayout(row)
            column.addWidget(self.strips[order])

    # --- what is shown

    def show_picture(self, values: NDArray[np.float32], names: Sequence[str], around: tuple[int, int], axes: int = 2) -> None:
        """Show `values` (C, H, W), with channels called `names`, around (row, column), which is moved to the edge where it lies
        outside. A kept cell stays until the picture or `around` changes. `axes` is 1 for a layer that reads one row of the
        picture, 3 for one that reads a clip of such pictures."""
        channels, height, width = values.shape
        if axes != self._axes:
            self._axes = axes
            self._write()
        new = values is not self._values
        if new:
            self._ends = (min(0.0, float(values.min())), max(1.0, float(values.max())))
            self._hovered = None
        if not new and tuple(names) == self._names and around == self._around:
            return
        if new or around != self._around:
            row, place = min(max(around[0], 0), height - 1), min(max(around[1], 0), width - 1)
            self._anchor = PictureIndex(min(self._anchor.c, channels - 1), row, place)
        self._values, self._names, self._around = values, tuple(names), around
        self._show()

    @property
    def spot(self) -> PictureIndex:
        """The number that is looked at."""
        return self._hovered or self._anchor

    @property
    def sample(self) -> int:
        """The sample of the batch that is looked at."""
        return self._sample

    def formula(self, order: Order) -> str:
        """The index of the number that is looked at, as it is written over the strip with its values."""
        return f"{self._numbers[order].text()} {self._results[order].text()}"

    def _show(self) -> None:
        if self._values is None:
            return
        for strip in self.strips.values():  # the strips first: a grid that moves under the pointer emits at once
            strip.show_memory(self._values, self._names, self._ends, self._anchor, self._sample)
        self.grids.show_values(self._values, self._names, self._ends, self._anchor)
        self.blocks.show_batch(self._samples, self._sample)
        self.channel.setRange(0, self._values.shape[0] - 1)
        self.channel.show_value(self._anchor.c)
        self.samples.show_value(self._samples)
        self._light()
        self._write()
        self._fit()

    def _fit(self) -> None:
        """Write each formula as far as there is room: its numbers always, its symbols before them, and at the right who uses
        that order. Room is left for the largest index, so that nothing comes and goes under the pointer."""
        if self._values is None:
            return
        channels, height, width = self._values.shape
        last = PictureIndex(channels - 1, height - 1, width - 1)
        rests = dict[Order, int]()
        for order in ORDERS:
            texts = self._index_texts(order, last, self._samples - 1)
            labels = (self._order_names[order], self._numbers[order], self._results[order])
            taken = sum(_advance(part, text) + GAP_PX for part, text in zip(labels, (order, *texts), strict=True))
            rests[order] = self.width() - taken - GAP_PX
        wordings = (self.tr("index = {formula}"), "{formula}")
        fitting = (
            each
            for each in wordings
            if all(_advance(self._symbols[order], each.format(formula=_SYMBOLS[order])) <= rests[order] for order in ORDERS)
        )
        wording = next(fitting, "")
        for order, who in self._who.items():
            symbols, rest = self._symbols[order], rests[order]
            formula = wordings[0].format(formula=_SYMBOLS[order])
            shown = wording.format(formula=_SYMBOLS[order])
            set_text(symbols, shown)
            symbols.setVisible(bool(shown))
            self._numbers[order].setToolTip("" if shown == formula else formula)
            needed = _advance(symbols, shown) + _advance(who, self._whose[order]) + 24
            set_text(who, self._whose[order] if rest >= needed else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def hasHeightForWidth(self) -> bool:
        """No: where there is little room the grids give way, not what is beside the page."""
        return False

    def _light(self) -> None:
        """Light the number that is looked at, everywhere."""
        if self._values is None:
            return
        spot = self.spot
        shape = (self._values.shape[0], self._values.shape[1], self._values.shape[2])
        self.grids.light(spot)
        pixel = [PictureIndex(channel, spot.h, spot.w) for channel in range(shape[0])]
        for order, strip in self.strips.items():
            strip.set_lit(pixel, spot)
            numbers, result = self._index_texts(order, spot, self._sample)
            set_text(self._numbers[order], numbers)
            set_text(self._results[order], result)

    def _index_texts(self, order: Order, spot: PictureIndex, sample: int) -> tuple[str, str]:
        """The index of a number as a sum with its values, and the index."""
        assert self._values is not None
        shape = (self._values.shape[0], self._values.shape[1], self._values.shape[2])
        steps = strides(order, shape)
        parts = {"c": (spot.c, steps.c), "h": (spot.h, steps.h), "w": (spot.w, steps.w)}
        terms = [(sample, self._values.size), *(parts[axis.lower()] for axis in order)]
        said = [f"{full_count(place)}·{full_count(step)}" for place, step in terms[:-1]] + [full_count(terms[-1][0])]
        return "= " + " + ".join(said), f"= {full_count(index_of(order, shape, spot, sample))}"

    # --- the pointer

    @Slot(object)
    def _pointed(self, spot: PictureIndex | None) -> None:
        if spot != self._hovered:
            self._hovered = spot
            self._light()

    @Slot(object)
    def _picked(self, spot: PictureIndex) -> None:
        self._anchor = spot
        if self._hovered is not None:
            self._hovered = spot
        self._show()

    @Slot(object)
    def _samples_chosen(self, samples: int) -> None:
        self._samples, self._sample = samples, min(self._sample, samples - 1)
        self._show()

    @Slot(int)
    def _sample_chosen(self, sample: int) -> None:
        self._sample = sample
        self._show()

    @Slot(object)
    def _channel_chosen(self, channel: int) -> None:
        self._anchor = self._anchor._replace(c=channel)
        self._show()

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._samples_label.setText(self.tr("Batch N"))
        self.samples.setAccessibleName(self._samples_label.text())
        self._channel_label.setText(self.tr("Channel c"))
        self.channel.setAccessibleName(self._channel_label.text())
        self.blocks.setAccessibleName(self.tr("Pictures of the batch in memory"))
        who: dict[Order, str] = {
            "CHW": self.tr("PyTorch: one channel after another"),
            "HWC": self.tr("Image files, TensorFlow: one pixel after another"),
        }
        self._whose = who
        for order, text in who.items():
            self._order_names[order].setText(order)
            self._order_names[order].setToolTip(text)
            self.strips[order].setAccessibleName(f"{order}. {text}")
        self._write()
        self._fit()

    def _write(self) -> None:
        if self._values is None:
            return
        channels, height, width = self._values.shape
        count = self._values.size * self._samples
        self.size_line.setToolTip(self.tr("Each number is a float32, {bytes} bytes.").format(bytes=FLOAT32_BYTES))
        set_text(self.shape_line, f"(N, C, H, W) = ({self._samples}, {channels}, {height}, {width})")
        numbers = self.tr("{count} numbers × {bytes} bytes = {size}")
        size = binary_size(count * FLOAT32_BYTES)
        set_text(self.size_line, numbers.format(count=full_count(count), bytes=FLOAT32_BYTES, size=size))
        if self._samples == 1 and self._axes == 1:
            text = self.tr("This is the whole picture. A 1-d layer reads one row of it, as (N, C, L).")
        elif self._samples == 1 and self._axes == 3:
            text = self.tr("This is one picture. A 3-d layer reads several, one behind the other, as (N, C, D, H, W).")
        elif self._samples == 1:
            text = self.tr("A batch is several pictures in one tensor. Raise N to see where they lie.")
        else:
            text = self.tr("The pictures follow each other in memory. Picture n = {n} begins at index {start}.").format(
                n=self._sample, start=full_count(self._sample * self._values.size)
            )
        set_text(self._meaning, text)
