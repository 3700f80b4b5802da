"""Proposals where the axes of an input are not those that a layer reads, or are of other sizes, or no tokens. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt, prod
from typing import Any, cast

from msgspec.structs import replace

from engine.fields import fields
from engine.layers.axes import on_axes
from engine.layers.base import Layer, Shape
from engine.layers.catalog import KINDS, AnyLayer
from engine.layers.kinds.dense import Flatten
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, Pooling
from engine.layers.kinds.recurrent import Recurrent
from engine.layers.kinds.upsample import Upsample
from engine.networks.axis_meaning import PLACES, after, steps_are_channels
from engine.networks.edits import Edit, following
from engine.networks.mending.cases import Case, Proposal, arriving, kind_name
from engine.networks.trace import Path

VOCABULARY, VECTOR = 1000, 32  # of an inserted Embedding: nothing says how many tokens there are

SWAPPED = Permute(dims=(0, 2, 1))  # of a sequence: (T, F) as (F, T)
LINEAR = {2: "linear", 3: "bilinear", 4: "trilinear"}  # the mode of an Upsample, by the dimensions of its input


def wrong_dimensions(case: Case) -> Iterator[Proposal]:
    rank = len(case.shape)
    if (other := _of_rank(case.layer, rank)) is not None:
        if steps_are_channels(other, case.meaning):
            yield _permuted(case, other)
        else:
            yield Proposal("use_kind", {"kind": kind_name(other)}, (Edit("replaced", case.path, other),))
    if rank == 1:
        yield from _keep_axes(case)
    if case.path == (0,) and rank == 1 and case.tokens is not False and _reads_sequences(case.layer):
        yield _embedded(case)
    if isinstance(case.layer, Upsample) and rank in LINEAR:
        yield case.set_field("mode", LINEAR[rank])
    if isinstance(case.layer, Recurrent) and rank > 2 and case.meaning[0] not in PLACES:
        yield from _places_as_steps(case)
    elif rank > 2:
        yield Proposal("insert_flatten_from", {}, (Edit("inserted", case.path, Flatten(start_dim=2)),))
    yield from _insert_flatten(case)


def _permuted(case: Case, other: AnyLayer) -> Proposal:
    """`other` in the layer's place, behind a Permute that brings the features to the front, where it looks for channels."""
    fresh = replace(other, in_channels=None) if isinstance(other, Filtering) else other
    edits = (Edit("replaced", case.path, fresh), Edit("inserted", case.path, SWAPPED))
    return Proposal("use_kind_permuted", {"kind": kind_name(other), "dims": SWAPPED.written}, edits)


def _places_as_steps(case: Case) -> Iterator[Proposal]:
    """Maps (C, H, W) as a sequence: one axis of places comes first and is read step by step; all that is known of such a place,
    channels and the other axes, is one row of features. (Kept first, the channels themselves would be the steps.)"""
    axes = len(case.shape)
    for first in (2, 3, 4) if axes == 4 else (3, 2):
        code = "columns_as_steps" if first == axes else "rows_as_steps" if first == axes - 1 else "planes_as_steps"
        permute = Permute(dims=(0, first, *(axis for axis in range(1, axes + 1) if axis != first)))
        edits = (Edit("inserted", case.path, permute), Edit("inserted", following(case.path), Flatten(start_dim=2)))
        yield Proposal(code, {"dims": permute.written}, edits)


def reordered_axes(case: Case) -> Iterator[Proposal]:
    """The order that swaps as much as can be."""
    fresh = Permute.fresh(case.shape)
    yield Proposal("set_field", {"field": "dims", "value": fresh.written}, case.set(dims=fresh.dims))


def corners(case: Case) -> Iterator[Proposal]:
    yield Proposal("unaligned_corners", {}, case.set(align_corners=False))
    yield case.set_field("mode", LINEAR[len(case.shape)])


def _insert_flatten(case: Case) -> Iterator[Proposal]:
    if len(case.shape) > 1:
        yield Proposal("insert_flatten", {}, (Edit("inserted", case.path, Flatten()),))


def _keep_axes(case: Case) -> Iterator[Proposal]:
    """The nearest layer before that took an axis away: a recurrent layer that returns its last state only, or a Flatten."""
    for path, layer in case.earlier():
        if isinstance(layer, Recurrent) and layer.output == "last":
            changed = cast("AnyLayer", replace(layer, output="sequence"))
            yield Proposal("whole_sequence", {"layer": kind_name(layer)}, (Edit("replaced", path, changed),))
            return
        if isinstance(layer, Flatten):
            yield Proposal("remove_flatten", {}, (Edit("removed", path),))
            return


def _of_rank(layer: Layer, rank: int) -> AnyLayer | None:
    """The layer as its family's kind for inputs of `rank` dimensions: Conv1d for (C, L). None if the family has no such
    kind."""
    kind = KINDS.get(f"{kind_name(layer)[:-2]}{rank - 1}d")
    if kind is None or kind is type(layer):
        return None
    known = fields(kind)
    values = {name: getattr(layer, name) for name in layer.__struct_fields__ if name in known}
    return cast("AnyLayer", kind(**{name: on_axes(value, known[name].axes) for name, value in values.items()}))


def default_dimensions(case: Case) -> Iterator[Proposal]:
    field = case.problem.values["field"]
    yield case.set_field(field, fields(type(case.layer))[field].default)
    if isinstance(case.layer, Flatten):
        yield Proposal("flatten_all", {}, (Edit("replaced", case.path, Flatten()),))


def last_sizes(case: Case) -> Iterator[Proposal]:
    given = case.problem.values["given"]
    for count in dict.fromkeys((len(given), 1, len(case.shape))):
        sizes = case.shape[-count:]
        yield case.set_field("normalized_shape", sizes if count > 1 else sizes[0])


# --- sizes that the input determines


def size_differs(case: Case) -> Iterator[Proposal]:
    field, given, found = (case.problem.values[name] for name in ("field", "given", "found"))
    if field == "in_features" and prod(case.shape) == given:
        yield from _insert_flatten(case)
    yield case.set_field(field, found)
    yield Proposal("take_from_input", {"field": field}, case.set(**{field: None}))
    if field == "in_features":
        yield from _pool_to(case, given)
    yield from _change_layer_before(case, given)


def _pool_to(case: Case, features: int) -> Iterator[Proposal]:
    """An AdaptiveAvgPool2d before the nearest Flatten, so that any picture gives so many features."""
    for path, layer in case.earlier():
        if isinstance(layer, Flatten):
            shape = arriving(case.layers, path, _top_level_input(case, path))
            side = isqrt(features // shape[0])
            if len(shape) == 3 and side * side * shape[0] == features:
                pooling = AdaptiveAvgPool2d(output_size=side)
                yield Proposal("insert_pooling", {"size": (side, side)}, (Edit("inserted", path, pooling),))
            return


def _top_level_input(case: Case, path: Path) -> Shape:
    index = int(path[0])
    return case.before.rows[index].input if index < len(case.before.rows) else case.before.output


def _change_layer_before(case: Case, given: int) -> Iterator[Proposal]:
    """Makes the nearest layer before that determines the size put out `given` channels or features."""
    for path, layer in case.earlier():
        for field in ("out_channels", "out_features"):
            if hasattr(layer, field):
                values = {"layer": kind_name(layer), "field": field, "value": given}
                edit = Edit("replaced", path, replace(layer, **{field: given}))
                yield Proposal("let_before_give", values, (edit,))
                return


# --- tokens


def tokens_not_embedded(case: Case) -> Iterator[Proposal]:
    yield _embedded(case)


def _embedded(case: Case) -> Proposal:
    """An Embedding before the layer; where this would take the time steps for channels, a Permute between the two."""
    embedding = Embedding(num_embeddings=VOCABULARY, embedding_dim=VECTOR)
    values: dict[str, Any] = {"vocabulary": VOCABULARY, "dimension": VECTOR}
    edit = Edit("inserted", case.path, embedding)
    if not steps_are_channels(case.layer, after(embedding, case.meaning)):
        return Proposal("insert_embedding", values, (edit,))
    return Proposal(
        "insert_embedding_permuted", values | {"dims": SWAPPED.written}, (Edit("inserted", case.path, SWAPPED), edit)
    )


def _reads_sequences(layer: Layer) -> bool:
    """Whether it reads what an Embedding gives, as it is or permuted."""
    return isinstance(layer, Recurrent) or (isinstance(layer, Filtering | Pooling) and layer.AXES == 1)


def not_tokens(case: Case) -> Iterator[Proposal]:
    if case.path != (0,) and len(case.before.input) == 1:
        yield Proposal("move_to_front", {"layer": kind_name(case.layer)}, (Edit("moved", case.path, target=(0,)),))


def no_such_token(case: Case) -> Iterator[Proposal]:
    token = case.problem.values["token"]
    yield Proposal("no_padding_token", {}, case.set(padding_idx=None))
    if token >= 0:
        yield case.set_field("num_embeddings", token + 1)
