"""The left column of the convolution lab: the presets, the layer, the activation, the filters, the picture.

It shows a state and emits an edited one. Each control reaches valid values only: its range follows the other controls and the
picture. `KindForm` has the rows of a kind of layer; the parts for filters and picture belong to the lab, which hands them in.
"""

from __future__ import annotations

from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from engine.cells.planes import Studied, depths, input_shape
from engine.fields import Field
from engine.layers.base import Shape
from engine.layers.fitting import carried, fitted
from engine.layers.kinds.pooling import Pooling
from gui.labs.convolution.kind_choice import STUDIED_KINDS, KindChoice
from gui.labs.convolution.presets import NAMED, TABLE, groups, note_of, preset
from gui.labs.convolution.state import MOST_FRAMES, ConvolutionState, Linkable
from gui.labs.convolution.work import Activation
from gui.shell.language import say
from gui.shell.tab_order import tab_in_order
from gui.widgets.card import Card
from gui.widgets.forms.controls import LABEL_PX, ChoiceRow
from gui.widgets.forms.kind_form import KindForm
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import separator
from gui.widgets.menu_button import MenuButton
from gui.widgets.pictures.picture_picker import PicturePicker
from gui.widgets.preset_note import PresetNote

WIDTH = 280  # 246 for the parts, beside margins and the scroll bar
MOST_LABEL_PX = 104  # a longer label takes two lines
NAMED_AIR_PX = 30  # above and below the control that a preset names: what it belongs to is seen
ACTIVATIONS: tuple[str, ...] = get_args(Activation)
# the fields that a preset is about; what the reader looks at does not count
OF_PRESET = ("shift", "row", "frames", "activation", "flipped", "weights")


class LayerPanel(Card):
    """`state_edited` carries the whole ConvolutionState that the user asks for, not yet fitted to the picture, and the names of
    the fields of its layer that were set: `fitted_state` takes both."""

    state_edited = Signal(object, object)

    def __init__(self, picker: PicturePicker, weights: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self._state = ConvolutionState()
        self._picture: Shape = (3, 224, 224)
        self.weights, self.picker = weights, picker
        self.presets = MenuButton()
        self.presets_menu = QMenu(self)
        self.presets.setMenu(self.presets_menu)
        self.presets_menu.aboutToShow.connect(self._fill_menu)
        self._menus: dict[str, QMenu] = {}
        self._preset_actions = QActionGroup(self)
        self._preset_actions.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._convolution: Studied | None = None  # the last one that was shown before a pooling layer
        self._opening = ""  # a preset that was chosen and is not yet shown
        self._named: QWidget | None = None  # the control that its note names, until something is edited
        self._preset_actions.triggered.connect(self._preset_chosen)
        self.note = PresetNote(TABLE)
        self.kind = KindChoice()
        self._forms: dict[str, KindForm] = {}
        self._form_place = QVBoxLayout()
        self.activation = ChoiceRow([(each, each) for each in ACTIVATIONS])
        moved = Field(name="shift", kind="integer", default=0)
        self.shift = (NumberRow(moved), NumberRow(moved))
        self.row = NumberRow(Field(name="row", kind="integer", default=0, low=0))
        self.frames = NumberRow(Field(name="frames", kind="integer", default=1, low=1, high=MOST_FRAMES))
        self.plane = NumberRow(Field(name="depth", kind="integer", default=0, low=0))
        self._lay_out()
        self._connect()
        self.retranslate()

    @Slot()
    def _fill_menu(self) -> None:
        """Fill the menu when it is opened: the window's first picture needs nothing of it."""
        if not self._menus:
            for group, names in groups().items():
                menu = self._menus[group] = self.presets_menu.addMenu("")
                for name in names:
                    action = menu.addAction("")
                    action.setCheckable(True)
                    action.setData(name)
                    self._preset_actions.addAction(action)
        for group, menu in self._menus.items():
            menu.setTitle(say(TABLE, group))
        for action in self._preset_actions.actions():
            action.setText(say(TABLE, action.data()))
            action.setChecked(action.data() == note_of(self._state))

    def _lay_out(self) -> None:
        around = QHBoxLayout()
        around.setContentsMargins(0, 0, 8, 0)
        around.addWidget(self.note)
        self.body.addLayout(around)  # it stays, whatever is scrolled to
        page = self._page = QWidget()
        page.setProperty("role", "page")
        scroll = self._scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)  # before it is filled: what is moved is styled once more, with all that is in it
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(3)
        self.tools.addWidget(self.presets)
        self.tools.setContentsMargins(0, 0, 8, 0)
        self._form_place.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.kind)
        column.addLayout(self._form_place)
        column.addWidget(separator())
        column.addWidget(self.activation)
        column.addWidget(separator())
        column.addWidget(self.weights)
        column.addWidget(separator())
        column.addWidget(self.picker)
        for part in (*self.shift, self.row, self.frames, self.plane):
            column.addWidget(part)
        column.addStretch(1)
        scroll.verticalScrollBar().rangeChanged.connect(self._show_named)  # the forms are laid out once more
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    def _connect(self) -> None:
        self.kind.chosen.connect(self._kind_chosen)
        self.note.closed.connect(self._note_closed)
        self.note.restored.connect(self._note_restored)
        self.activation.chosen.connect(lambda name: self._emit(activation=name))
        for row in self.shift:
            row.value_changed.connect(self._shift_edited)
        for name, row in (("row", self.row), ("frames", self.frames), ("depth", self.plane)):
            row.value_changed.connect(lambda value, name=name: self._emit(**{name: value}))
        self.picker.failed.connect(self._refused)

    def form(self, name: str = "") -> KindForm:
        """The form of the kind `name`, or of the kind that is shown. It is made when it is first asked for."""
        name = name or type(self._state.layer).__name__
        if name not in self._forms:
            made = self._forms[name] = KindForm(STUDIED_KINDS[name], parent=self._page)
            made.changed.connect(self._fields_changed)
            made.link_changed.connect(self._link_changed)
            made.hide()
            self._form_place.addWidget(made)
            self._align()
            tab_in_order(self)
        return self._forms[name]

    def control(self, name: str) -> QWidget | None:
        """The control of a field of the state or of its layer, or the one that leads to it; None where there is none."""
        form = self.form()
        own: dict[str, QWidget] = {
            "shift": self.shift[1],
            "depth": self.plane,
            "library": self.weights,
            "padding": form.padding_kind,
            "stride": form.follow,
        }
        try:
            row: QWidget | None = form.row(name)
        except KeyError:
            row = None
        return row if row is not None and not row.isHidden() else own.get(name, row)

    # --- what is shown

    def show_state(self, state: ConvolutionState, picture: Shape) -> None:
        """Show a state whose layer is valid for a picture of shape `picture` (C, H, W); nothing is emitted."""
        self._state, self._picture = state, picture
        layer, shape = state.layer, self._input_shape(state.layer)
        name = type(layer).__name__
        if self.title != name:
            self.set_title(name)
            self._title.setToolTip(say("layers", name))
        self.kind.show_kind(name)
        form = self.form(name)
        form.show_layer(layer, shape, state.unlinked)
        for each in self._forms.values():
            each.setVisible(each is form)
        self.activation.set_value(state.activation)
        self._show_picture_rows(state, shape)
        opened = note_of(state)
        self.note.show_preset(opened, changed=bool(opened) and self._differs(state, preset(opened)))
        self._named = None
        if opened and opened == self._opening:
            self._opening = ""
            self._named = self.control(NAMED.get(opened, ""))
            self._scroll.verticalScrollBar().setValue(0)
            QTimer.singleShot(0, self, self._show_named)

    def _show_picture_rows(self, state: ConvolutionState, shape: Shape) -> None:
        _, height, width = self._picture
        for row, value, side in zip(self.shift, state.shift, (height, width), strict=True):
            row.set_range(-(side // 2), side - side // 2 - 1)  # all the way around
            row.set_value(value)
        axes = state.layer.AXES
        self.shift[0].setVisible(axes > 1)  # another row moves a signal up and down
        self.row.setVisible(axes == 1 and height > 1)
        self.frames.setVisible(axes == 3)
        self.plane.setVisible(axes == 3)
        self.row.set_range(0, height - 1)
        self.row.set_value(min(state.row, height - 1))
        self.frames.set_value(state.frames)
        if axes == 3:
            planes = state.layer.output_shape(shape)[1]
            self.plane.set_range(0, planes - 1)
            self.plane.set_value(min(state.depth, planes - 1))
            self.plane.setEnabled(planes > 1)

    def _input_shape(self, layer: Studied) -> Shape:
        return input_shape(layer, self._picture, self._state.frames)

    def _differs(self, state: ConvolutionState, opened: ConvolutionState) -> bool:
        """Whether something that the preset is about has been changed."""
        if any(getattr(state, name) != getattr(opened, name) for name in OF_PRESET):
            return True
        return state.layer != fitted(opened.layer, self._input_shape(opened.layer))

    # --- what the user does

    def _emit(self, **changes: Any) -> None:
        self.state_edited.emit(msgspec.structs.replace(self._state, **changes), ())

    def _emit_fields(self, fields: dict[str, Any], unlinked: tuple[Linkable, ...]) -> None:
        layer = msgspec.structs.replace(self._state.layer, **fields)
        self.state_edited.emit(msgspec.structs.replace(self._state, layer=layer, unlinked=unlinked), tuple(fields))

    @Slot(object)
    def _fields_changed(self, fields: dict[str, Any]) -> None:
        """Numbers that were shown apart stay apart, even once they are equal: no row may go away under the pointer."""
        if self.sender() is not self.form():  # it was half typed when another kind came
            return
        unlinked = self._state.unlinked
        apart = [cast(Linkable, name) for name in fields if self.form().apart(name) and name not in unlinked]
        self._emit_fields(fields, (*unlinked, *apart))

    @Slot(str, bool, object)
    def _link_changed(self, name: str, linked: bool, fields: dict[str, Any]) -> None:
        unlinked = tuple(each for each in self._state.unlinked if each != name)
        if not linked:
            unlinked = (*unlinked, cast(Linkable, name))
        self._emit_fields(fields, unlinked)

    @Slot(str)
    def _kind_chosen(self, name: str) -> None:
        layer = self._of_kind(STUDIED_KINDS[name])
        depth = 0
        if layer.AXES == 3:  # the plane in the middle, where none of the padding is read
            shape = self._input_shape(layer)
            depth = depths(fitted(layer, shape), shape) // 2
        self._emit(layer=layer, depth=depth, preset="")

    def _of_kind(self, kind: type[Studied]) -> Studied:
        """The layer as one of another kind. What a pooling layer does not have, and its stride, which is the window's, are
        those of the convolution that it was chosen for."""
        now = self._state.layer
        layer = carried(now, kind)
        if not isinstance(now, Pooling):
            self._convolution = now
        elif self._convolution is not None and not isinstance(layer, Pooling):
            before = carried(self._convolution, kind)
            lost = [name for name in layer.__struct_fields__ if name not in now.__struct_fields__ or name == "stride"]
            layer = msgspec.structs.replace(layer, **{name: getattr(before, name) for name in lost})
        return layer

    @Slot()
    def _shift_edited(self) -> None:
        self._emit(shift=tuple(int(row.value or 0) for row in self.shift))

    @Slot(object)
    def _preset_chosen(self, action: Any) -> None:
        self._open(action.data())

    @Slot()
    def _note_closed(self) -> None:
        self._emit(preset="")

    @Slot()
    def _note_restored(self) -> None:
        self._open(self._state.preset)

    def _open(self, name: str) -> None:
        self._opening = name
        self.state_edited.emit(preset(name), ())

    @Slot()
    def _show_named(self) -> None:
        """Scroll to the control that the note of the preset just opened names, where there is one."""
        if self._named is not None:
            self._scroll.ensureWidgetVisible(self._named, 0, NAMED_AIR_PX)

    @Slot()
    def _refused(self) -> None:
        """Scroll to the reason once it is laid out."""
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
            QTimer.singleShot(0, self, self._align)  # once the forms have their new words: they change after the panel

    def retranslate(self) -> None:
        self.presets.setText(self.tr("Presets"))
        self.presets.setToolTip(self.tr("Examples of courses, with what to try"))
        self.activation.set_choices([("none", self.tr("None")), *((each, each) for each in ACTIVATIONS[1:])])
        self.activation.set_value(self._state.activation)
        self.activation.set_label(self.tr("Activation"), self.tr("What each value of the feature maps goes through"))
        moves = self.tr("How far the picture is moved, around its edges. Negative: the other way")
        self.shift[0].set_label(self.tr("Move down"), moves)
        self.shift[1].set_label(self.tr("Move right"), moves)
        self.row.set_label(self.tr("Row"), self.tr("A 1-d layer reads one row of the picture"))
        self.frames.set_label(self.tr("Frames"), self.tr("The clip: the picture, moved right by one column a frame"))
        self.plane.set_label(self.tr("Plane shown"), self.tr("Which plane of the output along the depth is on the screen"))
        self._title.setToolTip(say("layers", self.title))
        self._align()

    @Slot()
    def _align(self) -> None:
        """Give all labels one width. The labels of all kinds count, so that no row moves when another kind's form comes."""
        own: list[NumberRow | ChoiceRow] = [*self.shift, self.row, self.frames, self.plane, self.activation]
        heads = [row.head for row in own] + [head for form in self._forms.values() for head in form.heads()]
        heads += [row.head for row in self.weights.findChildren(NumberRow)]
        texts = [row.head.text() for row in own] + [text for form in self._forms.values() for text in form.labels()]
        metrics = self.activation.head.fontMetrics()
        longest = max(metrics.horizontalAdvance(text) for text in texts)
        width = min(max(longest + 2, LABEL_PX), MOST_LABEL_PX)  # 2 px to spare: a label that just fits would be broken
        for head in heads:
            head.setFixedWidth(width)
            if isinstance(head, QLabel):
                head.setWordWrap(True)
