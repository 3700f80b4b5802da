"""What the network makes of the picture: what a unit of the chosen layer sees of it, the layer's maps, every layer at a glance,
and the answer at the end.

The frame of the theoretical field and its numbers need no torch; maps and the effective field are handed in once they have
come.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.activations import Effective, Seen, Thumb, Tiles
from engine.edits import Path, paths
from engine.layer_text import short
from engine.layers.base import Shape
from engine.network import Row
from engine.pictures import Picture
from engine.receptive import unit_over
from engine.words import readable
from gui.labs.network.reading import Reading
from gui.labs.network.sight import Sight, fitted_unit, plane, seen_input
from gui.labs.network.state import NetworkState, Unit
from gui.shell.theme import theme
from gui.widgets.card import Card
from gui.widgets.class_bars import ClassBars
from gui.widgets.feature_wall import FeatureWall, Spot
from gui.widgets.formulas import OneLine
from gui.widgets.labels import label, set_text
from gui.widgets.patch_picture import Frame, PatchPicture
from gui.widgets.thumbnails import SIDE_PX, Thumbnail, Thumbnails

MOST_MAPS = 48  # on the wall at a time
THUMB_PX = 2 * SIDE_PX  # sharp on fine screens, and so that a frame in it can be seen
FRAME_PX = 3
MARGIN_PX, BETWEEN_PX, NAME_PX = 12, 8, 22  # around the card's content, between the pictures, under them
LEAST_PICTURE_PX = 56  # smaller, they say nothing
BARS_PX = 620  # a lower card shows the class bars only beside the last layer


class MapsCard(Card):
    """`unit_chosen` carries a Unit, or None for the middle one; `layer_chosen` a path, `target_chosen` the class that the
    answer should be, or None. `rearranged`: tiles of another size are wanted."""

    unit_chosen = Signal(object)
    layer_chosen = Signal(object)
    target_chosen = Signal(object)
    rearranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._state: NetworkState | None = None
        self._reading: Reading | None = None
        self._sight: Sight | None = None
        self._seen: Seen | None = None
        self._effective: Effective | None = None
        self._input: tuple[Picture, Shape] | None = None
        self._thumbs: dict[Path, Thumb] = {}
        self._waiting = ""
        self.picture, self.gradient = PatchPicture(), PatchPicture()
        self._sees, self._reaches = OneLine("muted"), OneLine("muted")
        self._names = label("small"), label("small")
        self.wall, self.thumbnails, self.bars = FeatureWall(), Thumbnails(), ClassBars()
        self.wall.setMinimumSize(120, 60)
        self._channel = 0  # of the unit that is shown
        self._first = 0  # the number of the first map on the wall
        self.before, self.after = QPushButton("‹"), QPushButton("›")
        for button, way in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "link")
            button.clicked.connect(lambda _on=False, way=way: self._turn(way))
        self._maps_title, self._count = label("title"), label("muted")
        self._all_title = label("title")
        self._lay_out()
        for picture in (self.picture, self.gradient):
            picture.picked.connect(self._picked)
            picture.walked.connect(self._walked)
            picture.centred.connect(lambda: self.unit_chosen.emit(None))
        self.wall.enlarged.connect(self._map_clicked)
        self.wall.walked.connect(self._map_walked)
        self.wall.pointed.connect(self._pointed)
        self.wall.rearranged.connect(self.rearranged)
        self.thumbnails.chosen.connect(self.layer_chosen)
        self.bars.target_chosen.connect(self.target_chosen)
        self.retranslate()

    def _lay_out(self) -> None:
        self.fields = QWidget()
        pair = QHBoxLayout(self.fields)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(BETWEEN_PX)
        for name, picture in zip(self._names, (self.picture, self.gradient), strict=True):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(picture, 1)
            column.addWidget(name, 0, Qt.AlignmentFlag.AlignHCenter)
            pair.addLayout(column, 1)
        head = QHBoxLayout()
        head.addWidget(self._maps_title, 1)
        head.addWidget(self._count)
        head.addWidget(self.before)
        head.addWidget(self.after)
        self.maps = QWidget()
        maps = QVBoxLayout(self.maps)
        maps.setContentsMargins(0, 0, 0, 0)
        maps.setSpacing(4)
        maps.addLayout(head)
        maps.addWidget(self.wall, 1)
        self.body.setSpacing(6)
        self.body.addWidget(self._sees)
        self.body.addWidget(self._reaches)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.maps, 1)
        self.body.addStretch(0)
        self.body.addWidget(self._all_title)
        self.body.addWidget(self.thumbnails)
        self.body.addWidget(self.bars)

    # --- what is shown

    def show_state(self, state: NetworkState, reading: Reading, picture: Picture, found: Sight | None) -> None:
        """Show a state; maps that were there stay until `show_seen`, nothing is emitted."""
        if self._seen is not None and not self._fits(self._seen, state, reading):
            self._seen = self._effective = None
        if found is None or self._sight is None or found[:3] != self._sight[:3]:
            self._effective = None
        self._state, self._reading, self._sight = state, reading, found
        if self._input != (picture, state.input):
            self._input = (picture, state.input)
            shown = seen_input(picture, state.input)
            image, size = (QImage(), plane(state.input)[1:]) if shown is None else (image_of(shown), shown.shape[1:])
            for each in (self.picture, self.gradient):
                each.set_picture(image, cast("tuple[int, int]", size))
        self._show_wall()
        self._show_thumbnails()
        self._arrange()
        self._show_fields()
        self._write()

    def _fits(self, seen: Seen, state: NetworkState, reading: Reading) -> bool:
        """Whether maps are those of the network that is shown; another picture or seed is on its way."""
        return seen.wanted.layers == reading.enabled.layers and seen.wanted.input == state.input

    def show_seen(self, seen: Seen) -> None:
        """Maps, thumbnails and the answer have come."""
        self._seen, self._waiting = seen, ""
        reading = self._reading
        if reading is None:
            return
        self._thumbs = {reading.enabled.back(path): thumb for path, thumb in seen.thumbs.items()}
        if seen.look is not None and seen.look.wall is not None:
            self.wall.show_tiles(seen.look.wall, None)
        self._show_thumbnails()
        self._arrange()
        self._write()

    @property
    def sight(self) -> Sight | None:
        """What the unit sees that is shown."""
        return self._sight

    def show_effective(self, found: Effective | None, refused: str = "") -> None:
        """The gradient of the unit has come; None: it has none, or `refused` says why it cannot be had."""
        self._effective = found
        name = self._names[1]
        set_text(name, self.tr("effective: needs too much memory") if refused else self.tr("effective"))
        name.setToolTip(refused or self._gradient_tip())
        self._show_fields()
        self._write()

    def say(self, waiting: str) -> None:
        """Why there are no maps, or not yet."""
        self._waiting = waiting
        self.wall.set_placeholder(waiting)
        self._write()

    def refuse(self, reason: str) -> None:
        """There will be no maps, and why: those of the network before, thumbnails and answer too, do not stand for them."""
        self._seen = self._effective = None
        self._thumbs = {}
        self.wall.clear()
        self.say(reason)
        self._show_thumbnails()
        self._arrange()
        self._show_fields()

    @property
    def waiting(self) -> str:
        """Why there are no maps, in words; empty where they are."""
        return self._waiting

    def tiles(self) -> Tiles:
        """How the wall wants the maps."""
        plan = self.wall.plan()
        return Tiles(plan.tile, plan.columns, maps=range(self._first, self._first + MOST_MAPS))

    @property
    def chosen_shape(self) -> Shape | None:
        """The output of the chosen layer."""
        return None if self._reading is None or self._state is None else self._reading.output(self._state.chosen)

    def _show_wall(self) -> None:
        shape = self.chosen_shape
        if shape is None:
            return
        channels, height, width = plane(shape)
        unit = self._unit
        if unit is not None and unit.channel != self._channel:
            self._channel, self._first = unit.channel, unit.channel // MOST_MAPS * MOST_MAPS
        self._first = self._first if self._first < channels else 0
        self.wall.set_maps((min(channels - self._first, MOST_MAPS), height, width))
        self.wall.set_first(self._first)
        if unit is not None and 0 <= unit.channel - self._first < MOST_MAPS:
            self.wall.set_current(unit.channel - self._first)
        for button, last in ((self.before, self._first == 0), (self.after, self._first + MOST_MAPS >= channels)):
            button.setVisible(channels > MOST_MAPS)
            button.setEnabled(not last)

    def _turn(self, way: int) -> None:
        """To the next maps of a layer that has more than the wall shows, or to those before."""
        self._first = max(0, self._first + way * MOST_MAPS)
        self._show_wall()
        self._write()
        self.rearranged.emit()

    def _show_thumbnails(self) -> None:
        """A small picture for every layer that is built, with what the unit sees of it."""
        state, reading, found = self._state, self._reading, self._sight
        if state is None or reading is None:
            return
        shown = [Thumbnail((), self.tr("Input"), self._thumb((), found))]
        built = (path for path in paths(state.layers) if path in reading.places and path in reading.rows)
        shown += [Thumbnail(path, short(reading.layer(path)), self._thumb(path, found)) for path in built]
        self.thumbnails.show_thumbnails(shown)
        self.thumbnails.set_chosen(state.chosen)

    def _thumb(self, path: Path, found: Sight | None) -> QImage | None:
        thumb = self._thumbs.get(path)
        if thumb is None:
            return None
        height, width = thumb.pixels.shape
        image = QImage(thumb.pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        shape = self._reading.output(path) if self._reading is not None else None
        frame = found.frame(path) if found is not None else None
        if frame is None or frame.empty or shape is None or len(shape) < 3:
            return image
        painter = QPainter(image)
        painter.setPen(QPen(theme().window, FRAME_PX))
        painter.drawRect(_frame_rect(frame, shape, image))
        painter.end()
        return image

    def _arrange(self) -> None:
        state, reading, seen = self._state, self._reading, self._seen
        if state is None or reading is None:
            return
        shape = self.chosen_shape
        at_end = state.chosen == _last(reading)
        answers = seen.answers if seen is not None else None
        roomy = self.height() >= BARS_PX
        self.bars.setVisible(answers is not None and (roomy or at_end))
        self.maps.setVisible(shape is not None and (roomy or answers is None or not at_end))
        for part in (self._all_title, self.thumbnails):
            part.setVisible(bool(self._thumbs))
        if answers is not None:
            self.bars.show_classes(answers.probabilities, target=state.target)
        side = (self.width() - 2 * MARGIN_PX - BETWEEN_PX) // 2
        tallest = min(side, self.height() * 2 // 5)
        if not roomy and answers is not None and at_end:
            tallest = min(tallest, self._left_over() - NAME_PX)
        self.fields.setVisible(len(state.input) >= 2 and self._sight is not None and tallest >= LEAST_PICTURE_PX)
        self.fields.setFixedHeight(min(self.picture.heightForWidth(side), max(tallest, 1)) + NAME_PX)

    def _left_over(self) -> int:
        """How tall the pictures may be where the class bars stand below them."""
        others = (self._sees, self._reaches, self._all_title, self.thumbnails, self.bars)
        taken = sum(part.sizeHint().height() + self.body.spacing() for part in others)
        return self.height() - self.body.geometry().top() - MARGIN_PX - taken - self.body.spacing()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange()

    def _show_fields(self) -> None:
        frame = self._sight.frame(()) if self._sight is not None else None
        self.picture.set_frame(frame)
        self.gradient.set_frame(frame)
        found = self._effective
        self.gradient.set_heat(None if found is None else found.map_HW)

    # --- what the user does

    @property
    def _unit(self) -> Unit | None:
        shape, state = self.chosen_shape, self._state
        return None if shape is None or state is None else fitted_unit(state.unit, shape)

    @property
    def _row(self) -> Row | None:
        return None if self._reading is None or self._state is None else self._reading.rows.get(self._state.chosen)

    @Slot(object)
    def _picked(self, place: tuple[float, float]) -> None:
        """The unit whose field is centred nearest to a place of the picture."""
        unit, row, state = self._unit, self._row, self._state
        if unit is None or state is None or len(state.input) != 3:
            return
        if row is None:
            self.unit_chosen.emit(Unit(unit.channel, max(0, round(place[0])), max(0, round(place[1]))))
        elif len(row.output) == 3 and (found := unit_over(row, place)) is not None:
            self.unit_chosen.emit(Unit(unit.channel, found[0], found[1]))

    @Slot(int, int)
    def _walked(self, rows: int, columns: int) -> None:
        unit, shape = self._unit, self.chosen_shape
        if unit is not None and shape is not None:
            moved = Unit(unit.channel, max(0, unit.row + rows), max(0, unit.column + columns))
            self.unit_chosen.emit(fitted_unit(moved, shape))

    @Slot(object)
    def _map_clicked(self, number: int | None) -> None:
        """A click on a map chooses the unit there; Enter the one at the place as before."""
        unit, spot = self._unit, self.wall.spot
        if unit is None or number is None:
            return
        if spot is not None and spot.number == number:
            self.unit_chosen.emit(Unit(self._first + number, spot.row, spot.column))
        else:
            self.unit_chosen.emit(Unit(self._first + number, unit.row, unit.column))

    @Slot(int)
    def _map_walked(self, number: int) -> None:
        unit = self._unit
        if unit is not None:
            self.unit_chosen.emit(Unit(self._first + number, unit.row, unit.column))

    @Slot(object)
    def _pointed(self, spot: Spot | None) -> None:
        look = self._seen.look if self._seen is not None else None
        text = ""
        if spot is not None and look is not None and self._state is not None and self._reading is not None:
            maps: NDArray[np.float32] = look.maps_CHW
            number = self._first + spot.number
            inside = number < len(maps) and spot.row < maps.shape[1] and spot.column < maps.shape[2]
            if inside and self._reading.enabled.back(look.path) == self._state.chosen:
                value = f"{float(maps[number, spot.row, spot.column]):.4g}".replace("-", "−")
                text = f"({number}, {spot.row}, {spot.column}): {value}"
        self.wall.set_read_out(text)

    # --- words

    def _write(self) -> None:
        state, reading, found = self._state, self._reading, self._sight
        if state is None or reading is None:
            return
        name = short(reading.layer(state.chosen)) if state.chosen else self.tr("Input")
        self.set_title(self.tr("What a unit sees"))
        if found is None:
            self._sees.set_text(self.tr("No maps from here on: the stack says why."), self.tr("No maps: see the stack."))
            self._reaches.set_text("")
        else:
            place = readable(found.at).replace("×", ", ")
            self._sees.set_text(
                self.tr("Unit ({unit}) of {layer}").format(unit=place, layer=name), f"({place}) · {name}", f"({place})"
            )
            self._reaches.set_text(*self._field_texts(found))
        shape = self.chosen_shape
        vector = shape is not None and len(shape) == 1
        set_text(self._maps_title, self.tr("Values of this layer") if vector else self.tr("Maps of this layer"))
        set_text(self._count, "" if shape is None else self._counted(shape))

    def _field_texts(self, found: Sight) -> tuple[str, ...]:
        """How large the field is and how far fields lie apart; how much of it counts. From the longest to the shortest."""
        row, patch = self._row, found.patches[()]
        size = readable(tuple(len(span) for span in patch.reach[1:]) if len(patch.reach) > 1 else (len(patch.reach[0]),))
        field = self.tr("sees {size}").format(size=size.replace("×", " × "))
        parts = [field]
        if row is not None and row.jump is not None:
            parts.append(self.tr("jump {jump}").format(jump=_alike(row.jump)))
        if row is not None and row.start is not None:
            parts.append(self.tr("start {start}").format(start=_alike(row.start)))
        if patch.seen is None:
            parts = [self.tr("sees only padding")]
        effective = self._effective
        if effective is not None and effective.off:
            parts.append(self.tr("gradient 0: it is off"))
        elif effective is not None:
            parts.append(self.tr("effective about {side} × {side}").format(side=f"{effective.side:.0f}"))
        return tuple(" · ".join(parts[:count]) for count in range(len(parts), 0, -1))

    def _gradient_tip(self) -> str:
        return self.tr("How much each place changes it with these weights: the gradient of the unit's value")

    def _counted(self, shape: Shape) -> str:
        channels, height, width = plane(shape)
        if len(shape) < 3:
            return f"{readable(shape).replace('×', ' × ')}"
        if channels > MOST_MAPS:
            last = min(self._first + MOST_MAPS, channels) - 1
            return self.tr("{first} to {last} of {count}").format(first=self._first, last=last, count=f"{channels:,}")
        return f"{channels} × {height} × {width}"

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        theory, gradient = self._names
        theory.setText(self.tr("theoretical"))
        theory.setToolTip(self.tr("Everything that can change the unit's value"))
        gradient.setText(self.tr("effective"))
        gradient.setToolTip(self._gradient_tip())
        self._all_title.setText(self.tr("All layers"))
        self.before.setAccessibleName(self.tr("The maps before"))
        self.after.setAccessibleName(self.tr("The next maps"))
        self.picture.setAccessibleName(self.tr("What the unit sees of the picture"))
        self.gradient.setAccessibleName(self.tr("What the unit reacts to"))
        self.wall.setAccessibleName(self.tr("Maps of this layer"))
        self.thumbnails.setAccessibleName(self.tr("All layers"))
        self.bars.setAccessibleName(self.tr("The network's answer"))
        if self._state is not None:
            self._show_thumbnails()
        self._write()


def _alike(numbers: tuple[float, ...]) -> str:
    """One number where all are equal."""
    texts = [f"{number:g}".replace("-", "−") for number in numbers]
    return texts[0] if len(set(texts)) == 1 else " × ".join(texts)


def _last(reading: Reading) -> Path:
    return reading.enabled.back((len(reading.enabled.layers) - 1,)) if reading.enabled.layers else ()


def _frame_rect(frame: Frame, shape: Shape, image: QImage) -> QRectF:
    """A frame in a thumbnail, at least so large that it is seen."""
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


def image_of(values_CHW: NDArray[np.float32]) -> QImage:  # noqa: N803  (named by its layout)
    """Three channels as red, green and blue; of any other number the first, in grey. Values from 0 to 1."""
    values = values_CHW if len(values_CHW) == 3 else values_CHW[:1]
    _, height, width = values.shape
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:, :, :3] = np.rint(values.transpose(1, 2, 0).clip(0, 1) * 255)
    pixels[:, :, 3] = 255
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
