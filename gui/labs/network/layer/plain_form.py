"""The fields of a layer that slides no window. Shown by the layer's card."""

from __future__ import annotations

import msgspec

from engine.layers.kinds.pooling import AdaptiveAvgPool2d
from gui.widgets.forms.form import Form


class PlainForm(Form):
    """A side that an AdaptiveAvgPool2d leaves as it is stands there as 1, and stays what it is until it is moved."""

    def show_value(self, value: msgspec.Struct) -> None:
        shown = value
        if isinstance(value, AdaptiveAvgPool2d) and isinstance(value.output_size, tuple):
            shown = msgspec.structs.replace(value, output_size=tuple(size or 1 for size in value.output_size))
        super().show_value(shown)
        self._value = value
