"""The convolution lab: a picture through one layer, every number and every map live under the hand. The scene shows one map
cell by cell, the page below it all of them, or why the numbers are what they are, or the picture as a tensor; a small window
shows one of these.

Its state is one frozen ConvolutionState; everything on the page is drawn from it and from the picture it names. Numbers and
formulas are there at once, without torch; the maps follow from a thread of their own, for the newest state only.
"""

from __future__ import annotations

import time
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.cells.filters import FiltersError, Weights, place_of, with_edit
from engine.cells.planes import Studied, input_shape
from engine.figures import binary_size, full_count, shape_text, short_count
from engine.layers.base import FLOAT32_BYTES, Shape
from engine.layers.fitting import changed
from engine.layers.kinds.convolution import Conv3d
from engine.layers.kinds.pooling import Pooling
from engine.networks.trace import Trace, message, trace
from engine.pictures import Picture
from gui.bridge import Latest
from gui.lab.base import Services
from gui.lab.pictured import PicturedLab
from gui.labs.convolution.cell.scene_card import SceneCard
from gui.labs.convolution.cuts import Cuts
from gui.labs.convolution.layer_panel import LayerPanel
from gui.labs.convolution.maps.layer_preview import Pass, Request, Shown
from gui.labs.convolution.maps.wall_card import WallCard
from gui.labs.convolution.state import ConvolutionState, Page, SceneState, fitted_scene, fitted_state
from gui.labs.convolution.subject import COLOURS, Subject
from gui.labs.convolution.tab_order import tab_in_order
from gui.labs.convolution.weights_panel import WeightsPanel
from gui.shell.language import language, say
from gui.shell.undo import difference
from gui.widgets.answer_line import AnswerLine
from gui.widgets.card import Card
from gui.widgets.card_pages import CardPages
from gui.widgets.grids.sheet import GridCell
from gui.widgets.labels import label

if TYPE_CHECKING:  # pages that are not there at the start are imported when they are opened
    from gui.labs.convolution.pages.tensor_page import TensorPage
    from gui.labs.convolution.pages.why_page import WhyPage

TEXT_MS = 50  # how often figures follow a dragged slider; the maps follow at once
SCENE_MS = 60  # a scene follows its maps, but waits no longer for them once the hand rests,
SCENE_LATEST_MS = 250  # nor than this while it moves
TIME_MS = 200  # the same for the measured time, which changes with every pass
RESTING_MS = 120  # a hand that has not moved a slider for so long rests
ENOUGH_PASSES = 3
LONG_MS = 100.0  # a pass that takes so long is measured once
ROOMY_PX = 1000  # a narrower page leaves the notes in the answer line out
TALL_PX = 700  # a lower page shows the scene or the wall, not both
FEW_NUMBERS = 100_000  # so many weights are drawn between two frames, in 2 ms; more come with the maps
GAP_PX = 12
SCENE_SHARE, PAGE_SHARE = 7, 6  # of the height


class ConvolutionLab(PicturedLab[ConvolutionState]):
    name = "convolution"
    state_type = ConvolutionState

    maps_painted = Signal()  # the newest maps that have arrived are on the screen

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(ConvolutionState(), services, parent)
        self._wanted: Studied | None = None  # a layer that goes with weights which are on their way
        self._trace: Trace = trace([], self._loaded.picture.shape)
        self._shown: Shown | None = None
        self._cuts = Cuts(FEW_NUMBERS)
        self._subject: Subject | None = None
        self._torch = False
        self._sized = False  # whether the page has the size that its window gives it
        self._told_at = self._answered_at = self._scene_due = 0.0
        self._passes = 0  # over the layer that is shown, and the shortest of them
        self._shortest_ms = 0.0
        self.passes = 0  # all that have come
        self._pass = Pass(lambda: self.preview.superseded())
        self.preview: Latest[Request, Shown] = Latest(self._pass, self)
        self.preview.answered.connect(self._answered)
        self.preview.failed.connect(self._failed)
        self._build()
        self._make_actions()
        self.retranslate()
        self._show_state()
        self.remember(self._state)

    def _build(self) -> None:
        self.answers = AnswerLine()
        self.weights = WeightsPanel(self.services.runs_folder)
        self.weights.edited.connect(self._weights_edited)
        self.weights.layer_wanted.connect(self._layer_wanted)
        self.panel = LayerPanel(self.picker, self.weights)
        self.panel.state_edited.connect(self._edited)
        self.scene_card = SceneCard(self._torch_value)
        self.scene_card.edited.connect(self._scene_edited)
        self.scene_card.flip_wanted.connect(lambda on: self._edit(flipped=on))
        self.scene_card.weight_typed.connect(self._weight_typed)
        self.wall_card = WallCard()
        self.wall_card.rearranged.connect(self._ask)
        self.wall_card.edited.connect(lambda changes: self._edit(**changes))
        self.wall_card.maps_painted.connect(self.maps_painted)
        self.wall_card.maps_painted.connect(self._maps_painted)
        self._cards: dict[str, Card] = {"scene": self.scene_card, "maps": self.wall_card}
        self._cards["why"], self._cards["tensor"] = Card(), Card()
        for card in self._cards.values():  # their shares of the height are the same on every page, so that nothing jumps
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
        page.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # the hint below says how small it may become
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP_PX)
        page.addWidget(self.answers)
        page.addLayout(below, 1)
        tab_in_order(self)
        self._later, self._scene_soon, self._soon = (QTimer(self, singleShot=True) for _ in range(3))
        self._later.timeout.connect(self._write_time)
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

    def _add_page(self, name: Page, page: QWidget, tools: QWidget) -> None:
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
        """Undoing leaves the page, the lens and the speed as they are now."""
        assert isinstance(state, ConvolutionState)
        now = self._state.scene
        scene = msgspec.structs.replace(state.scene, page=now.page, lens=now.lens, speed=now.speed)
        return msgspec.structs.replace(state, scene=scene)

    def actions_for_menu(self) -> list[QAction]:
        return [self._open_action, self._paste_action, self._draw_action, self._redraw_action]

    def torch_ready(self) -> None:
        self._torch = True
        self.scene_card.torch_ready()
        self._ask()

    def close_lab(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        self.preview.close(deadline_s)
        self.wall_card.close_card(max(0.05, until - time.monotonic()))
        self.scene_card.close_card(max(0.05, until - time.monotonic()))
        self.picker.close_reader(max(0.05, until - time.monotonic()))

    @property
    def shown(self) -> Shown | None:
        """What is on the wall: the maps, and the settings that made them."""
        return self._shown

    @property
    def picture(self) -> Picture:
        """What goes through the layer."""
        return self._loaded.picture

    @property
    def input_shape(self) -> Shape:
        """The shape of the layer's input."""
        return input_shape(self._state.layer, self._loaded.picture.shape, self._state.frames)

    def busy(self) -> bool:
        """Whether maps or a picture are still on their way, or the page has not followed them yet."""
        coming = self.preview.busy() or self.picker.busy() or self.wall_card.wall.unpainted
        return coming or self._scene_soon.isActive() or self._soon.isActive() or self.scene_card.busy()

    # --- state to screen

    def _take(self, state: ConvolutionState) -> None:
        """Make `state`, whose picture is loaded, the one that is shown."""
        state = fitted_state(state, self._loaded.picture.shape)
        self.remember(state, None)  # also where fitting has led back to what is shown: then the edit was no step
        if state != self._state or self.picker.shown is not self._loaded:  # perhaps the same file, with another content
            self._state = state
            self._show_state()
            self.state_changed.emit()
        else:  # an edit that came to nothing: the control that was moved goes back
            self.panel.show_state(state, self._loaded.picture.shape)

    def _show_state(self) -> None:
        """Draw the page from the state: the maps are asked for first, and computed while the rest is written."""
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
        self._say("" if problem is None else message(problem, language()))  # no control leads there
        if not self._shown:
            self._write_figures()  # before the first maps there is nothing that text could hold up
        elif not self._soon.isActive():
            self._soon.start(TEXT_MS)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    @Slot()
    def _ask(self) -> None:
        """Have the maps of the state computed, if anybody sees them and torch is there."""
        if self._torch and self.isVisible() and self._trace.problem is None:
            self.preview.ask(self._request())

    def _request(self) -> Request:
        state = self._state
        return Request(
            layer=state.layer,
            picture=self._loaded.picture,
            moved=state.moved,
            row=state.row,
            frames=state.frames,
            depth=state.depth,
            weights=state.weights,
            flipped=state.flipped,
            activation=self.wall_card.painted_activation(),
            shared_range=state.shared_range,
            kept=state.in_scene,
            plan=self.wall_card.plan(),
        )

    def _coming(self) -> bool:
        """Whether only the layer or its weights have changed, and maps that the wall will paint are on their way. The scene
        then follows them: it would take the interpreter from the thread that computes them, and be drawn once more when their
        range is known."""
        subject, state = self._subject, self._state
        same = subject is not None and subject.picture is self._cuts.seen(state, self._loaded.picture)
        same = same and subject is not None and subject.channel == state.in_scene
        same = same and self.scene_card.state == state.scene
        return same and self.preview.busy() and self._shown is not None and self.wall_card.isVisible()

    @Slot()
    def _maps_painted(self) -> None:
        self._show_scene_in(0)

    def _show_scene_in(self, wait_ms: int) -> None:
        """Each move of the hand puts the scene off, but not for ever: over passes so long that none is waited for, nothing else
        would follow a hand that does not rest."""
        now = time.monotonic()
        if not self._scene_soon.isActive():
            self._scene_due = now + 1e-3 * SCENE_LATEST_MS
        self._scene_soon.start(max(0, min(wait_ms, int(1e3 * (self._scene_due - now)))))

    @Slot()
    def _show_scene(self) -> None:
        """One map in the scene, as soon as its numbers are there."""
        self._scene_soon.stop()
        state, picture, shown, before = self._state, self._loaded.picture, self._shown, self._subject
        fits = shown is not None and self._fits(shown)
        try:
            cut = self._cuts.of(state, picture)
        except FiltersError as error:
            self._say(str(say("filters", error.code, **error.values)))
            return
        if cut is None and shown is not None and fits:
            cut = shown.cut
        if cut is None:
            return
        number = state.in_scene
        ends = None
        if shown is not None and fits and number < shown.tiles.count:
            ends = (float(shown.tiles.low[number]), float(shown.tiles.high[number]))
        activated = state.activation != "none" and state.shows == "activation"
        described = (self._cuts.seen(state, picture), number, state.activation, activated, state.flipped, ends)
        if before is None or before.cut is not cut or before.described != described:
            self._subject = Subject(cut, *described)
        assert self._subject is not None
        self.scene_card.show_scene(self._subject, state.scene)
        self.scene_card.write_soon()

    def _fits(self, shown: Shown) -> bool:
        """Whether maps are those of the state."""
        made, state = shown.request, self._state
        activation = self.wall_card.painted_activation()
        wanted = (state.layer, state.moved, state.row, state.frames, state.depth, state.weights, state.flipped, activation)
        found = (made.layer, made.moved, made.row, made.frames, made.depth, made.weights, made.flipped, made.activation)
        return found == wanted and made.picture is self._loaded.picture

    def _torch_value(self, cell: GridCell) -> np.float32 | None:
        """A cell of the map in the scene as torch computed it, once it has."""
        shown = self._shown
        if shown is None or not self._fits(shown) or shown.request.kept != self._state.in_scene:
            return None
        return shown.torch_value(*cell)

    # --- pages

    @property
    def _page(self) -> Page:
        """The page below the scene, or in a small window the only one."""
        page = self._state.scene.page
        return page if self._small or page != "scene" else "maps"

    @property
    def _small(self) -> bool:
        return self.height() < TALL_PX

    def _arrange(self) -> None:
        """The scene above another page; one of them where there is no room for both."""
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
        """Only the page that is looked at is written."""
        page, state, picture = self._page, self._state, self._loaded.picture
        if self._trace.problem is not None:
            return
        if page == "why":
            self.why.show_layer(state.layer, self.input_shape, state.unlinked)
        elif page == "tensor":
            values = self._cuts.moved(state, picture)
            names = (
                COLOURS if len(values) == len(COLOURS) else ("",) if len(values) == 1 else tuple(map(str, range(len(values))))
            )
            self.tensor.show_picture(values, names, self._around())

    def _around(self) -> GridCell:
        """The cell of the picture that the scene looks at."""
        _, height, width = self._loaded.picture.shape
        if self._subject is None:
            return height // 2, width // 2
        places = [
            list(track.reads(at)) or [0]
            for track, at in zip(self._subject.tracks, self._subject.cell(self._state.scene), strict=True)
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
        """One card is enough."""
        least = super().minimumSizeHint()
        cards = [card.minimumSizeHint().height() for card in self._cards.values()]
        head = self.answers.minimumSizeHint().height() + GAP_PX
        return QSize(least.width(), head + max(*cards, self.panel.minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sized = True
        self._arrange()
        if (event.oldSize().width() < ROOMY_PX) != (event.size().width() < ROOMY_PX):
            self._write()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    # --- what comes from the thread

    @Slot(object)
    def _answered(self, shown: Shown) -> None:
        again = self._shown is not None and self._shown.request.layer == shown.request.layer
        self._passes = self._passes + 1 if again else 1
        self._shortest_ms = min(self._shortest_ms, shown.tiles.convolution_ms) if again else shown.tiles.convolution_ms
        self._answered_at = time.monotonic()
        self._shown = shown
        self.passes += 1
        self._say("")
        self.wall_card.show_maps(shown)
        if not self.wall_card.isVisible():
            self._show_scene()
        if not self._later.isActive():
            wait_ms = max(0.0, TIME_MS - 1e3 * (time.monotonic() - self._told_at))
            self._later.start(int(wait_ms))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, FiltersError):
            problem = str(say("filters", error.code, **error.values))
        elif isinstance(error, MemoryError | RuntimeError) and "memory" in str(error).lower() + type(error).__name__.lower():
            problem = self.tr("There is not enough memory for these maps. Fewer output channels need less.")
        else:
            raise error
        if not self.preview.busy():  # else it is of a state that has gone: the newest has an answer of its own
            self._say(problem)

    # --- what the user does

    def _edit(self, **changes: Any) -> None:
        self._edited(msgspec.structs.replace(self._state, **changes))

    @Slot(object)
    def _edited(self, state: ConvolutionState) -> None:
        """A step of the user: shown, and remembered for undo."""
        now = self.state()
        # A preset joins nothing; a note that goes is no step of its own.
        opened = bool(state.preset) and state.preset != now.preset
        self.remember(state, "" if opened else difference(msgspec.structs.replace(now, preset=state.preset), state))
        self.set_state(state)

    @Slot(object)
    def _scene_edited(self, scene: SceneState) -> None:
        """The quick way for a window that moves: nothing but the scene is drawn. Where the window stands is no step of its
        own."""
        scene = fitted_scene(scene, self._state.layer, self.input_shape)
        if scene == self._state.scene:
            return
        before = self._state
        self._waiting = None
        self._state = msgspec.structs.replace(self._state, scene=scene)
        fields = {field.split(".")[0] for field in difference(before.scene, scene).split("+")}
        moved = fields <= {"cell", "around", "speed", "page"}
        self.remember(self._state, None if moved else difference(before, self._state))
        self._show_scene()
        if self._page == "tensor":
            self._fill_page()
        self.state_changed.emit()

    @Slot(str)
    def _page_chosen(self, page: Page) -> None:
        self._state = msgspec.structs.replace(self._state, scene=msgspec.structs.replace(self._state.scene, page=page))
        self.remember(self._state, None)
        self._arrange()
        self._show_state()
        self.state_changed.emit()

    @Slot(object)
    def _layer_edited(self, changes: dict[str, Any]) -> None:
        self._edit(layer=changed(self._state.layer, self.input_shape, **changes))

    @Slot(object)
    def _layer_wanted(self, layer: Studied) -> None:
        """The layer that fits the weights which come next: both are one step."""
        self._wanted = layer

    @Slot(object)
    def _weights_edited(self, weights: Weights) -> None:
        layer, self._wanted = self._wanted or self._state.layer, None
        self._edit(weights=weights, layer=layer)

    @Slot(object, float)
    def _weight_typed(self, cell: GridCell, value: float) -> None:
        """A cell of the filter in the scene gets a new value: the weight that stands there."""
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
        return msgspec.structs.replace(self._state, picture=key, preset="")

    # --- words and figures

    @Slot()
    def _write_figures(self) -> None:
        self._write()
        if self._trace.problem is None:
            self.scene_card.formula.show_layer(self._state.layer, self.input_shape)
            self._fill_page()

    def _write(self) -> None:
        """The answer line."""
        if not self._trace.rows:
            return
        output = self._trace.output
        time_text, time_note = self._time_text()
        note = self._parameters_note()
        if self.width() < ROOMY_PX:
            note = time_note = ""
        letters = {2: "C, L", 3: "C, H, W", 4: "C, D, H, W"}[len(output)]
        self.answers.set_cells(
            [
                ("output", self.tr("Output shape ({letters})").format(letters=letters), shape_text(output), ""),
                ("parameters", say("quantities", "parameters"), full_count(self._trace.parameters), note),
                ("macs", say("quantities", "macs"), short_count(self._trace.macs), ""),
                ("memory", say("quantities", "activation_memory"), binary_size(prod(output) * FLOAT32_BYTES), ""),
                ("time", self.tr("Measured time"), time_text, time_note),
            ]
        )

    def _parameters_note(self) -> str:
        layer = self._state.layer
        if isinstance(layer, Pooling):
            return self.tr("nothing to learn")
        inputs = self._loaded.picture.shape[0] // layer.groups
        cells = "×".join(map(str, (*layer.kernel, inputs)))
        return f"({cells} + 1) × {layer.out_channels}" if layer.bias else f"{cells} × {layer.out_channels}"

    def _time_text(self) -> tuple[str, str]:
        if self._shown is None:
            return "…", ""
        milliseconds = self._shortest_ms
        return f"{milliseconds:.2f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms", self.tr("1 thread")

    @Slot()
    def _write_time(self) -> None:
        """The shortest pass counts: torch prepares itself in the first one over a new kind of layer. Once the hand rests,
        passes are repeated for that."""
        self._told_at = time.monotonic()
        self._write()
        if self._passes < ENOUGH_PASSES and self._shortest_ms < LONG_MS:
            if 1e3 * (self._told_at - self._answered_at) > RESTING_MS:
                self._ask()
            else:
                self._later.start(TIME_MS)

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
        self._write()
