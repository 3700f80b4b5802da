"""Where the scene's grids are: how many cells each shows at most, and how large a cell is.

Pure arithmetic of a subject and of pixels; called by the scene.
"""

from __future__ import annotations

from typing import NamedTuple

from gui.labs.convolution.cell.lens import view
from gui.labs.convolution.state import SceneGrid
from gui.labs.convolution.subject import Subject
from gui.widgets.grids.sheet import TITLE_PX, GridCell

SIGN_PX = 44  # between two grids, for the operator
BESIDE_TITLE_PX = SIGN_PX // 2 - 2  # a title may go so far over the sides of its grid: each half of the way to the next one
LARGEST_PX = 64  # of a cell
READABLE_PX = 30  # the least of a cell where the lens chooses its own length, if there is room
SMALL = 16  # an input no longer is shown whole where its cells have WHOLE_PX
WHOLE_PX = 22
LENSES = (11, 10, 9, 8, 7, 6, 5)  # the lengths that the lens chooses from


class SceneLayout(NamedTuple):
    """`lens` is the number of cells along the lens, `px` the side of a cell. `sizes` is the largest number of (rows, columns)
    that each grid shows with this lens, wherever the lens is: so no grid moves while the lens does."""

    lens: int
    px: int
    sizes: dict[SceneGrid, GridCell]

    @property
    def width(self) -> int:
        """The pixels of all grids and of the signs between them."""
        return sum(columns for _, columns in self.sizes.values()) * self.px + (len(self.sizes) - 1) * SIGN_PX


class TitleRoom(NamedTuple):
    """Where the title of a grid may be: from `begin` to `end`, if possible over the `middle` of the grid."""

    begin: int
    middle: int
    end: int
    top: int

    @property
    def width(self) -> int:
        return self.end - self.begin

    def left(self, width: int) -> int:
        """The left side of a title so wide."""
        return max(self.begin, min(self.middle - width // 2, self.end - width))


def layout_for(subject: Subject, width: int, height: int, lens: int | None) -> SceneLayout:
    """The layout in a scene of `width` × `height` pixels. With `lens` None a small input is shown whole, and of a larger
    one as much as the longest of LENSES whose figures can be read."""
    if lens is not None:
        return _layout(subject, width, height, lens)
    longest = max(len(track.drawn_outputs if track.turned else track.drawn_inputs) for track in subject.tracks)
    if longest <= SMALL and (whole := _layout(subject, width, height, longest)).px >= WHOLE_PX:
        return whole
    found = [_layout(subject, width, height, each) for each in LENSES]
    return next((each for each in found if each.px >= READABLE_PX), max(found, key=lambda each: (each.px, each.lens)))


def _layout(subject: Subject, width: int, height: int, lens: int) -> SceneLayout:
    sizes = _sizes(subject, lens)
    across = (width - (len(sizes) - 1) * SIGN_PX) // sum(columns for _, columns in sizes.values())
    down = (height - TITLE_PX - 1) // max(rows for rows, _ in sizes.values())
    return SceneLayout(lens, max(2, min(across, down, LARGEST_PX)), sizes)


def _sizes(subject: Subject, lens: int) -> dict[SceneGrid, GridCell]:
    inner, outer = [], []
    for track in subject.tracks:
        places = track.outputs
        ends = [view(track, at, lens) for at in (places[0], places[len(places) // 2], places[-1])]
        inner.append(max(len(end.inputs) for end in ends))
        outer.append(max(len(end.outputs) for end in ends))
    sizes: dict[SceneGrid, GridCell] = {"input": (inner[0], inner[1])}
    if not subject.pools:
        sizes["filter"] = subject.kernel
    return sizes | {"output": (outer[0], outer[1])}
