"""The scene run backwards: the same grids at the same places. The gradient of the output is at the right; from there it flows
into the filter and the input.

A weight or an input cell is chosen as in the scene: by pointing, pinning or walking. The output cells that its gradient comes
from light up at the right. Called by the backward view, which has the sums.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import floor, log10
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from engine.cells.backward import Upstream, into_input
from engine.cells.correspondence import source
from engine.colours import diverging
from engine.figures import raised
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import MaxPool2d
from gui.labs.convolution.cell.lens import Views
from gui.labs.convolution.cell.scene import Focus, Scene
from gui.labs.convolution.cell.sheets import belonging, sheets
from gui.labs.convolution.state import SceneGrid, SceneState
from gui.labs.convolution.subject import Subject
from gui.shell.theme import set_role
from gui.widgets.grids.sheet import GridCell, Sheet
from gui.widgets.grids.table_data import Table, table_of
from gui.widgets.labels import set_text

Shows = Literal["values", "gradients"]
GRADIENTS: dict[SceneGrid, str] = {"input": "dL/dx", "filter": "dL/dw", "output": "dL/dy"}  # of what each grid stands for
LONGEST = 1000.0  # a number from here on is too long for a cell


class Known(NamedTuple):
    """torch's gradients, as far as they have come: of one channel of the filter, and of the input's cells from `first` on."""

    weight_HW: NDArray[np.float32] | None = None
    input_HW: NDArray[np.float32] | None = None
    first: GridCell = (0, 0)


class BackwardScene(Scene):
    def __init__(self, parent: QWidget | None = None) -> None:
        self._above: Upstream | None = None
        self._shows: Shows = "values"
        self._known = Known()
        self._tens: dict[SceneGrid, int] = {}  # too long numbers are shown divided by this power of ten
        super().__init__(parent)
        self.grids["filter"].set_editable(False)

    def show_gradients(self, subject: Subject, state: SceneState, from_above: Upstream, shows: Shows, known: Known) -> None:
        """Show `subject` with the gradient `from_above` of its map. Input and filter show their values, or their gradients as
        far as they are `known`. The grids are made anew only for another `from_above` or `known`."""
        if (from_above, shows) != (self._above, self._shows) or known is not self._known:
            self._made_of = ()
        self._above, self._shows, self._known = from_above, shows, known
        self.show_scene(subject, state)

    @property
    def focus(self) -> Focus | None:
        """The cell that is looked at. Where nothing is pointed at it is a weight, because every output gradient flows into it;
        in pooling it is the first cell of the window."""
        if self._subject is None or self._state.pin is not None or self._hovered or self._walked:
            return super().focus
        return self.usual

    @property
    def usual(self) -> Focus:
        assert self._subject is not None
        subject = self._subject
        if not subject.pools:
            return Focus("filter", (subject.kernel[0] // 2, subject.kernel[1] // 2))
        cell = subject.cell(self._state)
        row, column = (
            next((at for at in track.reads(output) if at in track.inputs), 0)
            for track, output in zip(subject.tracks, cell, strict=True)
        )
        return Focus("input", (row, column))

    def value(self, focus: Focus) -> float | None:
        value = super().value(focus)
        return None if value is None else value * 10.0 ** self._tens.get(focus.part, 0)

    def own_input(self) -> tuple[range, range]:
        """The input's own cells in view, without the padding."""
        assert self._views is not None and self._subject is not None
        rows, columns = (
            range(max(shown.inputs.start, track.inputs.start), min(shown.inputs.stop, track.inputs.stop))
            for shown, track in zip(self._views, self._subject.tracks, strict=True)
        )
        return rows, columns

    def read_at(self, place: GridCell) -> GridCell | None:
        """The input cell whose value is at a place of the padded input: the place itself, or the cell that the padding copies.
        None where the padding has no value of the input."""
        assert self._subject is not None
        layer = self._subject.layer
        mode = layer.padding_mode if isinstance(layer, Conv2d) else "zeros"
        found = [
            at if at in track.inputs else None if track.turned else source(track.slide, at, mode)
            for track, at in zip(self._subject.tracks, place, strict=True)
        ]
        row, column = found
        return None if row is None or column is None else (row, column)

    # --- the numbers of the grids

    def _make_sheets(self, subject: Subject) -> None:
        assert self._views is not None and self._above is not None
        made_of = (subject, self._state.source, self._views)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        self._tens = {}
        self._sheets = sheets(subject, self._state.source, self._views)
        self._sheets["output"] = self._from_above(subject, self._sheets["output"], self._views)
        if self._shows == "gradients":
            self._sheets["input"] = self._of_input(subject, self._sheets["input"])
            if "filter" in self._sheets:
                self._sheets["filter"] = self._of_filter(self._sheets["filter"])
        for part, sheet in self._sheets.items():
            if (part == "output" or self._shows == "gradients") and sheet.high >= LONGEST:
                self._tens[part] = tens = floor(log10(sheet.high)) - 1
                scale = 10.0**-tens
                self._sheets[part] = replace(
                    sheet, values_HW=sheet.values_HW * scale, low=sheet.low * scale, high=sheet.high * scale
                )

    def table(self, part: SceneGrid) -> Table:
        """All numbers that a grid shows: torch's gradients are known only for the part in view."""
        shown, tens = self._sheets[part], self._tens.get(part, 0)
        if tens:
            shown = replace(shown, values_HW=shown.values_HW * 10.0**tens)
        return table_of(shown, self._titles[part].text())

    def _from_above(self, subject: Subject, sheet: Sheet, views: Views) -> Sheet:
        assert self._above is not None
        own = [[at for at in shown.outputs if at in track.outputs] for shown, track in zip(views, subject.tracks, strict=True)]
        values = np.full(sheet.values_HW.shape, np.nan)
        if own[0] and own[1]:
            found = self._above(range(subject.channel, subject.channel + 1), *own)[0]
            top, left = own[0][0] - views[0].outputs.start, own[1][0] - views[1].outputs.start
            values[top : top + len(own[0]), left : left + len(own[1])] = found
        return _signed(sheet, values)

    def _of_input(self, subject: Subject, sheet: Sheet) -> Sheet:
        values = np.full(sheet.values_HW.shape, np.nan)
        found = self._known.input_HW
        if found is not None:
            top, left = self._known.first[0] - sheet.first[0], self._known.first[1] - sheet.first[1]
            into = values[max(top, 0) : top + found.shape[0], max(left, 0) : left + found.shape[1]]
            part = found[max(-top, 0) :, max(-left, 0) :][: into.shape[0], : into.shape[1]]
            into[: part.shape[0], : part.shape[1]] = part
        return replace(_signed(sheet, values), padding_is_zero=True)

    def _of_filter(self, sheet: Sheet) -> Sheet:
        found = self._known.weight_HW
        if found is None or found.shape != sheet.values_HW.shape:
            return _signed(sheet, np.full(sheet.values_HW.shape, np.nan))
        return _signed(sheet, found.astype(np.float64))

    # --- what belongs together

    def _light(self) -> None:
        subject, focus = self._subject, self.focus
        if subject is None or focus is None or self._views is None:
            return
        lit, echoes = belonging(subject, self._state.source, focus.part, focus.cell, self._views)
        passed: list[GridCell] = []
        if focus.part == "filter" and not subject.transposed:
            down, across = self._views
            lit["output"] = list(product(down.outputs, across.outputs))  # every output reads through every weight
        if focus.part == "input" and isinstance(subject.layer, MaxPool2d):
            lit["output"], passed = self._winners(subject, focus.cell, lit.get("output", []))
        rows, columns = (track.outputs for track in subject.tracks)  # cells that a padding cuts away have no gradient
        lit["output"] = [(row, column) for row, column in lit.get("output", ()) if row in rows and column in columns]
        for part, grid in self.grids.items():
            mark = focus.cell if part == focus.part else None
            grid.set_lit(lit.get(part, ()), mark, {"input": echoes, "output": passed}.get(part, ()))
        self.focus_changed.emit()

    def _winners(self, subject: Subject, cell: GridCell, readers: list[GridCell]) -> tuple[list[GridCell], list[GridCell]]:
        """Of the windows that read an input cell, those whose maximum it is, and the others."""
        if self.read_at(cell) is None or self._above is None:
            return [], readers
        place = (subject.inputs[self._state.source], *cell)
        found = into_input(subject.layer, subject.values_CHW, None, self._above, place).terms
        taken = {(term.output[1], term.output[2]) for term in found if term.partner}
        return [each for each in readers if each in taken], [each for each in readers if each not in taken]

    # --- what the user does

    def _walked_to(self, part: SceneGrid, cell: GridCell) -> None:
        """Walking over the output looks at its gradients, and the lens follows."""
        if part != "output":
            super()._walked_to(part, cell)
            return
        if not self._own(part, cell):
            return
        state = self.moved_to(cell)
        self._walked = Focus(part, cell)
        self.edited.emit(state)
        self._light()

    # --- words

    def retranslate(self) -> None:
        super().retranslate()
        tips: dict[SceneGrid, str] = {
            "input": self.tr("Point at a cell to see which output gradients flow into it. Click to pin, Esc to free."),
            "filter": self.tr("Point at a weight to see which output gradients flow into it. Click to pin, Esc to free."),
            "output": self.tr("Point at a gradient to see where it flows to."),
        }
        for part, tip in tips.items():
            self._titles[part].setToolTip(tip)
        self.grids["output"].setAccessibleName(self.tr("Gradient of the output"))

    def _write_titles(self) -> None:
        super()._write_titles()
        subject = self._subject
        if subject is None:
            return
        rows, columns = subject.outputs
        size = f"({rows} × {columns})"
        self._title(
            "output",
            self.tr("Output gradient {name} {size}").format(name=self._named("output", GRADIENTS["output"]), size=size),
            GRADIENTS["output"],
        )
        if self._shows == "gradients":
            parts: tuple[SceneGrid, ...] = ("input", "filter")
            for part in parts:
                rows, columns = (subject.shape[1], subject.shape[2]) if part == "input" else subject.kernel
                named = self._named(part, GRADIENTS[part])
                self._title(part, f"{named} ({rows} × {columns})", named)

    def _figure(self, focus: Focus) -> str:
        """A gradient is not the weight or the input itself: it has its own name."""
        figure = super()._figure(focus)
        return f", {GRADIENTS[focus.part]}{figure}" if figure and self._shows == "gradients" else figure

    def _named(self, part: SceneGrid, name: str) -> str:
        """The name with the power of ten by which the grid's numbers are to be multiplied."""
        return f"{name} · 10{raised(self._tens[part])}" if part in self._tens else name

    def _write_sign(self, subject: Subject) -> None:
        """Backwards, the signs point from right to left."""
        for sign in self._signs:
            set_text(sign, "←")
            sign.setToolTip(self.tr("Gradients flow from the output back to the filter and the input."))
            if sign.property("role") != "sign":
                set_role(sign, "sign")


def _signed(sheet: Sheet, values: NDArray[np.float64]) -> Sheet:
    """The same cells with other values, coloured around zero."""
    finite = np.abs(values[np.isfinite(values)])
    most = float(finite.max(initial=0.0)) or 1.0
    return replace(sheet, values_HW=values, colours=diverging(), low=-most, high=most, unread_HW=None)
