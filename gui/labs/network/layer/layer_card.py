"""The chosen layer's card: what is wrong with the layer, its settings, the formulas behind its numbers, and the buttons that
take the network along. A composite is drawn. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.fields import edited
from engine.figures import full_count, shape_text
from engine.layers.base import Layer, Refusal, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite
from engine.networks.edits import Edit, at
from engine.networks.repairs import Repair
from engine.networks.trace import Path
from gui.labs.network.layer.block_view import BlockView
from gui.labs.network.layer.input_form import InputForm
from gui.labs.network.layer.layer_form import INFERRED, AnyForm, LayerForm, first_control
from gui.labs.network.reading import Reading
from gui.labs.network.stack.state_rows import hint_remark, problem_remark
from gui.labs.network.state import NetworkState
from gui.shell.language import say
from gui.widgets.card import Card
from gui.widgets.formulas import Formulas
from gui.widgets.labels import label, separator, set_text
from gui.widgets.notice import Notice
from gui.widgets.scrolled_page import ScrolledPage
from gui.widgets.stack.stack_rows import inside

SWITCH = "on"  # key of the notice's button; a repair's is a number
LOW_PX = 600  # a lower card shows less beside the formulas
LEAST_PX, MOST_PX, SHARE = 280, 380, 0.235  # of its width; its part of the page's width


class LayerCard(Card):
    """`edit_asked` carries an `Edit` of the network and a key for `Lab.remember`; `input_edited` a shape; `folding_asked` and
    `switching_asked` the path of the layer to be folded or switched on; `repair_asked` a path and the key of a repair;
    `renamed` the network's new name. The buttons at the bottom ask for the network to be taken along."""

    edit_asked = Signal(object, str)
    input_edited = Signal(object)
    folding_asked = Signal(object)
    switching_asked = Signal(object)
    repair_asked = Signal(object, str)
    renamed = Signal(str)
    training_asked = Signal()
    code_asked = Signal()
    saving_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._path: Path = ()
        self._layer: Layer | None = None
        self._network = ""  # of the network
        self._shape: Shape | None = None
        self._low = False
        self._showing = False
        self._off: Path | None = None  # the place that is switched off: the layer's, or a composite's around it
        self._reading: Reading | None = None
        self._found: tuple[Repair, ...] = ()
        self._place = label("muted")
        self.about, self.settled = label("muted", wraps=True), label("small", wraps=True)
        self.input = InputForm()
        self.input.edited.connect(self.input_edited)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.editingFinished.connect(self._name_edited)
        self.notice = Notice(below=True)
        self.notice.clicked.connect(self._notice_clicked)
        self.block = BlockView()
        self.block.edit_asked.connect(lambda edit: self.edit_asked.emit(edit, ""))
        self.block.folding_asked.connect(self.folding_asked)
        self.formulas = Formulas(stacked=True)
        self.train, self.code, self.save = QPushButton(), QPushButton(), QPushButton()
        self._taking = label("title")
        self.settings = LayerForm()
        self.settings.edited.connect(self._settings_edited)
        self._lay_out()
        self.train.clicked.connect(self.training_asked)
        self.code.clicked.connect(self.code_asked)
        self.save.clicked.connect(self.saving_asked)
        self.retranslate()

    def _lay_out(self) -> None:
        self.tools.addWidget(self._place)
        self.tools.setContentsMargins(0, 0, 8, 0)
        page = QWidget()
        self.body.addWidget(ScrolledPage(page), 1)  # before it is filled: what is moved is styled once more
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        for part in (self.about, self.notice, self.name, self.input, self.block, self.settings, self.settled):
            column.addWidget(part)
        self._line = separator()
        column.addWidget(self._line)
        column.addWidget(self.formulas.verdict_line)
        column.addWidget(self.formulas)
        column.addStretch(1)
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
        """In a low card the formulas come first; what is said elsewhere too is left out."""
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

    def show_state(self, state: NetworkState, reading: Reading, found: Sequence[Repair], title: str) -> None:
        """Show the chosen layer of a state; nothing is emitted. `found` are the repairs that the stack offers, `title` is what
        the network is called."""
        path, self._network = state.chosen, title
        layer = reading.layer(path) if path else None
        another = path != self._path or type(layer) is not type(self._layer)
        self._path, self._layer = path, layer
        self._shape = reading.inputs.get(path) if path else state.input
        self.input.setVisible(not path)
        self.train.setEnabled(reading.problem is None and bool(reading.rows))
        self.code.setEnabled(reading.problem is None and bool(reading.rows))
        if layer is None:
            self.input.show_shape(state.input)
        self._off = next((off for off in state.disabled if path and inside(path, off)), None)
        self._reading, self._found = reading, tuple(found)
        self._show_notice()
        self._show_settings(another=another)
        drawn = isinstance(layer, Composite) and self._off is None
        self.block.setVisible(drawn)
        if drawn:
            self.block.show_block(path, reading, folded=path in state.folded)
        self._show_formulas(at(reading.enabled.layers, reading.places[path]) if path in reading.rows else None)
        self._write()

    def _show_notice(self) -> None:
        """Say that the layer is off, why it breaks, or what is likely not meant; with a button for the first repair."""
        if self._reading is None:
            return
        if self._off is not None:
            self._tell(self.tr("This layer is off."), "note", (SWITCH, self.tr("Switch on")))
            return
        for remark in (problem_remark(self._reading, self._found), hint_remark(self._reading, self._found)):
            if remark is not None and (inside(remark.where, self._path) if self._path else not remark.where):
                self._tell(remark.text, "warn_notice", remark.buttons[0] if remark.buttons else None)
                return
        self.notice.hide()

    def _tell(self, text: str, role: str, button: tuple[str, str] | None) -> None:
        self.notice.say(text, role)
        self.notice.offer(button)
        self.notice.show()

    @Slot(str)
    def _notice_clicked(self, key: str) -> None:
        if key == SWITCH:
            self.switching_asked.emit(self._off)
        else:
            self.repair_asked.emit(self._path, key)

    @property
    def form(self) -> AnyForm | None:
        """The form of the layer; None where the layer has nothing to set."""
        return self.settings.form if self.settings.isVisibleTo(self) else None

    def focus_form(self) -> None:
        """Give the keyboard to the first setting."""
        form = self.form if self._path else self.input
        first = first_control(form) if form is not None else self.name if self.name.isVisibleTo(self) else None
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_name(self) -> None:
        """Give the keyboard to the name, to be written over."""
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def _show_settings(self, *, another: bool) -> None:
        """The fields of the layer, and the name of a composite or, beside the input, of the network; `another` layer than
        before."""
        layer, reading = self._layer, self._reading
        problem = reading.problem if reading is not None and reading.broken == self._path else None
        wrong = "" if problem is None else str(problem.values.get("field", ""))
        focused, named = QApplication.focusWidget(), layer is None or isinstance(layer, Composite)
        lost = focused is not None and (focused is self.name or self.settings.isAncestorOf(focused))
        self._showing = True  # a name that is hidden while it is being typed is emitted: it is not of this layer
        self.settings.show_layer(layer, self._shape, wrong, another=another)
        self.name.setVisible(named)
        if named and (another or not (self.name.hasFocus() and self.name.isModified())):
            self.name.setText(self._network if layer is None else cast(Composite, layer).name)
        self._write_name()
        if lost and focused is not None and not focused.isVisibleTo(self):  # otherwise Qt would take it out of the lab
            self.focus_form()
        self._showing = False

    def _show_formulas(self, built: Layer | None) -> None:
        """`built` is the layer without the parts of it that are off; None where it is not built."""
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
        """What arrives, and the numbers that it determines."""
        if layer is None or shape is None or isinstance(layer, Composite):  # a composite's drawing says it
            return ""
        parts = [self.tr("Input: {shape}").format(shape=shape_text(shape))]
        given = [name for name in INFERRED if getattr(layer, name, None) is not None]
        found: dict[str, Any] = {}
        try:
            found = dict(layer.inferred(shape))
            layer.output_shape(shape)
        except IndexError:
            pass
        except Refusal as refusal:
            if refusal.code == "wrong_dimensions":  # the input determines nothing
                found = {name: getattr(layer, name) for name in given}
        numbers = {name: getattr(layer, name) if name in given else value for name, value in found.items()}
        parts += [f"{name} = {full_count(value) if isinstance(value, int) else value}" for name, value in numbers.items()]
        return " · ".join(parts)

    # --- what the user does

    @Slot()
    def _name_edited(self) -> None:
        layer, name = self._layer, one_line(self.name.text())
        self.name.setModified(False)
        if layer is None and not self._showing and name.strip() != self._network:
            self.renamed.emit(name.strip())
        if isinstance(layer, Composite) and name != layer.name and not self._showing:
            self._replace(edited(layer, name=name), "")

    @Slot(object, str)
    def _settings_edited(self, layer: Layer, names: str) -> None:
        self._replace(layer, "+".join(f"{self._path}.{name}" for name in names.split("+")))

    def _replace(self, layer: Layer, key: str) -> None:
        self.edit_asked.emit(Edit("replaced", self._path, layer=cast(AnyLayer, layer)), key)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

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
        self._write_name()
        self._show_notice()
        self._write()

    def _write_name(self) -> None:
        """What the name is of."""
        if self._layer is None:
            name, tip = self.tr("Name of the network"), self.tr("It stands over the layers, and in the files that are saved.")
        else:
            name, tip = say("fields", "name"), say("fields", "name.help")
        if self.name.placeholderText() != name or self.name.toolTip() != tip:
            self.name.setPlaceholderText(name)
            self.name.setToolTip(tip)
            self.name.setAccessibleName(name)


def card_width(page_px: int) -> int:
    """The card's width beside the stack on a page that is `page_px` wide."""
    return min(max(LEAST_PX, round(SHARE * page_px)), MOST_PX)


def place_text(path: Path) -> str:
    """A layer's place counted from 1, as people count: 4, 7.2, 3.main.1, 5.2.1 in the second branch."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in path if part not in ("layers", "branches")]
    return ".".join(parts)


def one_line(text: str) -> str:
    """A pasted name without the characters that a file cannot hold: tabs, ends of lines, control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
