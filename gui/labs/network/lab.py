"""The network lab: layers stacked into a network, with all numbers at once, what each unit sees, and the maps that each layer
makes of a picture.

Its state is one frozen NetworkState. The stack, the form, the formulas and the frames are drawn from the state and its reading,
without torch and in the same frame. Maps, gradients and probabilities come later, from a thread (`maps_feed`).
"""

from __future__ import annotations

import time
from pathlib import Path as FilePath

import msgspec
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.data.info import DatasetError
from engine.experiments.brought.network_code import network_from_code
from engine.experiments.brought.written_code import BroughtError
from engine.experiments.experiment import Experiment, ExperimentError, Network
from engine.experiments.experiment import read as read_experiment
from engine.figures import binary_size, full_count, shape_text, short_count
from engine.layers.base import Shape
from engine.layers.network_toml import layers_from_text, layers_to_text
from engine.networks.edits import Edit, EditError, require_room
from engine.networks.trace import message
from engine.runs.folder import EXPERIMENT
from engine.runs.looked_at import BROUGHT
from engine.toml_text import TomlError
from gui.lab.base import Services
from gui.lab.names import LabText, recognised
from gui.lab.pictured import PicturedLab
from gui.labs.network.actions import NetworkActions
from gui.labs.network.bringing.news import news_of, news_of_weights
from gui.labs.network.bringing.weights_reader import CameWeights, WeightsReader
from gui.labs.network.layer.layer_card import LayerCard, card_width
from gui.labs.network.maps.maps_card import MapsCard
from gui.labs.network.maps.maps_feed import MapsFeed
from gui.labs.network.maps.picture_popup import PicturePopup
from gui.labs.network.maps.weights_menu import WeightsMenu
from gui.labs.network.page_notice import PageNotice
from gui.labs.network.pages.other_cards import BesideCard, BlanksCard, others
from gui.labs.network.reading import Reading, read
from gui.labs.network.stack.stack_card import StackCard
from gui.labs.network.state import (
    FIRST,
    RANDOM,
    MapUnit,
    NetworkState,
    SidePage,
    edited_state,
    fitted_state,
    of_experiment,
    opened,
)
from gui.labs.network.take_along import TakeAlong
from gui.shell.language import language, say, told
from gui.shell.state_file import StateError, from_text
from gui.shell.undo import StepKey
from gui.widgets.card import Card
from gui.widgets.card_pages import CardPages
from gui.widgets.figures.answer_line import AnswerLine
from gui.widgets.labels import shortened
from gui.widgets.page_stack import PageStack

GAP_PX = 12
ROOMY_PX = 1000  # a narrower page shows either the layer's card or the maps' card
ANY_PX = 16_777_215  # as wide as it gets: QWIDGETSIZE_MAX


class NetworkLab(PicturedLab[NetworkState]):
    name = "network"
    state_type = NetworkState

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(fitted_state(opened(FIRST)), services, parent)
        self._trace_ms = 0.0
        self._news = ""  # what is said of a network that was brought, when it is shown
        self._reading = self._read(self._state)
        self._build()
        self.setFocusProxy(self.stack_card.stack)
        self.retranslate()
        self._show_state()
        self.remember(self._state)

    def _build(self) -> None:
        self.answers = AnswerLine(self)
        self._places = PageStack(self)
        stack = QWidget(self._places)
        self.stack_card, self.maps_card = StackCard(stack), MapsCard(stack)
        self.feed = MapsFeed(self.maps_card, self._state, self._reading, self._loaded.picture)
        self.along = TakeAlong(self, "", self._reading)
        self.bringing = WeightsReader(self.services.runs_folder.parent / BROUGHT, self)
        self.weights = WeightsMenu(self.services.runs_folder)
        self.picture_button = QToolButton()
        self.picture_button.setProperty("role", "link")
        self.popup = PicturePopup(self.picker, self)
        for tool in (self.weights, self.picture_button):
            self.maps_card.tools.addWidget(tool)
        self.layer_card = LayerCard(stack)  # after these tools, also for the Tab key
        self._side: dict[str, Card] = {"layer": self.layer_card, "maps": self.maps_card}
        self.pages = CardPages(self._side, self)
        self.pages.chosen.connect(self._page_chosen)
        columns = QHBoxLayout(stack)
        columns.setSpacing(GAP_PX)
        columns.addWidget(self.stack_card, 2)
        columns.addWidget(self.maps_card, 1)
        columns.addWidget(self.layer_card)
        page = QVBoxLayout(self)
        page.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP_PX)
        page.addWidget(self.answers)
        columns.setContentsMargins(0, 0, 0, 0)
        self.beside_card, self.blanks_card = BesideCard(self._places), BlanksCard(self._places)
        for place in (stack, self.beside_card, self.blanks_card):
            self._places.addWidget(place)
        page.addWidget(self._places, 1)
        self.notice = PageNotice(self)
        self.menu = self._make_actions()
        self._connect()

    def _connect(self) -> None:
        self.stack_card.edited.connect(self.step_to)
        self.stack_card.edit_asked.connect(lambda edit: self._apply(edit, ""))
        self.stack_card.refused.connect(self.notice.tell)
        self.stack_card.editing_asked.connect(self._edit_layer)
        self.layer_card.input_edited.connect(self._input_edited)
        self.layer_card.edit_asked.connect(self._apply)
        self.layer_card.folding_asked.connect(self.stack_card.stack.folded)
        self.layer_card.switching_asked.connect(self.stack_card.stack.toggled)
        self.layer_card.repair_asked.connect(self.stack_card.stack.repaired)
        self.layer_card.renamed.connect(self._renamed)
        self.stack_card.renaming_asked.connect(self.rename)
        self.layer_card.training_asked.connect(self.along.train)
        self.layer_card.code_asked.connect(self.along.copy_code)
        self.layer_card.saving_asked.connect(self.along.ask_and_save)
        self.along.offered.connect(self.experiment_offered)
        self.maps_card.unit_chosen.connect(lambda unit: self._look(unit=unit))
        self.maps_card.enlarged.connect(self._enlarged)
        self.maps_card.layer_chosen.connect(lambda path: self._look(chosen=path, unit=None))
        self.maps_card.target_chosen.connect(lambda number: self._look(target=number))
        self.beside_card.closed.connect(self._back)
        self.beside_card.chosen.connect(lambda other: self._look(beside=other))
        self.blanks_card.closed.connect(self._back)
        self.bringing.came.connect(self._weights_came)
        self.bringing.refused.connect(lambda error: self.notice.tell(told(error), stays=True))
        self.weights.chosen.connect(self._weights_chosen)
        self.weights.redrawn.connect(self._redraw)
        self.picture_button.clicked.connect(self._open_popup)

    def _make_actions(self) -> NetworkActions:
        stack = self.stack_card.stack
        made = NetworkActions(
            self,
            {
                "copy": self.copy_layer,
                "cut": self.cut_layer,
                "paste": self.paste,
                "add": stack.ask_for_layer,
                "empty": self.stack_card.empty,
                "rename": self.rename,
                "redraw": self._redraw,
                "picture": self.picker.open_dialog,
                "train": self.along.train,
                "code": self.along.copy_code,
                "save": self.along.ask_and_save,
                "markdown": lambda: self.along.copy_table("markdown"),
                "csv": lambda: self.along.copy_table("csv"),
                "table": lambda: self.along.copy_table("text"),
                "drawing": stack.save_dialog,
            },
        )
        stack.addActions(made.in_the_stack)
        return made

    # --- called by the window

    def brought_back(self, state: msgspec.Struct) -> NetworkState:
        """Undoing keeps the page, the comparison, the quantity of the bars, and whether a map is enlarged."""
        assert isinstance(state, NetworkState)
        now = self._state
        looks = {name: getattr(now, name) for name in ("share", "page", "beside", "blanks", "enlarged")}
        return msgspec.structs.replace(state, **looks)

    def document(self) -> tuple[str, str]:
        name, text = super().document()
        return self.stack_card.network_title or name, text

    def open_text(self, found: LabText) -> None:
        """Show the state, or the network of the experiment or the code, that a text describes, as one step. Raises StateError
        and ExperimentError."""
        state, news = self._of_code(found) if found.is_code else (self._state_of(found), "")
        self._news = news
        self.step_to(state)

    def _of_code(self, found: LabText) -> tuple[NetworkState, str]:
        try:
            brought = network_from_code(found.text, self._state.input)
        except BroughtError as error:
            raise StateError(f"{found.source}: {told(error)}") from None
        stem = FilePath(found.source).stem if FilePath(found.source).suffix else ""
        return of_experiment(brought.experiment(stem), self._state), news_of(brought)

    def _state_of(self, found: LabText) -> NetworkState:
        try:
            if not found.is_setting:
                return of_experiment(found.experiment, self._state)
            state = from_text(found.text, self.name, NetworkState)
            require_room(state.layers)
            return state
        except (EditError, StateError) as error:
            raise StateError(f"{found.source}: {told(error)}") from None
        except DatasetError as error:
            raise ExperimentError("data", file=found.source, problem=error.phrase) from None

    def open_weights(self, path: FilePath) -> None:
        """Take the weights in a file: into this network where they fit, otherwise with a stack that is made of them."""
        self.notice.tell(self.tr("The weights are being read: {file}").format(file=shortened(path.name)), stays=True)
        self.bringing.read(path, self._reading.enabled.layers, self._reading.input)

    @Slot(object)
    def _weights_came(self, came: CameWeights) -> None:
        """Show what was read, as one step."""
        found, before = came.found, self._state
        if found.open and (found.layers, found.input) != (self._reading.enabled.layers, self._reading.input):
            self.open_weights(came.path)  # the network has been edited since
            return
        state = before
        if not found.open:
            network = Network(input=found.input, layers=found.layers)
            state = of_experiment(Experiment(name=came.path.stem, network=network), before)
        if came.folder is not None:
            state = msgspec.structs.replace(state, weights=str(came.folder))
        self._news = news_of_weights(came)
        self.step_to(state)

    def actions_for_menu(self) -> list[QAction]:
        return self.menu.all

    def status_text(self) -> str:
        return self.tr("Trace {ms} ms, without torch").format(ms=f"{self._trace_ms:.1f}")

    def torch_ready(self) -> None:
        self.feed.torch_ready()
        self.bringing.torch_ready()

    def close_lab(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        self.popup.close()
        self.feed.close(deadline_s)
        self.bringing.close(max(0.05, until - time.monotonic()))
        self.picker.close_reader(max(0.05, until - time.monotonic()))

    @property
    def reading(self) -> Reading:
        """The state's layers as they are read."""
        return self._reading

    def busy(self) -> bool:
        """Whether maps or a picture are still to come."""
        return self.feed.busy() or self.picker.busy() or self.bringing.busy() or self.maps_card.wall.unpainted

    # --- state to screen

    def _take(self, state: NetworkState, key: StepKey | None) -> None:
        """Fit `state`, whose picture is loaded, remember it as `remember` says of `key`, and show it."""
        state = fitted_state(state)
        self.remember(state, key)
        before, self._state = self._state, state
        if (state.layers, state.input, state.disabled) != (before.layers, before.input, before.disabled):
            self._reading = self._read(state)
            self.status_changed.emit()
        self._show_state()
        if state != before:
            self.notice.pass_by(over=_said_of(state) != _said_of(before))
            self.state_changed.emit()
        if self._news:
            news, self._news = self._news, ""
            self.notice.tell(news, stays=True)

    def _read(self, state: NetworkState) -> Reading:
        began = time.perf_counter()
        found = read(state)
        self._trace_ms = 1e3 * (time.perf_counter() - began)
        return found

    def _show_state(self) -> None:
        """Show the numbers at once. Frames and maps follow with the next turn of the loop, once for all edits until then."""
        self.stack_card.show_state(self._state, self._reading)
        self.layer_card.show_state(self._state, self._reading, self.stack_card.repairs, self.stack_card.network_title)
        self.weights.show_weights(self._state.weights, self._state.seed)
        if self.picker.shown is not self._loaded:
            self.picker.show_picture(self._loaded)
        built = self._reading.problem is None and bool(self._reading.rows)
        self.menu.enable(chosen=bool(self._state.chosen), built=built)
        self.along.show_network(self.stack_card.network_title, self._reading)
        self.feed.show_state(self._state, self._reading, self._loaded.picture)
        self._write()
        self._arrange()

    def _write(self) -> None:
        """Write the answer line."""
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
        """Show both cards beside the stack, in a small window one of them, or a card that takes the whole page."""
        state, title, were_seen = self._state, self.stack_card.network_title, self.maps_card.isVisible()
        if state.blanks and self._reading.problem is None:
            self.blanks_card.show_blanks(title, self._reading)
            self._places.setCurrentWidget(self.blanks_card)
        elif state.beside in others():
            self.beside_card.show_beside(state.beside, title, self._reading)
            self._places.setCurrentWidget(self.beside_card)
        else:
            self._places.setCurrentIndex(0)
        self.answers.setVisible(self._places.currentIndex() == 0)  # it would give answers away, or be of another network
        small, page = self.width() < ROOMY_PX, self._state.page
        self.pages.set_titles((("layer", self.tr("Layer")), ("maps", self.tr("Feature maps"))), offered=small)
        self.pages.set_current(page)
        self.maps_card.set_tools_below(small)
        self._share_width(small)
        for name, card in self._side.items():
            card.setVisible(not small or name == page)
        if self.maps_card.isVisible() and not were_seen:
            self.feed.show_now()  # otherwise it is painted once as it was when it was hidden

    def _share_width(self, small: bool) -> None:
        """Cards that take turns are as wide as each other, so that nothing moves from one to the other."""
        px = card_width(self.width())
        if small:
            px = max(px, self.maps_card.minimumSizeHint().width())
        self.layer_card.setFixedWidth(px)
        self.maps_card.setMinimumWidth(px if small else 0)
        self.maps_card.setMaximumWidth(px if small else ANY_PX)

    @Slot(str)
    def _page_chosen(self, page: SidePage) -> None:
        self._look(page=page)

    def minimumSizeHint(self) -> QSize:
        return QSize(820, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._write()
        self.feed.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()
        self.feed.refresh()

    # --- what the user does

    def _look(self, **changes: object) -> None:
        """Another look at the same network, which is no step of its own."""
        self.step_to(msgspec.structs.replace(self._state, **changes), None)

    @Slot()
    def _back(self) -> None:
        """Go back to the stack from a page in its place, with the keyboard."""
        self._look(beside="", blanks=False)
        self.stack_card.stack.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _edit_layer(self) -> None:
        """Give the keyboard to the form of the chosen layer."""
        if self.width() < ROOMY_PX:
            self._look(page="layer")
        self.layer_card.focus_form()

    @Slot(object, str)
    def _apply(self, edit: Edit, key: str) -> None:
        """Edit the layers, or say why that cannot be done. `key` is one for `Lab.remember`."""
        try:
            state = edited_state(self._state, edit)
        except EditError as error:
            self.notice.tell(told(error))
            return
        self.step_to(state, key)

    @Slot()
    def rename(self) -> None:
        """Give the keyboard to the network's name, which stands beside the input."""
        self._look(chosen=(), unit=None, page="layer", beside="", blanks=False)
        self.layer_card.focus_name()

    @Slot(str)
    def _renamed(self, name: str) -> None:
        self.step_to(msgspec.structs.replace(self._state, name=name, preset=""), "name")

    @Slot(object)
    def _input_edited(self, shape: Shape) -> None:
        self.step_to(msgspec.structs.replace(self._state, input=shape), "input")

    @Slot(object)
    def _enlarged(self, unit: MapUnit | None) -> None:
        """Show the map of a unit large; None: no map."""
        self._look(enlarged=False) if unit is None else self._look(enlarged=True, unit=unit)

    # --- layers as text

    def copy_layer(self) -> None:
        """Copy the chosen layer, with all layers inside it, to the clipboard as text."""
        if self._state.chosen:
            QGuiApplication.clipboard().setText(layers_to_text((self._reading.layer(self._state.chosen),)))

    def cut_layer(self) -> None:
        if self._state.chosen:
            self.copy_layer()
            self._apply(Edit("removed", self._state.chosen), "")

    def paste(self) -> None:
        """Put the clipboard's layers below the chosen one, or take its picture, or a whole network of code."""
        mime = QGuiApplication.clipboard().mimeData()
        text = recognised(mime.text(), self.tr("Clipboard"))
        try:
            if text.is_code:
                self._paste_code(text)
                return
            layers = layers_from_text(mime.text())
        except TomlError as error:
            if self.picker.offers(mime):  # a copied file, or a picture beside whose pixels a browser has put its address
                self.picker.take(mime)
                return
            self.notice.tell(self.tr("No layers can be pasted: {reason}").format(reason=told(error)))
            return
        except StateError as error:
            self.notice.tell(str(error), stays=True)
            return
        self.stack_card.insert(layers)

    def _paste_code(self, found: LabText) -> None:
        """Show the network that code describes; only some layers of one go below the chosen layer. Raises StateError."""
        try:
            brought = network_from_code(found.text, self._state.input)
        except BroughtError as error:
            raise StateError(told(error)) from None
        self._news = news_of(brought)
        if brought.whole or not self._state.layers:
            self.step_to(of_experiment(brought.experiment(), self._state))
        else:
            self.stack_card.insert(brought.layers)

    # --- weights and picture

    @Slot(str)
    def _weights_chosen(self, weights: str) -> None:
        """Take random weights, or those of a run, together with the run's network where that is another one."""
        if weights == RANDOM:
            self.step_to(msgspec.structs.replace(self._state, weights=RANDOM), "")
            return
        try:
            found = read_experiment(FilePath(weights) / EXPERIMENT)
            state = of_experiment(found, self._state)
        except (ExperimentError, DatasetError) as error:
            self.notice.tell(told(error))
            return
        if state.layers == self._reading.enabled.layers and state.input == self._state.input:
            state = self._state
        self.step_to(msgspec.structs.replace(state, weights=weights), "")

    @Slot()
    def _redraw(self) -> None:
        seed = (self._state.seed + 1) % 2**31
        self.step_to(msgspec.structs.replace(self._state, seed=seed, weights=RANDOM), "seed")

    @Slot()
    def _open_popup(self) -> None:
        corner = self.picture_button.mapToGlobal(QPoint(self.picture_button.width(), self.picture_button.height()))
        self.popup.open_below(corner)

    @Slot()
    def _picture_failed(self) -> None:
        super()._picture_failed()
        if self.picker.warning and not self.popup.isVisible():
            self.notice.tell(self.picker.warning)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._show_state()  # the network's name, for the file too

    def retranslate(self) -> None:
        self.pages.set_accessible_name(self.tr("What is shown"))
        self.picture_button.setText(self.tr("Picture"))
        self.picture_button.setToolTip(self.tr("Which picture goes through the network"))
        self.menu.retranslate()
        self._write()
        self.answers.set_tip(
            "layers",
            self.tr(
                "Depth: the layers with weights that follow one another (convolutions, fully connected and recurrent layers), "
                "along the longest way. It is the 16 in VGG-16."
            ),
        )
        self._arrange()
        if not self.feed.busy():
            self.feed.refresh()


def _said_of(state: NetworkState) -> tuple[object, ...]:
    """What a sentence over the page is said of: the layers, and what is in the stack's place."""
    return state.layers, state.beside, state.blanks
