"""Where the parts of a recurrent cell's drawing stand: wires, gates, rings and the places of values, by kind of cell.

Pure geometry in pixels, without the numbers. Painted by `cell_diagram`. A key names what a part carries, as `cell_values` does:
"f" a gate, "f*c" a product, "c" a state, "inputs" what all gates read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt

OperationSign: TypeAlias = Literal["×", "+"]

LEAST_PX, WIDEST_PX = 212, 420  # of the drawing; in a wider place it stands in the middle
SIDE_PX = 4.0
RING_PX, BOX_HEIGHT_PX, LABEL_PX, VALUE_PX, GAP_PX = 16, 36, 14, 46, 6
TOP, MIDDLE, GATES_Y, BUS, HEIGHT = 26.0, 74.0, 120.0, 160.0, 180  # the state's line, products, gates, inputs, all of it
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Wire:
    """A line through `points`; with an arrow at its end where it leaves the cell or enters a part."""

    key: str
    points: tuple[QPointF, ...]
    arrow: bool = False


@dataclass(frozen=True)
class GateBox:
    """`name` and `function` are written in it, over the value."""

    key: str
    place: QRectF
    name: str
    function: str = ""


@dataclass(frozen=True)
class OperationRing:
    key: str
    centre: QPointF
    sign: OperationSign


@dataclass(frozen=True)
class ValueLabel:
    """A value beside its wire; `name` is written before it."""

    key: str
    place: QRectF
    side: Qt.AlignmentFlag
    name: str = ""


@dataclass(frozen=True)
class Wiring:
    wires: tuple[Wire, ...]
    boxes: tuple[GateBox, ...]
    rings: tuple[OperationRing, ...]
    labels: tuple[ValueLabel, ...]

    def key_at(self, point: QPointF) -> str:
        """What is under a point; "" where there is nothing."""
        for box in self.boxes:
            if box.place.contains(point):
                return box.key
        for ring in self.rings:
            if (point - ring.centre).manhattanLength() <= RING_PX:
                return ring.key
        for label in self.labels:
            if label.place.contains(point):
                return label.key
        near = [(distance, wire.key) for wire in self.wires if (distance := _distance(point, wire)) <= 5]
        return min(near, default=(0.0, ""))[1]


def wiring(kind: str, width: float, *, nonlinearity: str = "tanh", projected: bool = False) -> Wiring:
    """The drawing of a cell in so many pixels."""
    across = min(max(width, LEAST_PX), WIDEST_PX) - 2 * SIDE_PX
    left = max((width - across) / 2, SIDE_PX)
    match kind:
        case "LSTM":
            return _lstm(left, across, projected)
        case "GRU":
            return _gru(left, across)
        case _:
            return _rnn(left, across, nonlinearity)


def _lstm(left: float, width: float, projected: bool) -> Wiring:
    room = width - 42  # the right column has tanh c and h
    box = min((room - 3 * GAP_PX) / 4, 72.0)
    middles = {name: left + 1 + box / 2 + place * (room - box) / 3 for place, name in enumerate("figo")}
    f, i, g, o = (middles[name] for name in "figo")
    product, out, end = (i + g) / 2, left + width - 22, left + width
    beside = product + 8 + VALUE_PX
    boxes = [GateBox(name, _box(middles[name], box), name, "tanh" if name == "g" else "σ") for name in "figo"]
    top = GATES_Y - BOX_HEIGHT_PX / 2
    wires = [
        Wire("c_before", (QPointF(left, TOP), QPointF(f - RING_PX / 2, TOP))),
        Wire("f*c", (QPointF(f + RING_PX / 2, TOP), QPointF(product - RING_PX / 2, TOP))),
        Wire("c", (QPointF(product + RING_PX / 2, TOP), QPointF(end, TOP)), arrow=True),
        Wire("f", (QPointF(f, top), QPointF(f, TOP + RING_PX / 2))),
        Wire("i", (QPointF(i, top), QPointF(i, MIDDLE), QPointF(product - RING_PX / 2, MIDDLE))),
        Wire("g", (QPointF(g, top), QPointF(g, MIDDLE), QPointF(product + RING_PX / 2, MIDDLE))),
        Wire("i*g", (QPointF(product, MIDDLE - RING_PX / 2), QPointF(product, TOP + RING_PX / 2))),
        Wire("o", (QPointF(o, top), QPointF(o, MIDDLE), QPointF(out - RING_PX / 2, MIDDLE))),
        Wire("tanh_c", (QPointF(out, TOP), QPointF(out, MIDDLE - RING_PX / 2))),
        Wire("h", (QPointF(out, MIDDLE + RING_PX / 2), QPointF(out, BUS), QPointF(end, BUS)), arrow=True),
        Wire("inputs", (QPointF(left, BUS), QPointF(o, BUS))),
        *(Wire("inputs", (QPointF(x, BUS), QPointF(x, GATES_Y + BOX_HEIGHT_PX / 2)), arrow=True) for x in middles.values()),
    ]
    if projected:
        boxes.append(GateBox("h", QRectF(out - 14, GATES_Y - 12, 28, 24), "P"))
    rings = [
        OperationRing("f*c", QPointF(f, TOP), "×"),
        OperationRing("c", QPointF(product, TOP), "+"),
        OperationRing("i*g", QPointF(product, MIDDLE), "×"),
        OperationRing("m", QPointF(out, MIDDLE), "×"),
    ]
    labels = [
        ValueLabel("c_before", QRectF(left, TOP - 24, product - left, LABEL_PX), LEFT, "c₋"),
        ValueLabel("f*c", QRectF(f + 6, TOP + 3, product - f - 14, LABEL_PX), LEFT),
        ValueLabel("i*g", QRectF(product + 6, (TOP + MIDDLE) / 2 - 8, VALUE_PX, LABEL_PX), LEFT),
        ValueLabel("c", QRectF(product + 12, TOP - 24, end - product - 12, LABEL_PX), RIGHT, "c"),
        ValueLabel("tanh_c", QRectF(beside, (TOP + MIDDLE) / 2 - 8, out - 6 - beside, LABEL_PX), RIGHT, "tanh"),
        ValueLabel("inputs", QRectF(left, BUS + 4, o - left, LABEL_PX), LEFT),
        ValueLabel("h", QRectF(o, BUS + 4, end - o, LABEL_PX), RIGHT, "h"),
    ]
    return Wiring(tuple(wires), tuple(boxes), tuple(rings), tuple(labels))


def _gru(left: float, width: float) -> Wiring:
    box = min(width * 0.2, 76.0)
    z, r = left + 2 + box / 2, left + 2 + box / 2 + box + 0.05 * width
    n, end = left + width - box / 2 - 0.12 * width, left + width
    times = (r + n) / 2
    top, bottom = GATES_Y - BOX_HEIGHT_PX / 2, GATES_Y + BOX_HEIGHT_PX / 2
    less = (z + n) / 2
    boxes = [
        GateBox("z", _box(z, box), "z", "σ"),
        GateBox("r", _box(r, box), "r", "σ"),
        GateBox("n", _box(n, box), "n", "tanh"),
        GateBox("1-z", QRectF(less - 46, MIDDLE - 10, 92, 20), "1 − z"),
    ]
    wires = [
        Wire("h_before", (QPointF(left, TOP), QPointF(z - RING_PX / 2, TOP))),
        Wire("z*h", (QPointF(z + RING_PX / 2, TOP), QPointF(n - RING_PX / 2, TOP))),
        Wire("h", (QPointF(n + RING_PX / 2, TOP), QPointF(end, TOP)), arrow=True),
        Wire("z", (QPointF(z, top), QPointF(z, TOP + RING_PX / 2))),
        Wire("z", (QPointF(z, MIDDLE), QPointF(less - 46, MIDDLE))),
        Wire("1-z", (QPointF(less + 46, MIDDLE), QPointF(n - RING_PX / 2, MIDDLE))),
        Wire("n", (QPointF(n, top), QPointF(n, MIDDLE + RING_PX / 2))),
        Wire("(1-z)*n", (QPointF(n, MIDDLE - RING_PX / 2), QPointF(n, TOP + RING_PX / 2))),
        Wire("r", (QPointF(r + box / 2, GATES_Y), QPointF(times - RING_PX / 2, GATES_Y))),
        Wire("r*u", (QPointF(times + RING_PX / 2, GATES_Y), QPointF(n - box / 2, GATES_Y)), arrow=True),
        Wire("u", (QPointF(times, BUS), QPointF(times, GATES_Y + RING_PX / 2))),
        Wire("inputs", (QPointF(left, BUS), QPointF(n, BUS))),
        *(Wire("inputs", (QPointF(x, BUS), QPointF(x, bottom)), arrow=True) for x in (z, r, n)),
    ]
    rings = [
        OperationRing("z*h", QPointF(z, TOP), "×"),
        OperationRing("h", QPointF(n, TOP), "+"),
        OperationRing("(1-z)*n", QPointF(n, MIDDLE), "×"),
        OperationRing("r*u", QPointF(times, GATES_Y), "×"),
    ]
    labels = [
        ValueLabel("h_before", QRectF(left, TOP - 24, less - left, LABEL_PX), LEFT, "h₋"),
        ValueLabel("z*h", QRectF(z + 6, TOP + 3, n - z - 20, LABEL_PX), LEFT),
        ValueLabel("(1-z)*n", QRectF(n + 6, (TOP + MIDDLE) / 2 - 8, end - n - 4, LABEL_PX), LEFT),
        ValueLabel("h", QRectF(less, TOP - 24, end - less, LABEL_PX), RIGHT, "h"),
        ValueLabel("r*u", QRectF(times - 34, GATES_Y - 34, 68, LABEL_PX), Qt.AlignmentFlag.AlignHCenter),
        ValueLabel("u", QRectF(times + 4, (GATES_Y + BUS) / 2 + 1, n - times - 8, LABEL_PX), LEFT),
        ValueLabel("inputs", QRectF(left, BUS + 4, width, LABEL_PX), LEFT),
    ]
    return Wiring(tuple(wires), tuple(boxes), tuple(rings), tuple(labels))


def _rnn(left: float, width: float, nonlinearity: str) -> Wiring:
    way = 0.1 * width  # of a wire between two parts
    box = min(width * 0.3, 110.0)
    inner = left + way + box / 2
    add, end = left + 2 * way + box, left + width
    size = min(width * 0.26, 84.0)
    gate = end - way - size / 2
    upper, lower = MIDDLE - 26, GATES_Y - 6
    boxes = [
        GateBox("w", QRectF(inner - box / 2, upper - 18, box, BOX_HEIGHT_PX), "W x + b"),
        GateBox("u", QRectF(inner - box / 2, lower - 18, box, BOX_HEIGHT_PX), "U h₋ + b′"),
        GateBox("h", QRectF(gate - size / 2, upper - 18, size, BOX_HEIGHT_PX), "h", nonlinearity),
    ]
    wires = [
        Wire("w", (QPointF(inner + box / 2, upper), QPointF(add - RING_PX / 2, upper))),
        Wire("u", (QPointF(inner + box / 2, lower), QPointF(add, lower), QPointF(add, upper + RING_PX / 2))),
        Wire("sum", (QPointF(add + RING_PX / 2, upper), QPointF(gate - size / 2, upper)), arrow=True),
        Wire("h", (QPointF(gate + size / 2, upper), QPointF(end, upper)), arrow=True),
        *(Wire("inputs", (QPointF(left, y), QPointF(inner - box / 2, y)), arrow=True) for y in (upper, lower)),
    ]
    labels = [
        ValueLabel("sum", QRectF(add + 6, upper + 22, end - add - 6, LABEL_PX), LEFT, "Σ"),
        ValueLabel("h", QRectF(gate - size / 2, upper - 36, end - gate + size / 2, LABEL_PX), RIGHT, "h"),
        ValueLabel("inputs", QRectF(left, lower + 26, width, LABEL_PX), LEFT),
    ]
    return Wiring(tuple(wires), tuple(boxes), (OperationRing("sum", QPointF(add, upper), "+"),), tuple(labels))


def _box(middle: float, width: float) -> QRectF:
    return QRectF(middle - width / 2, GATES_Y - BOX_HEIGHT_PX / 2, width, BOX_HEIGHT_PX)


def _distance(point: QPointF, wire: Wire) -> float:
    """How far a point is from the nearest piece of a wire, in pixels."""
    found = []
    for start, end in zip(wire.points, wire.points[1:], strict=False):
        along = end - start
        length = QPointF.dotProduct(along, along)
        share = 0.0 if not length else min(max(QPointF.dotProduct(point - start, along) / length, 0.0), 1.0)
        away = point - start - along * share
        found.append(QPointF.dotProduct(away, away) ** 0.5)
    return min(found, default=1e9)
