"""The whole state of the network lab as one frozen value, and what of it can be.

The layers may be anything that a file may hold: what cannot be built is shown where it breaks, and never refused.
`fitted_state` only keeps what points into them inside them, so that no edit, undo or file leaves a choice that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.data.info import Seed
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.famous import experiment
from engine.fields import setting
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite
from engine.networks.edits import Edit, Layers, applied, at, followed, has, paths
from engine.networks.trace import Path
from gui.lab.picture_state import PicturedState

FIRST = "alexnet"
RANDOM = "random"  # weights; else a run's folder
PICTURE: Shape = (3, 224, 224)  # the input of a network that names none, and whose data are not there
MOST_CELLS = 2**22  # along one axis, as far as a unit is followed
Share: TypeAlias = Literal["parameters", "macs", "memory"]
Page: TypeAlias = Literal["maps", "layer"]
Number = Annotated[int, Meta(ge=0, lt=MOST_CELLS)]


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One unit of a layer's output: its map, and where in it."""

    channel: Number = 0
    row: Number = 0
    column: Number = 0


class NetworkState(PicturedState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`layers` on an input of shape `input`; those at the places `disabled` are left out of the network, and stay in the
    drawing. `chosen` is the layer that form, maps and field are about, () the input; `unit` the one of its units whose field
    is framed (None: the middle one of the first map). `folded` are the composites whose inside is not shown. `weights` are
    "random", drawn with `seed`, or a run's folder. `share` is what the bars compare, `page` what a small window shows beside
    the stack, `target` the class that the answer should be. In the stack's place may stand a comparison (`beside` names a
    famous network or a pair of the courses) or the table with `blanks`. `preset` is the famous network that was opened, while
    its note is of use."""

    name: Annotated[str, Meta(max_length=200)] = ""
    input: Annotated[tuple[Annotated[int, setting(1, 1_000_000)], ...], Meta(min_length=1, max_length=4)]
    layers: tuple[AnyLayer, ...]
    disabled: tuple[Path, ...] = ()
    chosen: Path = ()
    unit: Unit | None = None
    folded: tuple[Path, ...] = ()
    seed: Seed = 0
    weights: str = RANDOM
    share: Share = "parameters"
    page: Page = "layer"
    beside: str = ""
    blanks: bool = False
    target: Annotated[int, Meta(ge=0, lt=MOST_CELLS)] | None = None
    preset: str = ""


def opened(name: str, before: NetworkState | None = None) -> NetworkState:
    """A famous network, one of `engine.experiments.famous.names`, as it is opened; picture, seed and what is looked at stay
    as they were `before`."""
    return of_experiment(experiment(name), before, preset=name)


def of_experiment(found: Experiment, before: NetworkState | None = None, *, preset: str = "") -> NetworkState:
    """The network of an experiment, its composites folded: the whole is seen first. Raises data_info.DatasetError where its
    input would be that of data that are not there."""
    shape = found.network.input or describe(found.data).input
    layers = found.network.layers
    folded = composites(layers)
    kept = {} if before is None else {name: getattr(before, name) for name in ("picture", "seed", "share", "page")}
    chosen: Path = (0,) if layers else ()
    return NetworkState(name=found.name, input=shape, layers=layers, folded=folded, chosen=chosen, preset=preset, **kept)


def composites(layers: Layers) -> tuple[Path, ...]:
    """The places of all layers that have layers inside."""
    return tuple(path for path in paths(layers) if isinstance(at(layers, path), Composite))


def edited_state(state: NetworkState, edit: Edit) -> NetworkState:
    """`state` after an edit of its layers: what was folded, switched off or chosen goes along with its layer. Raises
    EditError."""
    layers = applied(state.layers, edit)
    chosen = _followed([state.chosen], state.layers, edit)
    return fitted_state(
        msgspec.structs.replace(
            state,
            layers=layers,
            disabled=_followed(state.disabled, state.layers, edit),
            folded=_followed(state.folded, state.layers, edit),
            chosen=chosen[0] if chosen else neighbour(layers, state.chosen),
        )
    )


def _followed(places: Iterable[Path], layers: Layers, edit: Edit) -> tuple[Path, ...]:
    found = (followed(path, layers, edit) if path else path for path in places)
    return tuple(path for path in found if path is not None)


def neighbour(layers: Layers, path: Path) -> Path:
    """A layer to choose where the one at `path` is no more: the one that has moved up, the one before, or the composite."""
    while path:
        if has(layers, path):
            return path
        last = path[-1]
        if isinstance(last, int) and last > 0:
            path = (*path[:-1], last - 1)
        else:
            path = path[:-1]
    return (0,) if layers else ()


def fitted_state(state: NetworkState) -> NetworkState:
    """`state` with nothing that points to a layer which is not there."""
    there = frozenset(paths(state.layers))
    chosen = state.chosen
    if chosen and chosen not in there:
        chosen = neighbour(state.layers, chosen)
    inner = frozenset(composites(state.layers)) if state.folded else frozenset()
    return msgspec.structs.replace(
        state,
        chosen=chosen,
        disabled=tuple(sorted({path for path in state.disabled if path in there}, key=_order)),
        folded=tuple(sorted({path for path in state.folded if path in inner}, key=_order)),
    )


def _order(path: Path) -> tuple[tuple[bool, int | str], ...]:
    """Numbers and names of branches do not compare."""
    return tuple((isinstance(part, str), part) for part in path)
