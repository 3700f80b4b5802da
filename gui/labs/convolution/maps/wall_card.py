"""The wall of all maps in its card: the tools that choose how it looks, the value under the pointer, and the menu that copies
and saves.

`show_state` says what is asked for, `show_maps` brings the computed maps. The card computes none: it asks for maps with
`rearranged`, and `plan` says how large. Called by the convolution lab.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from engine.cells.planes import plane_shape
from engine.colours import viridis
from engine.figures import full_count, measured
from engine.layers.base import Shape
from engine.layers.kinds.pooling import Pooling
from gui.labs.convolution.maps.layer_preview import ShownMaps
from gui.labs.convolution.maps.wall_menu import WallMenu
from gui.labs.convolution.state import ConvolutionState
from gui.widgets.card import ALL, Card
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label, set_text
from gui.widgets.maps.colour_legend import ColourLegend
from gui.widgets.maps.feature_wall import FeatureWall, Plan
from gui.widgets.maps.wall_places import Spot
from gui.widgets.menu_button import MenuButton

RESTING_MS = 300  # maps are put in another order when edits pause: nobody can watch tiles that jump about
MARGINS = 24  # px, of the card
MILLION = 1_000_000
LEAST_WIDTH = 300  # px
LEAST_READ_OUT = 60  # px: "Map 255"


class WallCard(Card):
    """Maps, legend and tools. The menu has all tools, also those for which there is no room in the header."""

    edited = Signal(object)  # fields of the state to replace, as a dict
    rearranged = Signal()  # tiles of another size are wanted
    pointed = Signal(object)  # the Spot under the pointer, or None
    maps_painted = Signal()  # the maps of the last `show_maps` are on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._state = ConvolutionState()
        self._output: tuple[int, int, int] = (1, 1, 1)
        self._shown: ShownMaps | None = None
        self._unsorted = True  # the order is not known until new maps have come
        self.wall = FeatureWall()
        self.wall.rearranged.connect(self.rearranged)
        self.wall.pointed.connect(self._pointed)
        self.wall.enlarged.connect(self._enlarged)
        self.wall.walked.connect(self._walked)
        self.wall.tiles_painted.connect(self.maps_painted)
        self.read_out = label("muted")
        self.read_out.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.read_out.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.legend = ColourLegend(viridis())
        self.shows_choice = Segmented([("feature", ""), ("activation", "")])
        self.order_choice = Segmented([("number", ""), ("activity", "")])
        self.range_choice = Segmented([("map", ""), ("shared", "")])
        self.menu = WallMenu(self.wall, self)
        self.menu.chosen.connect(self._chosen)
        self.more = MenuButton()
        self.more.setText("⋯")
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setMenu(self.menu)
        self.shows_choice.chosen.connect(self._shows_chosen)
        self.order_choice.chosen.connect(self._order_chosen)
        self.range_choice.chosen.connect(self._range_chosen)
        for part in (self.legend, self.shows_choice, self.order_choice, self.range_choice, self.more):
            self.tools.addWidget(part)
        self.tools.setSpacing(8)
        self._header.setStretch(1, 0)
        self._header.insertWidget(2, self.read_out, ALL)
        self._header.setSpacing(8)
        page = self.layout()
        assert page is not None
        page.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # tools hide before they keep the card from shrinking
        self.body.addWidget(self.wall, 1)
        self._later = QTimer(self, singleShot=True, interval=RESTING_MS)
        self._later.timeout.connect(self._sort)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._write_read_out)
        self.retranslate()

    # --- what is shown

    def show_state(self, state: ConvolutionState, output_shape: Shape, input_shape: Shape) -> None:
        """Take the state, and the shapes of the layer's whole output and input: (C, L), (C, H, W) or (C, D, H, W)."""
        sorted_before = self._state.order
        self._state, self._output = state, plane_shape(output_shape)
        sources = plane_shape(input_shape)[1:] if isinstance(state.layer, Pooling) else None
        self.wall.set_maps(self._output, state.enlarged, sources)
        self.wall.set_current(state.in_scene)
        self.order_choice.set_current(state.order)
        self.range_choice.set_current("shared" if state.shared_range else "map")
        self.shows_choice.set_current(state.shows)
        self.menu.show_choices(
            shows=state.shows, offered=state.activation != "none", shared=state.shared_range, order=state.order
        )
        if state.order == "number" or state.order != sorted_before:
            self._sort()
        self._write_title()

    def show_maps(self, shown: ShownMaps) -> None:
        """Put computed maps on the wall."""
        self._shown = shown
        self.menu.set_shown(shown)
        self.wall.show_tiles(shown.tiles, shown.large, *shown.figures)
        if self._unsorted:
            self._sort()
        elif self._state.order == "activity" and self._by_activity() not in (None, list(self.wall.order)):
            self._later.start()
        self._point_out()

    @property
    def shown(self) -> ShownMaps | None:
        return self._shown

    def plan(self) -> Plan:
        """How the next pass is to paint the maps."""
        plan = self.wall.plan()
        return Plan(plan.tile, plan.columns, plan.enlarged, plan.large, plan.sources, self._state.order == "activity")

    def close_card(self, deadline_s: float) -> None:
        """Wait for a file that is being written."""
        self.menu.close_writer(deadline_s)

    # --- order

    def _by_activity(self) -> list[int] | None:
        """The maps' numbers, the largest mean absolute value first; None while it is not known."""
        shown = self._shown
        if shown is None or shown.tiles.activity is None or shown.tiles.count != self._output[0]:
            return None
        return [int(number) for number in np.argsort(-shown.tiles.activity, kind="stable")]

    @Slot()
    def _sort(self) -> None:
        self._later.stop()
        order = range(self._output[0]) if self._state.order == "number" else self._by_activity()
        self._unsorted = order is None
        if order is not None:
            self.wall.set_order(order)

    # --- what the user does

    @Slot(int)
    def _walked(self, number: int) -> None:
        self.edited.emit({"chosen": number})

    @Slot(object)
    def _enlarged(self, number: int | None) -> None:
        self.edited.emit({"enlarged": number, "chosen": self._state.in_scene})

    @Slot(object)
    def _pointed(self, spot: Spot | None) -> None:
        self._point_out()
        self.pointed.emit(spot)

    @Slot(str)
    def _shows_chosen(self, key: str) -> None:
        self._chosen("shows", key)

    @Slot(str)
    def _order_chosen(self, key: str) -> None:
        self._chosen("order", key)

    @Slot(str)
    def _range_chosen(self, key: str) -> None:
        self._chosen("range", key)

    @Slot(str, str)
    def _chosen(self, name: str, key: str) -> None:
        self.edited.emit({"shared_range": key == "shared"} if name == "range" else {name: key})

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Menu:
            self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        else:
            super().keyPressEvent(event)

    # --- words and figures

    def _point_out(self) -> None:
        """Write the value under the pointer, and the range of its map."""
        shown, spot = self._shown, self.wall.spot
        if shown is None:
            self.legend.set_range(None, None)
            return
        self.legend.set_range(*shown.ends(self._pointed_map()))
        self._write_read_out()
        if spot is None or shown.tiles.shape != self._output or (spot.source and shown.tiles.sources is None):
            self.wall.set_read_out("")
            return
        value = measured(shown.value(spot))
        lines = [self._cell_text(spot).format(number=spot.number, row=spot.row, column=spot.column, value=value)]
        if not spot.source:
            lines.append(self._sums(spot.number))
        self.wall.set_read_out("\n".join(lines))

    def _cell_text(self, spot: Spot) -> str:
        if self._state.layer.AXES == 1:
            if spot.source:
                return self.tr("Input channel {number} ({column}) = {value}")
            return self.tr("Map {number} ({column}) = {value}")
        if spot.source:
            return self.tr("Input channel {number} ({row}, {column}) = {value}")
        return self.tr("Map {number} ({row}, {column}) = {value}")

    def _sums(self, number: int) -> str:
        """The sum and the mean of a whole map; of a dead map its only value."""
        assert self._shown is not None
        tiles = self._shown.tiles
        if tiles.dead[number]:
            return self.tr("dead: {value} everywhere").format(value=measured(float(tiles.low[number])))
        total, mean = float(tiles.total[number]), measured(float(tiles.mean[number]))
        text = (
            full_count(round(total)) if MILLION <= abs(total) < 10 * MILLION else measured(total, 6)
        )  # seven digits are known
        return self.tr("sum {total} · mean {mean}").format(total=text, mean=mean)

    def _pointed_map(self) -> int:
        spot = self.wall.spot
        return spot.number if spot is not None else self.wall.current

    @Slot()
    def _write_read_out(self) -> None:
        """Write the pointed map's sum and mean, as far as there is room."""
        shown, number = self._shown, self._pointed_map()
        texts = []
        if shown is not None and number < shown.tiles.count:
            short = self.tr("Map {number}").format(number=number)
            texts = [f"{short} · {self._sums(number)}", short]
        measure = self.read_out.fontMetrics()
        room = self.read_out.width()
        fitting = [text for text in texts if measure.horizontalAdvance(text) <= room]
        set_text(self.read_out, fitting[0] if fitting else "")
        self.read_out.setToolTip(texts[0] if texts and fitting[:1] != texts[:1] else "")

    def _write_title(self) -> None:
        count = self._output[0]
        if isinstance(self._state.layer, Pooling):
            title = self.tr("Pooled maps: {count}, each beside its input channel")
            if self._output[2] >= 2 * self._output[1]:
                title = self.tr("Pooled maps: {count}, each below its input channel")
        elif self._state.activation != "none" and self._state.shows == "activation":
            title = self.tr("Activation maps: {count}")
        else:
            title = self.tr("Feature maps: {count}")
        if self.title != title.format(count=count):
            self.set_title(title.format(count=count))
        self._fit_tools()

    def _fit_tools(self) -> None:
        """Show as many tools as there is room for, the most telling first."""
        lead = self._header.itemAt(0)  # the title, or what is shown in its place
        taken = self.more.sizeHint().width() + (lead.sizeHint().width() if lead is not None else 0)
        room = self.width() - MARGINS - taken - 2 * 8 - LEAST_READ_OUT
        wanted = ((self.shows_choice, self._state.activation != "none"), (self.legend, True))
        for tool, offered in (*wanted, (self.range_choice, True), (self.order_choice, True)):
            width = max(tool.sizeHint().width(), tool.minimumWidth()) + 8  # the legend has no size hint
            fits = offered and room >= width
            room -= width if fits else 0
            if tool.isVisibleTo(self) != fits:
                tool.setVisible(fits)
                self._soon.start()

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # what leads has another width, too
            self._fit_tools()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        self._soon.start()  # the read-out is laid out by then

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.range_choice.set_choices([("map", self.tr("Per map")), ("shared", self.tr("Shared"))])
        self.range_choice.setAccessibleName(self.tr("Colour range"))
        self.range_choice.setToolTip(
            self.tr("Colours from each map's own lowest to highest value, or from the lowest to the highest of all maps")
        )
        self.order_choice.set_choices([("number", self.tr("By number")), ("activity", self.tr("By activity"))])
        self.order_choice.setAccessibleName(self.tr("Order of the maps"))
        self.order_choice.setToolTip(
            self.tr("By number, or the most active map first: the one with the largest mean absolute value")
        )
        self.shows_choice.set_choices([("feature", self.tr("Feature maps")), ("activation", self.tr("Activation maps"))])
        self.shows_choice.setAccessibleName(self.tr("Which maps are shown"))
        self.shows_choice.setToolTip(
            self.tr("Feature maps are what the filters give; activation maps are what the activation function makes of them")
        )
        self.more.setToolTip(self.tr("Copy, save and how the maps are shown"))
        self.more.setAccessibleName(self.tr("More"))
        self.legend.setToolTip(self.tr("viridis: the lowest value is dark violet, the highest yellow"))
        self.wall.setAccessibleName(self.tr("Feature maps"))
        self.wall.set_pair_words(self.tr("Input"), self.tr("Output"))
        self.wall.set_placeholder(self.tr("The maps appear as soon as torch is loaded."))
        self.wall.set_dead_tip(self.tr("Dead: this map has the same value everywhere, so it says nothing about the picture."))
        self.menu.retranslate()
        self._write_title()
        self._point_out()
