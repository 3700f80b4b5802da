"""The settings of the chosen layer, whatever its kind; each kind's form is made when it is first shown.

The form of a layer that slides a window is that of the convolution lab: each control reaches only valid values. A layer that
cannot take its input is shown in the same form as it is, with the field at fault in amber; an edit then changes that field
alone. Called by the layer's card.
"""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from engine.fields import edited, fields
from engine.layers.base import Layer, Refusal, Shape
from engine.layers.catalog import Sliding
from engine.layers.fitting import changed, fitted
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import Pooling
from gui.labs.network.layer.order_form import OrderForm
from gui.labs.network.layer.plain_form import PlainForm
from gui.shell.tab_order import in_layouts
from gui.widgets.forms.controls import LABEL_PX
from gui.widgets.forms.form import Form
from gui.widgets.forms.kind_form import KindForm

MOST_MAPS = 8192  # output channels of a convolution that can be set here; VGG and ResNet have up to 2,048
MOST_LABEL_PX, TICK_PX = 116, 24  # of a label, and of a box to tick before it
UNSET = ("normalized_shape",)  # a list of any length
INFERRED = ("in_channels", "in_features", "input_size", "num_features", "num_channels")  # the input determines them
AnyForm: TypeAlias = KindForm | Form | OrderForm


class LayerForm(QWidget):
    """`show_layer` shows a layer's form, and hides itself where the layer has nothing to set. `edited` carries the new layer
    and the names of the fields that were edited, with a + between them."""

    edited = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: Layer | None = None
        self._shape: Shape | None = None
        self._wrong = ""  # the field at fault
        self._fits = False  # whether the layer is within reach of its form's controls
        self._unlinked: tuple[str, ...] = ()  # fields of the shown layer whose numbers are set one by one
        self._showing = False
        self._forms: dict[str, AnyForm] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    # --- what is shown

    def show_layer(self, layer: Layer | None, shape: Shape | None, wrong: str, *, another: bool) -> None:
        """Show the form of a layer on an input of `shape`; nothing is emitted. `wrong` is the field at fault, `another` says
        that it is another layer than before."""
        self._layer, self._shape, self._wrong = layer, shape, wrong
        if another:
            self._unlinked = ()
        self._showing = True  # a box that is hidden while a number is being typed emits it: it is not of this layer
        self._show()
        self._showing = False

    @property
    def form(self) -> AnyForm | None:
        """The form that is shown; None where the layer has nothing to set."""
        return next((form for form in self._forms.values() if form.isVisibleTo(self)), None)

    def _show(self) -> None:
        layer, shape = self._layer, self._shape
        form = None if layer is None else self._form_of(type(layer))
        self._fits = layer is not None and shape is not None and _fits(layer, shape)
        if isinstance(form, KindForm):
            shown = cast(Sliding, layer)
            if self._fits and shape is not None:
                shown = fitted(shown, shape, most_maps=MOST_MAPS)
            form.show_layer(shown, shape, self._unlinked, fits=self._fits, wrong=self._wrong)
        elif form is not None and layer is not None:
            form.show_value(cast(Any, layer))  # its own kind's
            form.mark(self._wrong)
        for each in self._forms.values():
            each.setVisible(each is form)
        self.setVisible(form is not None)

    def _form_of(self, kind: type[Layer]) -> AnyForm | None:
        """The form of a kind of layer; None where such a layer has nothing to set."""
        key = kind.__name__
        if key in self._forms:
            return self._forms[key]
        made: AnyForm
        if issubclass(kind, Sliding):
            sliding = made = KindForm(kind, most_maps=MOST_MAPS, parent=self)
            sliding.changed.connect(lambda values: self._fields_changed(sliding, values))
            sliding.link_changed.connect(lambda name, on, values: self._link_changed(sliding, name, on, values))
        elif kind is Permute:
            order = made = OrderForm()
            order.edited.connect(lambda value: self._value_edited(order, value))
        else:
            shown = [field for field in fields(kind).values() if field.kind not in ("text", "structure")]
            names = [field.name for field in shown if field.name not in (*INFERRED, *UNSET)]
            if not names:
                return None
            plain = made = PlainForm(kind, names)
            plain.edited.connect(lambda value: self._value_edited(plain, value))
        made.hide()
        self._forms[key] = made
        self._column.addWidget(made)
        self._align()
        return made

    # --- what the user does

    def _speaks(self, form: AnyForm) -> bool:
        """Whether what a form tells is of the shown layer. One that was hidden while its slider was held goes on telling."""
        return not self._showing and form is self.form

    def _fields_changed(self, form: KindForm, values: dict[str, Any]) -> None:
        """Numbers that were set one by one stay so, even once they are equal."""
        if self._speaks(form):
            apart = tuple(name for name in values if form.apart(name) and name not in self._unlinked)
            self._unlinked = (*self._unlinked, *apart)
            self._change(values)

    def _change(self, values: dict[str, Any]) -> None:
        """Change fields. A layer that fits goes on fitting; of one that does not, only these fields change."""
        layer, shape = self._layer, self._shape
        if layer is None:
            return
        if self._fits and shape is not None:
            layer = changed(cast(Sliding, layer), shape, most_maps=MOST_MAPS, **values)
        else:
            layer = edited(layer, **values)
        self.edited.emit(layer, "+".join(values))

    def _link_changed(self, form: KindForm, name: str, linked: bool, values: dict[str, Any]) -> None:
        if not self._speaks(form):
            return
        self._unlinked = tuple(each for each in self._unlinked if each != name) if linked else (*self._unlinked, name)
        if values:
            self._change(values)
        else:
            self._show()

    def _value_edited(self, form: AnyForm, value: Layer) -> None:
        before = self._layer
        if before is not None and self._speaks(form):
            names = [name for name in value.__struct_fields__ if getattr(value, name) != getattr(before, name)]
            self.edited.emit(value, "+".join(names))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self._align)

    @Slot()
    def _align(self) -> None:
        """Give the labels of each form one width."""
        for form in self._forms.values():
            heads, labels = form.heads(), form.labels()
            metrics = form.fontMetrics()
            longest = max((metrics.horizontalAdvance(text) for text in labels), default=0)
            longest += TICK_PX * any(isinstance(head, QCheckBox) for head in heads)
            for head in heads:
                head.setFixedWidth(min(max(longest + 2, LABEL_PX), MOST_LABEL_PX))
                if hasattr(head, "setWordWrap"):
                    head.setWordWrap(True)


def first_control(form: QWidget) -> QWidget | None:
    """The first control of a form that the keyboard can reach; None where there is none."""
    for control in in_layouts(form):
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisibleTo(form) and control.isEnabled():
            return control
    return None


def _fits(layer: Layer, shape: Shape) -> bool:
    """Whether a layer is within reach of its form's controls for an input of `shape`: it takes it, and nothing is too large."""
    if not isinstance(layer, Sliding):
        return False
    try:
        layer.output_shape(shape)
        fit = fitted(layer, shape, most_maps=MOST_MAPS)
    except Refusal:
        return False
    same: bool = fit == (layer if isinstance(layer, Pooling) else msgspec.structs.replace(layer, in_channels=None))
    return same
