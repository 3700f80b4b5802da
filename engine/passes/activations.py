"""What a whole network makes of a picture: a forward pass in evaluation mode, of which only what is looked at is kept.

The preview thread calls `NetworkPass` with one `PassRequest` after the other. The answer, `Seen`, holds a thumbnail for every
layer, all values of the chosen one, painted, and the softmax at the end. A `NetworkPass` keeps one network, its weights and one
picture, so that choosing another layer costs little or nothing. `NetworkPass.effective` is the gradient of a unit's value with
respect to the input: the effective receptive field, beside the theoretical one of `engine.networks.receptive`.

The weights are a run's, or torch's own initialisation from a generator of this module's own: bit by bit those that a training
of the same network and seed begins with. Each layer's weights are drawn when the picture arrives there, so that a pass can be
given up in between. The memory that a pass needs is computed before torch is asked for anything; a pass above the budget is
refused, with numbers.

How a picture becomes an input says `engine.passes.picture_input`. torch is imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.colours import viridis
from engine.data.info import DatasetError, LossName
from engine.data.sources import describe
from engine.figures import binary_size
from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import every
from engine.layers.kinds.embedding import Embedding
from engine.networks.edits import Layers
from engine.networks.output_meaning import OutputMeaning, output_meaning
from engine.networks.receptive import UnitIndex, patches, row_at
from engine.networks.trace import Path, Row, Trace, trace
from engine.passes.feature_maps import Wall, paint
from engine.passes.pass_memory import Memory, keeps_all, memory
from engine.passes.picture_input import input_of
from engine.pictures import Picture
from engine.words import readable

if TYPE_CHECKING:
    from torch import Tensor

    from engine.passes.loaded import LoadedNetwork

BUDGET_BYTES = 2 * 2**30  # weights and activations of a pass
EFFECTIVE = (
    1 - 0.9545
)  # share of the largest gradient above which a place counts as seen (Luo et al., "Understanding the ERF", 2016)

Checkpoint: TypeAlias = Callable[[float], None]  # called before each layer with the finished share of the work; may raise


class PassError(ValueError):
    """A pass that is not possible: a code of `assets/words/activations.toml` and the values in its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class Seeded(NamedTuple):
    """Weights of torch's own initialisation."""

    seed: int = 0


class Trained(NamedTuple):
    """The weights that the run in `folder` saved last. `stamp` tells apart weights saved at different times."""

    folder: str
    stamp: int = 0


NetworkWeights: TypeAlias = Seeded | Trained
OutputKind: TypeAlias = Literal["maps", "sheet", "vector"]


class Tiles(NamedTuple):
    """How the wall of the chosen layer is painted, as for `feature_maps.wall`. `maps` are the numbers of the maps; None:
    all. The map `enlarged` is also painted at the size `large`."""

    tile: tuple[int, int]  # (height, width) in pixels
    columns: int
    shared: bool = False
    maps: range | None = None
    enlarged: int | None = None
    large: tuple[int, int] | None = None  # (height, width) in pixels


@dataclass(frozen=True, eq=False)
class PassRequest:
    """Everything that a pass depends on. `chosen` is the path of the layer that is shown, () for the input, None for no layer.
    `thumb` is (height, width) of a thumbnail in pixels; it shows the mean of all maps, or with `first_map` the first one."""

    layers: tuple[AnyLayer, ...]
    input: Shape
    picture: Picture
    weights: NetworkWeights = Seeded(0)  # noqa: RUF009  (as frozen as a number)
    chosen: Path | None = None
    tiles: Tiles | None = None
    thumb: tuple[int, int] = (28, 28)
    first_map: bool = False
    tokens: bool | None = None  # as for `trace`


class LayerThumbnail(NamedTuple):
    """A small picture of a layer's output. `pixels` is (height, width) of 0xffRRGGBB; the colours range from `low` to
    `high`."""

    pixels: NDArray[np.uint32]
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """The chosen layer's output. `values` has the output's shape. `maps_CHW` are the same numbers as pictures: of (C, D, H, W)
    the middle plane, of a sheet (T, F) or (C, L) one map, of a vector one line. Maps of one cell (C, 1, 1) are one line too,
    because one cell alone would have no scale. Neither must be written to."""

    path: Path
    kind: OutputKind
    values: NDArray[Any]
    maps_CHW: NDArray[np.float32]
    wall: Wall | None  # where `tiles` were given
    large: Wall | None = None  # the enlarged map, where one was asked for


class Answers(NamedTuple):
    """The output vector of a network, and its probabilities as far as they are known: of the `meaning` "values" they are the
    outputs, which are none. `top` are the indices of the five largest, in order."""

    values: NDArray[np.float32]
    probabilities: NDArray[np.float64]
    top: tuple[int, ...]
    meaning: OutputMeaning = "scores"


@dataclass(frozen=True, eq=False)
class Seen:
    """The answer to a `PassRequest`. `thumbs` are by path, with () for the input. `look` is None if no layer was chosen or the
    chosen one comes after the network's problem. `answers` is None if the output is no vector of at least two numbers."""

    wanted: PassRequest
    input: NDArray[Any]
    thumbs: dict[Path, LayerThumbnail]
    look: LayerOutput | None
    answers: Answers | None


@dataclass(frozen=True, eq=False)
class Effective:
    """The effective receptive field: the absolute value of the gradient of a unit by each place of the input, averaged over the
    channels. `map_HW` is (H, W); for a (C, L) input (1, L), for a vector (1, F).

    `share` is the part of the sum inside the theoretical patch, 1.0 except for rounding; None if the gradient is 0 everywhere
    (`off`). `patch` is what the picture holds of that patch, as (rows, columns)."""

    map_HW: NDArray[np.float32]
    value: float  # of the unit, or the sum of several
    share: float | None
    count: int  # places whose gradient is above EFFECTIVE of the largest
    patch: tuple[int, int]

    @property
    def off(self) -> bool:
        return self.share is None

    @property
    def sides(self) -> tuple[float, float]:
        """The sides (down, across) of a rectangle of `count` places: of a square, where one has room in the theoretical patch;
        else as long along the short side as the patch."""
        side, (rows, columns) = sqrt(self.count), self.patch
        if side > min(rows, columns):
            return (rows, self.count / rows) if rows <= columns else (self.count / columns, columns)
        return side, side


class NetworkPass:
    """Called with one PassRequest after the other, by one thread, with the number of torch threads that this thread has set."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self.budget_bytes = budget_bytes
        self._loaded: tuple[Any, LoadedNetwork, Trace] | None = None  # its key, the network and its trace
        self._shown: _Shown | None = None

    def __call__(self, wanted: PassRequest, checkpoint: Checkpoint | None = None) -> Seen:
        """The answer to `wanted`. Raises PassError, and what `checkpoint` raises; the finished layers are kept for the next
        call."""
        loaded, needed = self._network(wanted, gradient=False)
        shown = self._picture(wanted, loaded)
        try:
            shown.advance(wanted.chosen, checkpoint)
            look = shown.look(wanted.chosen, wanted.tiles)
        except (MemoryError, RuntimeError, ValueError) as error:
            raise self._failed(error, needed) from None
        return Seen(wanted, shown.values, dict(shown.thumbs), look, shown.answers)

    def effective(
        self, wanted: PassRequest, path: Path, unit: UnitIndex, checkpoint: Checkpoint | None = None
    ) -> Effective | None:
        """The gradient of `unit` of the map at `path` (as for `receptive.patches`) by the input. None for an input of tokens,
        which have no gradient. Raises PassError, LookupError, IndexError, and what `checkpoint` raises."""
        loaded, needed = self._network(wanted, gradient=True)
        seen = patches(wanted.layers, wanted.input, path, unit, tokens=wanted.tokens)
        values = self._picture(wanted, loaded).values
        if not np.issubdtype(values.dtype, np.floating):
            return None
        try:
            value, slope = loaded.gradient(values, path, unit, checkpoint)
        except (MemoryError, RuntimeError, ValueError) as error:
            raise self._failed(error, needed) from None
        sizes = np.abs(slope).mean(0) if slope.ndim > 1 else np.abs(slope)
        total = float(sizes.sum(dtype=np.float64))
        share = None
        spans = seen[()].seen if seen is not None else None
        places = (spans[1:] if slope.ndim > 1 else spans) if spans else ()
        if total > 0:
            inside = sizes[tuple(slice(span.start, span.stop) for span in places)]
            share = float(inside.sum(dtype=np.float64)) / total
        map_HW = sizes.mean(0) if sizes.ndim > 2 else np.atleast_2d(sizes)
        count = int((map_HW > EFFECTIVE * map_HW.max()).sum()) if total > 0 else 0
        rows, columns = (1, 1, *(len(span) for span in places))[-2:] if places else map_HW.shape
        return Effective(map_HW, value, share, count, (rows, columns))

    def _network(self, wanted: PassRequest, gradient: bool) -> tuple[LoadedNetwork, Memory]:
        traced = trace(wanted.layers, wanted.input, tokens=wanted.tokens)
        needed = memory(traced, gradient)
        if needed.total > self.budget_bytes:
            self._loaded = self._shown = None
            raise PassError("too_large", budget=binary_size(self.budget_bytes), **_sizes(needed))
        layers = wanted.layers[: len(traced.rows)]  # up to the problem, if there is one
        key = (layers, wanted.input, wanted.weights, traced.problem is None)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = self._shown = None  # frees its memory for the next one
            from engine.passes.loaded import LoadedNetwork

            seed, weights = 0, None
            try:
                if isinstance(wanted.weights, Seeded):
                    seed = wanted.weights.seed
                else:
                    weights = weights_of_run(wanted.weights.folder, LoadedNetwork.shapes(layers, traced.rows))
                self._loaded = (key, LoadedNetwork(layers, traced.rows, seed, weights), traced)
            except (MemoryError, RuntimeError, ValueError) as error:
                raise self._failed(error, needed) from None
        return self._loaded[1], needed

    def _picture(self, wanted: PassRequest, loaded: LoadedNetwork) -> _Shown:
        key = (wanted.picture, wanted.thumb, wanted.first_map)
        if self._shown is None or self._shown.key != key:
            assert self._loaded is not None
            self._shown = None
            self._shown = _Shown(key, loaded, self._loaded[2], wanted)
        return self._shown

    def _failed(self, error: Exception, needed: Memory) -> Exception:
        """The error to raise: lack of memory as a PassError, any other error as it is."""
        if "more than 1 value per channel" in str(error):  # torch's refusal; the description is fine in training
            return PassError("needs_a_batch")
        if not isinstance(error, MemoryError) and "alloc" not in str(error):
            return error
        self._loaded = self._shown = None
        return PassError("no_memory", needed=binary_size(needed.total))


class _Shown:
    """One picture in one network: its outputs as far as they are computed. Each becomes a thumbnail when it is computed."""

    def __init__(self, key: tuple[Any, ...], loaded: LoadedNetwork, traced: Trace, wanted: PassRequest) -> None:
        self.key = key
        self._loaded = loaded
        self._rows = traced.rows
        self._layers, self._weights = wanted.layers, wanted.weights
        vocabularies = [
            layer.num_embeddings for layer in every(wanted.layers[: len(traced.rows)]) if isinstance(layer, Embedding)
        ]
        self.values = input_of(wanted.picture, wanted.input, min(vocabularies, default=None))
        self.answers: Answers | None = None
        self._ends_here = traced.problem is None
        self._keeps_all = keeps_all(traced)
        self._outputs: dict[Path, NDArray[Any]] = {(): self.values}
        self.thumbs: dict[Path, LayerThumbnail] = {}
        self._note((), self.values)

    def advance(self, chosen: Path | None, checkpoint: Checkpoint | None) -> None:
        """Compute what is missing: thumbnails, and the chosen layer's output."""
        import torch

        missing = chosen is not None and chosen not in self._outputs and _has(self._rows, self._layers, chosen)
        done = 0
        while self._keeps_all and (done,) in self._outputs:
            done += 1
        through = (len(self._rows) - 1,) in self.thumbs
        if (through or not self._rows) and not missing:
            return
        if not self._keeps_all:
            self._outputs = {(): self.values}
        if missing and self._keeps_all:
            assert chosen is not None
            done = min(done, int(chosen[0]))  # the last pass was given up inside a composite, or the choice is new
        stop = int(chosen[0]) + 1 if through and chosen else None
        start = self._outputs[(done - 1,)] if done else self.values

        def watch(path: Path, output: Tensor) -> None:
            values = output[0].numpy()
            if self._keeps_all or path == chosen:
                self._outputs[path] = values
            self._note(path, values)

        self._loaded.look(watch, checkpoint)
        try:
            with torch.no_grad():
                self._loaded.run(torch.from_numpy(start)[None], done, stop)
        finally:
            self._loaded.look(None, None)

    def look(self, chosen: Path | None, tiles: Tiles | None) -> LayerOutput | None:
        values = None if chosen is None else self._outputs.get(chosen)
        if chosen is None or values is None:
            return None
        kind, maps_CHW = as_maps(values)
        wall = large = None
        if tiles is not None:
            maps = (
                None
                if tiles.maps is None
                else range(min(tiles.maps.start, len(maps_CHW) - 1), min(tiles.maps.stop, len(maps_CHW)))
            )
            wall = paint(maps_CHW, tile=tiles.tile, columns=tiles.columns, colours=viridis(), shared=tiles.shared, maps=maps)
            if tiles.enlarged is not None and tiles.large is not None and tiles.enlarged < len(maps_CHW):
                ends = wall.ends[:, tiles.enlarged - wall.first] if 0 <= tiles.enlarged - wall.first < wall.count else None
                large = paint(
                    maps_CHW,
                    tile=tiles.large,
                    columns=1,
                    colours=viridis(),
                    maps=range(tiles.enlarged, tiles.enlarged + 1),
                    ends=None if ends is None else (float(ends[0]), float(ends[1])),
                )
        return LayerOutput(chosen, kind, values, maps_CHW, wall, large)

    def _note(self, path: Path, values: NDArray[Any]) -> None:
        if path not in self.thumbs:
            _, (height, width), first_map = self.key
            _, maps_CHW = as_maps(values)
            one_1HW = maps_CHW[:1] if first_map else maps_CHW.mean(0, keepdims=True, dtype=np.float32)
            wall = paint(one_1HW, tile=(height, width), columns=1, colours=viridis())
            self.thumbs[path] = LayerThumbnail(wall.pixels, float(wall.low[0]), float(wall.high[0]))
        if path == (len(self._rows) - 1,) and self._ends_here:
            self.answers = _answers(values, self._layers, self._weights)


def as_maps(values: NDArray[Any]) -> tuple[OutputKind, NDArray[np.float32]]:
    """An output of any shape as maps (C, H, W), see `LayerOutput`, and its kind. NaN becomes 0, an infinite value the largest
    finite one."""
    kind: OutputKind = "maps"
    match values.ndim:
        case 1:
            kind, values = "vector", values[None, None]
        case 2:
            kind, values = "sheet", values[None]
        case 3 | 4 if all(size == 1 for size in values.shape[1:]):
            kind, values = "vector", values.reshape(1, 1, -1)
        case 4:
            values = values[:, values.shape[1] // 2]
    maps_CHW = np.ascontiguousarray(values, np.float32)
    if not np.isfinite(maps_CHW).all():
        most = float(np.abs(maps_CHW[np.isfinite(maps_CHW)]).max(initial=1.0))
        maps_CHW = np.nan_to_num(maps_CHW, nan=0.0, posinf=most, neginf=-most)
    return kind, maps_CHW


# --- inside


def _sizes(needed: Memory) -> dict[str, str]:
    sizes = {"needed": needed.total, "weights": needed.weights, "activations": needed.activations}
    return {name: binary_size(size) for name, size in sizes.items()}


def _has(rows: Sequence[Row], layers: Sequence[Layer], path: Path) -> bool:
    try:
        row_at(rows, layers, path)
    except LookupError:
        return False
    return True


def _answers(values: NDArray[Any], layers: Layers, weights: NetworkWeights) -> Answers | None:
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all():
        return None
    shares = values.astype(np.float64)
    meaning = output_meaning(layers, _loss_of(weights))
    if meaning == "scores":
        shares = np.exp(shares - shares.max())
        shares /= shares.sum()
    return Answers(values, shares, tuple(int(at) for at in np.argsort(-shares, kind="stable")[:5]), meaning)


def _loss_of(weights: NetworkWeights) -> LossName:
    """The loss that the weights were trained on; of random ones, that which classifiers are trained on as a rule."""
    from engine.runs.failures import RunError
    from engine.runs.folder import Run

    if isinstance(weights, Seeded):
        return "cross_entropy"
    try:
        experiment = Run.open(FilePath(weights.folder)).experiment
        return experiment.training.loss or describe(experiment.data).loss
    except (RunError, DatasetError):
        return "cross_entropy"


def weights_of_run(folder: str, shapes: dict[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """The run's weights of these names, checked. Raises PassError."""
    from engine.runs.failures import RunError
    from engine.runs.folder import WEIGHTS, Run

    path = FilePath(folder)
    try:
        if not folder or not path.is_dir():
            raise PassError("run_missing", folder=folder)
        if not (path / WEIGHTS).exists():
            raise PassError("run_without_weights", folder=path.name)
        found = Run.open(path).weights()
    except (RunError, OSError, ValueError) as error:
        if isinstance(error, PassError):
            raise
        raise PassError("run_damaged", folder=path.name) from error
    for name, shape in shapes.items():
        if name not in found:
            raise PassError("weights_are_missing", folder=path.name, name=name)
        if tuple(found[name].shape) != shape:
            there = readable(tuple(found[name].shape)) or "1"
            raise PassError("weights_do_not_fit", folder=path.name, name=name, found=there, expected=readable(shape) or "1")
        if not found[name].isfinite().all():
            raise PassError("run_diverged", folder=path.name)
    return {name: found[name] for name in shapes}
