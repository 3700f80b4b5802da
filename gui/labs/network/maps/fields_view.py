"""What one unit sees of the picture and what it reacts to: two pictures side by side, and the size of both in words.

The theoretical frame and its numbers need no torch; the effective field is handed in later. Shown in the maps' card.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.figures import measured, shape_text
from engine.layers.base import Shape
from engine.layers.kinds.composite import every
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.pooling import Pooling
from engine.layers.layer_text import short
from engine.networks.receptive import Patch, unit_over
from engine.networks.trace import Row
from engine.passes.activations import Effective, PassError
from engine.pictures import Picture
from gui.labs.network.maps.patch_picture import PatchPicture
from gui.labs.network.maps.sight import Sight, fitted_unit, plane, seen_input
from gui.labs.network.reading import Reading
from gui.labs.network.state import MapUnit, NetworkState
from gui.shell.language import language, say
from gui.widgets.one_line import OneLine
from gui.widgets.pictures.picture_files import image_of_values
from gui.widgets.stack.stack_rows import inside

BETWEEN_PX, NAME_PX = 8, 20  # between the pictures, under them
LEAST_PX = 56  # smaller pictures are hidden


class FieldsView(QWidget):
    """`unit_chosen` carries a MapUnit, or None for the middle one."""

    unit_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: NetworkState | None = None
        self._reading: Reading | None = None
        self._sight: Sight | None = None
        self._effective: Effective | None = None
        self._refused: PassError | None = None
        self._input: tuple[Picture, Shape] | None = None
        self.line = OneLine("muted")
        self.picture, self.gradient = PatchPicture(), PatchPicture(veiled=True)
        self.names = OneLine(), OneLine()
        self.pair = QWidget()
        columns = QHBoxLayout(self.pair)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(BETWEEN_PX)
        for name, picture in zip(self.names, (self.picture, self.gradient), strict=True):
            name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(picture, 1)
            column.addWidget(name)
            columns.addLayout(column, 1)
            picture.picked.connect(self._picked)
            picture.walked.connect(self._walked)
            picture.centred.connect(lambda: self.unit_chosen.emit(None))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addWidget(self.line)
        page.addWidget(self.pair)
        self.retranslate()

    # --- what is shown

    def show_sight(self, state: NetworkState, reading: Reading, picture: Picture, found: Sight | None) -> None:
        """Show a unit; None where there is none. Its gradient is removed until `show_effective`."""
        self._state, self._reading, self._sight = state, reading, found
        self._effective, self._refused = None, None
        if self._input != (picture, state.input):
            self._input = (picture, state.input)
            shown = seen_input(picture, state.input)
            image, size = (QImage(), plane(state.input)[1:]) if shown is None else (image_of_values(shown), shown.shape[1:])
            for each in (self.picture, self.gradient):
                each.set_picture(image, cast("tuple[int, int]", size))
        frame = None if found is None else found.frame(())
        self.picture.set_frame(frame)
        self.gradient.set_frame(frame)
        self._show_heat()

    def show_effective(self, found: Effective | None, refused: PassError | None = None) -> None:
        """Show the gradient of the unit. None: it has none, or `refused` says why it cannot be computed."""
        self._effective, self._refused = found, refused
        self._show_heat()

    @property
    def effective(self) -> Effective | None:
        return self._effective

    def fit(self, across: int, tallest: int) -> None:
        """Lay the pictures out for a view `across` pixels wide, at most `tallest`. Pictures that would be too small are left
        out."""
        side = (across - BETWEEN_PX) // 2
        pictured = self._state is not None and len(self._state.input) >= 2 and self._sight is not None and not self._timed
        down = min(self.picture.heightForWidth(side), side, max(tallest, 1))
        self.pair.setVisible(pictured and down >= LEAST_PX)
        self.pair.setFixedHeight(down + NAME_PX)
        self._write()

    @property
    def tall(self) -> int:
        """How tall the pictures are."""
        return self.pair.minimumHeight() - NAME_PX

    def _show_heat(self) -> None:
        found = self._effective
        off = found is not None and found.off
        self.gradient.set_heat(None if found is None else found.map_HW, (0.0, 0.0) if found is None else found.sides)
        self.gradient.set_note(self.tr("This unit is off: its gradient is 0. Try another unit.") if off else "")
        self._write()

    # --- what the user does

    @property
    def _timed(self) -> bool:
        """Whether the input is a sequence (T, F): its first axis is time, and there is no picture of it."""
        if self._reading is None or len(self._reading.input) != 2:
            return False
        return not any(isinstance(layer, Filtering | Pooling) for layer in every(self._reading.enabled.layers))

    @property
    def _row(self) -> Row | None:
        return None if self._reading is None or self._state is None else self._reading.rows.get(self._state.chosen)

    @Slot(object)
    def _picked(self, place: tuple[float, float]) -> None:
        """Choose the unit whose field has its centre nearest to a place of the picture."""
        row, state, found = self._row, self._state, self._sight
        if found is None or state is None:
            return
        if len(state.input) == 2:
            self._pick_of_signal(place, found.unit, row, state.input)
            return
        if len(state.input) != 3:
            return
        channel = found.unit.channel
        if row is None:
            self.unit_chosen.emit(fitted_unit(MapUnit(channel, max(0, round(place[0])), max(0, round(place[1]))), state.input))
        elif len(row.output) == 3 and row.output[1:] != (1, 1) and (at := unit_over(row, place)) is not None:
            self.unit_chosen.emit(MapUnit(channel, at[0], at[1]))

    def _pick_of_signal(self, place: tuple[float, float], unit: MapUnit, row: Row | None, shape: Shape) -> None:
        """Choose the unit over a sample of a signal (C, L), in the channel that is looked at: its maps are the rows of one."""
        if row is None:
            self.unit_chosen.emit(fitted_unit(MapUnit(0, max(0, round(place[0])), max(0, round(place[1]))), shape))
        elif len(row.output) == 2 and (at := unit_over(row, place[1:])) is not None:
            self.unit_chosen.emit(MapUnit(0, unit.row, at[0]))

    @Slot(int, int)
    def _walked(self, rows: int, columns: int) -> None:
        state, reading, found = self._state, self._reading, self._sight
        shape = None if state is None or reading is None else reading.output(state.chosen)
        if found is not None and shape is not None:
            moved = MapUnit(found.unit.channel, max(0, found.unit.row + rows), max(0, found.unit.column + columns))
            self.unit_chosen.emit(fitted_unit(moved, shape))

    # --- words

    def _write(self) -> None:
        state, reading, found = self._state, self._reading, self._sight
        if state is None or reading is None:
            return
        if found is None and reading.output(state.chosen) is not None:
            self.line.set_text(
                self.tr("This output is too large for a unit to be followed."), self.tr("Too large to be followed.")
            )
            return
        if found is None and any(inside(state.chosen, off) for off in state.disabled):
            self.line.set_text(self.tr("This layer is off: it makes no maps."), self.tr("Off: no maps."))
            return
        if found is None:
            self.line.set_text(self.tr("No maps from here on: the stack says why."), self.tr("No maps: see the stack."))
            return
        name = short(reading.layer(state.chosen), language()) if state.chosen else self.tr("Input")
        place, patch, row = ", ".join(map(str, found.at)), found.patches[()], self._row
        unit = self.tr("Unit ({unit}) · {layer}").format(unit=place, layer=name)
        parts, tips = [] if self.pair.isVisibleTo(self) else [self._theory(patch)[0]], []
        if row is not None and row.jump is not None:
            jump = _alike(tuple(step if isinstance(step, int) else float(step) for step in row.jump))
            parts.append(self.tr("jump {jump}").format(jump=jump))
            tips.append(self.tr("jump: the window of the next unit lies {jump} cells further in the input").format(jump=jump))
        if row is not None and row.start is not None:
            start = _alike(row.start)
            parts.append(self.tr("start {start}").format(start=start))
            tips.append(
                self.tr("start: the first unit's window has its middle at {start}, cells counted from 0").format(start=start)
            )
        wordings = [" · ".join([unit, *parts[:count]]) for count in range(len(parts), -1, -1)]
        self.line.set_text(*wordings, f"({place}) · {name}", f"({place})", tip="\n".join(tips))
        self._write_names(patch)

    def _write_names(self, patch: Patch) -> None:
        about = self.tr("Everything that can change the unit's value")
        self.names[0].set_text(*self._theory(patch), tip=about)
        dotted = self.tr("Dotted side: the field goes on there, outside the picture, in the padding")
        circled = self.tr("Circle: here is a field that is too small to be seen")
        said = [dotted] if patch.clipped and patch.seen is not None else []
        self.picture.setToolTip("\n".join([*said, *([circled] if self.picture.circled else [])]))
        found = self._effective
        if self._refused is not None:
            texts = [self.tr("effective: needs too much memory")]
        elif found is None:
            texts = [self.tr("effective")]
        elif found.off:
            texts = [self.tr("effective: off")]
        else:
            down, across = (f"{side:.0f}" for side in found.sides)
            size = across if len(found.map_HW) == 1 else f"{down} × {across}"
            texts = [self.tr("effective about {size}").format(size=size), self.tr("about {size}").format(size=size)]
        gradient = self.tr(
            "How much each place changes the unit's value with these weights: its gradient, dark where it is large"
        )
        refusal = say("activations", self._refused.code, **self._refused.values) if self._refused is not None else ""
        self.names[1].set_text(*texts, tip=refusal or gradient)
        self.gradient.setToolTip(refusal or gradient)

    def _theory(self, patch: Patch) -> tuple[str, ...]:
        """The size of the field in words, from the longest wording to the shortest."""
        if self._timed:
            return (self.tr("sees {count} time steps").format(count=len(patch.reach[0])),)
        spans = patch.reach[1:] if len(patch.reach) > 1 else patch.reach
        size = shape_text([len(span) for span in spans])
        if patch.seen is None:
            return (self.tr("sees only padding"),)
        if patch.whole and patch.clipped:
            words = (
                self.tr("sees the whole input ({size} with padding)"),
                self.tr("whole input ({size})"),
                self.tr("whole input"),
            )
            return tuple(text.format(size=size) for text in words)
        return self.tr("theoretical {size}").format(size=size), size

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.picture.setAccessibleName(self.tr("What the unit sees of the picture"))
        self.gradient.setAccessibleName(self.tr("What the unit reacts to"))
        self._show_heat()


def _alike(numbers: tuple[float, ...]) -> str:
    """The numbers with × between them, or one number where all are equal."""
    texts = [measured(number, 6) for number in numbers]
    return texts[0] if len(set(texts)) == 1 else " × ".join(texts)
