"""How the rows of a stack look: which columns fit, and the painting of a row and of the header.

Called by the widgets of the stack and by its drawing. No widgets here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.figures import UNKNOWN, binary_size, full_count, percent, shape_text, short_count
from engine.networks.trace import Path
from gui.shell.theme import Theme, font, theme
from gui.widgets.stack.stack_rows import MEASURES, Measure, StackRow

ROW_PX, HEADING_PX, HEADER_PX = 28, 22, 26
INDENT_PX = 14  # for each level of composites
SIDE_PX = 12  # left and right inside a row; its handle is at the left
ARROW_PX = 16  # room for arrows before all names, in a network with composites
NAME_PX, MOST_NAME_PX = 146, 240  # the least width of the names, at the cost of columns; the most
GAP_PX = 10  # between columns
PART_PX, BAR_PX, LEAST_BAR_PX = 48, 72, 24  # the share as a figure, and as a bar
LINE_PX, BUTTON_PX, BUTTON_GAP_PX, PAD_PX = 18, 31, 6, 8  # under a row with a problem or hint: its sentence and its repairs
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def amount_text(row: StackRow, measure: Measure) -> str:
    """A number as its column shows it: parameters in full, the others short."""
    amount = row.amount(measure)
    if amount is None:
        return "" if not row.layer and not row.problem else UNKNOWN
    return full_count(amount) if measure == "parameters" else short_count(amount) if measure == "macs" else binary_size(amount)


@cache
def measure_of(px: int, bold: bool = False) -> QFontMetricsF:
    """The metrics of a font, cached: making them takes longer than using them."""
    return QFontMetricsF(font(px, bold=bold))


@cache
def _type(px: int, bold: bool = False, struck: bool = False) -> QFont:
    chosen = font(px, bold=bold)
    chosen.setStrikeOut(struck)
    return chosen


@lru_cache(4096)
def _fitted(text: str, px: int, bold: bool, width: int) -> str:
    return measure_of(px, bold).elidedText(text, Qt.TextElideMode.ElideRight, width)


@lru_cache(4096)
def _across(text: str, px: int, bold: bool) -> float:
    return measure_of(px, bold).horizontalAdvance(text)


def write_line(
    painter: QPainter, text: str, place: QRect, px: int, *, bold: bool = False, struck: bool = False, right: bool = False
) -> None:
    """One line, vertically in the middle of a rectangle. Qt paints text at a point twice as fast as text in a box."""
    measure = measure_of(px, bold)
    painter.setFont(_type(px, bold, struck))
    left = place.left() + place.width() - _across(text, px, bold) if right else place.left()
    painter.drawText(QPointF(left, round(place.top() + (place.height() + measure.ascent() - measure.descent()) / 2)), text)


def sentence_height(text: str, width: int) -> int:
    """The height of a sentence in `width` pixels."""
    box = measure_of(12).boundingRect(QRectF(0, 0, max(width, 60), 10_000), int(WRAPPED), text)
    return int(box.height()) + 2


@dataclass(frozen=True)
class Columns:
    """The columns that fit in a row of `width` pixels, each as (left, width). `arrow` is the room for arrows before names, 0
    where nothing can be folded. `bar` and `part` are the share as a bar and as a figure."""

    width: int
    arrow: int
    places: dict[str, tuple[int, int]]
    bar: tuple[int, int] | None
    part: tuple[int, int] | None

    @property
    def name_end(self) -> int:
        lefts = [left for left, _ in (*self.places.values(), *filter(None, (self.bar, self.part)))]
        return min(lefts, default=self.width - SIDE_PX) - GAP_PX


def columns(rows: Sequence[StackRow], width: int, measure: Measure, titles: dict[str, str]) -> Columns:
    """As many columns as fit beside the names. The figures of the shares are left out first, so that names are in full. Then,
    so that names have at least NAME_PX, columns are left out: the memory first, the quantity of the bars last."""
    heads = measure_of(11, True)
    needs = {"output": _widest([shape_text(row.output) for row in rows])}
    for each in MEASURES:
        needs[each] = _widest([amount_text(row, each) for row in rows])
    needs = {key: max(need, int(heads.horizontalAdvance(titles.get(key, ""))) + 2) for key, need in needs.items()}
    shown = ["output", *MEASURES]
    arrow = ARROW_PX if any(row.foldable for row in rows) else 0
    name = _names(rows, arrow)
    with_bar = with_part = True

    def room() -> int:
        extra = with_bar * (LEAST_BAR_PX + GAP_PX) + with_part * (PART_PX + GAP_PX)
        return width - 2 * SIDE_PX - NAME_PX - extra - sum(needs[key] + GAP_PX for key in shown)

    with_part = room() >= max(0, min(name, MOST_NAME_PX) - NAME_PX)
    for least in [each for each in ("memory", "macs") if each != measure]:
        if room() < 0:
            shown.remove(least)
    if room() < 0:
        with_bar = False
    for least in [each for each in (*MEASURES, "output") if each in shown and each != measure]:
        if room() < 0:
            shown.remove(least)
    right = width - SIDE_PX
    part = bar = None
    if with_part:
        part = (right - PART_PX, PART_PX)
        right -= PART_PX + 8
    if with_bar:
        across = min(BAR_PX, LEAST_BAR_PX + max(0, room() - (name - NAME_PX)))  # names in full before long bars
        bar = (right - across, across)
        right -= across + GAP_PX
    places = {}
    for key in reversed(shown):
        places[key] = (right - needs[key], needs[key])
        right -= needs[key] + GAP_PX
    return Columns(width, arrow, places, bar, part)


def _widest(texts: Sequence[str]) -> int:
    """The width of a column of figures. All digits are equally wide, so the longest text is the widest."""
    longest = sorted(set(texts), key=len)[-2:]
    return int(max((measure_of(13).horizontalAdvance(text) for text in longest), default=0)) + 2


def name_left(row: StackRow, arrow: int) -> int:
    """Where a row's name begins."""
    return SIDE_PX + arrow + row.depth * INDENT_PX


def _names(rows: Sequence[StackRow], arrow: int) -> int:
    """The width of the widest name, with its indent."""
    named = {(row.depth, row.text) for row in rows if not row.heading}
    return int(max((arrow + depth * INDENT_PX + _across(text, 13, True) for depth, text in named), default=0)) + 2


@dataclass(frozen=True)
class RowLook:
    """What the user is doing with a row."""

    chosen: bool = False
    hovered: bool = False
    focused: bool = False
    lifted: bool = False  # being dragged


@dataclass(frozen=True)
class Arrangement:
    """What all rows have in common: columns, quantity of the bars, share of the longest bar, headings."""

    columns: Columns
    measure: Measure
    most: float
    names: dict[Path, str]


def longest_share(rows: Sequence[StackRow]) -> float:
    """The largest share of a row, except composites whose layers are shown below."""
    return max((row.share for row in rows if not (row.foldable and not row.folded)), default=0.0)


def paint_row(painter: QPainter, row: StackRow, place: QRect, arrangement: Arrangement, look: RowLook) -> None:
    """Paint a row in `place`. The sentence of its problem or hint is below the row, in the rest of the height."""
    now = theme()
    _paint_ground(painter, row, place, look, now)
    for level in range(1, row.depth + 1):
        x = place.left() + SIDE_PX + level * INDENT_PX - INDENT_PX // 2 - 1
        painter.fillRect(x, place.top(), 1, place.height(), now.line)
    line = QRect(place.left(), place.top(), place.width(), HEADING_PX if row.heading else ROW_PX)
    if row.heading:
        painter.setPen(now.accent if look.focused else now.muted)
        inner = line.adjusted(SIDE_PX + row.depth * INDENT_PX, 2, 0, 0)
        write_line(painter, arrangement.names.get(row.path, row.text), inner, 11)
        return
    _paint_name(painter, row, line, arrangement, look, now)
    _paint_numbers(painter, row, line, arrangement, look, now)
    if row.said:
        painter.setFont(_type(12))
        painter.setPen(now.warn)
        left = name_left(row, arrangement.columns.arrow)
        painter.drawText(place.adjusted(left, ROW_PX - 2, -PAD_PX, 0), WRAPPED, row.said)


def _paint_ground(painter: QPainter, row: StackRow, place: QRect, look: RowLook, now: Theme) -> None:
    ground = now.warn_ground if row.problem else now.accent_ground if look.chosen else now.ground if look.hovered else None
    if ground is None:
        if not row.heading:
            left = SIDE_PX + row.depth * INDENT_PX
            painter.fillRect(place.left() + left, place.bottom(), place.width() - left - SIDE_PX, 1, now.grid)
        return
    painter.setPen(QPen(now.accent, 1) if look.focused or (look.chosen and row.problem) else Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_name(painter: QPainter, row: StackRow, line: QRect, arrangement: Arrangement, look: RowLook, now: Theme) -> None:
    left = line.left() + name_left(row, arrangement.columns.arrow)
    if row.foldable:
        painter.setPen(QPen(now.muted, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        x, y = left - ARROW_PX + 5.0, line.center().y() + 0.5
        if row.folded:
            painter.drawPolyline([QPointF(x - 2, y - 4), QPointF(x + 2, y), QPointF(x - 2, y + 4)])
        else:
            painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
    width = line.left() + arrangement.columns.name_end - left
    quiet = row.disabled or look.lifted or (not row.layer)
    colour = now.warn if row.problem else now.accent if look.chosen else now.muted if quiet else now.text
    painter.setPen(colour)
    text = _fitted(row.text, 13, look.chosen, max(width, 24))
    write_line(painter, text, QRect(left, line.top(), width, line.height()), 13, bold=look.chosen, struck=row.disabled)


def _paint_numbers(painter: QPainter, row: StackRow, line: QRect, arrangement: Arrangement, look: RowLook, now: Theme) -> None:
    if row.disabled:
        return
    for key, (left, width) in arrangement.columns.places.items():
        place = QRect(line.left() + left, line.top(), width, line.height())
        if key == "output":
            painter.setPen(now.muted if row.output is None or look.lifted else now.text)
            write_line(painter, shape_text(row.output), place, 13)
            continue
        text = amount_text(row, key)  # type: ignore[arg-type]
        loud = key == arrangement.measure and text not in ("0", "0 B", UNKNOWN) and not look.lifted
        painter.setPen(now.text if loud else now.muted)
        write_line(painter, text, place, 13, right=True)
    if not row.layer or row.amount(arrangement.measure) is None:
        return
    opened = row.foldable and not row.folded
    if arrangement.columns.bar is not None:
        left, width = arrangement.columns.bar
        bar = QRectF(line.left() + left, line.center().y() - 2, width, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.grid if not look.chosen else now.panel)
        painter.drawRoundedRect(bar, 2, 2)
        if row.share > 0:
            part = min(row.share / arrangement.most, 1.0) if arrangement.most else 0.0
            bar.setWidth(max(2.0, width * part))
            colour = QColor(now.curves[0])
            colour.setAlpha(70 if opened or look.lifted else 255)  # the bars of its layers are below, in full colour
            painter.setBrush(colour)
            painter.drawRoundedRect(bar, min(2.0, bar.width() / 2), 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if arrangement.columns.part is not None and row.share > 0:
        left, width = arrangement.columns.part
        painter.setPen(now.muted)
        place = QRect(line.left() + left, line.top(), width, line.height())
        write_line(painter, percent(row.share), place, 12, right=True)


def paint_header(painter: QPainter, place: QRect, titles: dict[str, str], shown: Columns, measure: Measure) -> None:
    """Paint the names of the columns; that of the quantity of the bars is bold."""
    now = theme()

    def name(key: str, left: int, width: int, *, bold: bool = False, right: bool = False) -> None:
        painter.setPen(now.text if bold else now.muted)
        write_line(
            painter, titles[key], QRect(place.left() + left, place.top(), width, place.height()), 11, bold=bold, right=right
        )

    name("layer", SIDE_PX + shown.arrow, shown.name_end)
    for key, (left, width) in shown.places.items():
        name(key, left, width, bold=key == measure, right=key != "output")
    shares = [each for each in (shown.bar, shown.part) if each is not None]
    if shares:
        name("share", *shares[0])
    painter.fillRect(place.left(), place.bottom(), place.width(), 1, now.line)


def row_height(row: StackRow, width: int, arrow: int) -> int:
    """The height of a row with the sentence below it, without buttons."""
    if row.heading:
        return HEADING_PX
    if not row.said:
        return ROW_PX
    return ROW_PX - 2 + sentence_height(row.said, width - name_left(row, arrow) - PAD_PX) + PAD_PX
