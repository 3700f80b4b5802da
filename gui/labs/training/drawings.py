"""How a model's predictions are drawn beside the truth: pictures with their labels, numbers on a diagonal, a
series, a text.

Each function paints one `engine.training.probes` answer into an area. Called by the prediction card.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from engine.figures import fixed, measured, percent
from engine.training.probes import Classified, Forecast, Numbers, Text
from gui.shell.theme import font, theme

CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
COLUMNS = 4
GAP = 8.0
LABEL = 18.0
ROW = 22.0
LEGEND = 26.0


def picture_areas(area: QRectF, count: int) -> list[QRectF]:
    """Where the pictures stand, in rows of four, their labels' room left out."""
    rows = -(-count // COLUMNS)
    below = 150.0  # at least this much for the bars
    across = (area.width() - GAP * (COLUMNS - 1)) / COLUMNS
    side = max(36.0, min(across, (area.height() - below) / max(rows, 1) - LABEL - GAP / 2, 96.0))
    height = side + LABEL + GAP / 2
    return [
        QRectF(area.left() + i % COLUMNS * (side + GAP), area.top() + i // COLUMNS * height, side, side) for i in range(count)
    ]


def draw_pictures(painter: QPainter, area: QRectF, found: Classified, chosen: int) -> None:
    """The pictures, each with the predicted class under it: right or wrong by colour and by sign. The chosen
    one's probabilities follow as bars."""
    now = theme()
    areas = picture_areas(area, len(found.pictures))
    predicted = found.predicted
    painter.setFont(font(12))
    for number, place in enumerate(areas):
        painter.drawImage(place, _image(found.pictures[number]))
        if number == chosen:
            painter.setPen(QPen(now.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(-2, -2, 2, 2))
        guess, truth = int(predicted[number]), int(found.labels[number])
        text = found.classes[guess] if guess == truth else f"{found.classes[guess]} ≠ {found.classes[truth]}"
        painter.setPen(now.ok if guess == truth else now.warn)
        painter.drawText(QRectF(place.left() - 4, place.bottom() + 2, place.width() + 8, LABEL - 2), CENTRE, text)
    if areas and chosen < len(areas):
        top = areas[-1].bottom() + LABEL + 14
        _draw_bars(painter, QRectF(area.left(), top, area.width(), area.bottom() - top), found, chosen)


def _draw_bars(painter: QPainter, area: QRectF, found: Classified, chosen: int) -> None:
    """How likely each class is held, in the order of the classes, so that no bar changes its place."""
    now = theme()
    count = len(found.classes)
    step = min(26.0, area.height() / max(count, 1))
    if step < 8:
        return
    painter.setFont(font(12 if step >= 15 else 11))
    guess = int(found.predicted[chosen])
    groove_left, groove_right = area.left() + 24, area.right() - 56
    for number in range(count):
        share = float(found.probabilities[chosen, number])
        top = area.top() + number * step
        painter.setPen(now.text if number == guess else now.muted)
        painter.drawText(QRectF(area.left(), top, 20, step), LEFT, found.classes[number])
        painter.drawText(QRectF(groove_right, top, 56, step), RIGHT, percent(share))
        groove = QRectF(groove_left, top + step / 2 - 3, groove_right - groove_left, 6)
        painter.fillRect(groove, now.groove)
        colour = now.accent if number == guess else now.muted
        painter.fillRect(QRectF(groove.left(), groove.top(), groove.width() * share, 6), colour)


def _image(picture: np.ndarray) -> QImage:
    """(C, H, W) in 0..1 as it is seen: grey, or colours of the first three channels."""
    levels = (np.clip(picture, 0.0, 1.0) * 255).astype(np.uint8)
    if len(levels) < 3:
        grey = np.ascontiguousarray(levels[0])
        height, width = grey.shape
        return QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    colours = np.ascontiguousarray(levels[:3].transpose(1, 2, 0))
    height, width, _ = colours.shape
    return QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def draw_numbers(painter: QPainter, area: QRectF, found: Numbers, names: tuple[str, str, str]) -> None:
    """A point a sample, truth to the right, prediction upwards: on the diagonal they agree. Below, as far as there is room,
    the first samples in figures. `names`: of truth, prediction and the difference between them."""
    truth_name, predicted_name, _ = names
    now = theme()
    low, high = min(float(found.truth.min()), 0.0), max(float(found.truth.max()), 1.0)
    low, high, unit = _round_range(low, high)
    side = max(min(area.width() - 40, area.height() - 40), 40.0)
    frame = QRectF(area.left() + 34, area.top() + 6, side, side)
    _draw_frame(painter, frame, (low, high), (low, high), unit)
    painter.setPen(QPen(now.muted, 1, Qt.PenStyle.DashLine))
    painter.drawLine(frame.bottomLeft(), frame.topRight())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.curves[0])
    for truth, predicted in zip(found.truth.tolist(), found.predicted.tolist(), strict=True):
        painter.drawEllipse(_at(frame, (low, high), (low, high), truth, min(max(predicted, low), high)), 2.5, 2.5)
    painter.setFont(font(11))
    painter.setPen(now.muted)
    painter.drawText(QRectF(frame.left(), frame.bottom() + 16, side, 16), CENTRE, truth_name)
    painter.save()
    painter.translate(area.left(), frame.center().y())
    painter.rotate(-90)
    painter.drawText(QRectF(-side / 2, -4, side, 16), CENTRE, predicted_name)
    painter.restore()
    _draw_table(painter, area.adjusted(0, frame.bottom() + 48 - area.top(), 0, 0), found, names)


def _draw_table(painter: QPainter, area: QRectF, found: Numbers, names: tuple[str, str, str]) -> None:
    """Truth, prediction and difference of the first samples, whole rows only."""
    rows = min(int(area.height() / ROW) - 1, len(found.truth))
    if rows < 2:
        return
    now = theme()
    painter.setFont(font(12))
    width = area.width() / 3
    differences = found.predicted - found.truth
    columns = (found.truth.tolist(), found.predicted.tolist(), differences.tolist())
    for column, (name, values) in enumerate(zip(names, columns, strict=True)):
        place = QRectF(area.left() + column * width, area.top(), width - 8, ROW)
        painter.setPen(now.muted)
        painter.drawText(place, RIGHT, name)
        painter.setPen(now.muted if column == 2 else now.text)
        for row in range(rows):
            sign = "+" if column == 2 and values[row] >= 0 else ""
            value = values[row]
            painter.drawText(place.translated(0, (row + 1) * ROW), RIGHT, sign + fixed(value, 3))
    painter.setPen(now.line)
    painter.drawLine(QPointF(area.left(), area.top() + ROW), QPointF(area.right(), area.top() + ROW))


def draw_series(painter: QPainter, area: QRectF, found: Forecast, time_name: str, difference_name: str) -> None:
    """Truth as a solid line and prediction as a dashed one, over time; below, where there is room, the difference between
    them."""
    now = theme()
    upper, lower = series_areas(area)
    both = np.concatenate([found.truth, found.predicted])
    spread = max(float(found.truth.max() - found.truth.min()), 1e-3)
    low = max(float(both.min()), float(found.truth.min()) - spread)
    high = min(float(both.max()), float(found.truth.max()) + spread)
    low, high, unit = _round_range(low, high)
    across = (0.0, float(len(found.truth)))
    _draw_frame(painter, upper, across, (low, high), unit)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, values in enumerate((found.truth, found.predicted)):
        pen = QPen(now.curves[number], 1.5)
        if number:
            pen.setDashPattern([4.0, 2.5])
        _draw_line(painter, upper, across, (low, high), values, pen)
    if lower is not None:
        differences = found.predicted - found.truth
        most = min(max(float(np.abs(differences).max()), 0.05), 2 * spread)
        _, high, unit = _round_range(0.0, most, lines=2)
        _draw_frame(painter, lower, across, (-high, high), unit)
        _draw_line(painter, lower, across, (-high, high), differences, QPen(now.muted, 1.5))
    painter.setFont(font(11))
    painter.setPen(now.muted)
    if lower is not None:
        painter.drawText(QRectF(lower.left(), lower.top() - 22, lower.width(), 16), LEFT, difference_name)
    bottom = lower if lower is not None else upper
    painter.drawText(QRectF(bottom.left(), bottom.bottom() + 16, bottom.width(), 16), CENTRE, time_name)


def _draw_line(
    painter: QPainter,
    frame: QRectF,
    across: tuple[float, float],
    up: tuple[float, float],
    values: NDArray[np.float32],
    pen: QPen,
) -> None:
    painter.save()
    painter.setClipRect(frame.adjusted(-1, -1, 1, 1))
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([_at(frame, across, up, t + 1, value) for t, value in enumerate(values.tolist())]))
    painter.restore()


def series_areas(area: QRectF) -> tuple[QRectF, QRectF | None]:
    """Where `draw_series` puts the curves, the legend's line above them left out, and the difference, if it has room."""
    left, width = area.left() + 34, area.width() - 40
    top, whole = area.top() + LEGEND, area.height() - LEGEND - 40
    if whole < 260:
        return QRectF(left, top, width, min(whole, 220.0)), None
    whole = min(whole, 1.7 * width + 60)  # taller than that, a wave looks like a spike
    height = round(0.68 * (whole - 60))
    return QRectF(left, top, width, height), QRectF(left, top + height + 60, width, whole - 60 - height)


def draw_text(painter: QPainter, area: QRectF, found: Text, truth_name: str, predicted_name: str) -> None:
    """The true next characters, and under each the predicted one: right or wrong by colour, and wrong ones
    underlined."""
    now = theme()
    painter.setFont(font(11))
    metrics = painter.fontMetrics()
    names = float(max(metrics.horizontalAdvance(truth_name), metrics.horizontalAdvance(predicted_name)) + 10)
    cell = text_cell(area.width() - names, area.height(), len(found.truth))
    line = 2 * cell + (16.0 if cell > 18 else 10.0)
    columns = max(int((area.width() - names) / cell), 1)
    for start in range(0, len(found.truth), columns):
        top = area.top() + start // columns * line
        if top + 2 * cell + 4 > area.bottom():
            break
        painter.setFont(font(11))
        painter.setPen(now.muted)
        painter.drawText(QRectF(area.left(), top, names, cell), LEFT, truth_name)
        painter.drawText(QRectF(area.left(), top + cell, names, cell), LEFT, predicted_name)
        painter.setFont(font(round(0.72 * cell)))
        for column in range(min(columns, len(found.truth) - start)):
            truth, guess = found.truth[start + column], found.predicted[start + column]
            x = area.left() + names + column * cell
            painter.setPen(now.text)
            painter.drawText(QRectF(x, top, cell, cell), CENTRE, _seen(truth))
            colour = QColor(now.ok if truth == guess else now.warn)
            painter.setPen(colour)
            painter.drawText(QRectF(x, top + cell, cell, cell), CENTRE, _seen(guess))
            if truth != guess:
                painter.fillRect(QRectF(x + 3, top + 2 * cell + 1, cell - 6, 2), colour)


def text_cell(width: float, height: float, count: int) -> float:
    """The largest cell of a character with which `count` of them, in two lines each, fill at most this room."""
    for cell in (30.0, 28.0, 26.0, 24.0, 22.0, 20.0):
        columns = max(int(width / cell), 1)
        if -(-count // columns) * (2 * cell + 16) <= height:
            return cell
    return 18.0


def _seen(character: str) -> str:
    return "␣" if character == " " else character


def _at(frame: QRectF, across: tuple[float, float], up: tuple[float, float], x: float, y: float) -> QPointF:
    return QPointF(
        frame.left() + (x - across[0]) / (across[1] - across[0]) * frame.width(),
        frame.bottom() - (y - up[0]) / (up[1] - up[0]) * frame.height(),
    )


def _round_range(low: float, high: float, *, lines: int = 5) -> tuple[float, float, float]:
    """Round limits around `low` .. `high`, and the distance of at most `lines` grid lines between them."""
    units = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1e4, 1e9)
    unit = next(unit for unit in units if (high - low) / unit <= lines)
    return float(np.floor(low / unit) * unit), float(np.ceil(high / unit) * unit), unit


def _draw_frame(painter: QPainter, frame: QRectF, across: tuple[float, float], up: tuple[float, float], unit: float) -> None:
    """Grid lines and figures: every `unit` upwards; ends and middle across."""
    now = theme()
    painter.setFont(font(11))
    for line in range(round((up[1] - up[0]) / unit) + 1):
        value = up[0] + line * unit
        y = frame.bottom() - (value - up[0]) / (up[1] - up[0]) * frame.height()
        painter.setPen(now.grid)
        painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        painter.setPen(now.muted)
        painter.drawText(QRectF(frame.left() - 40, y - 8, 34, 16), RIGHT, measured(value))
    for part in (0.0, 0.5, 1.0):
        x = frame.left() + part * frame.width()
        text = measured(across[0] + part * (across[1] - across[0]))
        painter.drawText(QRectF(x - 24, frame.bottom() + 2, 48, 16), CENTRE, text)
