"""The network lab: layers stacked into a network, with every number at once, what each unit sees, and what each layer makes
of a picture.

Its state is one frozen NetworkState; the stack, the form, the formulas and the frames are drawn from it and from its reading,
without torch and in the same frame. Maps, gradients and probabilities follow from a thread of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path as FilePath

import msgspec
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.data.info import DatasetError
from engine.experiments.experiment import ExperimentError, parse
from engine.experiments.experiment import read as read_experiment
from engine.figures import binary_size, full_count, shape_text, short_count
from engine.layers.base import Layer, Shape
from engine.layers.network_toml import layers_from_text, layers_to_text
from engine.networks.edits import Edit, EditError, Layers, require_room
from engine.networks.trace import Path, message
from engine.passes.activations import PassRequest, Seeded, Trained
from engine.runs.folder import EXPERIMENT, WEIGHTS
from engine.toml_text import TomlError
from gui.bridge import Latest
from gui.lab.base import Services
from gui.lab.pictured import PicturedLab
from gui.labs.network.layer.layer_card import LayerCard, card_width
from gui.labs.network.maps.maps_card import THUMB_PX, MapsCard
from gui.labs.network.maps.network_preview import Preview, Request, Shown
from gui.labs.network.maps.picture_popup import PicturePopup
from gui.labs.network.maps.weights_menu import WeightsMenu
from gui.labs.network.page_notice import PageNotice
from gui.labs.network.pages.other_cards import BesideCard, BlanksCard, others
from gui.labs.network.reading import Reading, read
from gui.labs.network.stack.stack_card import StackCard
from gui.labs.network.state import FIRST, RANDOM, NetworkState, Page, Unit, edited_state, fitted_state, of_experiment, opened
from gui.labs.network.take_along import TakeAlong
from gui.shell.language import language, say, told
from gui.shell.state_file import StateError, from_text
from gui.widgets.answer_line import AnswerLine
from gui.widgets.card import Card
from gui.widgets.card_pages import CardPages

GAP_PX = 12
ROOMY_PX = 1000  # a narrower page shows the layer's card or the maps', not both
ANY_PX = 16_777_215  # as wide as it gets: QWIDGETSIZE_MAX


class NetworkLab(PicturedLab[NetworkState]):
    name = "network"
    state_type = NetworkState

    maps_shown = Signal()  # the newest maps that have arrived are in their card

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(fitted_state(opened(FIRST)), services, parent)
        self._trace_ms = 0.0
        self._reading = self._read(self._state)
        self._torch = False
        self._asked: PassRequest | None = None  # the newest maps that were asked for
        self._work = Preview(lambda: self.preview.superseded())
        self.preview: Latest[Request, Shown] = Latest(self._work, self)
        self.preview.answered.connect(self._answered)
        self.preview.failed.connect(self._failed)
        self._build()
        self._make_actions()
        self.setFocusProxy(self.stack_card.stack)
        self.retranslate()
        self._show_state()
        self.remember(self._state)

    def _build(self) -> None:
        self.answers = AnswerLine()
        self.stack_card, self.maps_card, self.layer_card = StackCard(), MapsCard(), LayerCard()
        self.along = TakeAlong(self, "", self._reading)
        self.weights = WeightsMenu(self.services.runs_folder)
        self.picture_button = QToolButton()
        self.picture_button.setProperty("role", "link")
        self.popup = PicturePopup(self.picker, self)
        for tool in (self.weights, self.picture_button):
            self.maps_card.tools.addWidget(tool)
        self._side: dict[str, Card] = {"layer": self.layer_card, "maps": self.maps_card}
        self.pages = CardPages(self._side, self)
        self.pages.chosen.connect(self._page_chosen)
        columns = QHBoxLayout()
        columns.setSpacing(GAP_PX)
        columns.addWidget(self.stack_card, 2)
        columns.addWidget(self.maps_card, 1)
        columns.addWidget(self.layer_card)
        page = QVBoxLayout(self)
        page.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP_PX)
        page.addWidget(self.answers)
        self._places = QStackedWidget()
        stack = QWidget()
        stack.setLayout(columns)
        columns.setContentsMargins(0, 0, 0, 0)
        self.beside_card, self.blanks_card = BesideCard(), BlanksCard()
        for place in (stack, self.beside_card, self.blanks_card):
            self._places.addWidget(place)
        page.addWidget(self._places, 1)
        self.notice = PageNotice(self)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._show_maps)
        self._connect()

    def _connect(self) -> None:
        self.stack_card.edited.connect(self._edited)
        self.stack_card.refused.connect(self.notice.tell)
        self.stack_card.editing_asked.connect(self._edit_layer)
        self.layer_card.layer_edited.connect(self._layer_edited)
        self.layer_card.input_edited.connect(self._input_edited)
        self.layer_card.edit_asked.connect(self._apply)
        self.layer_card.folding_asked.connect(self.stack_card.stack.folded)
        self.layer_card.switching_asked.connect(self.stack_card.stack.toggled)
        self.layer_card.repair_asked.connect(self.stack_card.stack.repaired)
        self.layer_card.training_asked.connect(self.along.train)
        self.layer_card.code_asked.connect(self.along.copy_code)
        self.layer_card.saving_asked.connect(self.along.ask_and_save)
        self.along.offered.connect(self.experiment_offered)
        self.along.reported.connect(self.reported)
        self.maps_card.unit_chosen.connect(self._unit_chosen)
        self.maps_card.layer_chosen.connect(lambda path: self._look(chosen=path, unit=None))
        self.maps_card.target_chosen.connect(lambda number: self._look(target=number))
        self.maps_card.rearranged.connect(self._ask)
        self.beside_card.closed.connect(lambda: self._look(beside=""))
        self.beside_card.chosen.connect(lambda other: self._look(beside=other))
        self.blanks_card.closed.connect(lambda: self._look(blanks=False))
        self.weights.chosen.connect(self._weights_chosen)
        self.weights.redrawn.connect(self._redraw)
        self.picture_button.clicked.connect(self._open_popup)

    def _make_actions(self) -> None:
        self._actions: dict[str, QAction] = {}
        keys = QKeySequence.StandardKey
        wanted: tuple[tuple[str, Callable[[], object], QKeySequence | None], ...] = (
            ("copy", self.copy_layer, QKeySequence(keys.Copy)),
            ("cut", self.cut_layer, QKeySequence(keys.Cut)),
            ("paste", self.paste, QKeySequence(keys.Paste)),
            ("add", self.stack_card.stack.ask_for_layer, None),
            ("redraw", self._redraw, QKeySequence("Ctrl+R")),
            ("picture", self.picker.open_dialog, None),
            ("train", self.along.train, None),
            ("code", self.along.copy_code, None),
            ("save", self.along.ask_and_save, None),
            ("markdown", lambda: self.along.copy_table("markdown"), None),
            ("csv", lambda: self.along.copy_table("csv"), None),
            ("table", lambda: self.along.copy_table("text"), None),
            ("drawing", self.stack_card.stack.save_dialog, None),
        )
        for name, slot, key in wanted:
            action = QAction(self)
            action.triggered.connect(lambda _on=False, slot=slot: slot())
            if key is not None:
                action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
            self._actions[name] = action
        for name in ("copy", "cut", "paste"):
            self.stack_card.stack.addAction(self._actions[name])

    # --- what a lab is to the window

    def brought_back(self, state: msgspec.Struct) -> NetworkState:
        """Undoing leaves the page, and what the bars compare, as they are now."""
        assert isinstance(state, NetworkState)
        now = self._state
        return msgspec.structs.replace(state, share=now.share, page=now.page, beside=now.beside, blanks=now.blanks)

    def document(self) -> tuple[str, str]:
        name, text = super().document()
        return self.stack_card.network_title or name, text

    def open_text(self, text: str, source: str) -> None:
        """Show the state, or the network of the experiment, that `text` describes, as one step. Raises StateError and
        ExperimentError."""
        state = self._state_of(text, source)
        self.remember(state)
        self.set_state(state)

    def _state_of(self, text: str, source: str) -> NetworkState:
        from gui.lab.names import lab_of

        try:
            if lab_of(text) == self.name and "lab" in text.split("[", 1)[0]:
                state = from_text(text, self.name, NetworkState)
                require_room(state.layers)
                return fitted_state(state)
            return of_experiment(parse(text, source), self._state)
        except (EditError, StateError) as error:
            raise StateError(f"{source}: {told(error)}") from None
        except DatasetError as error:
            raise ExperimentError("data", file=source, problem=error.phrase) from None

    def actions_for_menu(self) -> list[QAction]:
        return list(self._actions.values())

    def status_text(self) -> str:
        return self.tr("Trace {ms} ms, without torch").format(ms=f"{self._trace_ms:.1f}")

    def torch_ready(self) -> None:
        self._torch = True
        self._say_waiting()
        self._ask()

    def close_lab(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        self.popup.close()
        self.preview.close(deadline_s)
        self.picker.close_reader(max(0.05, until - time.monotonic()))

    @property
    def reading(self) -> Reading:
        """The state's layers, read."""
        return self._reading

    def busy(self) -> bool:
        """Whether maps or a picture are still on their way."""
        return self.preview.busy() or self.picker.busy() or self._soon.isActive() or self.maps_card.wall.unpainted

    # --- state to screen

    def _take(self, state: NetworkState, key: str | None = None) -> None:
        """Make `state`, whose picture is loaded, the one that is shown."""
        state = fitted_state(state)
        self.remember(state, key)
        before, self._state = self._state, state
        if (state.layers, state.input, state.disabled) != (before.layers, before.input, before.disabled):
            self._reading = self._read(state)
            self.status_changed.emit()
        self._show_state()
        if state != before:
            self.notice.hide()
            self.state_changed.emit()

    def _read(self, state: NetworkState) -> Reading:
        began = time.perf_counter()
        found = read(state)
        self._trace_ms = 1e3 * (time.perf_counter() - began)
        return found

    def _show_state(self) -> None:
        """The numbers at once; frames and maps with the next turn of the loop, once for all edits until then."""
        self.stack_card.show_state(self._state, self._reading)
        self.layer_card.show_state(self._state, self._reading, self.stack_card.repairs)
        self.weights.show_weights(self._state.weights, self._state.seed)
        if self.picker.shown is not self._loaded:
            self.picker.show_picture(self._loaded)
        self._actions["copy"].setEnabled(bool(self._state.chosen))
        self._actions["cut"].setEnabled(bool(self._state.chosen))
        for name in ("train", "code"):
            self._actions[name].setEnabled(self._reading.problem is None and bool(self._reading.rows))
        self.along.show_network(self.stack_card.network_title, self._reading)
        self._write()
        self._arrange()
        self._soon.start(0)

    @Slot()
    def _show_maps(self) -> None:
        if self.isVisible() and self.maps_card.isVisible():
            self.maps_card.show_state(self._state, self._reading, self._loaded.picture)
            self._ask()

    def _write(self) -> None:
        """The answer line."""
        reading = self._reading
        problem = reading.problem
        output = shape_text(reading.trace.output if problem is None else None)
        note = "" if problem is None or self.width() < ROOMY_PX else self.tr("down to the problem")
        depth = self.tr("depth {depth}").format(depth=reading.depth) if problem is None else ""
        self.answers.set_cells(
            [
                ("output", say("quantities", "output_shape"), output, ""),
                ("parameters", say("quantities", "parameters"), full_count(reading.total("parameters")), note),
                ("macs", say("quantities", "macs"), short_count(reading.total("macs")), ""),
                ("memory", say("quantities", "activation_memory"), binary_size(reading.total("memory")), ""),
                ("layers", self.tr("Layers"), full_count(reading.count), depth),
            ]
        )
        self.answers.setToolTip("" if problem is None else message(problem, language()))

    # --- pages

    def _arrange(self) -> None:
        """Both cards beside the stack, or in a small window one of them; or a card that takes all of the page."""
        state, title, were_seen = self._state, self.stack_card.network_title, self.maps_card.isVisible()
        if state.blanks and self._reading.problem is None:
            self.blanks_card.show_blanks(title, self._reading)
            self._places.setCurrentWidget(self.blanks_card)
        elif state.beside in others():
            self.beside_card.show_beside(state.beside, title, self._reading)
            self._places.setCurrentWidget(self.beside_card)
        else:
            self._places.setCurrentIndex(0)
        self.answers.setVisible(self._places.currentIndex() == 0)  # it would tell answers, or speak of another network
        small, page = self.width() < ROOMY_PX, self._state.page
        self.pages.set_titles((("layer", self.tr("Layer")), ("maps", self.tr("Feature maps"))), offered=small)
        self.pages.set_current(page)
        self.maps_card.set_tools_below(small)
        self._share_width(small)
        for name, card in self._side.items():
            card.setVisible(not small or name == page)
        if self.maps_card.isVisible() and not were_seen:
            self._show_maps()  # at once: it would be painted as it was when it was hidden

    def _share_width(self, small: bool) -> None:
        """Cards that take turns are as wide as each other, so that nothing moves from one to the other."""
        px = card_width(self.width())
        if small:
            px = max(px, self.maps_card.minimumSizeHint().width())
        self.layer_card.setFixedWidth(px)
        self.maps_card.setMinimumWidth(px if small else 0)
        self.maps_card.setMaximumWidth(px if small else ANY_PX)

    @Slot(str)
    def _page_chosen(self, page: Page) -> None:
        self._look(page=page)

    def minimumSizeHint(self) -> QSize:
        return QSize(820, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._write()
        self._soon.start(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()
        self._soon.start(0)

    # --- what the user does

    @Slot(object, object)
    def _edited(self, state: NetworkState, key: str | None) -> None:
        """A step of the user, or with None only another look: shown, and remembered for undo."""
        self.remember(state, key)
        self.set_state(state)

    def _look(self, **changes: object) -> None:
        self._edited(msgspec.structs.replace(self._state, **changes), None)

    @Slot()
    def _edit_layer(self) -> None:
        """The keyboard goes to the form of the chosen layer."""
        if self.width() < ROOMY_PX:
            self._look(page="layer")
        self.layer_card.focus_form()

    @Slot(object, object, str)
    def _layer_edited(self, path: Path, layer: Layer, key: str) -> None:
        self._apply(Edit("replaced", path, layer=layer), key)  # type: ignore[arg-type]

    @Slot(object)
    def _apply(self, edit: Edit, key: str = "") -> None:
        try:
            state = edited_state(self._state, edit)
        except EditError as error:
            self.notice.tell(told(error))
            return
        self._edited(state, key)

    @Slot(object)
    def _input_edited(self, shape: Shape) -> None:
        self._edited(msgspec.structs.replace(self._state, input=shape), "input")

    @Slot(object)
    def _unit_chosen(self, unit: Unit | None) -> None:
        self._look(unit=unit)

    # --- layers as text

    def copy_layer(self) -> None:
        """The chosen layer, with all inside it, to the clipboard as text."""
        if self._state.chosen:
            layers: Layers = (self._reading.layer(self._state.chosen),)  # type: ignore[assignment]
            QGuiApplication.clipboard().setText(layers_to_text(layers))

    def cut_layer(self) -> None:
        if self._state.chosen:
            self.copy_layer()
            self._edited(edited_state(self._state, Edit("removed", self._state.chosen)), "")

    def paste(self) -> None:
        """Layers below the chosen one, or a picture."""
        mime = QGuiApplication.clipboard().mimeData()
        if self.picker.offers(mime) and not mime.hasText():
            self.picker.take(mime)
            return
        try:
            layers = layers_from_text(mime.text())
        except TomlError as error:
            self.notice.tell(self.tr("No layers can be pasted: {reason}").format(reason=told(error)))
            return
        self.stack_card.insert(layers)

    # --- weights and picture

    @Slot(str)
    def _weights_chosen(self, weights: str) -> None:
        """Random weights, or a run's; its network comes with them where it is another."""
        if weights == RANDOM:
            self._edited(msgspec.structs.replace(self._state, weights=RANDOM), "")
            return
        try:
            found = read_experiment(FilePath(weights) / EXPERIMENT)
            state = of_experiment(found, self._state)
        except (ExperimentError, DatasetError) as error:
            self.notice.tell(told(error))
            return
        if state.layers == self._reading.enabled.layers and state.input == self._state.input:
            state = self._state
        self._edited(msgspec.structs.replace(state, weights=weights), "")

    @Slot()
    def _redraw(self) -> None:
        seed = (self._state.seed + 1) % 2**31
        self._edited(msgspec.structs.replace(self._state, seed=seed, weights=RANDOM), "seed")

    @Slot()
    def _open_popup(self) -> None:
        corner = self.picture_button.mapToGlobal(QPoint(self.picture_button.width(), self.picture_button.height()))
        self.popup.open_below(corner)

    @Slot()
    def _picture_failed(self) -> None:
        super()._picture_failed()
        if self.picker.warning and not self.popup.isVisible():
            self.notice.tell(self.picker.warning)

    # --- maps

    def _wanted(self) -> PassRequest:
        state, reading = self._state, self._reading
        chosen = reading.places.get(state.chosen) if state.chosen else ()
        return PassRequest(
            layers=reading.enabled.layers,
            input=reading.input,
            picture=self._loaded.picture,
            weights=self._weights(),
            chosen=chosen if state.chosen in reading.rows or not state.chosen else None,
            tiles=self.maps_card.tiles(),
            thumb=(THUMB_PX, THUMB_PX),
        )

    def _weights(self) -> Seeded | Trained:
        if self._state.weights == RANDOM:
            return Seeded(self._state.seed)
        try:
            stamp = (FilePath(self._state.weights) / WEIGHTS).stat().st_mtime_ns
        except (OSError, ValueError):
            stamp = 0
        return Trained(self._state.weights, stamp)

    @Slot()
    def _ask(self) -> None:
        """Have what is looked at computed, if anybody sees it and torch is there."""
        if self._torch and self.isVisible() and self.maps_card.isVisible():
            self._say_waiting()
            self._asked = self._wanted()
            self.preview.ask(Request(self._asked))

    def _say_waiting(self) -> None:
        self.maps_card.say(self.tr("The maps are being computed.") if self._torch else self.tr("torch is being loaded."))

    @Slot(object)
    def _answered(self, shown: Shown) -> None:
        wanted = shown.request.wanted
        mine = wanted.layers == self._reading.enabled.layers and wanted.input == self._reading.input
        if not mine:
            return
        if shown.request.unit is not None:
            if wanted is self._asked:  # else another unit is looked at by now
                self.maps_card.show_effective(shown.effective, shown.refused)
                self.maps_shown.emit()
        elif shown.seen is not None:
            self.maps_card.show_seen(shown.seen)
            self._ask_gradient(wanted)
            self.maps_shown.emit()
        else:
            self.maps_card.refuse(self._in_words(shown))

    @staticmethod
    def _in_words(shown: Shown) -> str:
        refused = shown.refused
        return "" if refused is None else say("activations", refused.code, **refused.values)

    def _ask_gradient(self, wanted: PassRequest) -> None:
        """What the unit reacts to, once the maps are there and nothing newer is waited for. The unit is the card's: where it is
        hidden, or not told of the state yet, that is one of the network before."""
        found = self.maps_card.sight
        if found is None or wanted is not self._asked or self._soon.isActive() or not self.maps_card.isVisible():
            return
        path = self._reading.places.get(found.path, found.path)
        self.preview.ask(Request(wanted, path, found.at))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, MemoryError):
            self.maps_card.refuse(self.tr("There is not enough memory for these maps."))
        else:
            raise error

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.pages.set_accessible_name(self.tr("What is shown"))
        self.picture_button.setText(self.tr("Picture"))
        self.picture_button.setToolTip(self.tr("Which picture goes through the network"))
        words = {
            "copy": self.tr("Copy layer"),
            "cut": self.tr("Cut layer"),
            "paste": self.tr("Paste layers or a picture"),
            "add": self.tr("Add a layer..."),
            "redraw": self.tr("Draw new random weights"),
            "picture": self.tr("Open a picture..."),
            "train": self.tr("Train this network"),
            "code": self.tr("Copy as PyTorch"),
            "save": self.tr("Save network as TOML..."),
            "drawing": self.tr("Save drawing (SVG, PNG)..."),
            "markdown": self.tr("Copy table as Markdown"),
            "csv": self.tr("Copy table as CSV"),
            "table": self.tr("Copy table as text"),
        }
        for name, text in words.items():
            self._actions[name].setText(text)
        self._write()
        self.answers.set_tip(
            "layers",
            self.tr(
                "Depth: the layers with weights that follow one another (convolutions, fully connected and recurrent layers), "
                "along the longest way. It is the 16 in VGG-16."
            ),
        )
        self._arrange()
        if not self.preview.busy():
            self._soon.start(0)
