"""The pinned runs' curves over each other: each run, means over seeds with a band, or differences of pairs with one seed;
beside them the runs with only the settings in which they differ.

Called by the page of all runs. What is drawn is found by `overlay_curves`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from engine.figures import fixed, full_count, measured, percent
from engine.runs.library.seed_statistics import BANDS, mean_with_error
from engine.words import printable
from gui.labs.training.runs.compared_table import ComparedTable
from gui.labs.training.runs.overlay_curves import FollowedCurve, OverlaidCurve, curve_of, overlaid
from gui.labs.training.runs.run_looks import COLOURS, colour_of, dash_of, swatch
from gui.labs.training.runs.runs_feed import Followed
from gui.labs.training.runs.runs_view import LOOKS, RunsView
from gui.plots.cursor import SharedCursor
from gui.plots.curve_card import CurveCard
from gui.plots.numbers.curve_data import Ribbon
from gui.plots.numbers.view import CurveView
from gui.shell.language import language
from gui.widgets.card import Card
from gui.widgets.forms.controls import ChoiceRow, Segmented
from gui.widgets.labels import label, set_text

MOST_SAID = 4  # groups in the line below the curves


class Overlay(QWidget):
    """`show_followed` shows what has been read, `set_view` how it is looked at; `view_edited` is the user's way. `drawn` tells,
    by folder, the look of the line that each run has, or has a part in."""

    view_edited = Signal(object)  # a RunsView
    drawn = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = RunsView()
        self._found: Mapping[str, Followed] = {}
        self._drawn: dict[str, tuple[object, int]] = {}  # key of a curve -> what it was made of, and how much of it is drawn
        self._drawn_on: CurveCard | None = None
        self._curves: tuple[OverlaidCurve, ...] = ()
        self.measure, self.part, self.shown = Segmented(), Segmented(), Segmented()
        self.band = ChoiceRow()
        cursor = SharedCursor(self)
        self.cards = {
            "value": CurveCard("value", log_offered=True, cursor=cursor),
            "rate": CurveCard("rate", log_offered=False, cursor=cursor),
        }
        cursor.moved.connect(self._write_values)
        self.said = label("small", wraps=True)
        self.table = ComparedTable()
        self.line, self.unpin = QPushButton(), QPushButton()
        self._lay_out()
        for card in self.cards.values():
            card.legend.hide()
            card.set_view(CurveView(smoothing=0.0, chance=False))
            card.view_changed.connect(self._card_view_changed)
        self.measure.chosen.connect(lambda key: self._edit(measure=key))
        self.part.chosen.connect(lambda key: self._edit(part=key))
        self.shown.chosen.connect(lambda key: self._edit(shown=key))
        self.band.chosen.connect(lambda key: self._edit(band=key))
        self.table.compared.shown_changed.connect(self._shown_changed)
        self.table.customContextMenuRequested.connect(self._menu_at)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self.line.clicked.connect(self._line_menu)
        self.unpin.clicked.connect(self._unpin_chosen)
        self.retranslate()

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for part in (self.measure, self.part, self.shown):
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            choices.addWidget(part)
        self.band.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        choices.addWidget(self.band)
        choices.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for card in self.cards.values():
            column.addWidget(card, 1)
        column.addWidget(self.said)
        self._compared = Card()
        self._compared.body.addWidget(self.table, 1)
        for button in (self.line, self.unpin):
            button.setProperty("role", "link")
            self._compared.tools.addWidget(button)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(left)
        parts.addWidget(self._compared)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setHandleWidth(12)
        parts.setSizes([600, 400])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(6)
        page.addLayout(choices)
        page.addWidget(parts, 1)

    # --- what is shown

    def set_view(self, view: RunsView) -> None:
        """Show it that way; nothing is emitted."""
        self._view = view
        self.measure.set_current(view.measure)
        self.part.set_current(view.part)
        self.shown.set_current(view.shown)
        self.band.set_value(view.band)
        self.band.setVisible(view.shown != "each")
        card, log = self.cards["value"], view.log and view.shown != "difference"  # which may be negative
        card.log.setEnabled(view.shown != "difference")
        if card.view.log != log:
            card.set_view(msgspec.structs.replace(card.view, log=log))
        self._show()

    def show_followed(self, found: Mapping[str, Followed]) -> None:
        """Show what has been read of the pinned runs, by folder."""
        self._found = found
        self._show()

    @property
    def curves(self) -> tuple[OverlaidCurve, ...]:
        """What is drawn."""
        return self._curves

    @property
    def card(self) -> CurveCard:
        """The plot that is shown: a difference is a value, whatever it is of."""
        rate = self._view.measure == "accuracy" and self._view.shown != "difference"
        return self.cards["rate" if rate else "value"]

    def runs(self) -> list[FollowedCurve]:
        """The pinned runs, as far as they have been read, in the order in which they were pinned."""
        return [
            FollowedCurve(pin.folder, pin.look, pin.hidden, found.experiment, found.history)
            for pin in self._view.pinned
            if (found := self._found.get(pin.folder)) is not None
        ]

    def _show(self) -> None:
        runs = self.runs()
        self._curves = overlaid(runs, self._view, language())
        looks = {folder: curve.look for curve in self._curves if not curve.faint for folder in curve.members}
        if self._view.shown == "difference":  # what the others are compared with has no line of its own
            base = {curve.members[0] for curve in self._curves if curve.key.startswith("difference:")}
            looks = {folder: look for folder, look in looks.items() if folder not in base}
        self.table.compared.show_runs(runs, looks)
        self.drawn.emit(looks)
        shown = self.card
        for card in self.cards.values():
            card.setVisible(card is shown)
        self._name()
        self._draw(shown)
        self._write_values()
        self._say(runs)
        self._enable()

    def _draw(self, card: CurveCard) -> None:
        """Bring the plot to the curves. One that has only grown is drawn on."""
        data = card.data
        if card is not self._drawn_on:
            self._drawn, self._drawn_on = {}, card
        kept = {curve.key for curve in self._curves} & set(self._drawn)
        data.keep(kept)
        self._drawn = {key: drawn for key, drawn in self._drawn.items() if key in kept}
        for curve in self._curves:
            histories = tuple(id(self._found[folder].history) for folder in curve.members)
            made_of = (curve.look, histories, self._view.measure, self._view.part, curve.band is None, curve.faint)
            before = self._drawn.get(curve.key)
            count = 0
            if before is not None and before[0] == made_of and len(curve.members) == 1:
                count = before[1]
            else:
                data.add(curve.key, colour_of(curve.look), dashed=1 if curve.faint else dash_of(curve.look))
            card.append(curve.key, curve.steps[count:], curve.values[count:])
            self._drawn[curve.key] = made_of, len(curve.steps)
        data.ribbons = {
            curve.key: Ribbon(curve.steps, curve.band.low, curve.band.high) for curve in self._curves if curve.band is not None
        }
        self._set_lengths(card)
        card.draw()

    def _set_lengths(self, card: CurveCard) -> None:
        """An epoch is a unit where all runs have epochs of one length."""
        found = [self._found[folder].status for curve in self._curves for folder in curve.members]
        each = {status.steps // status.epochs for status in found if status.epochs and status.steps}
        card.data.total = float(max((status.steps for status in found), default=0)) or None
        card.data.across.epoch_steps = float(each.pop()) if len(each) == 1 else None

    def _name(self) -> None:
        names = {curve.key: printable(curve.name) for curve in self._curves}
        words = {"loss": self.tr("Loss"), "accuracy": self.tr("Accuracy")}[self._view.measure]
        if self._view.shown == "difference":
            words = {
                "loss": self.tr("Difference of the loss"),
                "accuracy": self.tr("Difference of the accuracy (percentage points)"),
            }[self._view.measure]
        part = {"validation": self.tr("validation"), "train": self.tr("training")}[self._view.part]
        self.card.set_title(self.tr("{what}, {part}").format(what=words, part=part))
        self.card.export_name = words
        self.card.set_names(names, words)

    # --- values and sentences

    @Slot()
    @Slot(object)
    def _write_values(self, *_: object) -> None:
        """Each run's value at the cursor, or its latest one."""
        runs = self.runs()
        step = self.card.plot.cursor_step if runs and self.card.isVisible() else None  # without runs no plot is made
        values = {}
        for run in runs:
            steps, found = curve_of(run.history, self._view.measure, self._view.part)
            last = len(steps) if step is None else int(np.searchsorted(steps, step, "right"))
            if last:
                values[run.folder] = self._figure(float(found[last - 1]))
        self.table.compared.show_values(values)

    def _figure(self, value: float) -> str:
        return percent(value) if self._view.measure == "accuracy" else fixed(value)

    def _say(self, runs: Sequence[FollowedCurve]) -> None:
        """What the means are at their ends, or why nothing is drawn."""
        if not self._view.pinned:
            text = self.tr(
                "Check runs in the list above: their curves lie over each other here, with the settings that differ."
            )
        elif not self._curves and self._view.shown == "difference":
            text = self.tr(
                "A difference needs two runs with one seed and other settings. All are compared with the first pinned run."
            )
        elif self._view.shown == "each":
            text = ""
        else:
            sentences = [said for curve in self._curves if not curve.faint and (said := self._said_of(curve, runs))]
            text = "\n".join(sentences[:MOST_SAID])
        set_text(self.said, text)
        self.said.setVisible(bool(text))

    def _said_of(self, curve: OverlaidCurve, runs: Sequence[FollowedCurve]) -> str:
        """The mean at the last step that all of them have, with its deviation and interval."""
        if not len(curve.steps):
            return ""
        if self._view.shown == "difference" and curve.band is None:
            words = self.tr("{name}: {value} at iteration {step} (one pair)")
            value, at_step = measured(float(curve.values[-1]), 3), full_count(int(curve.steps[-1]))
            return words.format(name=printable(curve.name), value=value, step=at_step)
        if curve.band is None:
            return self.tr("{name}: one run. A band needs runs that differ in their seed only.").format(
                name=printable(curve.name)
            )
        whole = np.flatnonzero(curve.band.count == curve.band.count.max())
        at, count = int(whole[-1]), int(curve.band.count.max())
        step = int(curve.steps[at])
        found = mean_with_error(self._values_at(curve, runs, step))
        if found is None or found.deviation is None or found.half_width is None:
            return ""
        difference = self._view.shown == "difference"  # of accuracies in percentage points already
        scale = 100.0 if self._view.measure == "accuracy" and not difference else 1.0
        values = {
            "mean": measured(found.mean, 3) if difference else self._figure(found.mean),
            "deviation": measured(scale * found.deviation, 2),
            "width": measured(scale * found.half_width, 2),
        }
        words = self.tr("{name}: {mean} ± {width} (95% interval of {count} runs), deviation {deviation}, at iteration {step}")
        if difference:
            words = self.tr(
                "{name}: {mean} ± {width} (95% interval of {count} pairs), deviation {deviation}, at iteration {step}"
            )
        return words.format(name=printable(curve.name), count=count, step=full_count(step), **values)

    def _values_at(self, curve: OverlaidCurve, runs: Sequence[FollowedCurve], step: int) -> list[float]:
        if self._view.shown == "difference":
            pairs = [each for each in self._curves if each.faint and set(each.members) <= set(curve.members)]
            return [float(each.values[each.steps == step][0]) for each in pairs if (each.steps == step).any()]
        found = []
        for run in runs:
            if run.folder in curve.members:
                steps, values = curve_of(run.history, self._view.measure, self._view.part)
                found += [float(value) for value in values[steps == step]]
        return found

    # --- by the user's hand

    def _edit(self, **changes: object) -> None:
        self.view_edited.emit(msgspec.structs.replace(self._view, **changes))

    @Slot(object)
    def _card_view_changed(self, view: CurveView) -> None:
        if self.sender() is self.cards["value"] and self._view.shown != "difference" and view.log != self._view.log:
            self._edit(log=view.log)

    @Slot(str, bool)
    def _shown_changed(self, folder: str, shown: bool) -> None:
        self._change_pins([folder], hidden=not shown)

    def _change_pins(self, folders: Sequence[str], **changes: object) -> None:
        pinned = tuple(msgspec.structs.replace(pin, **changes) if pin.folder in folders else pin for pin in self._view.pinned)
        self._edit(pinned=pinned)

    @Slot()
    def _unpin_chosen(self) -> None:
        chosen = self.table.chosen or [pin.folder for pin in self._view.pinned]
        self._edit(pinned=tuple(pin for pin in self._view.pinned if pin.folder not in chosen))

    @Slot()
    def _line_menu(self) -> None:
        self._looks_menu().popup(self.line.mapToGlobal(QPoint(0, self.line.height())))

    @Slot(QPoint)
    def _menu_at(self, place: QPoint) -> None:
        if self.table.chosen:
            menu = self._looks_menu()
            menu.addSeparator()
            menu.addAction(self.unpin.text()).triggered.connect(self._unpin_chosen)
            menu.popup(self.table.viewport().mapToGlobal(place))

    def _looks_menu(self) -> QMenu:
        """The sixteen lines, for the runs that are selected."""
        menu = QMenu(self)
        colours = [self.tr("blue"), self.tr("orange"), self.tr("green"), self.tr("pink")]
        dashes = [self.tr("solid"), self.tr("dashed"), self.tr("dotted"), self.tr("dash-dotted")]
        for look in range(LOOKS):
            words = self.tr("{colour}, {dashes}").format(colour=colours[look % COLOURS], dashes=dashes[dash_of(look)])
            menu.addAction(QIcon(swatch(look)), words).setData(look)
        menu.triggered.connect(lambda action: self._give_look(action.data()))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _give_look(self, look: object) -> None:
        if isinstance(look, int):
            self._change_pins(self.table.chosen, look=look)

    @Slot()
    def _enable(self) -> None:
        self.line.setEnabled(bool(self.table.chosen))
        self.unpin.setEnabled(bool(self._view.pinned))
        several = bool(self.table.chosen)
        self.unpin.setText(self.tr("Unpin") if several else self.tr("Unpin all"))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.measure.set_choices([("loss", self.tr("Loss")), ("accuracy", self.tr("Accuracy"))])
        self.part.set_choices([("validation", self.tr("Validation")), ("train", self.tr("Training", "curve"))])
        self.shown.set_choices(
            [("each", self.tr("Each run")), ("mean", self.tr("Mean over seeds")), ("difference", self.tr("Difference"))]
        )
        bands = {
            "range": self.tr("Least to greatest"),
            "deviation": self.tr("Deviation"),
            "interval": self.tr("95% interval"),
        }
        self.band.set_choices([(band, bands[band]) for band in BANDS])
        self.band.set_label(
            "", self.tr("What lies around a mean. The 95% interval, by Student's t, holds the true mean in 95 of 100 cases.")
        )
        self.band.box.setMinimumContentsLength(max(map(len, bands.values())))
        self.band.box.setAccessibleName(self.tr("Band"))
        for control, name in (
            (self.measure, self.tr("Measure")),
            (self.part, self.tr("Data")),
            (self.shown, self.tr("Curves")),
        ):
            control.setAccessibleName(name)
        self.line.setText(self.tr("Line..."))
        self.line.setToolTip(self.tr("Colour and dashes of the runs that are selected here"))
        self._compared.set_title(self.tr("Pinned runs: only what differs"))
        self.table.setAccessibleName(self.tr("Pinned runs: only what differs"))
        self.table.compared.retranslate()
        self.set_view(self._view)
