"""How a model's predictions are drawn beside the truth: pictures with their labels, numbers on a diagonal, a
series, a text.

Each function paints one `engine.training.probes` answer into an area. Called by the prediction card.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from engine.training.probes import Classified, Numbers, Series, Text
from gui.shell.theme import font, theme

CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
COLUMNS = 4
GAP = 8.0
LABEL = 18.0


def picture_areas(area: QRectF, count: int) -> list[QRectF]:
    """Where the pictures stand, in rows of four, their labels' room left out."""
    side = min((area.width() - GAP * (COLUMNS - 1)) / COLUMNS, 72.0)
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
    step = min(20.0, area.height() / max(count, 1))
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
        painter.drawText(QRectF(groove_right, top, 56, step), RIGHT, f"{100 * share:.1f}%")
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


def draw_numbers(painter: QPainter, area: QRectF, found: Numbers, truth_name: str, predicted_name: str) -> None:
    """A point a sample, truth to the right, prediction upwards: on the diagonal they agree."""
    now = theme()
    low, high = min(float(found.truth.min()), 0.0), max(float(found.truth.max()), 1.0)
    low, high, unit = _round_range(low, high)
    side = min(area.width() - 40, area.height() - 40)
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


def draw_series(painter: QPainter, area: QRectF, found: Series, time_name: str) -> None:
    """Truth as a solid line and prediction as a dashed one, over time."""
    now = theme()
    both = np.concatenate([found.truth, found.predicted])
    spread = max(float(found.truth.max() - found.truth.min()), 1e-3)
    low = max(float(both.min()), float(found.truth.min()) - spread)
    high = min(float(both.max()), float(found.truth.max()) + spread)
    low, high, unit = _round_range(low, high)
    frame = QRectF(area.left() + 34, area.top() + 6, area.width() - 40, min(area.height() - 40, 220.0))
    across = (0.0, float(len(found.truth)))
    _draw_frame(painter, frame, across, (low, high), unit)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(frame.adjusted(-1, -1, 1, 1))
    for number, values in enumerate((found.truth, found.predicted)):
        pen = QPen(now.curves[number], 1.5)
        if number:
            pen.setDashPattern([4.0, 2.5])
        painter.setPen(pen)
        points = [_at(frame, across, (low, high), t + 1, value) for t, value in enumerate(values.tolist())]
        painter.drawPolyline(QPolygonF(points))
    painter.setClipping(False)
    painter.setFont(font(11))
    painter.setPen(now.muted)
    painter.drawText(QRectF(frame.left(), frame.bottom() + 16, frame.width(), 16), CENTRE, time_name)


def series_bottom(area: QRectF) -> float:
    """Where `draw_series` ends, the name of its axis included."""
    return area.top() + 6 + min(area.height() - 40, 220.0) + 34


def draw_text(painter: QPainter, area: QRectF, found: Text, truth_name: str, predicted_name: str) -> None:
    """The true next characters, and under each the predicted one: right or wrong by colour, and wrong ones
    underlined."""
    now = theme()
    cell, line = 18.0, 46.0
    painter.setFont(font(11))
    metrics = painter.fontMetrics()
    names = float(max(metrics.horizontalAdvance(truth_name), metrics.horizontalAdvance(predicted_name)) + 10)
    columns = max(int((area.width() - names) / cell), 1)
    for start in range(0, len(found.truth), columns):
        top = area.top() + start // columns * line
        if top + 40 > area.bottom():
            break
        painter.setFont(font(11))
        painter.setPen(now.muted)
        painter.drawText(QRectF(area.left(), top, names, 18), LEFT, truth_name)
        painter.drawText(QRectF(area.left(), top + 18, names, 18), LEFT, predicted_name)
        painter.setFont(font(13))
        for column in range(min(columns, len(found.truth) - start)):
            truth, guess = found.truth[start + column], found.predicted[start + column]
            x = area.left() + names + column * cell
            painter.setPen(now.text)
            painter.drawText(QRectF(x, top, cell, 18), CENTRE, _seen(truth))
            colour = QColor(now.ok if truth == guess else now.warn)
            painter.setPen(colour)
            painter.drawText(QRectF(x, top + 18, cell, 18), CENTRE, _seen(guess))
            if truth != guess:
                painter.fillRect(QRectF(x + 3, top + 37, cell - 6, 2), colour)


def _seen(character: str) -> str:
    return "␣" if character == " " else character


def _at(frame: QRectF, across: tuple[float, float], up: tuple[float, float], x: float, y: float) -> QPointF:
    return QPointF(
        frame.left() + (x - across[0]) / (across[1] - across[0]) * frame.width(),
        frame.bottom() - (y - up[0]) / (up[1] - up[0]) * frame.height(),
    )


def _round_range(low: float, high: float) -> tuple[float, float, float]:
    """Round limits around `low` .. `high`, and the distance of at most five grid lines between them."""
    unit = next(unit for unit in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1e4, 1e9) if (high - low) / unit <= 5)
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
        painter.drawText(QRectF(frame.left() - 40, y - 8, 34, 16), RIGHT, _figure(value))
    for part in (0.0, 0.5, 1.0):
        x = frame.left() + part * frame.width()
        text = _figure(across[0] + part * (across[1] - across[0]))
        painter.drawText(QRectF(x - 24, frame.bottom() + 2, 48, 16), CENTRE, text)


def _figure(value: float) -> str:
    return f"{round(value, 6):g}".replace("-", "−")
