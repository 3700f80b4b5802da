"""Why the numbers are what they are: each formula with its symbols and with today's values put in.

`Formulas` is the whole table, for the page of formulas; `FormulaLine` the one line under the scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.layers.axes import LETTERS, NAMES, per_axis
from engine.layers.base import Derivation, Layer, Shape
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.pooling import Pooling
from engine.layers.kinds.transposed import Transposed
from engine.layers.staircase import Sliding
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import THEME, font, set_role, theme
from gui.widgets.labels import label, set_text

BREAK = "\N{ZERO WIDTH SPACE}"  # where a long product may go on in the next line
OPEN, CLOSE = "(⌊⌈", ")⌋⌉"
MOST_NESTED = 4  # brackets in brackets of a formula
NO_BREAK = "\N{NO-BREAK SPACE}"
BETWEEN = "     "  # two sizes in one line
NAME_GAP_PX = 14  # between the names and the formulas
ABOVE_PX = 6  # a name that stands above its formula
LEAST_PX = 18  # of a formula with its values
LINE_PX, VERDICT_PX = 24, 16  # the line's height; around its verdict


class OneLine(QLabel):
    """A line that never widens the page: of its wordings the first one that fits; what is left out is in the tooltip."""

    def __init__(self, role: str = "small") -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self._tip = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)
        set_role(self, role)

    def set_text(self, *wordings: str, tip: str = "") -> None:
        """From the longest to the shortest; `tip` stands in the tooltip, below what was left out."""
        self._wordings, self._tip = wordings, tip
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure = self.fontMetrics()
        fitting = (text for text in self._wordings if measure.horizontalAdvance(text) <= self.width())
        shown = next(fitting, measure.elidedText(self._wordings[-1], Qt.TextElideMode.ElideRight, self.width()))
        set_text(self, shown)
        left_out = self._wordings[0] if shown != self._wordings[0] else ""
        self.setToolTip("\n".join(part for part in (left_out, self._tip) if part))


class Row(NamedTuple):
    """The labels of one quantity."""

    name: QLabel
    formula: QLabel
    worked: QLabel


class Formulas(QWidget):
    """`show_layer` writes two lines a number, the formula and the formula with its values; below, what the symbols mean. Axes
    that come out alike share their lines, others the formula. Lines stay while their quantities stay, so nothing jumps.
    `verdict_line` says whether the stride fits, to courses and to torch, and which cells are never read; whoever shows the
    formulas gives it a place of the full width. `stacked`: a quantity's name stands above its formula, in a narrow column."""

    def __init__(self, parent: QWidget | None = None, *, stacked: bool = False) -> None:
        super().__init__(parent)
        self._stacked, self._worked = stacked, True
        self._layer: Layer | None = None
        self._derivations: tuple[Derivation, ...] = ()
        self._alike: tuple[str, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self._rows: list[Row] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(NAME_GAP_PX)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.verdict_line, self._symbols = label("muted", wraps=True), label("small", wraps=True)
        self.verdict_line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(self._grid)
        column.addWidget(self._symbols)
        column.addStretch(1)
        THEME.changed.connect(self._write)
        self.retranslate()

    def show_layer(self, layer: Layer, input_shape: Shape, *, worked: bool = True) -> None:
        """`layer` is one that takes `input_shape`. Not `worked`: the formulas alone, for somebody who is to work them out."""
        self._layer, self._slides, self._worked = layer, slides_of(layer, input_shape), worked
        self._derivations, self._alike = _without_repeats(layer.derivations(input_shape))
        while len(self._rows) < len(self._derivations):
            self._rows.append(self._row(len(self._rows)))
        self._write()

    def text(self, quantity: str) -> tuple[str, str, str]:
        """(formula, with values, result) as they stand for a quantity."""
        row = self._rows[[each.quantity for each in self._derivations].index(quantity)]
        values, _, result = _plain(row.worked.text()).rpartition("= ")
        return _plain(row.formula.text()), values.strip(), f"= {result}"

    @property
    def verdict(self) -> str:
        """Whether the stride fits, and what is never read."""
        return self.verdict_line.text()

    def _row(self, number: int) -> Row:
        row = Row(label("title"), label("muted", wraps=True), label("worked", wraps=True))
        if self._stacked:
            for line, text in enumerate(row):
                self._grid.addWidget(text, 4 * number + line + 1, 1)
        else:
            self._grid.addWidget(row.name, 2 * number, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(row.formula, 2 * number, 1)
            self._grid.addWidget(row.worked, 2 * number + 1, 1)
        row.worked.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        row.worked.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._write()

    def _write(self) -> None:
        accent = theme().accent.name()
        for derivation, row in zip(self._derivations, self._rows, strict=False):
            set_text(row.name, self._name(derivation))
        room = self._room()
        for derivation, row in zip(self._derivations, self._rows, strict=False):
            set_text(row.formula, _lowered(_breaking(derivation.formula, room)))
            result = f'<span style="color: {accent}; font-weight: 600">={NO_BREAK}{derivation.result:,}</span>'
            worked = _breaking(f"= {_grouped(derivation.substituted)} ={NO_BREAK}{derivation.result:,}", room)
            set_text(row.worked, result if _is_plain(derivation) else f"{worked.rpartition('=')[0]}{result}")
            for text in row:
                text.setToolTip(_explained(derivation) if self._worked else "")
        for number, row in enumerate(self._rows):
            if self._stacked:
                self._grid.setRowMinimumHeight(4 * number, ABOVE_PX if 0 < number < len(self._derivations) else 0)
            else:
                self._grid.setRowMinimumHeight(2 * number + 1, LEAST_PX if number < len(self._derivations) else 0)
            for text in row:
                text.setVisible(number < len(self._derivations) and (self._worked or text is not row.worked))
        for before, derivation, row in zip((None, *self._derivations), self._derivations, self._rows, strict=False):
            said = before is not None and _outline(before) == _outline(derivation)  # what stands right above
            row.formula.setVisible(not said and not _is_plain(derivation))
        told = [each for each in self._derivations if not _is_plain(each)]
        set_text(self._symbols, f"{NO_BREAK}· ".join(_meanings(told)))
        set_text(self.verdict_line, self._verdict_text() if self._worked else "")
        role = "muted" if all(slide.fits for slide in self._slides) else "warn_line"
        if self.verdict_line.property("role") != role:
            set_role(self.verdict_line, role)

    def _room(self) -> int:
        """How wide a line of a formula can be."""
        if self._stacked:
            return self.width()
        return self.width() - NAME_GAP_PX - max((row.name.sizeHint().width() for row in self._rows), default=0)

    def _name(self, derivation: Derivation) -> str:
        """Output width; or Output height, width."""
        name = say("quantities", derivation.quantity)
        if derivation.quantity not in self._alike:
            return name
        first, *others = self._alike
        rest = [say("axes", quantity.removeprefix("output_")) for quantity in others]
        return ", ".join((say("quantities", first), *rest))

    def _verdict_text(self) -> str:
        """What a course says of a stride that does not fit, what torch makes of it, and which cells are never read."""
        if isinstance(self._layer, Transposed):
            return self._transposed_text(max(per_axis(self._layer.stride, self._layer.AXES)))
        if not isinstance(self._layer, Convolution | Pooling):
            return ""
        axes = NAMES[self._layer.AXES]
        left = [(axis, len(slide.unread())) for axis, slide in zip(axes, self._slides, strict=True)]
        unread = ", ".join(self._counted(axis, count) for axis, count in left if count)
        uneven = next(((axis, slide) for axis, slide in zip(axes, self._slides, strict=True) if not slide.fits), None)
        if uneven is None:
            if unread:
                return self.tr("The division comes out even, but the window steps over cells. Never read: {cells}.").format(
                    cells=unread
                )
            return self.tr("The division comes out even, and every cell is read.")
        axis, slide = uneven
        if slide.ceil_mode:
            said = self.tr("Courses: {size} = {division}, does not fit. Ceil mode rounds up: {outputs}.")
        else:
            said = self.tr("Courses: {size} = {division}, does not fit. torch rounds down: {outputs}.")
        said = said.format(size=say("quantities", f"output_{axis}"), division=course_division(slide), outputs=slide.outputs)
        rest = self.tr("Never read: {cells}.").format(cells=unread) if unread else self.tr("Every cell is read.")
        return f"{said} {rest}"

    def _transposed_text(self, stride: int) -> str:
        if stride == 1:
            return self.tr("Nothing is divided here, so every size fits.")
        return self.tr(
            "Nothing is divided here, so every size fits. A convolution with stride {stride} makes one size of {stride} "
            "different ones; the output padding Q chooses which of them comes back."
        ).format(stride=stride)

    def _counted(self, axis: str, count: int) -> str:
        """Cells that lie across `axis`, as a count of what they are."""
        words = {
            "length": (self.tr("{count} cell"), self.tr("{count} cells")),
            "height": (self.tr("{count} row"), self.tr("{count} rows")),
            "width": (self.tr("{count} column"), self.tr("{count} columns")),
            "depth": (self.tr("{count} frame"), self.tr("{count} frames")),
        }
        return words[axis][count != 1].format(count=count)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Why: the formulas with these numbers"))
        self._write()


def _meanings(derivations: Sequence[Derivation]) -> Iterator[str]:
    """What each symbol means; those that mean the same, one of each branch, together."""
    alike: dict[str, dict[str, None]] = {}
    for derivation in derivations:
        for symbol, code, _ in derivation.symbols:
            alike.setdefault(code, {})[symbol] = None
    for code, symbols in alike.items():
        names = [_lowered(symbol) for symbol in symbols]
        said = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
        yield f"{said} {say('symbols', code)}".replace(" ", NO_BREAK)


class Wording(NamedTuple):
    """One way to say the line: pieces of text, each a result (in the accent's colour) or not."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


class FormulaLine(QWidget):
    """One line under the scene: the output size with today's values, in the longest wording that fits; both axes where they
    differ. At its right, where the stride does not fit, the verdict of the courses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._derivations: tuple[Derivation, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_layer(self, layer: Sliding, input_shape: Shape) -> None:
        """`layer` is one that takes `input_shape`."""
        self._slides = slides_of(layer, input_shape)
        self._derivations = tuple(each for each in layer.derivations(input_shape) if each.quantity.startswith("output_"))
        self._write()

    @property
    def text(self) -> str:
        """What stands there, cut off at the end if even the shortest wording has no room."""
        return self._shown()[0].text

    @property
    def verdict(self) -> str:
        """What stands at the right; nothing while the stride fits."""
        return self._shown()[1]

    def sizeHint(self) -> QSize:
        return QSize(480, LINE_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, LINE_PX)

    def _write(self) -> None:
        explained = "\n".join(dict.fromkeys(_explained(each) for each in self._derivations))
        whole = self._wordings()[0].text if self._derivations else ""
        self.setToolTip("\n".join(part for part in (whole, explained) if part))
        verdicts = self._verdicts()
        self.setAccessibleName(f"{whole}. {verdicts[0]}" if verdicts else whole)
        self.update()

    def _wordings(self) -> list[Wording]:
        """From the longest to the shortest."""
        kept = self._derivations
        if len({(each.substituted, each.result) for each in kept}) == 1:
            kept = kept[-1:]  # the same along every axis
        last = kept[-1]
        ends = {each: f" = {each.result:,}" for each in kept}
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
        """The wording and the verdict that have room, the verdict's own wording before the formula's."""
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


def _outline(derivation: Derivation) -> str:
    """A formula without its axis: that of the height and that of the width are one."""
    return derivation.formula.replace(LETTERS.get(derivation.quantity.removeprefix("output_"), "."), "#")


def _without_repeats(derivations: Sequence[Derivation]) -> tuple[tuple[Derivation, ...], tuple[str, ...]]:
    """What is written down: of output sizes that are alike the last one; and the names of these."""
    sizes = [each for each in derivations if each.quantity.startswith("output_")]
    if len(sizes) < 2 or len({(each.substituted, each.result) for each in sizes}) > 1:
        return tuple(derivations), ()
    kept = tuple(each for each in derivations if each not in sizes[:-1])
    return kept, tuple(each.quantity for each in sizes)


def slides_of(layer: Layer, shape: Shape) -> tuple[Slide, ...]:
    """The window's way along each axis; none for a layer that divides nothing."""
    return layer.slides(shape) if isinstance(layer, Convolution | Pooling) else ()


def course_division(slide: Slide) -> str:
    """(W + 2P − K)/S + 1 as courses write it, with the number that it gives before any rounding: 3/2 + 1 = 2.5."""
    covered = slide.padded - slide.span
    return f"{covered}/{slide.stride} + 1 = {round(covered / slide.stride + 1, 2):g}"


def _explained(derivation: Derivation) -> str:
    """A line a symbol: what it means and what it is today."""
    return "\n".join(f"{symbol}: {say('symbols', code)} = {value:,}" for symbol, code, value in derivation.symbols)


def _is_plain(derivation: Derivation) -> bool:
    """Whether there is nothing to work out: the formula is its result."""
    return derivation.substituted == str(derivation.result)


def _grouped(values: str) -> str:
    """Long numbers with their thousands apart: 12,544."""
    return re.sub(r"\d{4,}", lambda number: f"{int(number[0]):,}", values)


def _lowered(formula: str) -> str:
    """What comes behind a _ as a real subscript."""
    return re.sub(r"_(\w+)", r"<sub>\1</sub>", formula)


def _plain(text: str) -> str:
    """A label's formula as it would be typed."""
    typed = re.sub("<sub>(.*?)</sub>", r"_\1", text)
    return re.sub("<[^>]*>", "", typed).replace(BREAK, "").replace(NO_BREAK, " ")


def _breaking(formula: str, room: float) -> str:
    """A formula that may go on in the next line before an operator, outside of brackets if the pieces then have `room`, else
    inside of as few as need be."""
    measure = QFontMetricsF(font(12))
    for depth in range(MOST_NESTED):
        broken = _breaking_at(formula, depth)
        if all(measure.horizontalAdvance(piece) <= room for piece in re.split(f"[ {BREAK}]", broken)):
            break
    return broken


def _breaking_at(formula: str, depth: int) -> str:
    """With spaces that break before operators in at most `depth` brackets, and no others."""
    made, level = "", 0
    for place, letter in enumerate(formula):
        level += (letter in OPEN) - (letter in CLOSE)
        before_operator = letter == " " and formula[place + 1 : place + 2] in ("+", "−", "/", "=")
        if letter == " ":
            made += " " if before_operator and level <= depth else NO_BREAK
        elif letter in "×·" and level <= depth:
            made += f"{letter}{BREAK}"
        else:
            made += letter
    return made


def _joined(parts: Sequence[tuple[tuple[str, bool], ...]]) -> Wording:
    """Several sizes in one line."""
    return Wording(tuple(piece for number, part in enumerate(parts) for piece in ([(BETWEEN, False)] * bool(number) + [*part])))


def _advance(wording: Wording) -> float:
    """The wording's width in pixels."""
    plain, bold = QFontMetricsF(font(13)), QFontMetricsF(font(13, bold=True))
    return sum((bold if result else plain).horizontalAdvance(text) for text, result in wording.pieces)
