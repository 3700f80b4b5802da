"""The convolution lab: a picture through one layer, with every number and every map live under the pointer. The scene shows one
map cell by cell. The page below it shows all maps, or why the numbers are what they are, or the picture as a tensor. A small
window shows the scene or one page.

Its state is one frozen ConvolutionState; the page is drawn from it and from its picture. Numbers and formulas appear at once,
without torch; the maps follow from a thread of their own, for the newest state only.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.cells.filters import FiltersError, Weights, place_of, with_edit
from engine.cells.planes import Studied, input_shape
from engine.layers.base import Shape
from engine.layers.kinds.convolution import Conv3d
from engine.layers.kinds.pooling import Pooling
from engine.networks.trace import Trace, message, trace
from engine.pictures import Picture
from gui.lab.base import Services
from gui.lab.pictured import PicturedLab
from gui.labs.convolution.cell.scene_card import SceneCard
from gui.labs.convolution.layer_figures import LayerFigures
from gui.labs.convolution.layer_panel import LayerPanel
from gui.labs.convolution.maps.layer_preview import MapsRequest, ShownMaps
from gui.labs.convolution.maps.live_maps import LiveMaps
from gui.labs.convolution.maps.wall_card import WallCard
from gui.labs.convolution.state import ConvolutionState, LabPage, SceneState, fitted_scene, fitted_state
from gui.labs.convolution.subject import COLOURS
from gui.labs.convolution.subjects import Subjects
from gui.labs.convolution.weights_panel import WeightsPanel
from gui.shell.language import language, say
from gui.shell.tab_order import tab_in_order
from gui.shell.undo import StepKey, difference
from gui.widgets.card import Card
from gui.widgets.card_pages import CardPages
from gui.widgets.grids.sheet import GridCell
from gui.widgets.labels import label

if TYPE_CHECKING:  # imported when the page is first opened
    from gui.labs.convolution.pages.tensor_page import TensorPage
    from gui.labs.convolution.pages.why_page import WhyPage

TEXT_MS = 50  # from one writing of the figures to the next while a slider is dragged; the maps follow at once
SCENE_MS = 60  # after an edit the scene waits for its maps at most this long,
SCENE_LATEST_MS = 250  # and at most this long while edits follow each other
TALL_PX = 700  # a lower page shows the scene or another page, not both
FEW_NUMBERS = 100_000  # weights that are drawn between two frames, in 2 ms; more come with the maps
GAP_PX = 12
SCENE_SHARE, PAGE_SHARE = 13, 12  # of the height


class ConvolutionLab(PicturedLab[ConvolutionState]):
    name = "convolution"
    state_type = ConvolutionState

    maps_painted = Signal()  # the newest maps that have arrived are on the screen

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(ConvolutionState(), services, parent)
        self._trace: Trace = trace([], self._loaded.picture.shape)
        self._subjects = Subjects(FEW_NUMBERS)
        self._torch = False
        self._sized = False  # whether the page has the size that its window gives it
        self._scene_due = 0.0
        self.maps = LiveMaps(self)
        self.maps.arrived.connect(self._maps_arrived)
        self.maps.failed.connect(self._maps_failed)
        self.maps.measured.connect(self._write)
        self.maps.again_wanted.connect(self._ask)
        self._build()
        self._make_actions()
        self.retranslate()
        self._show_state()
        self.remember(self._state)

    def _build(self) -> None:
        self.answers = LayerFigures(self)
        self.weights = WeightsPanel(self.services.runs_folder)
        self.weights.edited.connect(self._weights_edited)
        self.panel = LayerPanel(self.picker, self.weights, self)
        self.panel.state_edited.connect(self._edited)
        self.scene_card = SceneCard(self._torch_value, self)
        self.scene_card.edited.connect(self._scene_edited)
        self.scene_card.flip_wanted.connect(lambda on: self._edit(flipped=on))
        self.scene_card.weight_typed.connect(self._weight_typed)
        self.wall_card = WallCard(self)
        self.wall_card.rearranged.connect(self._ask)
        self.wall_card.edited.connect(lambda changes: self._edit(**changes))
        self.wall_card.maps_painted.connect(self.maps_painted)
        self.wall_card.maps_painted.connect(self._maps_painted)
        self._cards: dict[str, Card] = {"scene": self.scene_card, "maps": self.wall_card}
        self._cards["why"], self._cards["tensor"] = Card(parent=self), Card(parent=self)
        for card in self._cards.values():  # each has the same share of the height on every page, so that nothing jumps
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        self.pages = CardPages(self._cards, self)
        self.pages.chosen.connect(self._page_chosen)
        right = QVBoxLayout()
        right.setSpacing(GAP_PX)
        right.addWidget(self.problem)
        for card in self._cards.values():
            right.addWidget(card)
        self._right = right
        below = QHBoxLayout()
        below.setSpacing(GAP_PX)
        below.addWidget(self.panel)
        below.addLayout(right, 1)
        page = QVBoxLayout(self)
        page.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # `minimumSizeHint` says how small it may become
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP_PX)
        page.addWidget(self.answers)
        page.addLayout(below, 1)
        tab_in_order(self)
        self._scene_soon, self._soon = (QTimer(self, singleShot=True) for _ in range(2))
        self._scene_soon.timeout.connect(self._show_scene)
        self._soon.timeout.connect(self._write_figures)

    @cached_property
    def why(self) -> WhyPage:
        """The page "why", made when it is first opened."""
        from gui.labs.convolution.pages.why_page import WhyPage

        page = WhyPage()
        page.edited.connect(self._layer_edited)
        self._add_page("why", page, page.tools)
        page.show()  # at once, not in the next round of events
        return page

    @cached_property
    def tensor(self) -> TensorPage:
        """The page "tensor", made when it is first opened."""
        from gui.labs.convolution.pages.tensor_page import TensorPage

        page = TensorPage()
        self._add_page("tensor", page, page.tools)
        page.show()  # at once, not in the next round of events
        return page

    def _add_page(self, name: LabPage, page: QWidget, tools: QWidget) -> None:
        self._cards[name].body.addWidget(page, 1)
        self._cards[name].tools.addWidget(tools)
        tab_in_order(self)  # what is made later would come last

    def _make_actions(self) -> None:
        self._open_action, self._paste_action, self._draw_action, self._redraw_action = (QAction(self) for _ in range(4))
        self._open_action.triggered.connect(self.picker.open_dialog)
        self._draw_action.triggered.connect(self.picker.draw)
        self._paste_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        self._paste_action.triggered.connect(self.picker.paste)
        self._redraw_action.setShortcut(QKeySequence("Ctrl+R"))
        self._redraw_action.triggered.connect(self.weights.regenerate.click)
        for action in self.actions_for_menu():
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)

    # --- what a lab is to the window

    def brought_back(self, state: msgspec.Struct) -> ConvolutionState:
        """Undoing leaves page, lens and speed as they are."""
        assert isinstance(state, ConvolutionState)
        now = self._state.scene
        scene = msgspec.structs.replace(state.scene, page=now.page, lens=now.lens, speed=now.speed)
        return msgspec.structs.replace(state, scene=scene)

    def actions_for_menu(self) -> list[QAction]:
        return [self._open_action, self._paste_action, self._draw_action, self._redraw_action]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space play wherever no control needs it."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and self.scene_card.isVisible():
            self.scene_card.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def torch_ready(self) -> None:
        self._torch = True
        self.scene_card.torch_ready()
        self._ask()

    def close_lab(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        self.maps.close(deadline_s)
        self.wall_card.close_card(max(0.05, until - time.monotonic()))
        self.scene_card.close_card(max(0.05, until - time.monotonic()))
        self.picker.close_reader(max(0.05, until - time.monotonic()))

    @property
    def shown(self) -> ShownMaps | None:
        """The maps on the wall, and what they are of."""
        return self.maps.newest

    @property
    def picture(self) -> Picture:
        """The picture that goes through the layer."""
        return self._loaded.picture

    @property
    def input_shape(self) -> Shape:
        """The shape of the layer's input."""
        return input_shape(self._state.layer, self._loaded.picture.shape, self._state.frames)

    def busy(self) -> bool:
        """Whether maps or a picture are still on their way, or the page has not followed them yet."""
        coming = self.maps.busy() or self.picker.busy() or self.wall_card.wall.unpainted
        return coming or self._scene_soon.isActive() or self._soon.isActive() or self.scene_card.busy()

    # --- state to screen

    def _take(self, state: ConvolutionState, key: StepKey | None, moved: Collection[str] = ()) -> None:
        """Show `state`, whose picture is loaded, and remember it as `remember` says of `key`. `moved` names the fields of its
        layer that the user has set, which give way last."""
        state = fitted_state(state, self._loaded.picture.shape, moved)
        self.remember(state, key)
        if (
            state != self._state or self.picker.shown is not self._loaded
        ):  # the picture may be the same file with another content
            self._state = state
            self._show_state()
            self.state_changed.emit()
        else:  # an edit that came to nothing: the control that was moved goes back
            self.panel.show_state(state, self._loaded.picture.shape)

    def _show_state(self) -> None:
        """Draw the page from the state. The maps are asked for first: they are computed while the rest is written."""
        state, picture = self._state, self._loaded.picture
        self._trace = trace([state.layer], self.input_shape)
        problem = self._trace.problem
        if problem is None:
            self.wall_card.show_state(state, self._trace.output, self.input_shape)
            self._ask()
            if self._coming():
                self._show_scene_in(SCENE_MS)
            else:
                self._show_scene()
            self._arrange()
        self.panel.show_state(state, picture.shape)
        self.weights.show_state(state.weights, state.layer, picture.shape[0])
        if self.picker.shown is not self._loaded:
            self.picker.show_picture(self._loaded)
        self._say("" if problem is None else message(problem, language()))  # no control leads to such a layer
        if self.shown is None:
            self._write_figures()  # before the first maps, writing holds up nothing
        elif not self._soon.isActive():
            self._soon.start(TEXT_MS)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    @Slot()
    def _ask(self) -> None:
        """Have the maps of the state computed, if the page is visible and torch is there."""
        if self._torch and self.isVisible() and self._trace.problem is None:
            state, wall = self._state, self.wall_card
            self.maps.ask(MapsRequest(state.work, self._loaded.picture, state.shared_range, state.in_scene, wall.plan()))

    def _coming(self) -> bool:
        """Whether only the layer or its weights have changed, and maps that the wall will paint are on their way. The scene
        then waits for them: drawn at once, it would hold up the thread that computes them, and be drawn again when their range
        is known."""
        state = self._state
        same = self._subjects.same_map(state, self._loaded.picture) and self.scene_card.state == state.scene
        return same and self.maps.busy() and self.shown is not None and self.wall_card.isVisible()

    @Slot()
    def _maps_painted(self) -> None:
        self._show_scene_in(0)

    def _show_scene_in(self, wait_ms: int) -> None:
        """Show the scene after `wait_ms`. Each edit puts it off again, but not beyond SCENE_LATEST_MS: else nothing would
        follow a slider that never rests, where every pass takes long."""
        now = time.monotonic()
        if not self._scene_soon.isActive():
            self._scene_due = now + 1e-3 * SCENE_LATEST_MS
        self._scene_soon.start(max(0, min(wait_ms, int(1e3 * (self._scene_due - now)))))

    @Slot()
    def _show_scene(self) -> None:
        """Show one map in the scene, where its numbers are known."""
        self._scene_soon.stop()
        try:
            subject = self._subjects.of(self._state, self._loaded.picture, self.shown)
        except FiltersError as error:
            self._say(str(say("filters", error.code, **error.values)))
            return
        if subject is not None:
            self.scene_card.show_scene(subject, self._state.scene)
            self.scene_card.write_soon()

    def _torch_value(self, cell: GridCell) -> np.float32 | None:
        """A cell of the map in the scene as torch computed it; None until it has."""
        shown, state = self.shown, self._state
        if shown is None or shown.request.kept != state.in_scene or not shown.are_of(state.work, self._loaded.picture):
            return None
        return shown.torch_value(*cell)

    # --- pages

    @property
    def _page(self) -> LabPage:
        """The page below the scene; in a small window the only one."""
        page = self._state.scene.page
        return page if self._small or page != "scene" else "maps"

    @property
    def _small(self) -> bool:
        return self.height() < TALL_PX

    def _arrange(self) -> None:
        """Show the scene above another page, or one of them where there is no room for both."""
        if not self._sized:
            return
        page, small = self._page, self._small
        offered = [name for name in self._cards if small or name != "scene"]
        self.pages.set_titles((name, self._page_title(name)) for name in offered)
        self.pages.set_current(page)
        for name, card in self._cards.items():
            card.setVisible(name == page or (name == "scene" and not small))
            self._right.setStretchFactor(card, SCENE_SHARE if name == "scene" else PAGE_SHARE)
        self._fill_page()

    def _fill_page(self) -> None:
        """Write the page that is shown, and no other."""
        page, state, picture = self._page, self._state, self._loaded.picture
        if self._trace.problem is not None:
            return
        if page == "why":
            self.why.show_layer(state.layer, self.input_shape, state.unlinked)
        elif page == "tensor":
            values = self._subjects.shifted(state, picture)
            names = (
                COLOURS if len(values) == len(COLOURS) else ("",) if len(values) == 1 else tuple(map(str, range(len(values))))
            )
            self.tensor.show_picture(values, names, self._around(), state.layer.AXES)

    def _around(self) -> GridCell:
        """The cell of the picture that the scene looks at."""
        _, height, width = self._loaded.picture.shape
        subject = self._subjects.last
        if subject is None:
            return height // 2, width // 2
        places = [
            list(track.reads(at)) or [0] for track, at in zip(subject.tracks, subject.cell(self._state.scene), strict=True)
        ]
        row, column = (place[len(place) // 2] for place in places)
        return min(max(row, 0), height - 1), min(max(column, 0), width - 1)

    def _page_title(self, name: str) -> str:
        return {
            "scene": self.tr("One cell"),
            "maps": self.tr("Maps"),
            "why": self.tr("Why"),
            "tensor": self.tr("Tensor"),
        }[name]

    def minimumSizeHint(self) -> QSize:
        """Room for one card is enough."""
        least = super().minimumSizeHint()
        cards = [card.minimumSizeHint().height() for card in self._cards.values()]
        head = self.answers.minimumSizeHint().height() + GAP_PX
        return QSize(least.width(), head + max(*cards, self.panel.minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sized = True
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    # --- what comes from the thread

    @Slot(object)
    def _maps_arrived(self, shown: ShownMaps) -> None:
        self._say("")
        self.wall_card.show_maps(shown)
        if not self.wall_card.isVisible():
            self._show_scene()

    @Slot(object)
    def _maps_failed(self, error: Exception) -> None:
        if isinstance(error, FiltersError):
            problem = str(say("filters", error.code, **error.values))
        elif isinstance(error, MemoryError | RuntimeError) and "memory" in str(error).lower() + type(error).__name__.lower():
            problem = self.tr("There is not enough memory for these maps. Fewer output channels need less.")
        else:
            raise error
        if not self.maps.busy():  # else the error is of an older state: the newest one gets its own answer
            self._say(problem)

    # --- what the user does

    def _edit(self, **changes: Any) -> None:
        self._edited(msgspec.structs.replace(self._state, **changes))

    @Slot(object, object)
    def _edited(self, state: ConvolutionState, moved: Collection[str] = ()) -> None:
        """An edit of the user: it is fitted, remembered and shown, each once. `moved` names the fields of the layer that the
        user has set."""
        now = self.state()
        # Opening a preset joins no other step; a note that goes is no step.
        opened = bool(state.preset) and state.preset != now.preset
        key = "" if opened else difference(msgspec.structs.replace(now, preset=state.preset), state)
        if state.picture == self._loaded.key:
            self._waiting = None
            self._take(state, key, moved)
        else:  # it is fitted, remembered and shown when its picture has been read
            self.step_to(state, key)

    @Slot(object)
    def _scene_edited(self, scene: SceneState) -> None:
        """The quick way for a window that moves: only the scene is drawn. Where the pointer takes the window is no step; a play
        is one."""
        scene = fitted_scene(scene, self._state.layer, self.input_shape)
        if scene == self._state.scene:
            return
        before = self._state
        self._waiting = None
        self._state = msgspec.structs.replace(self._state, scene=scene)
        fields = {field.split(".")[0] for field in difference(before.scene, scene).split("+")}
        player = self.scene_card.player
        if player.playing and not fields <= {"speed", "page"}:
            key: StepKey | None = player.play_key
        else:
            key = None if fields <= {"cell", "around", "speed", "page"} else difference(before, self._state)
        self.remember(self._state, key)
        self._show_scene()
        if self._page == "tensor":
            self._fill_page()
        self.state_changed.emit()

    @Slot(str)
    def _page_chosen(self, page: LabPage) -> None:
        self._state = msgspec.structs.replace(self._state, scene=msgspec.structs.replace(self._state.scene, page=page))
        self.remember(self._state, None)
        self._arrange()
        self._show_state()
        self.state_changed.emit()

    @Slot(object)
    def _layer_edited(self, fields: dict[str, Any]) -> None:
        layer = msgspec.structs.replace(self._state.layer, **fields)
        self._edited(msgspec.structs.replace(self._state, layer=layer), tuple(fields))

    @Slot(object, object)
    def _weights_edited(self, weights: Weights, layer: Studied) -> None:
        self._edit(weights=weights, layer=layer)

    @Slot(object, float)
    def _weight_typed(self, cell: GridCell, value: float) -> None:
        """Set the weight at a cell of the filter in the scene."""
        state, layer = self._state, self._state.layer
        if isinstance(layer, Pooling):
            return
        source = state.scene.source
        place: tuple[int, ...] = cell
        if isinstance(layer, Conv3d):
            source, plane = divmod(source, layer.kernel[0])
            place = (plane, *cell)
        channels = self._loaded.picture.shape[0]
        where = place_of(layer, channels, state.in_scene, source, place[-layer.AXES :], flipped=state.flipped)
        self._edit(weights=with_edit(state.weights, where, value))

    def _with_picture(self, key: str) -> ConvolutionState:
        """The scene looks at the middle of a picture of another size: the cell of the one before is nowhere in particular."""
        scene, before = self._state.scene, self.picker.shown
        if before is None or before.picture.shape != self._loaded.picture.shape:
            scene = msgspec.structs.replace(scene, cell=None, around=None, pin=None, source=0)
        return msgspec.structs.replace(self._state, picture=key, preset="", scene=scene)

    # --- words and figures

    @Slot()
    def _write_figures(self) -> None:
        self._write()
        if self._trace.problem is None:
            self.scene_card.formula.show_layer(self._state.layer, self.input_shape)
            self._fill_page()

    @Slot()
    def _write(self) -> None:
        """Write the answer line."""
        self.answers.show_figures(self._state.layer, self._loaded.picture.shape[0], self._trace, self.maps.time_ms)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.pages.set_accessible_name(self.tr("What is shown"))
        self._open_action.setText(self.tr("Open a picture..."))
        self._paste_action.setText(self.tr("Paste a picture"))
        self._draw_action.setText(self.tr("Draw a picture..."))
        self._redraw_action.setText(self.tr("Draw new filters"))
        for name in ("why", "tensor"):
            self._cards[name].setAccessibleName(self._page_title(name))
        self._arrange()
