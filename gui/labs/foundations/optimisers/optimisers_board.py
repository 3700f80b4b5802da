"""The board of optimisers: eight rules go down one surface from one start. Called by the foundations lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.labs.foundations.optimisers.digits_page import DigitsPage
from gui.labs.foundations.optimisers.parting_page import PartingPage
from gui.labs.foundations.optimisers.parts.rule_toggles import RuleToggles
from gui.labs.foundations.optimisers.parts.surface_formula import SurfaceFormula
from gui.labs.foundations.optimisers.paths_page import PathsPage
from gui.labs.foundations.optimisers.rate_batch_page import RateBatchPage
from gui.labs.foundations.optimisers.shown_descents import told_problem
from gui.labs.foundations.optimisers.stability_page import StabilityPage
from gui.labs.foundations.optimisers.state import (
    BOOKS,
    LINKS,
    NOISE,
    OF_RULES,
    OptimisersState,
    convention_counts,
    fitted_optimisers,
    on_surface,
    on_topic,
    with_rule,
)
from gui.labs.foundations.optimisers.update_page import UpdatePage
from gui.labs.foundations.topic_board import TopicBoard, TopicPage
from gui.shell.language import told
from gui.shell.undo import difference

_RULES = (*dict.fromkeys(name for names in OF_RULES.values() for name in names if name != "epsilon"), "epsilon")
_PLACE = ("start_x", "start_y", "steps")
_LATER = ("later_factor", "later_from")


class OptimisersBoard(TopicBoard[OptimisersState]):
    """The left column has the surface, the switches of the rules, the settings of the one that is looked at, and noise."""

    name = "optimisers"
    state_type = OptimisersState
    BOOKS = BOOKS
    LINKS = LINKS
    FORM = ("surface", "reach", "looked", *_RULES, *_PLACE, "convention", "all_noisy", *NOISE, *_LATER, "digit_iterations")
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        "paths": PathsPage,
        "update": UpdatePage,
        "stability": StabilityPage,
        "conventions": PartingPage,
        "batch": RateBatchPage,
        "digits": DigitsPage,
    }
    TOPIC_FIELDS: ClassVar[Mapping[str, Sequence[str]]] = {
        "paths": ("surface", "looked", *_PLACE, "convention", "all_noisy"),
        "update": ("surface", "looked", *_PLACE, "convention", "all_noisy"),
        "stability": ("surface", "looked", "start_x", "start_y", "steps"),
        "conventions": ("surface", "looked", *_PLACE, *_LATER),
        "batch": ("surface", "looked", *NOISE),
        "digits": ("looked", "convention", "digit_iterations", "seed"),
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggles, self.formula = RuleToggles(), SurfaceFormula()
        self.toggles.switched.connect(self._switched)
        self.formula.written.connect(self._formula_written)

    def controls(self) -> Sequence[QWidget]:
        return (self.toggles, self.formula, self.form)

    def rows_of(self, state: OptimisersState) -> Sequence[str]:
        shown = [*self.TOPIC_FIELDS[state.topic], *OF_RULES[state.looked]]
        if state.surface == "formula" and state.topic != "digits":
            shown.append("reach")
        if "all_noisy" in shown and (state.all_noisy or "sgd" in state.rules):
            shown += NOISE
        if state.topic == "paths" and state.later_factor != 1:
            shown += _LATER
        return shown

    def draw(self) -> None:
        state = self.state
        self.toggles.show_rules(state)
        self.formula.setVisible(state.surface == "formula" and state.topic != "digits")
        problem = told_problem(state)
        self.formula.show_formula(state.formula, told(problem) if problem is not None else "")
        super().draw()
        self.form.set_row_enabled("convention", convention_counts(state))
        if "batch" in self.rows_of(state):
            self.form.number("batch").set_range(1, state.samples)
        self.form.set_row_enabled("later_from", state.later_factor != 1)

    # --- what the user does

    def look(self, **changes: Any) -> None:
        """Another topic brings its rates."""
        state = on_topic(self.state, changes.pop("topic", self.state.topic))
        self.edited.emit(msgspec.structs.replace(state, **changes), None)

    @Slot(object)
    def _form_edited(self, state: OptimisersState) -> None:
        """An edit of the form, with what follows from it: another surface brings its start and rates, a rule that is looked at
        is drawn."""
        self.refused.emit("")
        before = self.state
        if state.surface != before.surface:
            state = on_surface(state, state.surface)
        if state.looked != before.looked and state.looked not in state.rules:
            state = with_rule(state, state.looked, True)
        state = fitted_optimisers(state)
        if state.steps != before.steps and before.step >= before.steps:
            state = msgspec.structs.replace(state, step=state.steps)  # who looks at the end goes on looking at it
        self.edited.emit(state, difference(before, state))

    @Slot(str, bool)
    def _switched(self, rule: str, shown: bool) -> None:
        if rule in OF_RULES:
            self.open_state(with_rule(self.state, rule, shown))  # type: ignore[arg-type]

    @Slot(str)
    def _formula_written(self, text: str) -> None:
        self.edit(formula=text)

    def retranslate(self) -> None:
        self.formula.retranslate()
        super().retranslate()
