"""How a model's predictions are painted beside the truth where they are no plot: pictures with their labels, a text, a
table of numbers.

Each function paints one `engine.training.probes` answer into an area. Called by the prediction card and its plots.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from engine.figures import fixed, in_decimals, percent
from engine.training.probes import Classified, Numbers, Text
from gui.shell.theme import font, theme

CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
COLUMNS = 4
GAP = 8.0
LABEL = 18.0
ROW = 22.0
NUMBER_ROW = 14.0
BELOW = 150.0  # high at least are the bars below the pictures
BESIDE = 0.52  # of the width for the pictures where the bars are beside them
LEAST_BELOW = 94.0  # lower ones cannot be read
LEAST_PX = 36.0  # of a picture that has bars below it
SMALLEST_PX = 24.0  # of any
NAMED = 0.4  # of the bars' width, at most, for the names of classes
LEAST_BESIDE_PX = 300.0  # wide is a place for both


def picture_areas(area: QRectF, count: int) -> list[QRectF]:
    """Where the pictures stand, in rows of four, their labels' room left out; the bars come below them, or in a low place
    beside them, or where there is no room at all, not, and then longer rows may have to do."""
    rows, columns = max(-(-count // COLUMNS), 1), COLUMNS
    if _is_low(area, rows):
        across, high, least = BESIDE * area.width(), area.height(), SMALLEST_PX
    elif area.height() < rows * (LEAST_PX + LABEL + GAP / 2) + LEAST_BELOW:  # too low for bars anyway
        across, high, least = area.width(), area.height(), SMALLEST_PX
        columns = _columns_in(area, count)
        rows = max(-(-count // columns), 1)
    else:
        across, high, least = area.width(), area.height() - BELOW, LEAST_PX
    side = max(least, min((across - GAP * (columns - 1)) / columns, high / rows - LABEL - GAP / 2, 96.0))
    height = side + LABEL + GAP / 2
    return [
        QRectF(area.left() + i % columns * (side + GAP), area.top() + i // columns * height, side, side) for i in range(count)
    ]


def _columns_in(area: QRectF, count: int) -> int:
    """How many of `count` pictures stand in a row: four, or as many more as it takes to have all of them in the area."""
    for columns in range(COLUMNS, int((area.width() + GAP) // (SMALLEST_PX + GAP)) + 1):
        if -(-count // columns) * (SMALLEST_PX + LABEL + GAP / 2) <= area.height():
            return columns
    return COLUMNS


def bars_area(area: QRectF, places: list[QRectF]) -> QRectF:
    """Where the chosen picture's bars stand, beside or below the pictures at `places`."""
    if _is_low(area, max(-(-len(places) // COLUMNS), 1)):
        left = max(place.right() for place in places) + 2 * GAP
        return QRectF(left, area.top(), area.right() - left, area.height())
    top = places[-1].bottom() + LABEL + 14
    return QRectF(area.left(), top, area.width(), area.bottom() - top)


def _is_low(area: QRectF, rows: int) -> bool:
    """Whether there is no room for bars below `rows` of pictures, and some beside them."""
    return area.height() < rows * (LEAST_PX + LABEL + GAP / 2) + BELOW and area.width() >= LEAST_BESIDE_PX


def draw_pictures(painter: QPainter, area: QRectF, found: Classified, chosen: int) -> None:
    """The pictures, each with the predicted class under it: right or wrong by colour and by sign. The chosen
    one's probabilities follow as bars."""
    now = theme()
    areas = picture_areas(area, len(found.pictures))
    predicted = found.predicted
    painter.setFont(font(12))
    for number, place in enumerate(areas):
        if found.pictures.ndim == 2:
            _draw_numbers(painter, place, found.pictures[number])
        else:
            painter.drawImage(place, _image(found.pictures[number]))
        if number == chosen:
            painter.setPen(QPen(now.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(-2, -2, 2, 2))
        guess, truth = int(predicted[number]), int(found.labels[number])
        room = QRectF(place.left() - 4, place.bottom() + 2, place.width() + 8, LABEL - 2)
        painter.setPen(now.ok if guess == truth else now.warn)
        wordings = verdict(found.classes[guess], found.classes[truth])
        measure = painter.fontMetrics()
        fitting = (text for text in wordings if measure.horizontalAdvance(text) <= room.width())
        wording = next(fitting, wordings[-1])
        painter.drawText(room, CENTRE, measure.elidedText(wording, Qt.TextElideMode.ElideRight, round(room.width())))
    if areas and chosen < len(areas):
        draw_bars(painter, bars_area(area, areas), found, chosen)


def _draw_numbers(painter: QPainter, place: QRectF, values: np.ndarray) -> None:
    """A row of numbers in the place of a picture, one below the other, as many as there is room for."""
    now = theme()
    painter.fillRect(place, now.ground)
    painter.setFont(font(11))
    most = max(int(place.height() // NUMBER_ROW), 1)
    lines = [in_decimals(float(value), 2) for value in values[:most]]
    if len(values) > most:
        lines[-1] = "…"
    painter.setPen(now.text)
    top = place.center().y() - NUMBER_ROW * len(lines) / 2
    for number, line in enumerate(lines):
        painter.drawText(QRectF(place.left(), top + number * NUMBER_ROW, place.width(), NUMBER_ROW), CENTRE, line)
    painter.setFont(font(12))


def verdict(guess: str, truth: str) -> tuple[str, ...]:
    """What the model says, and where that is wrong what is true; the longest wording first."""
    if guess == truth:
        return (guess,)
    told = QCoreApplication.translate("drawings", "{guess} (true: {truth})")
    return told.format(guess=guess, truth=truth), f"{guess} ({truth})"


def draw_bars(painter: QPainter, area: QRectF, found: Classified, chosen: int) -> None:
    """The answer for each class, in the order of the classes, so that no bar changes its place."""
    now = theme()
    count = len(found.classes)
    step = min(26.0, area.height() / max(count, 1))
    if step < 8:
        return
    painter.setFont(font(12 if step >= 15 else 11))
    guess = int(found.predicted[chosen])
    metrics = painter.fontMetrics()
    names = [_seen(name) for name in found.classes]
    named = min(max([20.0, *(metrics.horizontalAdvance(name) + 4.0 for name in names)]), NAMED * area.width())
    groove_left, groove_right = area.left() + named + 4, area.right() - 56
    for number in range(count):
        answer = float(found.answers[chosen, number])
        top = area.top() + number * step
        painter.setPen(now.text if number == guess else now.muted)
        name = metrics.elidedText(names[number], Qt.TextElideMode.ElideRight, round(named))
        painter.drawText(QRectF(area.left(), top, named, step), LEFT, name)
        painter.drawText(
            QRectF(groove_right, top, 56, step),
            RIGHT,
            in_decimals(answer, 2) if found.is_values else percent(answer),
        )
        groove = QRectF(groove_left, top + step / 2 - 3, groove_right - groove_left, 6)
        painter.fillRect(groove, now.groove)
        colour = now.accent if number == guess else now.muted
        share = min(max(answer, 0.0), 1.0)  # of a network whose answers are no probabilities
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


def draw_table(painter: QPainter, area: QRectF, found: Numbers, names: tuple[str, str, str]) -> None:
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
