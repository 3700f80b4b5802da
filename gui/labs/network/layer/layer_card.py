"""The chosen layer's card: its settings, the formulas behind its numbers, and where the network can be taken.

The form of a layer that slides a window is that of the convolution lab: each control reaches only what can be. A layer that
cannot take what comes in is shown in the same form as it is, with the field that is at fault in amber; an edit then changes
that field alone. A composite is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QGridLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.fields import edited, fields
from engine.figures import shape_text
from engine.layers.base import Layer, Refusal, Shape
from engine.layers.catalog import Sliding
from engine.layers.fitting import changed, fitted
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.pooling import Pooling
from engine.networks.edits import at
from engine.networks.repairs import Repair
from engine.networks.trace import Path
from gui.labs.network.layer.block_view import BlockView
from gui.labs.network.layer.input_form import InputForm
from gui.labs.network.layer.layer_notice import LayerNotice
from gui.labs.network.layer.plain_form import PlainForm
from gui.labs.network.reading import Reading
from gui.labs.network.stack.state_rows import hint_remark, problem_remark
from gui.labs.network.state import NetworkState
from gui.shell.language import say
from gui.widgets.card import Card
from gui.widgets.forms.controls import LABEL_PX, keep_room_for_bar
from gui.widgets.forms.form import Form
from gui.widgets.forms.kind_form import KindForm
from gui.widgets.formulas import Formulas
from gui.widgets.labels import label, separator, set_text
from gui.widgets.stack.stack_rows import inside

SWITCH = "on"  # key of the notice's button; a repair's is a number
MOST_MAPS = 8192  # output channels of a convolution that can be set here; VGG and ResNet have up to 2,048
MOST_LABEL_PX, TICK_PX = 116, 24  # of a label, and of a box to tick before it
LOW_PX = 600  # a lower card keeps less beside the formulas
LEAST_PX, MOST_PX, SHARE = 280, 380, 0.235  # its width, as a part of the page's
UNSET = ("normalized_shape",)  # a list of any length
INFERRED = ("in_channels", "in_features", "input_size", "num_features")  # the input settles them
AnyForm: TypeAlias = KindForm | Form


class LayerCard(Card):
    """`layer_edited` carries the path, the new layer and what of it was edited; `input_edited` a shape; `link_edited` a field's
    name, and whether its numbers shall move together. `edit_asked` carries another `Edit` of the network, `folding_asked` and
    `switching_asked` the path of the layer to be folded or switched on, `repair_asked` a path and the key of a repair. The
    buttons below ask for the network to be taken along."""

    layer_edited = Signal(object, object, str)
    input_edited = Signal(object)
    edit_asked = Signal(object)
    folding_asked = Signal(object)
    switching_asked = Signal(object)
    repair_asked = Signal(object, str)
    training_asked = Signal()
    code_asked = Signal()
    saving_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._path: Path = ()
        self._layer: Layer | None = None
        self._shape: Shape | None = None
        self._unlinked: tuple[str, ...] = ()  # of the layer that is shown: how it is looked at
        self._low = False
        self._showing = False
        self._off: Path | None = None  # what is switched off: the layer, or what it lies in
        self._reading: Reading | None = None
        self._found: tuple[Repair, ...] = ()
        self._fits = False  # it is what its form's controls reach
        self._wrong = ""  # the field of it that is at fault
        self._forms: dict[str, AnyForm] = {}
        self._place = label("muted")
        self.about, self.settled = label("muted", wraps=True), label("small", wraps=True)
        self.input = InputForm()
        self.input.edited.connect(self.input_edited)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.editingFinished.connect(self._name_edited)
        self.notice = LayerNotice()
        self.notice.clicked.connect(self._notice_clicked)
        self.block = BlockView()
        self.block.edit_asked.connect(self.edit_asked)
        self.block.folding_asked.connect(self.folding_asked)
        self.formulas = Formulas(stacked=True)
        self.train, self.code, self.save = QPushButton(), QPushButton(), QPushButton()
        self._taking = label("title")
        self._form_place = QVBoxLayout()
        self._lay_out()
        self.train.clicked.connect(self.training_asked)
        self.code.clicked.connect(self.code_asked)
        self.save.clicked.connect(self.saving_asked)
        self.retranslate()

    def _lay_out(self) -> None:
        self.tools.addWidget(self._place)
        self.tools.setContentsMargins(0, 0, 8, 0)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        self._form_place.setContentsMargins(0, 0, 0, 0)
        for part in (self.about, self.notice, self.input, self.name, self.block):
            column.addWidget(part)
        column.addLayout(self._form_place)
        column.addWidget(self.settled)
        self._line = separator()
        column.addWidget(self._line)
        column.addWidget(self.formulas.verdict_line)
        column.addWidget(self.formulas)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_room_for_bar(scroll)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)
        self._column = column
        self._below = QGridLayout()
        self._below.setContentsMargins(0, 0, 8, 0)
        self._below.setSpacing(6)
        for button in (self.train, self.code, self.save):
            button.setMinimumWidth(1)
        self.body.addLayout(self._below)
        self._arrange()
        self.layout().setContentsMargins(12, 10, 4, 12)  # type: ignore[union-attr]

    def _arrange(self) -> None:
        """In a low card the formulas come before all that can be said elsewhere."""
        low = self._low
        places = ((1, 0), (1, 1), (1, 2)) if low else ((1, 0), (2, 0), (2, 1))
        self._below.addWidget(self._taking, 0, 0, 1, 2)
        for button, (row, column) in zip((self.train, self.code, self.save), places, strict=True):
            across = 2 if button is self.train and not low else 1
            self._below.addWidget(button, row, column, 1, across)
        for column in range(3):
            self._below.setColumnStretch(column, 1 if low or column < 2 else 0)
        self._taking.setVisible(not low)
        self.about.setVisible(not low)
        self._column.removeWidget(self.formulas.verdict_line)
        self._column.insertWidget(self._column.indexOf(self.formulas) + low, self.formulas.verdict_line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._low != (event.size().height() < LOW_PX):
            self._low = not self._low
            self._arrange()
            self.retranslate()

    # --- what is shown

    def show_state(self, state: NetworkState, reading: Reading, found: Sequence[Repair]) -> None:
        """Show the chosen layer of a state; `found` are the repairs that the stack offers. Nothing is emitted."""
        path = state.chosen
        layer = reading.layer(path) if path else None
        another = path != self._path or type(layer) is not type(self._layer)
        if another:
            self._unlinked = ()
        self._path, self._layer = path, layer
        self._shape = reading.inputs.get(path) if path else state.input
        at_fault = reading.problem is not None and reading.broken == path
        self._wrong = str(reading.problem.values.get("field", "")) if reading.problem is not None and at_fault else ""
        self.input.setVisible(not path)
        self.train.setEnabled(reading.problem is None and bool(reading.rows))
        self.code.setEnabled(reading.problem is None and bool(reading.rows))
        if layer is None:
            self.input.show_shape(state.input)
        self._off = next((off for off in state.disabled if path and inside(path, off)), None)
        self._reading, self._found = reading, tuple(found)
        self._show_notice()
        self._showing = True  # a box that is hidden while a number is being typed tells it: that is not this layer's
        self._show_form(another=another)
        self._showing = False
        drawn = isinstance(layer, Composite) and self._off is None
        self.block.setVisible(drawn)
        if drawn:
            self.block.show_block(path, reading, folded=path in state.folded)
        self._show_formulas(at(reading.enabled.layers, reading.places[path]) if path in reading.rows else None)
        self._write()

    def _show_notice(self) -> None:
        """That the layer is off, why it breaks, or what is likely not meant; with the first thing that can be done."""
        if self._reading is None:
            return
        if self._off is not None:
            self.notice.show_notice(self.tr("This layer is off."), (SWITCH, self.tr("Switch on")), warns=False)
            return
        for remark in (problem_remark(self._reading, self._found), hint_remark(self._reading, self._found)):
            if remark is not None and self._path and inside(remark.where, self._path):
                self.notice.show_notice(remark.text, remark.buttons[0] if remark.buttons else None)
                return
        self.notice.show_notice("")

    @Slot(str)
    def _notice_clicked(self, key: str) -> None:
        if key == SWITCH:
            self.switching_asked.emit(self._off)
        else:
            self.repair_asked.emit(self._path, key)

    @property
    def form(self) -> AnyForm | None:
        """The form that is shown; None where the layer has nothing to set."""
        return next((form for form in self._forms.values() if form.isVisibleTo(self)), None)

    def focus_form(self) -> None:
        """The keyboard to the first setting."""
        form = self.form if self._path else self.input
        first = form.nextInFocusChain() if form is not None else self.name if self.name.isVisibleTo(self) else None
        while first is not None and form is not None and form.isAncestorOf(first):
            if first.focusPolicy() & Qt.FocusPolicy.TabFocus and first.isVisibleTo(self) and first.isEnabled():
                break
            first = first.nextInFocusChain()
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_form(self, *, another: bool = False) -> None:
        """The fields of the layer; `another` than was shown before."""
        layer, shape = self._layer, self._shape
        form = None if layer is None else self._form(type(layer))
        self._fits = layer is not None and shape is not None and _fits(layer, shape)
        if isinstance(form, KindForm):
            studied = cast(Sliding, layer)
            if self._fits and shape is not None:
                studied = fitted(studied, shape, most_maps=MOST_MAPS)
            form.show_layer(studied, shape, self._unlinked, fits=self._fits, wrong=self._wrong)
        elif form is not None and layer is not None:
            form.show_value(layer)
            form.mark(self._wrong)
        focused, named = QApplication.focusWidget(), isinstance(layer, Composite)
        lost = focused is self.name or any(each.isAncestorOf(focused) for each in self._forms.values() if focused is not None)
        for each in self._forms.values():
            each.setVisible(each is form)
        self.name.setVisible(named)
        if named and (another or not self.name.hasFocus()):
            self.name.setText(cast(Composite, layer).name)
        if lost and focused is not None and not focused.isVisibleTo(self):  # else Qt would take it out of the lab
            self.focus_form()

    def _form(self, kind: type[Layer]) -> AnyForm | None:
        key = kind.__name__
        if key not in self._forms:
            made: AnyForm
            if issubclass(kind, Sliding):
                sliding = made = KindForm(kind, most_maps=MOST_MAPS)
                sliding.changed.connect(self._fields_changed)
                sliding.link_changed.connect(self._link_changed)
            else:
                names = [field.name for field in fields(kind).values() if field.name not in INFERRED and field.kind != "text"]
                names = [name for name in names if fields(kind)[name].kind != "structure" and name not in UNSET]
                if not names:
                    return None
                plain = made = PlainForm(kind, names)
                plain.edited.connect(self._value_edited)
            made.hide()
            self._forms[key] = made
            self._form_place.addWidget(made)
            self._align()
        return self._forms[key]

    def _show_formulas(self, built: Layer | None) -> None:
        """`built`: the layer as it is computed, without what of it is off; None where it is not."""
        shape = self._shape
        has = built is not None and shape is not None and bool(built.derivations(shape))
        if has and built is not None and shape is not None:
            self.formulas.show_layer(built, shape)
        self.formulas.setVisible(has)
        self._line.setVisible(has)
        self.formulas.verdict_line.setVisible(has and bool(self.formulas.verdict))

    def _write(self) -> None:
        layer, shape = self._layer, self._shape
        name = self.tr("Input") if layer is None else type(layer).__name__
        self.set_title(name)
        about = self.tr("What comes into the network, without the batch.") if layer is None else say("layers", name)
        set_text(self.about, about)
        self._place.setToolTip(about)
        set_text(self._place, self.tr("layer {place}").format(place=place_text(self._path)) if self._path else "")
        set_text(self.settled, self._settled_text(layer, shape))
        self.settled.setVisible(bool(self.settled.text()))

    def _settled_text(self, layer: Layer | None, shape: Shape | None) -> str:
        """What comes in, and what that settles: shown, not set."""
        if layer is None or shape is None or isinstance(layer, Composite):  # of a composite it stands in the drawing
            return ""
        parts = [self.tr("Input: {shape}").format(shape=shape_text(shape))]
        given = [name for name in INFERRED if getattr(layer, name, None) is not None]
        try:
            found = layer.inferred(shape)
        except (Refusal, IndexError):
            found = {}
        parts += [f"{name} = {getattr(layer, name) if name in given else value}" for name, value in found.items()]
        return " · ".join(parts)

    # --- what the user does

    @Slot(object)
    def _fields_changed(self, values: dict[str, Any]) -> None:
        """Numbers that were shown apart stay so, also once they are equal."""
        if self._showing:
            return
        form = self.form
        if isinstance(form, KindForm):
            apart = tuple(name for name in values if form.apart(name) and name not in self._unlinked)
            self._unlinked = (*self._unlinked, *apart)
        self._change(values)

    def _change(self, values: dict[str, Any]) -> None:
        """What fits stays so; of a layer that does not, only what was moved is changed."""
        layer, shape = self._layer, self._shape
        if layer is None:
            return
        if self._fits and shape is not None:
            layer = changed(cast(Sliding, layer), shape, most_maps=MOST_MAPS, **values)
        else:
            layer = edited(layer, **values)
        self._emit(layer, "+".join(f"{self._path}.{name}" for name in values))

    @Slot(str, bool, object)
    def _link_changed(self, name: str, linked: bool, values: dict[str, Any]) -> None:
        if self._showing:
            return
        self._unlinked = tuple(each for each in self._unlinked if each != name) if linked else (*self._unlinked, name)
        if values:
            self._change(values)
        else:
            self._show_form()

    @Slot(object)
    def _value_edited(self, value: Layer) -> None:
        before = self._layer
        if before is None or self._showing:
            return
        names = [name for name in value.__struct_fields__ if getattr(value, name) != getattr(before, name)]
        self._emit(value, "+".join(f"{self._path}.{name}" for name in names))

    @Slot()
    def _name_edited(self) -> None:
        layer, name = self._layer, one_line(self.name.text())
        if isinstance(layer, Composite) and name != layer.name and not self._showing:
            self._emit(edited(layer, name=name), "")

    def _emit(self, layer: Layer, key: str) -> None:
        self.layer_edited.emit(self._path, layer, key)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            QTimer.singleShot(0, self, self._align)

    @Slot()
    def _align(self) -> None:
        """One width for the labels of a form."""
        for form in self._forms.values():
            heads, labels = form.heads(), form.labels()
            metrics = form.fontMetrics()
            longest = max((metrics.horizontalAdvance(text) for text in labels), default=0)
            longest += TICK_PX * any(isinstance(head, QCheckBox) for head in heads)
            for head in heads:
                head.setFixedWidth(min(max(longest + 2, LABEL_PX), MOST_LABEL_PX))
                if hasattr(head, "setWordWrap"):
                    head.setWordWrap(True)

    def retranslate(self) -> None:
        self._taking.setText(self.tr("Take it along"))
        texts = (self.tr("Train this network"), self.tr("Copy as PyTorch"), self.tr("Save as TOML..."))
        shorter = (self.tr("Train"), "PyTorch", "TOML")
        for button, text, short in zip((self.train, self.code, self.save), texts, shorter, strict=True):
            button.setText(short if self._low else text)
            button.setAccessibleName(text)
        self.train.setToolTip(self.tr("Opens it in the training lab, on data that it takes"))
        self.code.setToolTip(self.tr("The same module as code, on the clipboard"))
        self.save.setToolTip(self.tr("The network as a file that this program and its command line open"))
        self.name.setPlaceholderText(say("fields", "name"))
        self.name.setToolTip(say("fields", "name.help"))
        self.name.setAccessibleName(say("fields", "name"))
        self._show_notice()
        self._write()


def card_width(page_px: int) -> int:
    """How wide the card is beside a stack on a page so wide."""
    return min(max(LEAST_PX, round(SHARE * page_px)), MOST_PX)


def place_text(path: Path) -> str:
    """Where a layer stands, counted from 1, as people do: 4, 7.2, 3.main.1, 5.2.1 in the second branch."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in path if part not in ("layers", "branches")]
    return ".".join(parts)


def one_line(text: str) -> str:
    """A pasted name without what a file cannot hold: tabs, ends of lines, control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _fits(layer: Layer, shape: Shape) -> bool:
    """Whether a layer is what its form's controls reach for an input of `shape`: it takes it, and nothing is too large."""
    if not isinstance(layer, Sliding):
        return False
    try:
        layer.output_shape(shape)
        fit = fitted(layer, shape, most_maps=MOST_MAPS)
    except Refusal:
        return False
    same: bool = fit == (layer if isinstance(layer, Pooling) else msgspec.structs.replace(layer, in_channels=None))
    return same
