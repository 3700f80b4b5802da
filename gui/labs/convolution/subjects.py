"""One subject of the scene after the other, made from the lab's state and the newest maps. Called by the convolution lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.pictures import Picture
from gui.labs.convolution.state import ConvolutionState
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.work import Cuts

if TYPE_CHECKING:
    from gui.labs.convolution.maps.layer_preview import ShownMaps


class Subjects:
    """Makes one subject after the other; it gives the one before again as long as nothing of it has changed. `most` is that of
    `Cuts`: a subject with more numbers waits for the maps, which bring them."""

    def __init__(self, most: int) -> None:
        self._cuts = Cuts(most)
        self._last: Subject | None = None

    @property
    def last(self) -> Subject | None:
        """The subject that was made last."""
        return self._last

    def of(self, state: ConvolutionState, picture: Picture, shown: ShownMaps | None) -> Subject | None:
        """The map of `state` that is in the scene; None while its numbers are not known. `shown` are the newest maps, perhaps
        those of another state. Raises FiltersError where the weights are those of a run that cannot be read."""
        work, channel = state.work, state.in_scene
        if shown is not None and not shown.are_of(work, picture):
            shown = None
        cut = self._cuts.of(work, picture)
        if cut is None and shown is not None:
            cut = shown.cut
        if cut is None:
            return None
        known = shown is not None and channel < shown.tiles.count
        ends = (float(shown.tiles.low[channel]), float(shown.tiles.high[channel])) if shown is not None and known else None
        made = Subject(cut, work, self._cuts.seen(work, picture), channel, state.activation, ends)
        if self._last is None or not _same(made, self._last):
            self._last = made
        return self._last

    def same_map(self, state: ConvolutionState, picture: Picture) -> bool:
        """Whether the last subject is of the same picture and the same map."""
        last = self._last
        return last is not None and last.channel == state.in_scene and last.picture is self._cuts.seen(state.work, picture)

    def shifted(self, state: ConvolutionState, picture: Picture) -> NDArray[np.float32]:
        """The values of the whole picture (C, H, W), shifted."""
        return self._cuts.shifted(state.work, picture)


def _same(first: Subject, second: Subject) -> bool:
    """Whether two subjects show the same numbers in the same way."""
    if first.cut is not second.cut or first.picture is not second.picture:
        return False
    return all(getattr(first, name) == getattr(second, name) for name in ("work", "channel", "activation", "ends"))
