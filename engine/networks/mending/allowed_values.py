"""Proposals where a field of a layer is out of its range. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from engine.fields import Field, fields, validated
from engine.layers.base import Layer
from engine.layers.kinds.permute import Permute
from engine.networks.mending.axis_proposals import reordered_axes
from engine.networks.mending.cases import Case, Proposal, kind_name


def not_allowed(case: Case) -> Iterator[Proposal]:
    """Sets every field that is out of its range to the nearest value in it."""
    layer: Layer = case.layer
    if isinstance(layer, Permute):
        yield from reordered_axes(case)
        return
    changes: dict[str, Any] = {}
    for name, field in fields(type(layer)).items():
        value = getattr(layer, name)
        if not _is_allowed(layer, name, value):
            changes[name] = _nearest(field, value)
    if len(changes) == 1:
        ((name, value),) = changes.items()
        yield case.set_field(name, value)
    elif changes:
        yield Proposal("nearest_allowed", {"layer": kind_name(layer)}, case.set(**changes))


def _is_allowed(layer: Layer, name: str, value: object) -> bool:
    """Whether `value` is valid for this field, whatever the other fields are."""
    required = {field.name: 1 for field in fields(type(layer)).values() if field.required and field.kind != "structure"}
    try:
        validated(type(layer)(**{**required, name: value}))
    except msgspec.ValidationError:
        return False
    return True


def _nearest(field: Field, value: Any) -> Any:
    if field.kind not in ("integer", "number") or isinstance(value, str | bool):
        return field.default
    parts = value if isinstance(value, tuple) else (value,)
    near = tuple(_in_range(field, part) for part in parts)
    if not field.axes and isinstance(value, tuple):
        return near or field.default  # a list of any length
    if field.axes and isinstance(value, tuple):
        return (near * field.axes)[: field.axes]
    return near[0] if near else field.default


def _in_range(field: Field, value: Any) -> Any:
    """The nearest good value. Above the range it is the slider's end: the largest valid value would be no good proposal."""
    low, high = field.low, field.high
    assert low is not None
    assert high is not None
    assert field.slider is not None
    if not isinstance(value, int | float) or value != value or value < low or (field.low_excluded and value == low):
        value = field.slider[0] if field.low_excluded else low
    elif value > high or (field.high_excluded and value == high):
        value = field.slider[1]
    return int(value) if field.kind == "integer" else float(value)
