"""The left column of the convolution lab: the layer's controls, its filters' seed, the picture.

It shows a state and emits an edited one. Every control reaches only what can be: its range follows the others and the picture.
"""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.fields import Field, edited, fields
from engine.layers.axes import per_axis
from engine.layers.base import Shape
from engine.layers.convolution import Conv2d
from gui.labs.convolution.state import COURSE, COURSE_KERNEL, MOST_CELLS, MOST_MAPS, ConvolutionState, beside, bounds, fitted
from gui.shell.language import say
from gui.widgets.axes_row import AxesRow
from gui.widgets.card import Card
from gui.widgets.controls import ChoiceRow, NumberRow, Segmented, ToggleRow, align
from gui.widgets.labels import label, separator, set_text
from gui.widgets.picture import PicturePicker

WIDTH = 276
SLIDER_MAPS = 64
SLIDER_KERNEL = 15
NOTE_PX = 34


def _field(name: str, high: int = MOST_CELLS, **changes: Any) -> Field:
    """The layer's own field as one number, and no further than this lab goes."""
    return msgspec.structs.replace(fields(Conv2d)[name], axes=0, high=high, **changes)


class LayerPanel(Card):
    """`state_edited` carries the whole new ConvolutionState, its layer valid for the picture."""

    state_edited = Signal(object)

    def __init__(self, picker: PicturePicker, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self._state = ConvolutionState()
        self._shape: Shape = (3, 224, 224)
        self.picker = picker
        self.kernel = AxesRow(msgspec.structs.replace(_field("kernel_size", slider=(1, SLIDER_KERNEL)), axes=2))
        self.link = self.kernel.link
        self.stride = NumberRow(_field("stride"))
        self.dilation = NumberRow(_field("dilation"))
        self.padding_kind = Segmented([("none", ""), ("same", ""), ("custom", "")])
        self.padding = NumberRow(_field("padding", slider=(0, 8)))
        self.padding_mode = ChoiceRow([(mode, mode) for mode in fields(Conv2d)["padding_mode"].choices])
        self.padding_note = label("small", wraps=True)
        self.padding_note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.padding_note.setMinimumHeight(NOTE_PX)  # two lines, also while it has one, so that a drag moves nothing
        self.out_channels = NumberRow(_field("out_channels", MOST_MAPS, slider=(1, SLIDER_MAPS), scale="linear"))
        self.groups = NumberRow(_field("groups"))
        self.groups_note = label("small", wraps=True)
        self.bias = ToggleRow()
        self.seed = NumberRow(fields(ConvolutionState)["seed"])
        self.weights = Segmented([("random", ""), ("course", "")])
        self.course = QPushButton()
        self.course.setProperty("role", "link")
        self.regenerate = QPushButton()
        self.regenerate.setProperty("role", "link")
        self._titles = {name: label("title") for name in ("padding", "filters")}
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        page = self._page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        self.tools.addWidget(self.course)
        self.tools.addWidget(self.link)
        self.tools.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.kernel)
        for row in (self.stride, self.dilation, self.out_channels, self.groups, self.groups_note, self.bias):
            column.addWidget(row)
        column.addWidget(separator())
        column.addWidget(self._titles["padding"])
        for part in (self.padding_kind, self.padding, self.padding_mode, self.padding_note):
            column.addWidget(part)
        column.addWidget(separator())
        heading = QHBoxLayout()
        heading.addWidget(self._titles["filters"])
        heading.addStretch(1)
        heading.addWidget(self.regenerate)
        column.addLayout(heading)
        column.addWidget(self.weights)
        column.addWidget(self.seed)
        column.addWidget(separator())
        column.addWidget(self.picker)
        column.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    def _connect(self) -> None:
        self.kernel.value_changed.connect(lambda kernel: self._edit(kernel_size=kernel))
        self.kernel.link_changed.connect(self._linked)
        self.padding_kind.chosen.connect(self._padding_chosen)
        for name, row in self._plain_rows().items():
            row.value_changed.connect(lambda value, name=name: self._edit(**{name: value}))
        self.padding_mode.chosen.connect(lambda mode: self._edit(padding_mode=mode))
        self.bias.value_changed.connect(lambda on: self._edit(bias=on))
        self.seed.value_changed.connect(self._seed_edited)
        self.regenerate.clicked.connect(self._regenerate)
        self.weights.chosen.connect(self._weights_chosen)
        self.course.clicked.connect(self._course_chosen)
        self.picker.failed.connect(self._refused)

    def _plain_rows(self) -> dict[str, NumberRow]:
        return {
            "stride": self.stride,
            "dilation": self.dilation,
            "padding": self.padding,
            "groups": self.groups,
            "out_channels": self.out_channels,
        }

    # --- what is shown

    def show_state(self, state: ConvolutionState, shape: Shape) -> None:
        """Show a state whose layer is valid for a picture of `shape`; nothing is emitted."""
        self._state, self._shape = state, shape
        layer = state.layer
        reach = bounds(layer, shape)
        both = (1, min(high for _, high in reach.kernel))
        for axis, row in enumerate(self.kernel.rows):
            row.set_range(*(both if state.linked else reach.kernel[axis]))
        self.kernel.set_value(layer.kernel)
        self.kernel.set_linked(state.linked)
        for name in ("stride", "dilation", "padding"):
            self._plain_rows()[name].set_range(*getattr(reach, name))
        self.stride.set_value(per_axis(layer.stride, 2)[0])
        self.dilation.set_value(per_axis(layer.dilation, 2)[0])
        self.padding.set_value(per_axis(beside(layer), 2)[0])
        self.padding_mode.set_value(layer.padding_mode)
        if layer.groups == 1:
            self.out_channels.set_range(1, MOST_MAPS)
        else:
            self.out_channels.set_allowed([each for each in reach.out_channels if each <= SLIDER_MAPS])
        self.out_channels.set_value(layer.out_channels)
        self.groups.set_allowed(reach.groups)
        self.groups.set_value(layer.groups)
        self.groups.setEnabled(len(reach.groups) > 1)
        self.bias.set_value(layer.bias)
        self.seed.set_value(state.seed)
        self.weights.set_current(state.weights)
        self.seed.setEnabled(state.weights == "random")
        self.regenerate.setEnabled(state.weights == "random")
        kind = "same" if layer.padding == "same" else "custom" if max(per_axis(beside(layer), 2)) else "none"
        self.padding_kind.set_current(kind)
        self.padding_kind.button("same").setEnabled(max(per_axis(layer.stride, 2)) == 1)
        self._write_notes()

    def _write_notes(self) -> None:
        layer = self._state.layer
        down, across = layer.slides(self._shape)
        text = self.tr("Top {top} · bottom {bottom} · left {left} · right {right}").format(
            top=down.before, bottom=down.after, left=across.before, right=across.after
        )
        if max(per_axis(layer.stride, 2)) > 1:
            text += "\n" + self.tr("The same size can only be kept with stride 1.")
        set_text(self.padding_note, text)
        inputs, outputs = self._shape[0], layer.out_channels
        if inputs == 1:
            text = self.tr("A grey picture: one channel, one group.")
        elif not self.groups.isEnabled():
            text = self.tr("{nearest} output channels allow {inputs} groups.")
            text = text.format(inputs=inputs, nearest=inputs * max(1, round(outputs / inputs)))
        elif layer.groups == inputs:
            text = self.tr("Depthwise: each filter sees one channel.")
        else:
            text = self.tr("Each filter sees every channel.")
        set_text(self.groups_note, text)

    # --- what the user does

    def _edit(self, **changes: Any) -> None:
        self._emit(layer=fitted(edited(self._state.layer, **changes), self._shape))

    def _emit(self, **changes: Any) -> None:
        state = msgspec.structs.replace(self._state, **changes)
        if state.enlarged is not None and state.enlarged >= state.layer.out_channels:
            state = msgspec.structs.replace(state, enlarged=state.layer.out_channels - 1)
        self.state_edited.emit(state)

    def _linked(self, linked: bool) -> None:
        height, _ = self._state.layer.kernel
        layer = self._state.layer
        if linked:
            side = min(height, *(high for _, high in bounds(layer, self._shape).kernel))
            layer = fitted(edited(layer, kernel_size=(side, side)), self._shape)
        self._emit(linked=linked, layer=layer)

    def _padding_chosen(self, kind: str) -> None:
        if kind == "custom":
            amount = beside(self._state.layer)
            self._edit(padding=amount if max(per_axis(amount, 2)) else 1)
        else:
            self._edit(padding=0 if kind == "none" else "same")

    def _seed_edited(self, seed: int) -> None:
        self._emit(seed=seed)

    def _regenerate(self) -> None:
        """The next seed: a walk through filters that can be walked back."""
        self._emit(seed=(self._state.seed + 1) % 2**31)

    def _weights_chosen(self, kind: str) -> None:
        if kind == "course":  # its filter is 3×3
            layer = fitted(edited(self._state.layer, kernel_size=COURSE_KERNEL, dilation=1), self._shape)
            self._emit(weights="course" if layer.kernel == COURSE_KERNEL else "random", layer=layer)
        else:
            self._emit(weights="random")

    @Slot()
    def _course_chosen(self) -> None:
        """The example of the courses, whatever was there before."""
        self.state_edited.emit(COURSE)

    @Slot()
    def _refused(self) -> None:
        """Bring the reason into sight, once it has its place."""
        QTimer.singleShot(0, self, self._show_refusal)

    @Slot()
    def _show_refusal(self) -> None:
        self._page.adjustSize()
        self._scroll.ensureWidgetVisible(self.picker.reason, 0, 8)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title("Conv2d")
        self.kernel.set_label(say("fields", "kernel_size"), say("fields", "kernel_size.help"))
        for name, row in self._plain_rows().items():
            row.set_label(say("fields", name), say("fields", f"{name}.help"))
        self.padding.set_label(self.tr("Cells"), say("fields", "padding.help"))
        self.padding_mode.set_choices([(key, say("choices", key)) for key in fields(Conv2d)["padding_mode"].choices])
        self.padding_mode.set_value(self._state.layer.padding_mode)
        self.padding_mode.set_label(self.tr("Filled with"), say("fields", "padding_mode.help"))
        self.bias.set_label(say("fields", "bias"), say("fields", "bias.help"))
        self.link.setText(self.tr("Square filter"))
        self.link.setToolTip(self.tr("Height and width change together"))
        kinds = {"none": self.tr("None"), "same": self.tr("Same size"), "custom": self.tr("Custom")}
        self.padding_kind.set_choices(kinds.items())
        self.padding_kind.setAccessibleName(say("fields", "padding"))
        self.padding_kind.setToolTip(say("fields", "padding.help"))
        self.seed.set_label(self.tr("Seed"), self.tr("The same seed draws the same filters."))
        self.regenerate.setText(self.tr("Draw anew"))
        self.regenerate.setToolTip(self.tr("Random weights as He et al. propose: normal, variance 2 / inputs of a filter"))
        self._titles["padding"].setText(say("fields", "padding"))
        self._titles["filters"].setText(self.tr("Filters"))
        self.weights.set_choices([("random", self.tr("Random (He)")), ("course", self.tr("Course example"))])
        self.weights.setAccessibleName(self.tr("Filters"))
        self.weights.setToolTip(self.tr("The course example is the 3×3 filter 1 2 3, −4 7 4, 2 −5 1 for every channel."))
        self.course.setText(self.tr("5×5 example"))
        self.course.setToolTip(
            self.tr("The 5×5 picture and the 3×3 filter that courses work by hand, padding 1, stride 1: every number is whole.")
        )
        numbers = (*self.kernel.rows, *self._plain_rows().values(), self.seed)
        align([*(row.head for row in numbers), self.padding_mode.head])
        self._write_notes()
