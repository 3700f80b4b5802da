"""The input of the chosen sequence over the time axis of its gates, with the truth and what the network answers: series as
lines, characters as text, a picture's rows as the picture.

Each function paints a part of a `GatesAnswer` into a band. Called by `gate_maps`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from engine.figures import fixed, percent
from engine.sequences.gate_probe import GatesAnswer
from gui.labs.sequence.gates.gate_places import GatePlaces, MapBand
from gui.labs.sequence.predicting.character_sheet import seen
from gui.labs.sequence.sequence_look import is_picture
from gui.shell.theme import font, theme

CENTRE = Qt.AlignmentFlag.AlignCenter
LETTER_PX = 9.0  # a narrower time step has no room for its character
MOST_LETTERS = 61  # that are drawn around the chosen step where not all have room
DASHES = [4.0, 3.0]
LINE_PX = 1.0  # a wider line is painted by an order of magnitude slower


def paint_input(painter: QPainter, places: GatePlaces, answer: GatesAnswer, t: int) -> None:
    """The lane above the maps. `t` is the time step that is looked at."""
    painter.save()
    painter.setClipRect(QRectF(places.left, places.input.top - 1, places.right - places.left, places.input.height + 2))
    if answer.task == "next_token":
        _paint_text(painter, places, answer, t)
    elif is_picture(answer.task, answer.x):
        _paint_picture(painter, places, answer.x)
    else:
        _paint_series(painter, places, answer)
    painter.restore()


def input_said(answer: GatesAnswer) -> tuple[str, ...]:
    """What stands beside the lane, line by line: what it shows, truth and prediction."""
    translate = QCoreApplication.translate
    if answer.task == "next_token":
        return translate("gates", "Input"), translate("gates", "Truth"), translate("gates", "Prediction")
    if answer.task == "classification":
        truth, guess = int(answer.y), int(answer.output.argmax())
        weights = np.exp(answer.output.astype(np.float64) - float(answer.output.max()))
        share = float(weights[guess] / weights.sum()) if np.isfinite(weights).all() else float("nan")
        said = translate("gates", "True {truth}").format(truth=answer.classes[truth])
        predicted = translate("gates", "Predicted {guess}").format(guess=answer.classes[guess])
        return translate("gates", "Input"), said, f"{predicted} ({percent(share)})"
    if _is_series(answer):
        return translate("gates", "Input · prediction"), translate("gates", "Truth"), translate("gates", "Prediction")
    truth_value, predicted_value = fixed(float(answer.y.flat[0]), 3), fixed(float(answer.output.flat[0]), 3)
    return (
        translate("gates", "Input"),
        translate("gates", "True {truth}").format(truth=truth_value),
        translate("gates", "Predicted {guess}").format(guess=predicted_value),
    )


def has_lines(answer: GatesAnswer) -> bool:
    """Whether truth and prediction are two lines, so that their names need samples of them."""
    return answer.task == "regression" and _is_series(answer)


def _is_series(answer: GatesAnswer) -> bool:
    return answer.y.ndim == 2 and len(answer.y) == len(answer.x) and answer.output.shape == answer.y.shape


# --- series


def _paint_series(painter: QPainter, places: GatePlaces, answer: GatesAnswer) -> None:
    """A series to go on with: truth and prediction, drawn where they are said. A series that ends in a number: what is read,
    with a mark at each step where a second feature is not zero."""
    now, band = theme(), places.input
    x = answer.x if answer.x.ndim == 2 else answer.x[:, None]
    if _is_series(answer):
        truth, predicted = answer.y[:, 0], answer.output[:, 0]
        finite = np.concatenate([truth[np.isfinite(truth)], predicted[np.isfinite(predicted)]])
        limits = _limits(finite)
        _line(painter, places, truth, limits, QPen(now.curves[0], LINE_PX))
        pen = QPen(now.curves[1], LINE_PX)
        pen.setDashPattern(DASHES)
        _line(painter, places, predicted, limits, pen)
        return
    values = x[:, 0].astype(np.float32)
    limits = _limits(values[np.isfinite(values)])
    _line(painter, places, values, limits, QPen(now.curves[0], LINE_PX))
    if x.shape[1] == 2:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.warn)
        for t in np.nonzero(x[:, 1])[0].tolist():
            begin, end = places.span(t)
            at = QPointF((begin + end) / 2, _height(float(values[t]), limits, band))
            painter.drawEllipse(at, 4.0, 4.0)


def _line(painter: QPainter, places: GatePlaces, values: NDArray[np.float32], limits: tuple[float, float], pen: QPen) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPath(line_over_time(places, values, limits, places.input))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def line_over_time(places: GatePlaces, values: NDArray[np.float32], limits: tuple[float, float], band: MapBand) -> QPainterPath:
    """`values` (T,) in the middle of their time steps; more steps than pixels are drawn as the least and the largest of each
    pixel. What is not finite leaves a gap."""
    path = QPainterPath()
    count = len(values)
    if count == 0:
        return path
    each = (places.right - places.left) / count
    if each < 0.5:
        starts = np.unique(np.linspace(0, count, max(int(places.right - places.left), 1), endpoint=False).astype(np.int64))
        least, largest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        where = np.repeat(places.left + (starts + 0.5) * each, 2)
        shown = np.stack([least, largest], axis=1).reshape(-1)
    else:
        where = places.left + (np.arange(count) + 0.5) * each
        shown = values
    low, high = limits
    with np.errstate(invalid="ignore", over="ignore"):
        parts = np.clip((shown - np.float32(low)) / np.float32(high - low), -0.05, 1.05)
        heights = band.bottom - 3 - parts * (band.height - 6)
    drawing = False
    for x, y, finite in zip(where.tolist(), heights.tolist(), np.isfinite(shown).tolist(), strict=True):
        if finite:
            (path.lineTo if drawing else path.moveTo)(x, y)
        drawing = finite
    return path


def _limits(values: NDArray[np.float32]) -> tuple[float, float]:
    """The finite values' own, never of no width."""
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _height(value: float, limits: tuple[float, float], band: MapBand) -> float:
    low, high = limits
    part = (value - low) / (high - low)
    return band.bottom - 3 - min(max(part, -0.05), 1.05) * (band.height - 6)


# --- text


def _paint_text(painter: QPainter, places: GatePlaces, answer: GatesAnswer, t: int) -> None:
    """Three rows: what is read, what comes next, and the network's likeliest answer, each wrong one in amber. Where the steps
    are too narrow, the characters around the chosen one, at their own width, and over them where the network is wrong."""
    now, band, count = theme(), places.input, len(answer.x)
    predicted = answer.output.argmax(axis=-1) if answer.output.size else np.zeros(count, np.int64)
    rows = (answer.x, answer.y, predicted)
    row_px = band.height / 3
    painter.setFont(font(13 if row_px >= 17 else 12))
    wrong = predicted != answer.y
    first, last, start, width = _letters(places, count, t)
    if last - first < count:
        ground = QColor(now.accent_ground)
        painter.fillRect(QRectF(start, band.top, (last - first) * width, band.height), ground)
    for row, tokens in enumerate(rows):
        for number in range(first, last):
            place = QRectF(start + (number - first) * width, band.top + row * row_px, width, row_px)
            text = answer.classes[int(tokens[number])] if int(tokens[number]) < len(answer.classes) else "?"
            blank = not text.strip()
            bad = row == 2 and bool(wrong[number])
            if bad:
                painter.fillRect(place.adjusted(0, 1, 0, -1), now.warn_ground)
            painter.setPen(now.warn if bad else now.muted if blank or row == 1 else now.text)
            painter.drawText(place, CENTRE, seen(text))


def letters_place(places: GatePlaces, answer: GatesAnswer, t: int) -> QRectF | None:
    """Around the characters of a time step; None: the lane shows none."""
    if answer.task != "next_token":
        return None
    first, _, start, width = _letters(places, len(answer.x), t)
    return QRectF(start + (t - first) * width, places.input.top, width, places.input.height)


def _letters(places: GatePlaces, count: int, t: int) -> tuple[int, int, float, float]:
    """Which of `count` characters are drawn, from where on, and how wide each is."""
    each = (places.right - places.left) / max(count, 1)
    if each >= LETTER_PX:
        return 0, count, places.left, each
    width = 13.0
    room = min(MOST_LETTERS, max(int((places.right - places.left) / width), 1))
    first = min(max(t - room // 2, 0), max(count - room, 0))
    last = min(first + room, count)
    middle = sum(places.span(t)) / 2 - (t - first + 0.5) * width
    return first, last, min(max(middle, places.left), places.right - (last - first) * width), width


# --- pictures


def _paint_picture(painter: QPainter, places: GatePlaces, rows_TF: NDArray[np.float32]) -> None:  # noqa: N803
    """A picture that is read row by row: one column a time step, as bright as in the picture."""
    values = np.nan_to_num(rows_TF.T.astype(np.float32))
    low, high = float(values.min()), float(values.max())
    grey = np.ascontiguousarray(((values - low) * (255.0 / max(high - low, 1e-12))).astype(np.uint8))
    if not theme().dark:
        grey = 255 - grey
    height, width = grey.shape
    image = QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    painter.drawImage(QRectF(places.left, places.input.top, places.right - places.left, places.input.height), image)
