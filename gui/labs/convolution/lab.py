"""The convolution lab: a picture through one Conv2d, every number and every map live under the hand. The scene shows one map
cell by cell, the wall all of them; a small window shows one of the two.

Its state is one frozen ConvolutionState; everything on the page is drawn from it and from the picture it names. Numbers and
formulas are there at once, without torch; the maps follow from a thread of their own, for the newest state only.
"""

from __future__ import annotations

import time
from math import prod

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.colours import viridis
from engine.feature_maps import Filters
from engine.network import Trace, message, trace
from engine.pictures import Picture
from gui.bridge import Latest
from gui.labs.base import Lab, Services
from gui.labs.convolution.layer_panel import LayerPanel
from gui.labs.convolution.preview import Pass, Request, Shown, filters_of
from gui.labs.convolution.scene import Subject
from gui.labs.convolution.scene_card import SceneCard
from gui.labs.convolution.state import ConvolutionState, SceneState, fitted_scene, fitted_state
from gui.shell.language import language, say
from gui.widgets.answer_line import AnswerLine
from gui.widgets.card import Card
from gui.widgets.colour_legend import ColourLegend, figure
from gui.widgets.controls import Segmented
from gui.widgets.feature_wall import FeatureWall, Spot
from gui.widgets.labels import label, set_text
from gui.widgets.picture import Loaded, PicturePicker, sample

TEXT_MS = 50  # how often figures follow a dragged slider; the maps follow at once
SCENE_MS = 60  # a scene follows its maps, but waits no longer for them
TIME_MS = 200  # the same for the measured time, which changes with every pass
RESTING_MS = 120  # a hand that has not moved a slider for so long rests
ENOUGH_PASSES = 3
LONG_MS = 100.0  # a pass that takes so long is measured once
ROOMY_PX = 1000  # a narrower page leaves the notes in the answer line out
TALL_PX = 700  # a lower page shows the scene or the wall, not both
FEW_WEIGHTS = 100_000  # so many are drawn at once, in 2 ms; more come with the maps
BYTES = 4  # of a float32
GAP_PX = 12


class ConvolutionLab(Lab):
    name = "convolution"
    state_type = ConvolutionState

    maps_painted = Signal()  # the newest maps that have arrived are on the screen

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = ConvolutionState()
        self._loaded = Loaded(self._state.picture, sample(self._state.picture))
        self._waiting: ConvolutionState | None = None  # a state whose picture is still being read
        self._trace: Trace = trace([], self._loaded.picture.shape)
        self._shown: Shown | None = None
        self._filters: tuple[tuple[object, ...], Filters] | None = None  # what they were drawn for, and the filters
        self._subject: Subject | None = None
        self._torch = False
        self._sized = False  # whether the page has the size that its window gives it
        self._told_at = self._answered_at = 0.0
        self._passes = 0  # over the layer that is shown, and the shortest of them
        self._shortest_ms = 0.0
        self.picker = PicturePicker(services.runs_folder.parent / "pictures")
        self.picker.loaded.connect(self._picture_loaded)
        self.picker.failed.connect(self._picture_failed)
        self._pass = Pass(lambda: self.preview.superseded())
        self.preview: Latest[Request, Shown] = Latest(self._pass, self)
        self.preview.answered.connect(self._answered)
        self.preview.failed.connect(self._failed)
        self._build()
        self._make_actions()
        self.setAcceptDrops(True)
        self.retranslate()
        self._show_state()

    def _build(self) -> None:
        self.answers = AnswerLine()
        self.panel = LayerPanel(self.picker)
        self.panel.state_edited.connect(self._edited)
        self.wall = FeatureWall()
        self.wall.rearranged.connect(self._ask)
        self.wall.pointed.connect(self._pointed)
        self.wall.enlarged.connect(self._enlarged)
        self.wall.walked.connect(self._walked)
        self.wall.tiles_painted.connect(self.maps_painted)
        self.wall.tiles_painted.connect(self._tiles_painted)
        self.wall_card = Card()
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        self.read_out = label("muted")
        self.read_out.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.legend = ColourLegend(viridis())
        self.range_choice = Segmented([("map", ""), ("shared", "")])
        self.range_choice.chosen.connect(self._range_chosen)
        for part in (self.read_out, self.legend, self.range_choice):
            self.wall_card.tools.addWidget(part)
        self.wall_card.tools.setSpacing(8)
        self.wall_card.body.addWidget(self.problem)
        self.wall_card.body.addWidget(self.wall, 1)
        self.scene_card = SceneCard(self._torch_value)
        self.scene_card.edited.connect(self._scene_edited)
        self.formulas = self.scene_card.formulas
        self.page_choice = Segmented([("scene", ""), ("maps", "")], self)
        self.page_choice.chosen.connect(self._page_chosen)
        self.page_choice.hide()
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.scene_card, 2)
        right.addWidget(self.wall_card, 1)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.panel)
        below.addLayout(right, 1)
        page = QVBoxLayout(self)
        page.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # the hint below says how small it may become
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(12)
        page.addWidget(self.answers)
        page.addLayout(below, 1)
        self._later, self._scene_soon, self._soon = (QTimer(self, singleShot=True) for _ in range(3))
        self._later.timeout.connect(self._write_time)
        self._scene_soon.timeout.connect(self._show_scene)
        self._soon.timeout.connect(self._write_figures)

    def _make_actions(self) -> None:
        self._open_action, self._paste_action, self._redraw_action = (QAction(self) for _ in range(3))
        self._open_action.triggered.connect(self.picker.open_dialog)
        self._paste_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        self._paste_action.triggered.connect(self.picker.paste)
        self._redraw_action.setShortcut(QKeySequence("Ctrl+R"))
        self._redraw_action.triggered.connect(self.panel.regenerate.click)
        for action in self.actions_for_menu():
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)

    # --- what a lab is to the window

    def state(self) -> ConvolutionState:
        return self._waiting or self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, ConvolutionState)
        if state.picture == self._loaded.key:
            self._waiting = None
            self._take(state)
        else:
            self._waiting = state
            self.picker.load(state.picture)

    def actions_for_menu(self) -> list[QAction]:
        return [self._open_action, self._paste_action, self._redraw_action]

    def torch_ready(self) -> None:
        self._torch = True
        self._ask()

    def close_lab(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        self.preview.close(deadline_s)
        self.picker.close_reader(max(0.05, until - time.monotonic()))

    @property
    def shown(self) -> Shown | None:
        """What is on the wall: the maps, and the settings that made them."""
        return self._shown

    @property
    def picture(self) -> Picture:
        """What goes through the layer."""
        return self._loaded.picture

    def busy(self) -> bool:
        """Whether maps or a picture are still on their way, or the scene has not followed them yet."""
        return self.preview.busy() or self.picker.busy() or self._scene_soon.isActive()

    # --- state to screen

    def _take(self, state: ConvolutionState) -> None:
        """Make `state`, whose picture is loaded, the one that is shown."""
        state = fitted_state(state, self._loaded.picture.shape)
        if state != self._state:
            self._state = state
            self._show_state()
            self.state_changed.emit()

    def _show_state(self) -> None:
        """Draw the page from the state: the maps are asked for first, and computed while the rest is written."""
        state, picture = self._state, self._loaded.picture
        self._trace = trace([state.layer], picture.shape)
        problem = self._trace.problem
        if problem is None:
            channels, height, width = self._trace.output
            self.wall.set_maps((channels, height, width), state.enlarged)
            self.wall.set_current(state.in_scene)
            self._ask()
            if self._coming():
                self._scene_soon.start(SCENE_MS)
            else:
                self._show_scene()
            self._arrange()
        self.panel.show_state(state, picture.shape)
        if self.picker.shown is not self._loaded:
            self.picker.show_picture(self._loaded)
        self.range_choice.set_current("shared" if state.shared_range else "map")
        self.problem.setVisible(problem is not None)
        if problem is not None:  # no control leads here
            self.problem.setText(message(problem, language()))
        if not self._shown:
            self._write_figures()  # before the first maps there is nothing that text could hold up
        elif not self._soon.isActive():
            self._soon.start(TEXT_MS)

    @Slot()
    def _ask(self) -> None:
        """Have the maps of the state computed, if anybody sees them and torch is there."""
        if self._torch and self.isVisible() and self._trace.problem is None:
            state = self._state
            self.preview.ask(
                Request(
                    state.layer,
                    self._loaded.picture,
                    state.weights,
                    state.seed,
                    state.shared_range,
                    state.in_scene,
                    self.wall.plan(),
                )
            )

    def _coming(self) -> bool:
        """Whether only the layer or its weights have changed, and maps that the wall will paint are on their way. The scene
        then follows them: it would take the interpreter from the thread that computes them, and be drawn once more when their
        range is known."""
        subject, state = self._subject, self._state
        same = subject is not None and (subject.picture is self._loaded.picture) and subject.channel == state.in_scene
        same = same and self.scene_card.state == state.scene
        return same and self.preview.busy() and self._shown is not None and self.wall.isVisible()

    @Slot()
    def _tiles_painted(self) -> None:
        self._scene_soon.start(0)

    @Slot()
    def _show_scene(self) -> None:
        """One map in the scene, as soon as its filters are there."""
        self._scene_soon.stop()
        filters = self._filters_now()
        if filters is None:
            return
        state, picture = self._state, self._loaded.picture
        shown, before = self._shown, self._subject
        ends = None
        number = state.in_scene
        if shown is not None and self._fits(shown) and number < shown.tiles.count:
            ends = (float(shown.tiles.low[number]), float(shown.tiles.high[number]))
        if (
            before is None
            or (before.layer, before.channel, before.ends) != (state.layer, number, ends)
            or before.picture is not picture
            or before.filters is not filters
        ):
            self._subject = Subject(state.layer, picture, filters, number, ends)
        assert self._subject is not None
        self.scene_card.show_scene(self._subject, state.scene)
        self.scene_card.write_soon()

    def _filters_now(self) -> Filters | None:
        """The filters of the state; None while they are too many to be drawn between two frames and the maps have not come."""
        state, channels = self._state, self._loaded.picture.shape[0]
        layer = state.layer
        drawn_for = (layer.out_channels, layer.kernel, layer.groups, channels, state.weights, state.seed)
        if self._filters is None or self._filters[0] != drawn_for:
            if prod(layer.kernel) * layer.out_channels * channels // layer.groups <= FEW_WEIGHTS:
                self._filters = (drawn_for, filters_of(layer, channels, state.weights, state.seed))
            elif self._shown is not None and self._fits(self._shown):
                self._filters = (drawn_for, self._shown.filters)
            else:
                return None
        return self._filters[1]

    def _fits(self, shown: Shown) -> bool:
        """Whether maps are those of the state."""
        request, state = shown.request, self._state
        of_state = (state.layer, state.weights, state.seed)
        return (request.layer, request.weights, request.seed) == of_state and request.picture is self._loaded.picture

    def _torch_value(self, cell: tuple[int, int]) -> np.float32 | None:
        """A cell of the map in the scene as torch computed it, once it has."""
        shown = self._shown
        if shown is None or not self._fits(shown) or shown.request.kept != self._state.in_scene:
            return None
        return shown.torch_value(*cell)

    def _arrange(self) -> None:
        """The scene above the wall; one of the two where there is no room for both."""
        if not self._sized:
            return
        small = self.height() < TALL_PX
        page = self._state.scene.page
        cards = {"scene": self.scene_card, "maps": self.wall_card}
        self.page_choice.setVisible(small)
        self.page_choice.set_current(page)
        if small:
            cards[page].lead_with(self.page_choice)
        for name, card in cards.items():
            if not small:
                card.lead_with_title()
            card.setVisible(not small or name == page)

    def minimumSizeHint(self) -> QSize:
        """One of the two cards is enough."""
        least = super().minimumSizeHint()
        both = [card.minimumSizeHint().height() for card in (self.scene_card, self.wall_card)]
        head = self.answers.minimumSizeHint().height() + GAP_PX
        return QSize(least.width(), head + max(*both, self.panel.minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sized = True
        self._arrange()
        if (event.oldSize().width() < ROOMY_PX) != (event.size().width() < ROOMY_PX):
            self._write()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    @Slot(object)
    def _answered(self, shown: Shown) -> None:
        again = self._shown is not None and self._shown.request.layer == shown.request.layer
        self._passes = self._passes + 1 if again else 1
        self._shortest_ms = min(self._shortest_ms, shown.tiles.convolution_ms) if again else shown.tiles.convolution_ms
        self._answered_at = time.monotonic()
        self._shown = shown
        self.problem.hide()
        self.wall.show_tiles(shown.tiles, shown.large)
        if not self.wall.isVisible():
            self._show_scene()
        self._point_out()
        if not self._later.isActive():
            wait_ms = max(0.0, TIME_MS - 1e3 * (time.monotonic() - self._told_at))
            self._later.start(int(wait_ms))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, MemoryError | RuntimeError) and "memory" in str(error).lower() + type(error).__name__.lower():
            self.problem.setText(self.tr("There is not enough memory for these maps. Fewer output channels need less."))
            self.problem.show()
            return
        raise error

    # --- what the user does

    @Slot(object)
    def _edited(self, state: ConvolutionState) -> None:
        self.set_state(state)

    @Slot(object)
    def _scene_edited(self, scene: SceneState) -> None:
        """The quick way for a window that moves: nothing but the scene is drawn."""
        scene = fitted_scene(scene, self._state.layer, self._loaded.picture.shape)
        if scene != self._state.scene:
            self._waiting = None
            self._state = msgspec.structs.replace(self._state, scene=scene)
            self._show_scene()
            self.state_changed.emit()

    @Slot(str)
    def _page_chosen(self, page: str) -> None:
        scene = msgspec.structs.replace(self._state.scene, page=page)
        self._edited(msgspec.structs.replace(self._state, scene=scene))

    @Slot(int)
    def _walked(self, number: int) -> None:
        self._edited(msgspec.structs.replace(self._state, chosen=number))

    @Slot(str)
    def _range_chosen(self, choice: str) -> None:
        self._edited(msgspec.structs.replace(self._state, shared_range=choice == "shared"))

    @Slot(object)
    def _enlarged(self, number: int | None) -> None:
        self._edited(msgspec.structs.replace(self._state, enlarged=number, chosen=self._state.in_scene))

    @Slot(object)
    def _pointed(self, spot: Spot | None) -> None:
        self._point_out()

    @Slot(object)
    def _picture_loaded(self, loaded: Loaded) -> None:
        state = self._waiting if self._waiting is not None and self._waiting.picture == loaded.key else self._state
        self._waiting = None
        self._loaded = loaded
        before = self._state
        self._take(msgspec.structs.replace(state, picture=loaded.key))
        if self._state == before:  # the same file again, perhaps with another content
            self._show_state()

    @Slot()
    def _picture_failed(self) -> None:
        """The picture stays; of a restored state, everything else is taken."""
        if self._waiting is not None:
            state = msgspec.structs.replace(self._waiting, picture=self._loaded.key)
            self._waiting = None
            warning = self.picker.problem
            self._take(state)
            self.picker.say(warning)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.picker.offers(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.picker.take(event.mimeData())

    # --- words and figures

    def _point_out(self) -> None:
        """The value under the cursor, and the range of the map it is in."""
        shown, spot = self._shown, self.wall.spot
        if shown is None:
            self.legend.set_range(None, None)
            return
        number = spot.number if spot is not None else self.wall.current
        self.legend.set_range(*shown.ends(number))
        whose = "" if self._state.shared_range else self.tr("Map {number}").format(number=number)
        set_text(self.read_out, whose)
        if spot is None or shown.tiles.shape != self._trace.output:
            self.wall.set_read_out("")
            return
        self.wall.set_read_out(
            self.tr("Map {number} ({row}, {column}) = {value}").format(
                number=spot.number, row=spot.row, column=spot.column, value=figure(shown.value(spot))
            )
        )

    @Slot()
    def _write_figures(self) -> None:
        layer, shape = self._state.layer, self._loaded.picture.shape
        self._write()
        if self._trace.problem is None:
            self.formulas.show_derivations(layer.derivations(shape), layer.slides(shape))

    def _write(self) -> None:
        """The answer line and the titles."""
        output = self._trace.output
        height, width = self._state.layer.kernel
        inputs = self._loaded.picture.shape[0] // self._state.layer.groups
        bias = " + 1" if self._state.layer.bias else ""
        note = f"({height}×{width}×{inputs}{bias}) × {self._state.layer.out_channels}"
        time_text, time_note = self._time_text()
        if self.width() < ROOMY_PX:
            note = time_note = ""
        self.answers.set_cells(
            [
                ("output", self.tr("Output shape (C, H, W)"), " × ".join(f"{size}" for size in output), ""),
                ("parameters", say("quantities", "parameters"), f"{self._trace.parameters:,}", note),
                ("macs", say("quantities", "macs"), _large(self._trace.macs), ""),
                ("memory", say("quantities", "activation_memory"), _bytes(prod(output) * BYTES), ""),
                ("time", self.tr("Measured time"), time_text, time_note),
            ]
        )
        self.wall_card.set_title(self.tr("Feature maps: {count}").format(count=output[0]))

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
        self.range_choice.set_choices([("map", self.tr("Per map")), ("shared", self.tr("Shared"))])
        self.range_choice.setAccessibleName(self.tr("Colour range"))
        self.page_choice.set_choices([("scene", self.tr("One cell")), ("maps", self.tr("Maps"))])
        self.page_choice.setAccessibleName(self.tr("What is shown"))
        self.range_choice.setToolTip(
            self.tr("Colours from each map's own lowest to highest value, or from the lowest to the highest of all maps")
        )
        self.legend.setToolTip(self.tr("viridis: the lowest value is dark violet, the highest yellow"))
        self.wall.setAccessibleName(self.tr("Feature maps"))
        self.wall.setToolTip("")
        self.wall.set_placeholder(self.tr("The maps appear as soon as torch is loaded."))
        self._open_action.setText(self.tr("Open a picture..."))
        self._paste_action.setText(self.tr("Paste a picture"))
        self._redraw_action.setText(self.tr("Draw new filters"))
        if self._trace.rows:
            self._write()
            self._point_out()


def _large(count: int) -> str:
    """A count in three or four figures, with the unit that courses use."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if count >= size:
            return f"{count / size:.4g} {unit}" if count >= 1000 * size else f"{count / size:.3g} {unit}"
    return f"{count}"


def _bytes(count: int) -> str:
    """Binary units, 1 MB = 2^20 bytes, as torch reports memory."""
    for size, unit in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= size:
            value = count / size
            return f"{value:,.0f} {unit}" if value >= 999.5 else f"{value:.3g} {unit}"
    return f"{count} B"
