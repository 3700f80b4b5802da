"""The form of one kind of layer, made from the declarations of that kind: a row for each field, limited to the values that are
valid for the current input. Called by the convolution lab's layer panel and the network lab's layer card, which keep one form
for each kind. A network may contain an invalid layer; the form shows it unchanged.

The module hides how a field is shown: numbers that may differ along the axes are linked by a chain, the padding of a
convolution has one row for all sides or one row for each, and the stride of a pooling can follow its window.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.fields import Field, fields
from engine.layers.axes import AXIS_NAMES, PerAxis, per_axis
from engine.layers.base import Shape
from engine.layers.catalog import Sliding
from engine.layers.fitting import MOST_MAPS, MOST_PER_AXIS, FieldRange, fitted, ranges
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.pooling import Pooling
from gui.shell.language import say
from gui.widgets.forms.axes_row import AxesRow, LinkedRows
from gui.widgets.forms.controls import ChoiceRow, Segmented, ToggleRow, mark
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator, set_text

WIDE = 1024  # the end of the slider for output channels, where a layer may have more than the convolution lab shows
SLIDERS = {"kernel_size": (1, 15), "stride": (1, 8), "padding": (0, 8), "dilation": (1, 8), "out_channels": (1, 64)}
ORDER = ("kernel_size", "stride", "dilation", "out_channels", "groups", "bias", "ceil_mode")
PADDING_ORDER = ("padding", "padding_mode", "output_padding", "count_include_pad")


class KindForm(QWidget):
    """`most_maps` is the largest number of output channels, as in `engine.layers.fitting`. `changed` carries the fields to
    change, a dict for `engine.layers.fitting.changed`. `link_changed` carries the name of a field, whether its numbers are
    linked, and the fields that change with that."""

    changed = Signal(object)
    link_changed = Signal(str, bool, object)

    def __init__(self, kind: type[Sliding], parent: QWidget | None = None, *, most_maps: int = MOST_MAPS) -> None:
        super().__init__(parent)
        self.kind = kind
        self._most_maps = most_maps
        self._declared = fields(kind)
        self._layer: Sliding | None = None
        self._near: Sliding | None = None  # the nearest valid layer, whose ranges limit the controls; `_layer` if that is valid
        self._shape: Shape = ()
        self._known = True  # whether `_shape` is the actual input
        self._rows: dict[str, LinkedRows | NumberRow | ChoiceRow | ToggleRow] = {}
        self.follow = ToggleRow(parent=self)  # the stride of a pooling is the size of its window
        self.padding_kind = Segmented([("none", ""), ("same", ""), ("custom", "")])
        self.groups_note = label("small", wraps=True)
        self.padding_note = label("small", wraps=True)
        for note in (self.groups_note, self.padding_note):
            note.setParent(self)  # even for a kind that does not use it
            note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._padding_title = label("title")
        for name in (*ORDER, *PADDING_ORDER):
            if name in self._declared:
                self._rows[name] = self._made(name)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _made(self, name: str) -> LinkedRows | NumberRow | ChoiceRow | ToggleRow:
        field = self._declared[name]
        if field.kind == "boolean":
            return ToggleRow()
        if field.kind == "choice":
            return ChoiceRow([(choice, choice) for choice in field.choices])
        changes: dict[str, Any] = {"scale": "linear", "optional": False}
        if name in SLIDERS:
            changes["slider"] = SLIDERS[name]
        if name == "out_channels" and self._most_maps > MOST_MAPS:
            changes |= {"slider": (1, WIDE), "scale": "log"}
        field = msgspec.structs.replace(field, **changes)
        if field.axes == 0:
            return NumberRow(field)
        if name == "padding" and issubclass(self.kind, Convolution):
            return LinkedRows(_plain(field), 2 * field.axes)
        return AxesRow(field)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for name in ORDER:
            if name in self._rows:
                column.addWidget(self._rows[name])
            if name == "stride":
                column.addWidget(self.follow)
            if name == "groups":
                column.addWidget(self.groups_note)
        column.addWidget(separator())
        column.addWidget(self._padding_title)
        column.addWidget(self.padding_kind)
        for name in PADDING_ORDER:
            if name in self._rows:
                column.addWidget(self._rows[name])
            if name == "padding_mode":
                column.addWidget(self.padding_note)
        self.follow.setVisible(issubclass(self.kind, Pooling))
        self.groups_note.hide()
        self.padding_note.setVisible(issubclass(self.kind, Convolution))

    def _connect(self) -> None:
        for name, row in self._rows.items():
            changed = row.chosen if isinstance(row, ChoiceRow) else row.value_changed
            changed.connect(lambda value, name=name: self._edited(name, value))
            if isinstance(row, LinkedRows):
                row.link_changed.connect(lambda linked, name=name: self._link_edited(name, linked))
        self.follow.value_changed.connect(self._follow_edited)
        self.padding_kind.chosen.connect(self._padding_chosen)

    def row(self, name: str) -> LinkedRows | NumberRow | ChoiceRow | ToggleRow:
        """The row of a field. Raises KeyError for a field that the kind does not have."""
        return self._rows[name]

    def linked(self, name: str) -> LinkedRows:
        """The rows of a field with a number for each axis or side."""
        row = self._rows[name]
        assert isinstance(row, LinkedRows)
        return row

    def number(self, name: str) -> NumberRow:
        """The row of a field with one number."""
        row = self._rows[name]
        assert isinstance(row, NumberRow)
        return row

    def apart(self, name: str) -> bool:
        """Whether each number of a field has a row of its own."""
        row = self._rows.get(name)
        return isinstance(row, LinkedRows) and not row.linked

    def number_rows(self) -> list[NumberRow]:
        """All rows with a slider."""
        found = [row for row in self._rows.values() if isinstance(row, NumberRow)]
        return found + [each for row in self._rows.values() if isinstance(row, LinkedRows) for each in row.rows]

    def labels(self) -> list[str]:
        """All texts that can be the label of a slider or a list."""
        found = [row.head.text() for row in self._rows.values() if isinstance(row, NumberRow | ChoiceRow)]
        return found + [text for row in self._rows.values() if isinstance(row, LinkedRows) for text in row.labels]

    def heads(self) -> list[QWidget]:
        """The label widgets of the sliders and lists."""
        choices = [row.head for row in self._rows.values() if isinstance(row, ChoiceRow)]
        return [*choices, *(row.head for row in self.number_rows())]

    # --- what is shown

    def show_layer(
        self, layer: Sliding, shape: Shape | None, unlinked: tuple[str, ...] = (), *, fits: bool = True, wrong: str = ""
    ) -> None:
        """Show a layer of this kind for an input of `shape` (C, ...), or None for an unknown input, without emitting a signal.

        The numbers of the fields in `unlinked`, and numbers that differ, have rows of their own. `fits`: the layer is valid, as
        `fitted` returns it. An invalid layer is shown unchanged; its controls have the ranges of the nearest valid layer,
        widened to include its own numbers. `wrong` is the field that makes it invalid."""
        assert type(layer) is self.kind
        self._known = shape is not None and len(shape) == self.kind.AXES + 1
        self._layer, self._shape = layer, shape if shape is not None and self._known else _stand_in(layer)
        self._near = layer if fits else fitted(layer, self._shape, most_maps=self._most_maps)
        found = ranges(self._near, self._shape, self._most_maps)
        for name, row in self._rows.items():
            if isinstance(row, LinkedRows):
                self._show_linked(name, row, found[name], unlinked)
            elif isinstance(row, NumberRow):
                self._show_number(row, found[name], getattr(layer, name))
            else:
                row.set_value(getattr(layer, name))
            mark(row, name == wrong or (name == "padding" and wrong == "padding_after"))
        if isinstance(layer, Pooling):
            self.follow.set_value(layer.stride is None)
        if isinstance(layer, Filtering):
            groups = self.number("groups")
            groups.setEnabled(not fits or len(found["groups"].allowed or ()) != 1)
        self._show_padding(found["padding"].together[1])
        self._write_notes()

    @staticmethod
    def _show_number(row: NumberRow, found: FieldRange, value: int) -> None:
        if found.allowed is None:
            row.set_range(*_with(found.together, value))
        else:
            row.set_allowed(found.allowed if value in found.allowed else sorted((*found.allowed, value)))
        row.set_value(value)

    def _show_linked(self, name: str, row: LinkedRows, found: FieldRange, unlinked: tuple[str, ...]) -> None:
        layer, near = self._layer, self._near
        each, value, apart = list(found.axes), self._numbers(name), name in unlinked
        if isinstance(layer, Convolution) and isinstance(near, Convolution) and name == "padding":
            value = self._sides()
            row.set_linked(not apart and (layer.padding == "same" or len(set(value)) == 1))
            if not row.linked:
                by_sides = ranges(self._by_sides(near), self._shape, self._most_maps)
                each = list(chain.from_iterable(zip(by_sides["padding"].axes, by_sides["padding_after"].axes, strict=True)))
            else:
                each = [axis for axis in each for _ in range(2)]
        else:
            row.set_linked(not apart and len(set(value)) == 1)
        row.set_reach(list(map(_with, each, value)), _with(found.together, max(value)))
        row.set_value(value)

    def _numbers(self, name: str) -> tuple[int, ...]:
        """A field's number for each axis. The stride of a pooling that follows its window is the window's size."""
        layer = self._layer
        assert layer is not None
        value = getattr(layer, name)
        if isinstance(value, str):  # the padding of a convolution, whose sides are in `_sides`
            return (0,) * self.kind.AXES
        return per_axis(layer.kernel_size if value is None else value, self.kind.AXES)

    def _sides(self) -> tuple[int, ...]:
        """The padding of a convolution, before and after, axis by axis."""
        assert isinstance(self._layer, Convolution)
        return tuple(cells for slide in self._layer.slides(self._shape) for cells in (slide.before, slide.after))

    def _amounts(self) -> tuple[int, ...]:
        """The padding of any layer."""
        return self._sides() if isinstance(self._layer, Convolution) else self._numbers("padding")

    def _by_sides(self, layer: Convolution) -> Convolution:
        """The layer with the same padding, written with a number for each side."""
        sides = tuple(cells for pair in layer.margins for cells in pair)
        return msgspec.structs.replace(layer, padding=sides[0::2], padding_after=sides[1::2])

    def _show_padding(self, most: int) -> None:
        layer = self._layer
        assert layer is not None
        is_same = isinstance(layer, Convolution) and layer.padding == "same"
        kind = "same" if is_same else "custom" if max(self._amounts()) else "none"
        self.padding_kind.set_current(kind)
        offers_same = isinstance(layer, Convolution) and max(self._numbers("stride")) == 1
        self.padding_kind.button("same").setEnabled(offers_same)
        self.padding_kind.button("custom").setEnabled(most > 0 or kind == "custom")

    def _write_notes(self) -> None:
        layer = self._layer
        if isinstance(layer, Convolution):
            if max(self._numbers("stride")) > 1:
                text = self.tr("The same size can only be kept with stride 1.")
            else:
                names = self._side_names()
                text = " · ".join(f"{name} {cells}" for name, cells in zip(names, self._sides(), strict=True))
            set_text(self.padding_note, text)
        if isinstance(layer, Filtering):
            inputs = self._shape[0]
            if inputs == 1:
                text = self.tr("One input channel: one group.")
            elif layer.groups == inputs:
                text = self.tr("Depthwise: each filter sees one channel.")
            elif layer.groups == 1:
                text = self.tr("Each filter sees every channel.")
            else:
                text = self.tr("Channels that a filter sees: {count}").format(count=inputs // layer.groups)
            set_text(self.groups_note, text)
            self.groups_note.setVisible(self._known and layer.groups > 1)  # otherwise only in the tooltip
            self.number("groups").setToolTip("\n".join((say("fields", "groups.help"), *([text] if self._known else ()))))

    # --- what the user does

    def _edited(self, name: str, value: Any) -> None:
        if name == "padding" and issubclass(self.kind, Convolution):
            self._sides_edited(value)
        elif isinstance(value, tuple):
            self.changed.emit({name: _written(value)})
        else:
            self.changed.emit({name: value})

    def _sides_edited(self, sides: tuple[int, ...]) -> None:
        self.changed.emit(_side_fields(sides[:1] * len(sides) if self.linked("padding").linked else sides))

    def _link_edited(self, name: str, linked: bool) -> None:
        """Linking sets all numbers to the first of them, or to the nearest value that is valid for all."""
        row, layer = self.linked(name), self._near
        fields: dict[str, Any] = {}
        if layer is not None and linked and len(set(row.value)) > 1:
            low, high = ranges(layer, self._shape, self._most_maps)[name].together
            fields = {name: min(max(row.value[0], low), high)}
            if name == "padding" and isinstance(layer, Convolution):
                fields["padding_after"] = None
        self.link_changed.emit(name, linked, fields)

    def _follow_edited(self, on: bool) -> None:
        self.changed.emit({"stride": None if on else _written(self._numbers("kernel_size"))})

    def _padding_chosen(self, kind: str) -> None:
        if kind != "custom":
            fields: dict[str, Any] = {"padding": 0 if kind == "none" else "same"}
        elif not max(self._amounts()):
            fields = {"padding": 1}
        elif isinstance(self._layer, Convolution):
            self.changed.emit(_side_fields(self._sides()))
            return
        else:
            return
        if issubclass(self.kind, Convolution):
            fields["padding_after"] = None
        self.changed.emit(fields)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _side_names(self) -> tuple[str, ...]:
        """The names of the sides, before and after, axis by axis."""
        front = (self.tr("Front"), self.tr("Back"))
        upright = (self.tr("Top"), self.tr("Bottom"))
        across = (self.tr("Left"), self.tr("Right"))
        names = {"depth": front, "height": upright, "width": across, "length": across}
        return tuple(side for axis in AXIS_NAMES[self.kind.AXES] for side in names[axis])

    def retranslate(self) -> None:
        for name, row in self._rows.items():
            text, tip = say("fields", name), say("fields", f"{name}.help")
            if isinstance(row, LinkedRows) and not isinstance(row, AxesRow):
                row.set_labels(self.tr("Every side"), self._side_names(), tip)
            elif name == "padding" and isinstance(row, AxesRow):
                sides = self._side_names()
                both = [" · ".join(pair) for pair in zip(sides[0::2], sides[1::2], strict=True)]
                row.set_labels(self.tr("Every side"), both, tip)
            elif name == "kernel_size" and isinstance(row, AxesRow) and issubclass(self.kind, Pooling):
                apart = [self.tr("Window {axis}").format(axis=say("axes", axis)) for axis in AXIS_NAMES[self.kind.AXES]]
                row.set_labels(self.tr("Window size"), apart, tip)
            elif isinstance(row, ChoiceRow):
                row.set_choices([(choice, say("choices", choice)) for choice in self._declared[name].choices])
                row.set_label(self.tr("Filled with"), tip)
            else:
                row.set_label(f"{text} ({name})" if name == "ceil_mode" else text, tip)
        self.follow.set_label(self.tr("Stride as large as the window"), say("fields", "stride.help"))
        kinds = {"none": self.tr("None"), "same": self.tr("Same size"), "custom": self.tr("Custom")}
        self.padding_kind.set_choices(kinds.items())
        self.padding_kind.setAccessibleName(say("fields", "padding"))
        self.padding_kind.button("none").setToolTip(self.tr("No padding (valid)"))
        if issubclass(self.kind, Convolution):
            self.padding_kind.button("same").setToolTip(self.tr("The output is as large as the input (same), with stride 1"))
        else:
            self.padding_kind.button("same").setToolTip(self.tr("Only convolutions have this choice in torch."))
        self._padding_title.setText(say("fields", "padding"))
        if self._layer is not None:
            self._write_notes()


def _stand_in(layer: Sliding) -> Shape:
    """A possible input for the layer, where the input is not known."""
    channels = (layer.in_channels or layer.out_channels) if isinstance(layer, Filtering) else 1
    return (channels, *(MOST_PER_AXIS,) * layer.AXES)


def _with(ends: tuple[int, int], value: int) -> tuple[int, int]:
    """A range widened to include `value`."""
    return min(ends[0], value), max(ends[1], value)


def _plain(field: Field) -> Field:
    return msgspec.structs.replace(field, axes=0)


def _side_fields(sides: tuple[int, ...]) -> dict[str, PerAxis | None]:
    """The fields of a convolution with this padding, before and after, axis by axis."""
    before, after = sides[0::2], sides[1::2]
    return {"padding": _written(before), "padding_after": None if before == after else _written(after)}


def _written(numbers: tuple[int, ...]) -> PerAxis:
    """Equal numbers as one number."""
    return numbers[0] if len(set(numbers)) == 1 else numbers
