"""Which part of a layer's input and output is in view, along one axis, and which of their cells belong together there. Pure
arithmetic; called by the scene.

The two parts in view belong together: as far as the lens allows, every window of an output cell in view lies in the input that
is in view, so that whatever the hand points at, its whole window can light up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from engine.cells.correspondence import transposed_slides
from engine.cells.planes import Studied
from engine.layers.base import Shape
from engine.layers.kinds.transposed import Transposed
from engine.layers.windows import Slide, readers

MOST_IN_VIEW = 64  # in view along an axis: more are no cells any more
LEAST_OUTPUTS = 3  # as far as there are so many: one cell alone shows no movement
SPARE = 2  # an input that is so little longer than the lens is shown whole


class Track(NamedTuple):
    """The way of a filter along one axis. `turned`: of a transposed convolution, whose filters stand on the output:
    `slide` then goes from the layer's output, its cut edges included, to its input."""

    slide: Slide
    turned: bool = False

    @property
    def drawn_inputs(self) -> range:
        """All positions of the input, those of the padding included."""
        return range(self.slide.outputs) if self.turned else self._padded

    @property
    def drawn_outputs(self) -> range:
        """All positions of the output, also those that a transposed convolution's padding cuts away."""
        return self._padded if self.turned else range(self.slide.outputs)

    @property
    def inputs(self) -> range:
        """The input's own cells."""
        return range(self.slide.outputs if self.turned else self.slide.length)

    @property
    def outputs(self) -> range:
        """The output's own cells."""
        return range(self.slide.length if self.turned else self.slide.outputs)

    @property
    def _padded(self) -> range:
        return range(-self.slide.before, self.slide.length + max(0, self.slide.after))

    def reads(self, output: int) -> range:
        """The positions of the input that an output cell reads."""
        if self.turned:
            return readers(self.slide, output)[1][::-1]
        cells = self.slide.cells(output)
        return range(cells.start, min(cells.stop, self._padded.stop), cells.step)  # `ceil_mode`: no cells beyond the padding

    def weights(self, output: int) -> range:
        """Which of the filter's cells it reads them through."""
        if self.turned:
            return readers(self.slide, output)[0][::-1]
        return range(len(self.reads(output)))

    def read_by(self, place: int) -> range:
        """The output cells that read a position of the input."""
        if self.turned:
            cells = self.slide.cells(place)
            return range(cells.start, min(cells.stop, self._padded.stop), cells.step)
        return readers(self.slide, place)[1][::-1]

    def read_through(self, place: int) -> range:
        """The filter's cells through which some output reads a position of the input."""
        return range(self.slide.kernel) if self.turned else readers(self.slide, place)[0]

    def touched(self, weight: int) -> range:
        """The positions of the input that a weight is multiplied with."""
        if self.turned:
            return range(self.slide.outputs)
        return self.slide.tap(weight)

    def outputs_along(self, cells: int) -> int:
        """So many cells of the input as cells of the output, away from zero: the smallest turn of a wheel moves the lens."""
        if self.turned:
            return cells * self.slide.stride
        return -(-cells // self.slide.stride) if cells > 0 else cells // self.slide.stride

    def output_over(self, place: int) -> int:
        """The output cell in the middle of what a position of the input has to do with."""
        slide = self.slide
        if self.turned:
            output = place * slide.stride - slide.before + slide.span // 2
        else:
            output = (place + slide.before - slide.span // 2) // slide.stride
        return min(max(output, 0), len(self.outputs) - 1)

    def unread(self, inputs: range) -> list[bool]:
        """Which positions of the input no window reads."""
        return [len(self.read_by(place)) == 0 for place in inputs]


def tracks(layer: Studied, shape: Shape) -> tuple[Track, Track]:
    """Down and across: the last two axes of `layer` over an input of `shape`; a signal has one row."""
    if isinstance(layer, Transposed):
        down, across = transposed_slides(layer, shape)
        return Track(down, turned=True), Track(across, turned=True)
    down, across = (Slide(1, 1), *layer.slides(shape))[-2:]
    return Track(down), Track(across)


class View(NamedTuple):
    """What is in view along one axis: numbers of outputs, and positions in the padded input; in both cut edges too."""

    outputs: range
    inputs: range


Views: TypeAlias = tuple[View, View]  # down and across


def view(track: Track, around: int, lens: int) -> View:
    """`lens` cells around the window of output `around`, of the input, or of the output where the filters stand on it; all of
    it if it is hardly longer."""
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
    known = range(max(first, cells.start), min(stop, cells.stop))  # those that no window out of view reaches
    if around in known and len(known) >= LEAST_OUTPUTS:
        cells = known
    elif around not in cells:  # the windows are longer than all that can be shown, or stand far apart
        start = min(max(around - len(cells) // 2, whole.start), whole.stop - len(cells))
        cells = range(start, start + len(cells))
    return View(cells, windows)


def _windows(slide: Slide, around: int, lens: int, whole: range) -> tuple[range, range]:
    """So many windows around number `around` as a lens holds, and all cells under them."""
    count = max(LEAST_OUTPUTS, (lens - slide.span) // slide.stride + 1)
    count = max(1, min(count, slide.outputs, (MOST_IN_VIEW - slide.span) // slide.stride + 1))
    first = min(max(around - count // 2, 0), slide.outputs - count)
    windows = range(first, first + count)
    low, high = slide.cells(first).start, min(slide.cells(windows[-1])[-1] + 1, whole.stop)
    if windows.stop == slide.outputs:
        high = min(whole.stop, max(high, low + MOST_IN_VIEW))  # what is left over after the last window
    if high - low > MOST_IN_VIEW:  # one window is longer than all that can be shown: its middle
        low += (high - low - MOST_IN_VIEW) // 2
        high = low + MOST_IN_VIEW
    return windows, range(low, high)


def followed(shown: View, track: Track, output: int) -> bool:
    """Whether the lens has to move for `output`: it is out of view, or at an edge behind which there is more."""
    low, high = shown.outputs.start, shown.outputs.stop
    margin = int(len(shown.outputs) > 2)
    whole = track.outputs
    return output < low + margin * (low > whole.start) or output >= high - margin * (high < whole.stop)


def crossing(rows: Sequence[int], columns: Sequence[int], shown: tuple[range, range]) -> list[tuple[int, int]]:
    """Every combination of rows and columns that is in view."""
    across = [column for column in columns if column in shown[1]]
    return [(row, column) for row in rows if row in shown[0] for column in across]
