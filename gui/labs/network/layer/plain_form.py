"""The form of a layer that slides no window. Shown in the layer's card."""

from __future__ import annotations

import msgspec

from engine.layers.kinds.pooling import Adaptive
from gui.widgets.forms.form import Form


class PlainForm(Form):
    """An adaptive pooling may leave a side of its input as it is (None). The form shows such a side as 1, and keeps it None
    until it is edited."""

    def show_value(self, value: msgspec.Struct) -> None:
        shown = value
        if isinstance(value, Adaptive) and isinstance(value.output_size, tuple):
            shown = msgspec.structs.replace(value, output_size=tuple(size or 1 for size in value.output_size))
        super().show_value(shown)
        self._value = value
