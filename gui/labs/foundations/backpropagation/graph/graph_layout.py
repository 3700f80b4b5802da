"""Where the parts of a graph of values and gradients stand. Pure geometry in pixels, without Qt and without the numbers.

A graph is read from left to right. A part is a leaf or a node with its sign and, to the right of it on its wire, its plate: the
value above the wire, the gradient below. Parts stand in columns, a node one column after its last input. What leads
to the second input stands below what leads to the first, as near as it can, so that no plate lies on another and no wire runs
through one. A leaf that is read more than once
stands at the very left, and each of its wires has a lane of its own, on which stands what this wire alone passes back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

GAP_PX = 26.0  # between two columns: the wires turn here
ROW_GAP_PX = 14.0
SIGN_GAP_PX = 4.0  # between a sign and its plate
WIRE_ROOM_PX = 8.0  # above and below a wire that runs through a column
MARGIN_PX = 14.0
BOOKS_LEAVES = 8  # so many numbers stand under each other at the left, as books draw them


class PartSize(NamedTuple):
    """How much room a part takes: its sign, and its plate above and below the wire."""

    sign: float
    plate: float
    above: float
    below: float


class LaidPart(NamedTuple):
    """Where a part stands: the middle of its sign, the sign's width, and its plate from `plate_left` to `right` around the
    wire's height `y`."""

    sign_x: float
    y: float
    sign: float
    plate_left: float
    right: float
    above: float
    below: float

    @property
    def top(self) -> float:
        return self.y - self.above

    @property
    def bottom(self) -> float:
        return self.y + self.below


class LaidWire(NamedTuple):
    """A wire from a part to the node that reads it, as corners: it turns between columns only. `plate` is where its own
    gradient stands, of a leaf that is read more than once."""

    source: int
    target: int
    turn: int
    points: tuple[tuple[float, float], ...]
    plate: LaidPart | None = None


class GraphLayout(NamedTuple):
    parts: tuple[LaidPart, ...]
    wires: tuple[LaidWire, ...]
    width: float
    height: float

    def wire(self, target: int, turn: int) -> LaidWire:
        return next(wire for wire in self.wires if (wire.target, wire.turn) == (target, turn))


def laid_out(
    inputs: Sequence[tuple[int, ...]],
    sizes: Sequence[PartSize],
    lanes: Mapping[tuple[int, int], PartSize],
    *,
    leaves_left: bool,
    near: Collection[int] = (),
) -> GraphLayout:
    """The layout of nodes in an order in which each stands after its inputs, the last one being the output. `lanes` gives the
    room that the wire (target, turn) needs, for every wire of a leaf that is read more than once. `leaves_left`: leaves stand
    at the left, and a node in the middle of its inputs; else leaves stand right before who reads them, and a node on the line
    of its first input. Those of `near` stand before who reads them in any case."""
    return _Course(inputs, sizes, lanes, leaves_left, near).laid()


_Extents: TypeAlias = dict[int, tuple[float, float]]  # by column: from where to where something stands in it


class _Course:
    """One layout on its way: first the columns, then the rows, then the wires."""

    def __init__(
        self,
        inputs: Sequence[tuple[int, ...]],
        sizes: Sequence[PartSize],
        lanes: Mapping[tuple[int, int], PartSize],
        leaves_left: bool,
        near: Collection[int],
    ) -> None:
        self.inputs, self.sizes, self.lanes, self.leaves_left, self.near = inputs, sizes, lanes, leaves_left, near
        readers = [0] * len(inputs)
        for sources in inputs:
            for source in sources:
                readers[source] += 1
        self.shared = {place for place, count in enumerate(readers) if count > 1}
        self.columns = self._columns()
        self.middle: dict[int, float] = {}
        self.lane_middle: dict[tuple[int, int], float] = {}

    def _columns(self) -> list[int]:
        """Column 0 is that of shared leaves where there are any."""
        first = 1 if self.shared else 0
        columns = [first] * len(self.inputs)
        for place, sources in enumerate(self.inputs):
            if sources:  # a lane stands in a column of its own before its reader
                behind = [columns[source] if source not in self.shared else first for source in sources]
                columns[place] = max(behind) + 1
        for place, sources in enumerate(self.inputs):
            for source in sources:
                left = self.leaves_left and source not in self.near
                if not (left or self.inputs[source] or source in self.shared):
                    columns[source] = columns[place] - 1
        for place in self.shared:
            columns[place] = 0
        return columns

    def laid(self) -> GraphLayout:
        last = len(self.inputs) - 1
        if last in self.shared or not self.inputs[last]:
            self.middle[last] = self.sizes[last].above
        else:
            extents = self._rows(last)
            self._shift(last, MARGIN_PX - min(top for top, _ in extents.values()))
        self._shared_rows()
        lefts, rights = self._across()
        parts = tuple(self._part(place, lefts[self.columns[place]]) for place in range(len(self.inputs)))
        wires = tuple(
            self._wire(source, target, turn, parts, lefts, rights)
            for target, sources in enumerate(self.inputs)
            for turn, source in enumerate(sources)
        )
        lowest = max(part.bottom for part in (*parts, *(wire.plate for wire in wires if wire.plate)))
        return GraphLayout(parts, wires, rights[self.columns[last]] + MARGIN_PX, lowest + MARGIN_PX)

    def _rows(self, place: int) -> _Extents:
        """Give the part at `place` and all that leads to it their rows; returns what they take of each column."""
        own, column = self.sizes[place], self.columns[place]
        taken: _Extents = {}
        middles = []
        for turn, source in enumerate(self.inputs[place]):
            if source in self.shared:
                middle, extents = 0.0, self._lane(place, turn)
                self.lane_middle[place, turn] = middle
            else:
                extents = self._rows(source)
                middle = self.middle[source]
                for between in range(self.columns[source] + 1, column):  # its wire runs through them
                    extents[between] = (middle - WIRE_ROOM_PX, middle + WIRE_ROOM_PX)
            down = _clearance(taken, extents)
            if source in self.shared:
                self.lane_middle[place, turn] = middle + down
            else:
                self._shift(source, down)
            middles.append(middle + down)
            taken = _joined(taken, {where: (top + down, bottom + down) for where, (top, bottom) in extents.items()})
        middle = 0.0 if not middles else (min(middles) + max(middles)) / 2 if self.leaves_left else middles[0]
        self.middle[place] = middle
        return _joined(taken, {column: (middle - own.above, middle + own.below)})

    def _lane(self, target: int, turn: int) -> _Extents:
        """What the wire of a shared leaf takes, its height being 0."""
        size, last = self.lanes[target, turn], self.columns[target] - 1
        wire = dict.fromkeys(range(1, last), (-WIRE_ROOM_PX, WIRE_ROOM_PX))
        return {**wire, last: (-size.above, size.below)}

    def _shift(self, place: int, down: float) -> None:
        self.middle[place] += down
        for turn, source in enumerate(self.inputs[place]):
            if source in self.shared:
                self.lane_middle[place, turn] += down
            else:
                self._shift(source, down)

    def _shared_rows(self) -> None:
        """Leaves that are read more than once stand in the middle of their lanes, one under the other."""
        wanted = []
        for place in self.shared:
            lanes = [
                self.lane_middle[target, turn]
                for target, sources in enumerate(self.inputs)
                for turn, source in enumerate(sources)
                if source == place
            ]
            wanted.append((sum(lanes) / len(lanes), place))
        bottom = MARGIN_PX
        for middle, place in sorted(wanted):
            top = max(middle - self.sizes[place].above, bottom)
            self.middle[place] = top + self.sizes[place].above
            bottom = self.middle[place] + self.sizes[place].below + ROW_GAP_PX

    def _across(self) -> tuple[list[float], list[float]]:
        """The left and right ends of each column."""
        widths = [0.0] * (max(self.columns) + 1)
        for place, column in enumerate(self.columns):
            size = self.sizes[place]
            widths[column] = max(widths[column], size.sign + SIGN_GAP_PX + size.plate)
        for (target, _), lane in self.lanes.items():
            column = self.columns[target] - 1
            widths[column] = max(widths[column], lane.plate)
        lefts, rights, x = [], [], MARGIN_PX
        for width in widths:
            lefts.append(x)
            rights.append(x + width)
            x += width + GAP_PX
        return lefts, rights

    def _part(self, place: int, left: float) -> LaidPart:
        size = self.sizes[place]
        start = left + size.sign + SIGN_GAP_PX
        return LaidPart(left + size.sign / 2, self.middle[place], size.sign, start, start + size.plate, size.above, size.below)

    def _wire(
        self,
        source: int,
        target: int,
        turn: int,
        parts: Sequence[LaidPart],
        lefts: Sequence[float],
        rights: Sequence[float],
    ) -> LaidWire:
        here, there = parts[source], parts[target]
        end = (there.sign_x - there.sign / 2, there.y)
        turns_at = rights[self.columns[target] - 1]  # it leaves its row in the gap before the reader
        start = (here.plate_left, here.y)
        if source not in self.shared:
            return LaidWire(source, target, turn, (start, (turns_at, here.y), end))
        lane, size = self.lane_middle[target, turn], self.lanes[target, turn]
        left = lefts[self.columns[target] - 1]
        plate = LaidPart(left, lane, 0.0, left, left + size.plate, size.above, size.below)
        return LaidWire(
            source,
            target,
            turn,
            (start, (rights[0], here.y), (lefts[1], lane), (turns_at, lane), end),
            plate,
        )


def _clearance(above: _Extents, below: _Extents) -> float:
    """How far `below` has to move down so that it stands under `above` in every column that both take."""
    return max((above[column][1] + ROW_GAP_PX - below[column][0] for column in above.keys() & below.keys()), default=0.0)


def _joined(one: _Extents, other: _Extents) -> _Extents:
    found = dict(one)
    for column, (top, bottom) in other.items():
        before = found.get(column, (top, bottom))
        found[column] = (min(before[0], top), max(before[1], bottom))
    return found
