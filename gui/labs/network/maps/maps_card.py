"""What the network makes of the picture: what a unit of the chosen layer sees of it, the layer's maps, small maps of all
layers, and the answer at the end.

Frames and their numbers are shown at once; maps, gradients and answers are handed in later. They stay while an edit of the same
network is computed, so that nothing flickers under a slider, and go when another network is shown.
"""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.figures import full_count
from engine.layers.base import Shape
from engine.layers.layer_text import short
from engine.networks.edits import paths
from engine.networks.trace import Path
from engine.passes.activations import Answers, Effective, LayerOutput, LayerThumbnail, PassError, Seen, Tiles
from engine.pictures import Picture
from gui.labs.network.maps.class_bars import ClassBars
from gui.labs.network.maps.fields_view import FieldsView
from gui.labs.network.maps.maps_view import FEWEST, MapsView
from gui.labs.network.maps.patch_picture import Frame
from gui.labs.network.maps.sight import Sight, living, middle, plane, sight
from gui.labs.network.maps.thumbnails import SIDE_PX, Thumbnail, Thumbnails, image_of
from gui.labs.network.reading import Reading
from gui.labs.network.state import RANDOM, MapUnit, NetworkState
from gui.shell.language import language
from gui.shell.theme import theme
from gui.widgets.card import Card
from gui.widgets.one_line import OneLine

THUMB_PX = 2 * SIDE_PX  # sharp on fine screens, and large enough for a visible frame
FRAME_PX = 3
MARGIN_PX = 12  # around the card's content
MAPS_PX = 200  # where the class bars would leave the maps less, they are shown beside the last layer only
LOW_PX = 620  # in a lower card an enlarged map takes the place of the pictures
NEAR = 3  # times 1/classes: with no probability above that, the network knows nothing


class MapsCard(Card):
    """`unit_chosen` carries a MapUnit, or None for the middle one; `enlarged` a MapUnit whose map is to be large, or None for
    none; `layer_chosen` a path; `target_chosen` the class that the answer should be, or None. `rearranged`: tiles of another
    size are wanted."""

    unit_chosen = Signal(object)
    enlarged = Signal(object)
    layer_chosen = Signal(object)
    target_chosen = Signal(object)
    rearranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._state: NetworkState | None = None
        self._reading: Reading | None = None
        self._sight: Sight | None = None
        self._like: tuple[Hashable, MapUnit] | None = None  # the living unit of a layer where the user has chosen none
        self._answers: Answers | None = None
        self._thumbs: dict[Path, tuple[type, LayerThumbnail]] = {}  # with its layer's kind: another may be there by now
        self._waiting = ""
        self._below = False  # whether the tools are to be below the title, however much room is beside it
        self.fields, self.maps = FieldsView(), MapsView()
        self.picture, self.wall = self.fields.picture, self.maps.wall
        self.thumbnails, self.bars = Thumbnails(), ClassBars()
        self._all_title, self._random = OneLine("title"), OneLine()
        self.answer_link = QPushButton()
        self.answer_link.setProperty("role", "link")
        foot = QHBoxLayout()
        foot.addWidget(self._all_title, 1)
        foot.addWidget(self.answer_link)
        self.body.setSpacing(6)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.maps, 1)
        self.body.addStretch(0)
        self.body.addLayout(foot)
        for part in (self.thumbnails, self.bars, self._random):
            self.body.addWidget(part)
        self.fields.unit_chosen.connect(self.unit_chosen)
        self.maps.unit_chosen.connect(self.unit_chosen)
        self.maps.enlarged.connect(self.enlarged)
        self.maps.rearranged.connect(self.rearranged)
        self.thumbnails.chosen.connect(self.layer_chosen)
        self.answer_link.clicked.connect(self._answer_asked)
        self.bars.target_chosen.connect(self.target_chosen)
        self.retranslate()

    # --- what is shown

    def show_state(self, state: NetworkState, reading: Reading, picture: Picture) -> None:
        """Show a state; nothing is emitted."""
        if self._state is not None and state.name != self._state.name:
            self._forget()
        self._state, self._reading = state, reading
        if reading.problem is not None or len(reading.trace.output) != 1:
            self._answers = None
        shape = reading.output(state.chosen)
        like = self._like[1] if self._like is not None and self._like[0] == self._of else None
        unit = middle(shape, like) if state.unit is None and shape is not None else state.unit
        self._sight = sight(reading, state.chosen, unit)
        self.fields.show_sight(state, reading, picture, self._sight)
        self._show_maps()
        self._show_thumbnails()
        self._arrange()

    def show_seen(self, seen: Seen) -> None:
        """Show maps, thumbnails and the answer, which must be of the network that is shown."""
        state, reading, look = self._state, self._reading, seen.look
        if state is None or reading is None:
            return
        self._waiting = ""
        found = {reading.enabled.back(path): thumb for path, thumb in seen.thumbs.items()}
        self._thumbs = {path: (self._kind(path), thumb) for path, thumb in found.items()}
        self._answers = seen.answers
        if look is not None and reading.enabled.back(look.path) == state.chosen:
            self._look_at_a_living_one(state, reading, seen, look)
            self.maps.show_look(look)
        self._show_thumbnails()
        self._arrange()

    def _look_at_a_living_one(self, state: NetworkState, reading: Reading, seen: Seen, look: LayerOutput) -> None:
        """Look at a living unit where the user has chosen none and the middle one is off. It must see the same patch, so that
        no frame jumps."""
        now = self._sight
        if state.unit is not None or now is None:
            return
        numbers = self.maps.numbers  # fewer of them, once there are class bars: a map of the end would turn the page
        first = range(numbers.start, min(numbers.stop, numbers.start + FEWEST))
        unit = living(look.maps_CHW, living(look.maps_CHW, now.unit, first), numbers)
        other = None if unit == now.unit else sight(reading, state.chosen, unit)
        if other is not None and other.frame(()) == now.frame(()):
            self._sight, self._like = other, (self._of, unit)
            self.fields.show_sight(state, reading, seen.wanted.picture, other)
            self._show_maps()

    def show_effective(self, found: Effective | None, refused: PassError | None = None) -> None:
        """Show the gradient of the unit. None: it has none, or `refused` says why it cannot be computed."""
        self.fields.show_effective(found, refused)

    def say(self, waiting: str) -> None:
        """Say why there are no maps, or not yet."""
        self._waiting = waiting
        self._show_maps()

    def refuse(self, reason: str) -> None:
        """Say why there will be no maps. Those that are shown, thumbnails and answer too, are of another network and go."""
        self._forget()
        self.fields.show_effective(None)
        self.say(reason)
        self._show_thumbnails()
        self._arrange()

    def _forget(self) -> None:
        self._answers, self._thumbs = None, {}
        self.maps.clear()

    @property
    def waiting(self) -> str:
        """Why there are no maps, in words; empty where there are."""
        return self._waiting

    @property
    def sight(self) -> Sight | None:
        """The unit that is shown, and what it sees."""
        return self._sight

    def tiles(self) -> Tiles:
        """The tiles that the wall has room for."""
        return self.maps.tiles()

    def _kind(self, path: Path) -> type:
        return type(self._reading.layer(path)) if self._reading is not None and path else type(None)

    @property
    def _of(self) -> Hashable:
        """What the maps are of. It stays the same through an edit of this layer or of one before it, whose maps then follow."""
        assert self._state is not None
        chosen = self._state.chosen
        return self._state.name, len(self._state.input), chosen, self._kind(chosen)

    def _show_maps(self) -> None:
        state, reading, found = self._state, self._reading, self._sight
        if state is None or reading is None:
            return
        shape = reading.output(state.chosen)
        if found is None or shape is None:  # the line above the pictures says so
            self.maps.clear()
        else:
            self.maps.show_layer(shape, found.unit, self._of, enlarged=state.enlarged)
        self.maps.say(self._waiting)

    # --- all layers

    def _show_thumbnails(self) -> None:
        """Show a small map for each row of the stack that has one, with the unit's patch in it; a folded block has one."""
        state, reading = self._state, self._reading
        if state is None or reading is None:
            return
        folded = frozenset(state.folded)
        rows = [path for path in ((), *paths(state.layers)) if not any(path[:end] in folded for end in range(1, len(path)))]
        names = {path: short(reading.layer(path), language()) if path else self.tr("Input") for path in rows}
        images = ((path, self._thumb(path, reading)) for path in rows)
        self.thumbnails.show_thumbnails([Thumbnail(path, names[path], image) for path, image in images if image is not None])
        chosen = state.chosen
        while chosen not in names:  # inside a folded block
            chosen = chosen[:-1]
        self.thumbnails.set_chosen(chosen)
        self._all_title.set_text(self.tr("All layers · {layer}").format(layer=names[chosen]), self.tr("All layers"))

    def _thumb(self, path: Path, reading: Reading) -> QImage | None:
        kind, thumb = self._thumbs.get(path, (None, None))
        shape, found = reading.output(path), self._sight
        if thumb is None or kind is not self._kind(path) or shape is None:
            return None
        image = image_of(thumb.pixels)
        frame = found.frame(path) if found is not None else None
        if frame is None or frame.empty or len(shape) < 3 or shape[1:] == (1, 1):
            return image
        painter = QPainter(image)
        painter.setPen(QPen(theme().window, FRAME_PX))
        painter.drawRect(_frame_rect(frame, shape, image))
        painter.end()
        return image

    # --- the room

    def _arrange(self) -> None:
        state, reading, answers = self._state, self._reading, self._answers
        if state is None or reading is None:
            return
        at_end, built = state.chosen == _last(reading), reading.output(state.chosen) is not None
        for part in (self._all_title, self.thumbnails):
            part.setVisible(bool(self._thumbs))
        large = state.enlarged and built and self.maps.wall.places.chosen is not None
        across, tallest = self.width() - 2 * MARGIN_PX, 0 if large and self.height() < LOW_PX else self.height() * 2 // 5
        self.fields.fit(across, tallest)
        room = self.height() - self.body.geometry().top() - MARGIN_PX - self._height_of(*self._always)
        needed = self._fit_bars(state, None if at_end else room - MAPS_PX)
        answered = answers is not None and (at_end or (room - needed >= MAPS_PX and not large) or not built)
        with_maps = built and (not answered or room - needed >= self._height_of(self.maps))
        if answered and not with_maps and room < needed:
            self.fields.fit(across, self.fields.tall - (needed - room))
        self.bars.setVisible(answered)
        self._random.setVisible(answered and state.weights == RANDOM)
        self.answer_link.setVisible(answers is not None and not answered)
        self.maps.setVisible(with_maps)

    def _fit_bars(self, state: NetworkState, room: int | None) -> int:
        """Show the answer, only the largest probabilities where all have not so much `room`; returns how much of the height it
        takes."""
        answers, parts = self._answers, (self.bars, self._random) if state.weights == RANDOM else (self.bars,)
        if answers is None:
            return 0
        self._write_random(answers)
        for few in (False, True):
            self.bars.show_classes(answers.probabilities, target=state.target, meaning=answers.meaning, few=few)
            if room is None or self._height_of(*parts) <= room:
                break
        return self._height_of(*parts)

    @property
    def _always(self) -> tuple[QWidget, ...]:
        """What has its place in the card before maps and bars have theirs."""
        return self.fields, *(part for part in (self._all_title, self.thumbnails) if not part.isHidden())

    def _height_of(self, *parts: QWidget) -> int:
        """How much of the card's height parts take at least, the gaps above them included."""
        for part in parts:
            if (layout := part.layout()) is not None:
                layout.activate()  # one that is hidden is not asked otherwise, and says what it took with what it held before
        least = (max(part.minimumSizeHint().height(), part.minimumHeight()) for part in parts)
        return sum(height + self.body.spacing() for height in least)

    def set_tools_below(self, below: bool) -> None:
        """The tools in a row of their own, also where the title would be cut beside them."""
        self._below = below
        super().set_tools_below(below or self.cuts_title)
        self._column.activate()  # what is below has another place at once

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_tools_below(self._below)
        self._arrange()

    def _answer_asked(self) -> None:
        if self._reading is not None:
            self.layer_chosen.emit(_last(self._reading))

    # --- words

    def _write_random(self, answers: Answers) -> None:
        count, most = len(answers.probabilities), float(answers.probabilities.max())
        near = self.tr("Random weights: every class is near 1/{count}.").format(count=full_count(count))
        short_of_room = self.tr("Random weights: all near 1/{count}").format(count=full_count(count))
        chance = self.tr("Random weights: the answer is chance.")
        self._random.set_text(*((near, short_of_room) if most * count < NEAR else (chance,)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Maps"))
        self.answer_link.setText(self.tr("Class probabilities"))
        self.answer_link.setToolTip(self.tr("Choose the last layer, beside which there is room for them"))
        self.thumbnails.setAccessibleName(self.tr("All layers"))
        self.bars.setAccessibleName(self.tr("The network's answer"))
        self._show_maps()
        self._show_thumbnails()
        if self._answers is not None:
            self._write_random(self._answers)


def _last(reading: Reading) -> Path:
    return reading.enabled.back((len(reading.enabled.layers) - 1,)) if reading.enabled.layers else ()


def _frame_rect(frame: Frame, shape: Shape, image: QImage) -> QRectF:
    """A frame in a thumbnail, large enough to be visible."""
    _, height, width = plane(shape)
    across, down = image.width() / width, image.height() / height
    rect = QRectF(frame.columns.start * across, frame.rows.start * down, len(frame.columns) * across, len(frame.rows) * down)
    spare = FRAME_PX * 2.0
    if rect.width() < spare:
        rect.adjust((rect.width() - spare) / 2, 0, (spare - rect.width()) / 2, 0)
    if rect.height() < spare:
        rect.adjust(0, (rect.height() - spare) / 2, 0, (spare - rect.height()) / 2)
    inset = FRAME_PX / 2
    return rect.intersected(QRectF(image.rect())).adjusted(inset, inset, -inset, -inset)
