"""The whole state of the network lab as one frozen value, its edits, and which states are valid.

The layers may be anything that a file may hold: a network that cannot be built is shown where it breaks, and never refused.
`fitted_state` only removes or moves the places in a state that no layer is at. The lab calls it once for each state that it
takes over; the edits here leave it to the lab.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Literal, TypeAlias, cast

import msgspec
from msgspec import Meta

from engine.data.info import Seed
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.famous import experiment, names
from engine.fields import setting
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite
from engine.networks.edits import Edit, Layers, applied, at, followed, has, paths, place
from engine.networks.trace import Path
from engine.pictures import COURSE, SAMPLES, is_pattern
from engine.words import LANGUAGES, say
from gui.lab.picture_state import PicturedState

FIRST = "alexnet"
DIGIT = "digit"  # of the sample pictures, the one that is no photograph
RANDOM = "random"  # weights; else a run's folder
MOST_CELLS = 2**22  # along one axis; a unit further on is not followed
Share: TypeAlias = Literal["parameters", "macs", "memory"]
SidePage: TypeAlias = Literal["maps", "layer"]
Number = Annotated[int, Meta(ge=0, lt=MOST_CELLS)]


class MapUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One unit of a layer's output: the number of its map, and its place in the map."""

    channel: Number = 0
    row: Number = 0
    column: Number = 0


class NetworkState(PicturedState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`layers` on an input of shape `input`. The layers at the places `disabled` are not part of the network, but stay in the
    list. The form, the maps and the field are those of the layer `chosen`, or of the input with (). `unit` is the unit of that
    layer whose field is framed; None is the middle one of the first map. Its map is `enlarged`. The inside of the composites
    `folded` is hidden.
    `weights` are "random", drawn with `seed`, or a run's folder. The bars compare `share`; a small window shows `page` beside
    the stack; `target` is the class that the answer should be. A comparison can take the stack's place (`beside` names a famous
    network or a pair of the courses), or the table with `blanks`. `preset` is the famous network that was opened, as long as
    its note is shown."""

    name: str = ""
    input: Annotated[tuple[Annotated[int, setting(1, 1_000_000)], ...], Meta(min_length=1, max_length=4)]
    layers: tuple[AnyLayer, ...]
    disabled: tuple[Path, ...] = ()
    chosen: Path = ()
    unit: MapUnit | None = None
    enlarged: bool = False
    folded: tuple[Path, ...] = ()
    seed: Seed = 0
    weights: str = RANDOM
    share: Share = "parameters"
    page: SidePage = "layer"
    beside: str = ""
    blanks: bool = False
    target: Annotated[int, Meta(ge=0, lt=MOST_CELLS)] | None = None
    preset: str = ""


def opened(name: str, before: NetworkState | None = None) -> NetworkState:
    """A famous network, one of `engine.experiments.famous.names`, as it is opened. Seed and the way of looking stay as in
    `before`, and a picture of the user's own or one that fits."""
    return of_experiment(experiment(name), before, preset=name)


def of_experiment(found: Experiment, before: NetworkState | None = None, *, preset: str = "") -> NetworkState:
    """The network of an experiment, its composites folded so that the whole is seen first. Raises DatasetError where the
    network names no input and the data are missing."""
    shape = found.network.input or describe(found.data).input
    layers = found.network.layers
    folded = composites(layers)
    kept = {} if before is None else {name: getattr(before, name) for name in ("seed", "share", "page")}
    picture = fitting_picture(shape, before.picture if before is not None else "")
    chosen: Path = (0,) if layers else ()
    return NetworkState(
        name=found.name, input=shape, layers=layers, folded=folded, chosen=chosen, preset=preset, picture=picture, **kept
    )


@cache
def famous_titles() -> frozenset[str]:
    """The names of the famous networks, in each language."""
    said = (say("networks", name, language) for name in names() for language in LANGUAGES)
    return frozenset((*said, *(experiment(name).name for name in names())))


def fitting_picture(shape: Shape, now: str) -> str:
    """The picture that a network with inputs of `shape` opens with: `now`, where it is the user's own or a sample that fits; a
    digit for one channel, a photograph otherwise."""
    if now and now not in (*SAMPLES, COURSE) and not is_pattern(now):
        return now
    fitting = (DIGIT,) if len(shape) == 3 and shape[0] == 1 else tuple(name for name in SAMPLES if name != DIGIT)
    return now if now in fitting else fitting[0]


def composites(layers: Layers) -> tuple[Path, ...]:
    """The places of all layers that have layers inside."""
    return tuple(path for path in paths(layers) if isinstance(at(layers, path), Composite))


def edited_state(state: NetworkState, edit: Edit) -> NetworkState:
    """`state` after an edit of its layers. A layer that was folded, switched off or chosen stays so at its new place. Raises
    EditError."""
    layers = applied(state.layers, edit)
    chosen = _followed([state.chosen], state.layers, edit)
    return msgspec.structs.replace(
        state,
        layers=layers,
        disabled=_followed(state.disabled, state.layers, edit),
        folded=_followed(state.folded, state.layers, edit),
        chosen=chosen[0] if chosen else neighbour(layers, state.chosen),
    )


def emptied(state: NetworkState) -> NetworkState:
    """`state` without its layers, and without the name and the weights, which were theirs."""
    nothing = dict.fromkeys(("layers", "disabled", "folded", "chosen"), ())
    return msgspec.structs.replace(
        state, **nothing, unit=None, name="", preset="", weights=RANDOM, target=None, beside="", blanks=False
    )


def with_inserted(state: NetworkState, added: Layers, where: Path) -> NetworkState:
    """`state` with layers put in at a place, their composites folded; the first of them is chosen. Raises EditError."""
    where = place(state.layers, where)
    for layer in reversed(added):
        state = edited_state(state, Edit("inserted", where, layer=layer))
    index = cast(int, where[-1])
    inside = [(*where[:-1], index + path[0], *path[1:]) for path in composites(added) if isinstance(path[0], int)]
    return msgspec.structs.replace(state, chosen=where, unit=None, folded=(*state.folded, *inside))


def _followed(places: Iterable[Path], layers: Layers, edit: Edit) -> tuple[Path, ...]:
    found = (followed(path, layers, edit) if path else path for path in places)
    return tuple(path for path in found if path is not None)


def neighbour(layers: Layers, path: Path) -> Path:
    """The layer to choose after the one at `path` is removed: the one that has moved up, the one before, or the composite."""
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
    """`state` without places that no layer is at; the chosen one moves to a neighbour. Without any layer, nothing is left of a
    famous network's name."""
    if not state.layers and (state.preset or state.name in famous_titles()):
        state = msgspec.structs.replace(state, preset="", name="")
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
    """A key to sort by: numbers of layers and names of branches cannot be compared."""
    return tuple((isinstance(part, str), part) for part in path)
