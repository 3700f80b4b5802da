"""Which part of a layer's input and output is in view, along one axis. Pure arithmetic; called by the scene.

The two parts belong together: every window of an output cell in view lies in the input that is in view, so that whatever the
hand points at, its whole window can light up.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.layers.windows import Slide, readers

MOST_CELLS = 64  # in view along an axis: more are no cells any more
LEAST_OUTPUTS = 3  # as far as there are so many: one cell alone shows no movement
SPARE = 2  # an input that is so little longer than the lens is shown whole


class View(NamedTuple):
    """What is in view along one axis: numbers of outputs, and positions in the padded input."""

    outputs: range
    inputs: range


def view(slide: Slide, around: int, lens: int) -> View:
    """`lens` cells of the input around the window of output `around`; all of an input that is hardly longer."""
    start, stop = -slide.before, slide.length + slide.after
    if slide.padded <= min(lens + SPARE, MOST_CELLS):
        return View(range(slide.outputs), range(start, stop))
    count = max(LEAST_OUTPUTS, (lens - slide.span) // slide.stride + 1)
    count = max(1, min(count, slide.outputs, (MOST_CELLS - slide.span) // slide.stride + 1))
    first = min(max(around - count // 2, 0), slide.outputs - count)
    outputs = range(first, first + count)
    low, high = slide.cells(first).start, slide.cells(outputs[-1])[-1] + 1
    if outputs.stop == slide.outputs:
        high = min(stop, max(high, low + MOST_CELLS))  # what is left over after the last window
    if high - low > MOST_CELLS:  # one window is longer than all that can be shown: its middle
        low += (high - low - MOST_CELLS) // 2
        high = low + MOST_CELLS
    return View(outputs, range(low, high))


def followed(shown: View, slide: Slide, output: int) -> bool:
    """Whether the lens has to move for `output`: it is out of view, or at an edge behind which there is more."""
    low, high = shown.outputs.start, shown.outputs.stop
    margin = int(len(shown.outputs) > 2)
    return output < low + margin * (low > 0) or output >= high - margin * (high < slide.outputs)


def unread(slide: Slide, inputs: range) -> list[bool]:
    """Which positions of the padded input no window reads."""
    return [not readers(slide, place)[1] for place in inputs]
