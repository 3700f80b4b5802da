"""Which part of a layer's input and output is in view along one axis, and which of their cells belong together. Pure
arithmetic; called by the scene.

The lens chooses both parts together: as far as it can, the input in view holds the whole window of every output cell in view.
So the whole window lights up whichever cell is pointed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from engine.cells.correspondence import transposed_slides
from engine.cells.planes import Studied
from engine.layers.base import Shape
from engine.layers.kinds.transposed import Transposed
from engine.layers.windows import Slide, readers

MOST_IN_VIEW = 64  # in view along an axis: more could not be told apart
LEAST_OUTPUTS = 3  # in view where the output has them: one cell alone shows no movement
SPARE = 2  # an input at most this much longer than the lens is shown whole


class Track(NamedTuple):
    """How a filter moves along one axis. For a transposed convolution (`turned`) the windows lie on the output: there `slide`
    leads from the output, with the edges that the padding cuts away, to the input."""

    slide: Slide
    turned: bool = False

    @property
    def drawn_inputs(self) -> range:
        """All positions of the input, with the padding."""
        return range(self.slide.outputs) if self.turned else self._padded

    @property
    def drawn_outputs(self) -> range:
        """All positions of the output, with those that a transposed convolution's padding cuts away."""
        return self._padded if self.turned else range(self.slide.outputs)

    @property
    def inputs(self) -> range:
        """The input's own cells, without the padding."""
        return range(self.slide.outputs if self.turned else self.slide.length)

    @property
    def outputs(self) -> range:
        """The output's own cells."""
        return range(self.slide.length if self.turned else self.slide.outputs)

    @property
    def _padded(self) -> range:
        return range(-self.slide.before, self.slide.length + max(0, self.slide.after))

    def reads(self, output: int) -> range:
        """The positions of the input that output cell `output` reads."""
        if self.turned:
            return readers(self.slide, output)[1][::-1]
        cells = self.slide.cells(output)
        return range(cells.start, min(cells.stop, self._padded.stop), cells.step)  # `ceil_mode`: no cells beyond the padding

    def weights(self, output: int) -> range:
        """The weights through which output cell `output` reads them."""
        if self.turned:
            return readers(self.slide, output)[0][::-1]
        return range(len(self.reads(output)))

    def read_by(self, place: int) -> range:
        """The output cells that read position `place` of the input."""
        if self.turned:
            cells = self.slide.cells(place)
            return range(cells.start, min(cells.stop, self._padded.stop), cells.step)
        return readers(self.slide, place)[1][::-1]

    def read_through(self, place: int) -> range:
        """The weights through which any output cell reads position `place` of the input."""
        return range(self.slide.kernel) if self.turned else readers(self.slide, place)[0]

    def touched(self, weight: int) -> range:
        """The positions of the input that `weight` is multiplied with."""
        if self.turned:
            return range(self.slide.outputs)
        return self.slide.tap(weight)

    def outputs_along(self, cells: int) -> int:
        """`cells` of the input in cells of the output, rounded away from zero: so the smallest turn of the wheel moves the
        lens."""
        if self.turned:
            return cells * self.slide.stride
        return -(-cells // self.slide.stride) if cells > 0 else cells // self.slide.stride

    def output_over(self, place: int) -> int:
        """The output cell in the middle of those that read position `place` of the input, or that it is spread over."""
        slide = self.slide
        if self.turned:
            output = place * slide.stride - slide.before + slide.span // 2
        else:
            output = (place + slide.before - slide.span // 2) // slide.stride
        return min(max(output, 0), len(self.outputs) - 1)

    def unread(self, inputs: range) -> list[bool]:
        """For each of these positions of the input, whether no window reads it."""
        return [len(self.read_by(place)) == 0 for place in inputs]


def tracks(layer: Studied, shape: Shape) -> tuple[Track, Track]:
    """The tracks down and across, the last two axes of `layer` over an input of `shape`. A signal has one row."""
    if isinstance(layer, Transposed):
        down, across = transposed_slides(layer, shape)
        return Track(down, turned=True), Track(across, turned=True)
    down, across = (Slide(1, 1), *layer.slides(shape))[-2:]
    return Track(down), Track(across)


class View(NamedTuple):
    """What is in view along one axis: output cells, with those that a padding cuts away, and positions of the padded input."""

    outputs: range
    inputs: range


Views: TypeAlias = tuple[View, View]  # down and across


def view(track: Track, around: int, lens: int) -> View:
    """The view of a lens of `lens` cells around the window of output `around`. The lens lies on the input; for a transposed
    convolution, on the output. What is hardly longer than the lens is shown whole."""
    slide = track.slide
    whole = track.drawn_outputs if track.turned else track.drawn_inputs
    if len(whole) <= min(lens + SPARE, MOST_IN_VIEW):
        windows, cells = range(slide.outputs), whole
    else:
        middle = (around + slide.before - slide.span // 2) // slide.stride if track.turned else around
        windows, cells = _windows(slide, middle, lens, whole)
    if not track.turned:
        return View(windows, cells)
    first = slide.cells(windows[0] - 1)[-1] + 1 if windows[0] else cells.start
    stop = slide.cells(windows[-1] + 1)[0] if windows[-1] < slide.outputs - 1 else cells.stop
    known = range(max(first, cells.start), min(stop, cells.stop))  # the outputs that no window out of view reaches
    if around in known and len(known) >= LEAST_OUTPUTS:
        cells = known
    elif around not in cells:  # the windows are longer than the view, or far apart
        start = min(max(around - len(cells) // 2, whole.start), whole.stop - len(cells))
        cells = range(start, start + len(cells))
    return View(cells, windows)


def _windows(slide: Slide, around: int, lens: int, whole: range) -> tuple[range, range]:
    """As many windows around number `around` as the lens holds, and all cells under them."""
    count = max(LEAST_OUTPUTS, (lens - slide.span) // slide.stride + 1)
    count = max(1, min(count, slide.outputs, (MOST_IN_VIEW - slide.span) // slide.stride + 1))
    first = min(max(around - count // 2, 0), slide.outputs - count)
    windows = range(first, first + count)
    low, high = slide.cells(first).start, min(slide.cells(windows[-1])[-1] + 1, whole.stop)
    if windows.stop == slide.outputs:
        high = min(whole.stop, max(high, low + MOST_IN_VIEW))  # what is left over after the last window
    if high - low > MOST_IN_VIEW:  # one window is longer than the view: show its middle
        low += (high - low - MOST_IN_VIEW) // 2
        high = low + MOST_IN_VIEW
    return windows, range(low, high)


def followed(shown: View, track: Track, output: int) -> bool:
    """Whether the lens has to move to show `output`: it is out of view, or at an edge beyond which there is more."""
    low, high = shown.outputs.start, shown.outputs.stop
    margin = int(len(shown.outputs) > 2)
    whole = track.outputs
    return output < low + margin * (low > whole.start) or output >= high - margin * (high < whole.stop)


def crossing(rows: Sequence[int], columns: Sequence[int], shown: tuple[range, range]) -> list[tuple[int, int]]:
    """Every combination of these rows and columns that is in view."""
    across = [column for column in columns if column in shown[1]]
    return [(row, column) for row in rows if row in shown[0] for column in across]
