"""The stack's card: the famous networks, the layers as rows, the palette of new layers, and a sentence on the whole.

It shows a state and its reading. It changes neither: it emits the edits and the states that the user asks for.
"""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.experiments import famous, pairs
from engine.figures import binary_size, full_count, percent, short_count
from engine.layers.catalog import fresh
from engine.networks.edits import Edit, EditError, Layers, following
from engine.networks.repairs import Repair
from engine.networks.trace import Path
from engine.words import printable
from gui.labs.network.reading import Reading
from gui.labs.network.stack.layer_palette import LayerPalette
from gui.labs.network.stack.state_rows import offered, stack_rows
from gui.labs.network.state import NetworkState, Share, composites, emptied, opened, with_inserted
from gui.shell.language import language, say
from gui.widgets.card import Card
from gui.widgets.labels import label, set_text
from gui.widgets.menu_button import MenuButton
from gui.widgets.preset_note import PresetNote
from gui.widgets.stack.layer_stack import LayerStack

TABLE = "networks"  # of words
TALLEST_PX = 2**24 - 1  # Qt's own limit
MUCH = 0.5  # of the parameters: fully connected layers that hold more are worth a sentence


class StackCard(Card):
    """`edited` carries the whole new state and a key for `Lab.remember`, None where the change is no step of its own.
    `edit_asked` carries an `Edit` of the layers. `editing_asked`: the chosen layer is to be edited in its form.
    `renaming_asked`: the name of the network is to be edited. `refused` says in words what cannot be done."""

    edited = Signal(object, object)
    edit_asked = Signal(object)
    editing_asked = Signal()
    renaming_asked = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._state: NetworkState | None = None
        self._reading: Reading | None = None
        self._repairs: tuple[Repair, ...] = ()
        self._target: Path = ()
        self.presets, self.compare = MenuButton(), MenuButton()
        self.blanks, self.add = QToolButton(), QToolButton()
        for button in (self.presets, self.compare, self.blanks, self.add):
            button.setProperty("role", "link")
            self.tools.addWidget(button)
        self.presets_menu = QMenu(self)
        self.presets.setMenu(self.presets_menu)
        self.presets_menu.aboutToShow.connect(self._fill_menu)
        self.compare_menu = QMenu(self)
        self.compare.setMenu(self.compare_menu)
        self.compare_menu.aboutToShow.connect(self._fill_compare_menu)
        self.blanks.clicked.connect(lambda _on=False: self._emit(None, blanks=True))
        self._menus: dict[str, QMenu] = {}
        self._actions = QActionGroup(self)
        self._actions.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._actions.triggered.connect(self._preset_chosen)
        self.stack = LayerStack()
        self.palette_popup = LayerPalette(self)
        self.note = PresetNote(TABLE)
        self.insight = label("warning", wraps=True)
        self.insight.hide()
        self.body.addWidget(self.stack, 1)
        self.invitation = self._invite()
        self.body.addWidget(self.invitation, 1)
        self.body.addWidget(self.insight)
        self.body.addWidget(self.note)
        self._connect()
        self.retranslate()

    def _invite(self) -> QWidget:
        """What is shown below the input while there are no layers."""
        made = QWidget()
        self._none_yet, self.first, self.open_famous = label("muted"), QPushButton(), QPushButton()
        self.first.clicked.connect(lambda _on=False: self.stack.ask_for_layer())
        self.open_famous.clicked.connect(lambda _on=False: self.presets.showMenu())
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.first, self.open_famous):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(made)
        column.addStretch(1)
        column.addWidget(self._none_yet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(row)
        column.addStretch(2)
        made.hide()
        return made

    def _connect(self) -> None:
        stack = self.stack
        self.add.clicked.connect(lambda _on=False: stack.ask_for_layer())
        stack.chosen.connect(self._choose)
        stack.edited.connect(self._edit_asked)
        stack.moved.connect(self._move)
        stack.removed.connect(lambda path: self.edit_asked.emit(Edit("removed", path)))
        stack.duplicated.connect(self._duplicate)
        stack.toggled.connect(self._toggle)
        stack.folded.connect(self._fold)
        stack.all_folded.connect(self._fold_all)
        stack.repaired.connect(self._repair)
        stack.measure_chosen.connect(self._measure)
        stack.insertion_asked.connect(self._insertion_asked)
        self.palette_popup.picked.connect(self._insert_kind)
        self.note.closed.connect(self._note_closed)
        self.note.restored.connect(self._note_restored)
        self.title_clicked.connect(self.renaming_asked)

    # --- what is shown

    def show_state(self, state: NetworkState, reading: Reading) -> None:
        """Show a state and its reading; nothing is emitted."""
        self._state = state
        if reading is not self._reading:
            self._reading, self._repairs = reading, offered(state, reading)
        self._write()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The repairs that are offered; a repair's key is its number."""
        return self._repairs

    @property
    def network_title(self) -> str:
        """The network's name in the window's language."""
        state = self._state
        if state is None:
            return ""
        return say(TABLE, state.preset) if state.preset in famous.names() else printable(state.name) or self.tr("Own network")

    def _write(self) -> None:
        state, reading = self._state, self._reading
        if state is None or reading is None:
            return
        known = state.preset if state.preset in famous.names() else ""
        changed = bool(known) and not _as_opened(state)
        title = self.tr("{network}, changed").format(network=self.network_title) if changed else self.network_title
        self.set_title(title, tip=self.tr("Double click: another name"))
        self._offer_first(not state.layers)
        self.stack.setMaximumHeight(TALLEST_PX if state.layers else self.stack.minimumSizeHint().height())
        self.stack.set_measure(state.share)
        self.stack.show_rows(stack_rows(state, reading, self._repairs, self.tr("Input")))
        self.stack.set_chosen(state.chosen)
        self.stack.set_title(self.title, self._totals(reading))
        self.blanks.setEnabled(reading.problem is None and bool(reading.rows))
        self.note.show_preset(known, changed=changed)
        self._write_insight(state, reading)

    def _offer_first(self, shown: bool) -> None:
        """Show or hide the buttons of an empty network. The keyboard that was on them goes to the stack."""
        focused = self.window().focusWidget()
        self.invitation.setVisible(shown)
        if not shown and focused is not None and self.invitation.isAncestorOf(focused):
            self.stack.setFocus(Qt.FocusReason.OtherFocusReason)

    def _totals(self, reading: Reading) -> str:
        return " · ".join(
            (
                f"{say('quantities', 'parameters')} {full_count(reading.total('parameters'))}",
                f"{say('quantities', 'macs')} {short_count(reading.total('macs'))}",
                f"{say('quantities', 'activation_memory')} {binary_size(reading.total('memory'))}",
            )
        )

    def _write_insight(self, state: NetworkState, reading: Reading) -> None:
        """Say how many of the parameters fully connected layers hold, where it is most of them."""
        parameters = reading.total("parameters")
        part = reading.dense / parameters if parameters else 0.0
        worth = MUCH < part < 1 and reading.problem is None and not self.note.isVisibleTo(self)
        if worth:
            text = self.tr("Fully connected layers hold {percent} of the parameters.").format(percent=percent(part))
            set_text(self.insight, text)
        self.insight.setVisible(worth)

    @Slot()
    def _fill_menu(self) -> None:
        if not self._menus:
            self._empty = self.presets_menu.addAction("")
            self._empty.triggered.connect(lambda _on=False: self.empty())
            self.presets_menu.addSeparator()
            for group, names in famous.groups():
                menu = self._menus[group] = self.presets_menu.addMenu("")
                for name in names:
                    action = menu.addAction("")
                    action.setCheckable(True)
                    action.setData(name)
                    self._actions.addAction(action)
        self._empty.setText(self.tr("Empty: begin your own"))
        for group, menu in self._menus.items():
            menu.setTitle(say(TABLE, f"group.{group}"))
        for action in self._actions.actions():
            action.setText(say(TABLE, action.data()))
            action.setChecked(self._state is not None and action.data() == self._state.preset)

    @Slot()
    def _fill_compare_menu(self) -> None:
        """Fill in the courses' pairs, and every famous network to compare the shown one with."""
        self.compare_menu.clear()
        for name in pairs.names():
            self._offer(self.compare_menu, name, say(pairs.TABLE, name))
        self.compare_menu.addSeparator()
        inner = self.compare_menu.addMenu(self.tr("This network beside"))
        for name in famous.names():
            self._offer(inner, name, say(TABLE, name))
        inner.setEnabled(self._reading is not None and self._reading.problem is None)

    def _offer(self, menu: QMenu, name: str, text: str) -> None:
        menu.addAction(text).triggered.connect(lambda _on=False: self._emit(None, beside=name))

    # --- what the user does

    def _emit(self, key: str | None, **changes: Any) -> None:
        if self._state is not None:
            self.edited.emit(msgspec.structs.replace(self._state, **changes), key)

    @Slot(object)
    def _choose(self, path: Path) -> None:
        self._emit(None, chosen=path, unit=None)

    @Slot(object)
    def _edit_asked(self, path: Path) -> None:
        self._choose(path)
        self.editing_asked.emit()

    @Slot(object, object)
    def _move(self, source: Path, target: Path) -> None:
        self.edit_asked.emit(Edit("moved", source, target=target))

    @Slot(object)
    def _duplicate(self, path: Path) -> None:
        if self._reading is not None:
            self.insert((self._reading.layer(path),), following(path))

    def insert(self, layers: Layers, where: Path | None = None) -> None:
        """Put layers in at a place, by default below the chosen layer, as one step; the first of them is chosen."""
        state = self._state
        if state is None:
            return
        if where is None:
            where = following(state.chosen) if state.chosen else (0,)
        try:
            state = with_inserted(state, layers, where)
        except EditError as error:
            self.refused.emit(error.message(language()))
        else:
            self.edited.emit(state, "")

    @Slot(object)
    def _toggle(self, path: Path) -> None:
        if self._state is not None:
            off = self._state.disabled
            self._emit("", disabled=tuple(each for each in off if each != path) if path in off else (*off, path))

    @Slot(object)
    def _fold(self, path: Path) -> None:
        if self._state is not None:
            folded = self._state.folded
            self._emit(None, folded=tuple(each for each in folded if each != path) if path in folded else (*folded, path))

    @Slot(bool)
    def _fold_all(self, fold: bool) -> None:
        if self._state is not None:
            self._emit(None, folded=composites(self._state.layers) if fold else ())

    @Slot(object, str)
    def _repair(self, path: Path, key: str) -> None:
        state = self._state
        if state is None or not key.isdecimal() or int(key) >= len(self._repairs):
            return
        repair = self._repairs[int(key)]
        disabled, folded = (
            tuple(new for old in paths if (new := repair.followed(old, state.layers)) is not None)
            for paths in ([path for path in state.disabled if path not in repair.on], state.folded)
        )
        shape = repair.input or state.input
        self._emit("", layers=repair.layers, input=shape, disabled=disabled, folded=folded, chosen=repair.path, unit=None)

    @Slot(str)
    def _measure(self, share: Share) -> None:
        self._emit(None, share=share)

    @Slot(object, object)
    def _insertion_asked(self, path: Path, corner: QPoint) -> None:
        self._target = path
        self.palette_popup.open_at(corner)

    @Slot(str)
    def _insert_kind(self, kind: str) -> None:
        reading = self._reading
        if reading is None:
            return
        self.insert((fresh(kind, self._arriving(self._target)),), self._target)

    def _arriving(self, path: Path) -> tuple[int, ...] | None:
        """The shape that arrives at a place where a layer is to go."""
        assert self._reading is not None
        last = path[-1]
        if path in self._reading.inputs:
            return self._reading.inputs[path]
        if isinstance(last, int) and last > 0:
            return self._reading.output((*path[:-1], last - 1))
        outer = path[: max((number for number, part in enumerate(path) if isinstance(part, str)), default=0)]
        return self._reading.inputs.get(outer) if outer else self._reading.input

    @Slot(object)
    def _preset_chosen(self, action: Any) -> None:
        self.edited.emit(opened(action.data(), self._state), "")

    def empty(self) -> None:
        """Begin a network of one's own, on the same input."""
        if self._state is not None:
            self.edited.emit(emptied(self._state), "")

    @Slot()
    def _note_closed(self) -> None:
        self._emit(None, preset="", name=self.network_title)

    @Slot()
    def _note_restored(self) -> None:
        if self._state is not None:
            self.edited.emit(opened(self._state.preset, self._state), "")

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.presets.setText(self.tr("Famous networks"))
        self.presets.setToolTip(self.tr("Famous networks, and what each of them brought"))
        self.compare.setText(self.tr("Compare"))
        self.compare.setToolTip(self.tr("Two networks side by side: layers, totals, curves by depth"))
        self.blanks.setText(self.tr("Fill in"))
        self.blanks.setToolTip(self.tr("The table with blanks: work out shapes and parameters yourself"))
        self._none_yet.setText(self.tr("No layers yet"))
        self.open_famous.setText(self.tr("Open a famous network"))
        for button in (self.add, self.first):
            button.setText(self.tr("+ Layer"))
        self.add.setToolTip(self.tr("Put a layer in below the chosen one (Insert)"))
        self._write()


def _as_opened(state: NetworkState) -> bool:
    """Whether the network is still the one that was opened."""
    found = famous.network(state.preset)
    return state.layers == found.layers and state.input == found.input and not state.disabled
