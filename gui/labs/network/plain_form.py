"""The plain fields of any layer, whether it can take its input or not. Shown by the layer's card."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.fields import fields
from engine.layers.base import Layer
from gui.widgets.form import Form


class PlainForm(Form):
    """A value that a row of numbers cannot show (a stride that follows its window, padding "same") stands there as the numbers
    that it comes to, and stays what it is until they are moved."""

    def show_value(self, value: msgspec.Struct) -> None:
        assert isinstance(value, Layer)
        super().show_value(msgspec.structs.replace(value, **_in_numbers(value)))
        self._value = value


def _in_numbers(layer: Layer) -> dict[str, Any]:
    """The fields with a number for each axis that hold something else, as numbers."""
    found: dict[str, Any] = {}
    for name, field in fields(type(layer)).items():
        value = getattr(layer, name)
        if field.axes == 0 or isinstance(value, int) or (isinstance(value, tuple) and None not in value):
            continue
        if isinstance(value, tuple):  # AdaptiveAvgPool2d: None leaves a side as it is
            found[name] = tuple(part or 1 for part in value)
        elif name == "stride":
            found[name] = getattr(layer, "kernel_size", 1)
        elif name == "padding_after" and not isinstance(getattr(layer, "padding", ""), str):
            found[name] = getattr(layer, "padding", 0)
        else:
            found[name] = 0 if (field.low or 0) <= 0 else 1
    return found
