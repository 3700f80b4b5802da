"""One declaration of a field is its validation, its place in the file, its slider and its tooltip.

Everything that a user sets (a layer, the training, the data) is a frozen `msgspec.Struct` whose fields are annotated with
`setting(...)`. `fields(kind)` reads the declarations back, for forms; `edited(value, ...)` makes a changed copy that has been
validated, which a struct's own constructor does not do.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta

Scale = Literal["linear", "log"]
T = TypeVar("T", bound=msgspec.Struct)


def setting(
    low: float | None = None,
    high: float | None = None,
    *,
    above: float | None = None,
    below: float | None = None,
    slider: tuple[float, float] | None = None,
    scale: Scale = "linear",
    step: float | None = None,
    unit: str = "",
    usual: float | None = None,
) -> Meta:
    """The range of a number: `low` <= x <= `high`, or `above` < x < `below`. `slider` is the part of it that a slider covers
    (typing reaches the rest), on a linear or logarithmic scale. `usual` is where a number begins that may be left empty."""
    # For "a number, or one per axis" write `Size | Annotated[tuple[Size, ...], Meta(min_length=2, max_length=2)]`: in msgspec
    # 0.22 a union of a constrained int with a fixed-length `tuple[Size, Size]` reads freed memory.
    extra = {"slider": slider, "scale": scale, "step": step, "unit": unit, "usual": usual}
    bounds: dict[str, Any] = {"ge": low, "le": high, "gt": above, "lt": below}
    meta: Meta = Meta(**bounds, extra=extra)
    return meta


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """What a form needs to know of one field. `axes` is 0 for a plain number and n for "one number, or n of them"."""

    name: str
    kind: Literal["integer", "number", "boolean", "choice", "text", "structure"]
    default: Any = None
    required: bool = False
    optional: bool = False  # None is allowed: inferred, or off
    axes: int = 0
    low: float | None = None
    high: float | None = None
    low_excluded: bool = False
    high_excluded: bool = False
    slider: tuple[float, float] | None = None
    scale: Scale = "linear"
    step: float | None = None
    unit: str = ""
    usual: float | None = None  # of an empty one that is switched on
    choices: tuple[str, ...] = ()


@cache
def fields(kind: type[msgspec.Struct]) -> dict[str, Field]:
    """Name -> Field, in the order of declaration."""
    return {field.encode_name: _read(field) for field in msgspec.structs.fields(kind)}


def _read(field: msgspec.structs.FieldInfo) -> Field:
    found: dict[str, Any] = {"kind": "structure"}
    if _holds_structs(field.type):  # nothing for a form; and to inspect every kind of layer takes half a frame
        found["optional"] = type(None) in get_args(field.type)
    else:
        _collect(msgspec.inspect.type_info(field.type), found, {})
    default = None if field.required else _default(field)
    return Field(name=field.encode_name, default=default, required=field.required, **found)


def _holds_structs(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return True
    return any(_holds_structs(part) for part in get_args(annotation))


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _collect(kind: msgspec.inspect.Type, found: dict[str, Any], extra: dict[str, Any]) -> None:
    """Walk one annotation and note in `found` what a form can use of it."""
    match kind:
        case msgspec.inspect.Metadata():
            _collect(kind.type, found, kind.extra or {})
        case msgspec.inspect.UnionType():
            for part in kind.types:
                _collect(part, found, extra)
        case msgspec.inspect.NoneType():
            found["optional"] = True
        case msgspec.inspect.BoolType():
            found["kind"] = "boolean"
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            found["kind"] = "integer" if isinstance(kind, msgspec.inspect.IntType) else "number"
            found["low"] = kind.ge if kind.ge is not None else kind.gt
            found["high"] = kind.le if kind.le is not None else kind.lt
            found["low_excluded"] = kind.gt is not None
            found["high_excluded"] = kind.lt is not None
            found.update({key: value for key, value in extra.items() if value is not None})
        case msgspec.inspect.LiteralType():
            found["choices"] = tuple(str(value) for value in kind.values)
            if found["kind"] == "structure":
                found["kind"] = "choice"
        case msgspec.inspect.StrType():
            found["kind"] = "text"
        case msgspec.inspect.VarTupleType():
            optional = found.get("optional", False)
            _collect(kind.item_type, found, extra)
            found["optional"] = optional  # None for one axis is not None for the field
            found["axes"] = kind.max_length or 0
        case _:
            pass


def edited(value: T, **changes: object) -> T:
    """A copy of `value` with `changes`, validated.

    Raises msgspec.ValidationError, which names the path and what was expected, when a change is out of range, of the wrong
    type, or names no field.
    """
    unknown = changes.keys() - set(value.__struct_fields__)
    if unknown:
        raise msgspec.ValidationError(f"Object contains unknown field `{min(unknown)}`")
    return validated(msgspec.structs.replace(value, **changes))


def validated(value: T) -> T:
    """`value`, checked against its declarations, as a file's content would be. Raises msgspec.ValidationError."""
    return msgspec.convert(msgspec.to_builtins(value), type(value))
