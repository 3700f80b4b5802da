"""The line under the scene: the output size as a formula with its values, and whether the stride fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import full_count
from engine.layers.base import Derivation, Shape
from engine.layers.catalog import Sliding
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import THEME, font, theme
from gui.widgets.formula_text import course_division, explained, slides_of

BETWEEN = "     "  # two sizes in one line
LINE_PX, VERDICT_PX = 24, 16  # the line's height; the space beside and in its verdict


class Wording(NamedTuple):
    """One text for the line, in pieces; each piece is a result, in the accent colour, or not."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


class FormulaLine(QWidget):
    """The output size with its values in the longest wording that fits, for both axes where they differ. Where the stride does
    not fit, the verdict of the courses is at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._derivations: tuple[Derivation, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_layer(self, layer: Sliding, input_shape: Shape) -> None:
        """`layer` accepts `input_shape`."""
        self._slides = slides_of(layer, input_shape)
        self._derivations = tuple(each for each in layer.derivations(input_shape) if each.quantity.startswith("output_"))
        self._write()

    @property
    def text(self) -> str:
        """The text that is shown, elided where even the shortest wording is too wide."""
        return self._shown()[0].text

    @property
    def verdict(self) -> str:
        """The verdict that is shown; empty while the stride fits."""
        return self._shown()[1]

    def sizeHint(self) -> QSize:
        return QSize(480, LINE_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, LINE_PX)

    def _write(self) -> None:
        lines = "\n".join(dict.fromkeys(explained(each) for each in self._derivations))
        whole = self._wordings()[0].text if self._derivations else ""
        self.setToolTip("\n".join(part for part in (whole, lines) if part))
        verdicts = self._verdicts()
        self.setAccessibleName(f"{whole}. {verdicts[0]}" if verdicts else whole)
        self.update()

    def _wordings(self) -> list[Wording]:
        """From the longest to the shortest."""
        kept = self._derivations
        if len({(each.substituted, each.result) for each in kept}) == 1:
            kept = kept[-1:]  # the same along every axis
        last = kept[-1]
        ends = {each: f" = {full_count(each.result)}" for each in kept}
        names = {each: say("quantities", each.quantity) for each in kept}
        formula = (f"{names[last]} = {last.formula}", False), (f" = {last.substituted}", False), (ends[last], True)
        longest = [Wording(formula)] if len(kept) == 1 else []
        values = [((f"{names[each]} = {each.substituted}", False), (ends[each], True)) for each in kept]
        results = [((names[each], False), (ends[each], True)) for each in kept]
        return [*longest, _joined(values), _joined(results)]

    def _verdicts(self) -> list[str]:
        """From the longest to the shortest; none while the stride fits."""
        slide = next((each for each in self._slides if not each.fits), None)
        if slide is None:
            return []
        short = self.tr("does not fit")
        return [self.tr("{division}: does not fit").format(division=course_division(slide)), short]

    def _shown(self) -> tuple[Wording, str]:
        """The wording and the verdict that fit. The verdict is shortened before the formula."""
        if not self._derivations:
            return Wording(()), ""
        measure, wordings = QFontMetricsF(font(13)), self._wordings()
        for wording in wordings:
            for verdict in self._verdicts() or [""]:
                room = self.width() - (measure.horizontalAdvance(verdict) + 2 * VERDICT_PX if verdict else 0.0)
                if _advance(wording) <= room:
                    return wording, verdict
        cut = measure.elidedText(wordings[-1].text, Qt.TextElideMode.ElideRight, self.width())
        return Wording(((cut, False),)), ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        wording, verdict = self._shown()
        left, beside = 0.0, Qt.AlignmentFlag.AlignVCenter
        for text, result in wording.pieces:
            painter.setFont(font(13, bold=result))
            painter.setPen(now.accent if result else now.muted)
            painter.drawText(QRectF(left, 0, self.width() - left, self.height()), beside, text)
            left += QFontMetricsF(painter.font()).horizontalAdvance(text)
        if verdict:
            painter.setFont(font(12))
            width = QFontMetricsF(painter.font()).horizontalAdvance(verdict) + VERDICT_PX
            ground = QRectF(self.width() - width, 1, width, self.height() - 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.warn_ground)
            painter.drawRoundedRect(ground, 6, 6)
            painter.setPen(now.warn)
            painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, verdict)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()


def _joined(parts: Sequence[tuple[tuple[str, bool], ...]]) -> Wording:
    """Several sizes in one line."""
    return Wording(tuple(piece for number, part in enumerate(parts) for piece in ([(BETWEEN, False)] * bool(number) + [*part])))


def _advance(wording: Wording) -> float:
    """The wording's width in pixels."""
    plain, bold = QFontMetricsF(font(13)), QFontMetricsF(font(13, bold=True))
    return sum((bold if result else plain).horizontalAdvance(text) for text, result in wording.pieces)
