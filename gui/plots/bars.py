"""A few numbers as horizontal bars, each with its name before and its figures in full behind: to one scale, or on a
logarithmic one where they are of very different size.

Called by the convolution lab's page of formulas and the network lab's comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log10

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsSimpleTextItem, QSizePolicy, QWidget

from engine.figures import full_count, short_count
from gui.plots.look import bars_path
from gui.plots.numbers.ranges import power_of_ten
from gui.plots.plot import Plot
from gui.shell.theme import font, theme

ROW_PX, LOG_ROW_PX, FIGURES_PX, GAP_PX = 20.0, 17.0, 14.0, 10.0
BAR_PART = 0.64  # of a row
NAMES_PART = 0.45  # of the width, at most
LEAST_PX = 24.0  # of the bars, and of the names
BARS_PART = 0.4  # of the width, for the bars: where full figures leave them less, short ones are written
POWER_PX, STEPS = 52.0, (1, 2, 3, 6, 12)  # figures of the axis are at least so far apart, so many powers of ten


@dataclass(frozen=True)
class Bar:
    """`value` is a whole number of any size from 0 on. `figures` is how it is written, left out: in full, or short where the
    bars would have no room. `colour` is the number of a curve's colour; None is the accent."""

    name: str
    value: int
    colour: int | None = None
    figures: str = ""

    @property
    def text(self) -> str:
        return self.figures or full_count(self.value)

    @property
    def brief(self) -> str:
        return self.figures or short_count(self.value)


class Bars(Plot):
    """`set_bars` shows some bars. On a linear scale the longest takes all the room that there is; on a logarithmic one the
    axis goes from 1 to 10^`decades` at least."""

    def __init__(self, parent: QWidget | None = None, *, log: bool = False) -> None:
        super().__init__(parent)
        self._log, self._brief = log, False
        self._bars: tuple[Bar, ...] = ()
        self._decades = 1
        self._items: list[QGraphicsPathItem] = []
        self._texts: list[tuple[QGraphicsSimpleTextItem, QGraphicsSimpleTextItem]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.left.hide()
        self.bottom.setStyle(tickTextOffset=0)
        self.setMinimumSize(0, 0)
        self.setMinimumWidth(200 if log else 120)
        self.margins = (0.0, 0.0, 0.0, FIGURES_PX if log else 0.0)

    def set_bars(self, bars: Sequence[Bar], decades: int = 1) -> None:
        """Show `bars`, the first on top."""
        shown = tuple(bars), max(decades, decades_of(bars))
        if shown == (self._bars, self._decades):
            return
        self._bars, self._decades = shown
        self.describe(", ".join(f"{bar.name} {bar.text}" for bar in bars))
        self._make_items()
        self.updateGeometry()
        self._lay_out()
        self.restyle()

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def columns(self) -> dict[str, list[object]]:
        return {"name": [bar.name for bar in self._bars], "value": [bar.value for bar in self._bars]} if self._bars else {}

    def length(self, value: int) -> float:
        """How long a value's bar is, in pixels."""
        return self._share(value) * self.area.width()

    def lengths(self) -> tuple[float, ...]:
        """How long the bars are, in pixels."""
        return tuple(self.length(bar.value) for bar in self._bars)

    def sizeHint(self) -> QSize:
        return QSize(360 if self._log else 320, int(len(self._bars) * (LOG_ROW_PX if self._log else ROW_PX) + self.margins[3]))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.sizeHint().height())

    # --- inside

    def _share(self, value: int) -> float:
        """The part of the axis that a value's bar takes; the smallest there is still seen."""
        if not self._log:
            most = max((bar.value for bar in self._bars), default=0)
            return value / (most or 1)
        seen = 2.0 / max(self.area.width(), 1.0)
        return log10(value) / self._decades if value > 1 else seen * bool(value)

    def _make_items(self) -> None:
        for item in self._items:
            self.box.removeItem(item)
        for text in (text for pair in self._texts for text in pair):
            self.scene().removeItem(text)
        whole = self.centralWidget  # type: ignore[attr-defined]
        self._items = [QGraphicsPathItem() for _ in self._bars]
        for item in self._items:
            self.add_item(item)
        self._texts = [(QGraphicsSimpleTextItem(whole), QGraphicsSimpleTextItem(whole)) for _ in self._bars]
        for text in (text for pair in self._texts for text in pair):
            text.setFont(_type(12)[0])

    def _lay_out(self) -> None:
        if not hasattr(self, "_bars"):
            return
        measure, width = _type(12)[1], float(self.width())
        names = max((measure.horizontalAdvance(bar.name) for bar in self._bars), default=0.0) + 1
        least = LEAST_PX if self._log else max(LEAST_PX, BARS_PART * width)
        for brief in (False, True):
            texts = [bar.brief if brief else bar.text for bar in self._bars]
            figures = max(map(measure.horizontalAdvance, texts), default=0.0) + GAP_PX
            self._brief = brief
            if self._log or figures + names + GAP_PX + least <= width:
                break
        most = min(NAMES_PART * width, width - figures - least - GAP_PX)
        left = GAP_PX + min(names, max(most, LEAST_PX))  # names are cut before figures are
        self.margins = (left, 0.0, figures, self.margins[3])
        super()._lay_out()

    def draw(self) -> None:
        if not self._bars:
            return
        count, area = len(self._bars), self.area
        self.set_limits((0.0, 1.0), (0.0, float(count)))
        measure = _type(12)[1]
        for number, (bar, item, (name, figures)) in enumerate(zip(self._bars, self._items, self._texts, strict=True)):
            middle, length = count - number - 0.5, max(self._share(bar.value), min(1.0, bar.value) / area.width())
            half = BAR_PART / 2
            item.setPath(bars_path(*(np.array([part]) for part in (0.0, length, middle - half, middle + half))))
            name.setText(measure.elidedText(bar.name, Qt.TextElideMode.ElideRight, area.left() - GAP_PX + 1))
            figures.setText(bar.brief if self._brief else bar.text)
            top = area.top() + (number + 0.5) * area.height() / count - measure.height() / 2
            name.setPos(0, round(top))
            figures.setPos(round(area.left() + length * area.width() + 6), round(top))
        powers = self._powers(area.width()) if self._log else []
        self.grid.show_lines(*self.limits, at_x=[power / self._decades for power in powers])
        self.bottom.set_figures([(power / self._decades, power_of_ten(power)) for power in powers])

    def _powers(self, width: float) -> list[int]:
        step = next((step for step in STEPS if width * step / self._decades >= POWER_PX), STEPS[-1])
        return list(range(0, self._decades + 1, step))

    def restyle(self) -> None:
        now = theme()
        for bar, item, texts in zip(self._bars, self._items, self._texts, strict=True):
            item.setPen(QPen(Qt.PenStyle.NoPen))
            item.setBrush(now.accent if bar.colour is None else now.curves[bar.colour])
            for text in texts:
                text.setBrush(now.text)
        super().restyle()


@cache
def _type(px: int) -> tuple[QFont, QFontMetricsF]:
    """A font and its measures, which take longer to make than to use."""
    chosen = font(px)
    return chosen, QFontMetricsF(chosen)


def decades_of(bars: Sequence[Bar]) -> int:
    """How many powers of ten hold all the bars."""
    return max((len(str(bar.value - 1)) for bar in bars if bar.value > 1), default=1)
