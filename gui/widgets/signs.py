"""The signs of a tape recorder, painted: few fonts have all of them. Called by the run bar and by the scene's player."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPainterPathStroker, QPixmap, QPolygonF

Sign = Literal["play", "pause", "step", "back", "first", "last", "stop", "anew"]
SIGN_PX = 14

_SIGNS: dict[tuple[str, str], QIcon] = {}


def sign(name: Sign, colour: QColor) -> QIcon:
    """One of the signs, as an icon."""
    key = (name, colour.name())
    if key not in _SIGNS:
        scale = 2
        pixmap = QPixmap(SIGN_PX * scale, SIGN_PX * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(_outline(name), colour)
        painter.end()
        icon = QIcon(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Disabled)
        _SIGNS[key] = icon
    return _SIGNS[key]


def _outline(name: Sign) -> QPainterPath:
    """The sign in a square of 14 pixels."""
    path = QPainterPath()
    match name:
        case "play":
            path.addPolygon(_triangle(3, 2, 12))
        case "pause":
            path.addRect(QRectF(3, 2, 3, 10))
            path.addRect(QRectF(8, 2, 3, 10))
        case "step":
            path.addPolygon(_triangle(2, 2, 9))
            path.addRect(QRectF(10, 2, 2, 10))
        case "back":
            path.addPolygon(_triangle(12, 2, 5))
            path.addRect(QRectF(2, 2, 2, 10))
        case "first":
            path.addRect(QRectF(1, 2, 2, 10))
            path.addPolygon(_triangle(8, 2, 3))
            path.addPolygon(_triangle(13, 2, 8))
        case "last":
            path.addPolygon(_triangle(1, 2, 6))
            path.addPolygon(_triangle(6, 2, 11))
            path.addRect(QRectF(11, 2, 2, 10))
        case "stop":
            path.addRoundedRect(QRectF(3, 3, 8, 8), 1, 1)
        case "anew":
            path = _ring_with_arrow()
    return path


def _ring_with_arrow() -> QPainterPath:
    """Once round, from the top right clockwise to the arrow at the top."""
    ring = QPainterPath()
    box = QRectF(2.5, 2.5, 9, 9)
    ring.arcMoveTo(box, 20)
    ring.arcTo(box, 20, -290)
    pen = QPainterPathStroker()
    pen.setWidth(2)
    path = pen.createStroke(ring)
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addPolygon(QPolygonF([QPointF(7, -0.5), QPointF(7, 5.5), QPointF(11.5, 2.5), QPointF(7, -0.5)]))
    return path


def _triangle(base: float, top: float, tip: float) -> QPolygonF:
    return QPolygonF([QPointF(base, top), QPointF(base, top + 10), QPointF(tip, top + 5), QPointF(base, top)])
