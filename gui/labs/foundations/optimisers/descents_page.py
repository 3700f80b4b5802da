"""What the topics of the board of optimisers have in common: the descents of a state, the player, the main figures.

Called by the pages that show descents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Slot

from engine.figures import UNKNOWN, full_count, measured
from engine.foundations.boards.optimisers.point_gradient import point_gradient
from engine.foundations.formula_graph import FormulaError
from gui.labs.foundations.optimisers.descent_pictures import PictureWords
from gui.labs.foundations.optimisers.parts.descent_player import DescentPlayer
from gui.labs.foundations.optimisers.shown_descents import ShownDescents, shown_descents
from gui.labs.foundations.optimisers.state import OF_RULES, OptimisersState, RuleName
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphPicture, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.language import say, told

TABLE = "board_optimisers"


def rule_name(rule: RuleName) -> str:
    return say(TABLE, f"rule.{rule}")


class DescentsPage(TopicPage):
    """A subclass fills in `draw_page`, and gives the player a place where it is one that plays. Where the own formula is none,
    the pictures are empty and say why."""

    def __init__(self, *, plays: bool = True) -> None:
        super().__init__()
        self.shown: ShownDescents | None = None
        self.player: DescentPlayer | None = None
        if plays:
            self.player = DescentPlayer(self)
            self.player.went.connect(lambda step: self.edited.emit({"step": step}))
            self.player.played.connect(self._played)

    def draw_page(self, shown: ShownDescents) -> None:
        raise NotImplementedError

    def plots(self) -> Sequence[GraphPlot]:
        """The graphs that are empty where there is no surface."""
        return ()

    def show_page(self, state: OptimisersState) -> None:
        try:
            self.shown = shown_descents(state)
        except FormulaError as error:
            self.shown = None
            words = GraphText(told(error), 0.5, 0.5, "warn", "middle")
            for plot in self.plots():
                plot.show_picture(GraphPicture(texts=(words,), x=(0, 1), y=(0, 1)))
            return
        if self.player is not None:
            self.player.show_step(state.shown_step, state.steps)
        self.draw_page(self.shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate_page()

    def retranslate_page(self) -> None:
        """Write the page's own words anew; the board draws it anyway."""

    def play_page(self) -> bool:
        if self.player is None:
            return False
        self.player.toggle()
        return True

    @Slot(int)
    def _played(self, step: int) -> None:
        assert self.player is not None
        self.played.emit({"step": step}, self.player.play_key)

    def page_left(self) -> None:
        if self.player is not None:
            self.player.stop()

    def start_moved(self, _key: str, x: float, y: float) -> None:
        """The start was dragged."""
        self.edited.emit({"start_x": round(x, 4), "start_y": round(y, 4)})

    def words(self) -> PictureWords:
        return PictureWords(
            rules={rule: rule_name(rule) for rule in OF_RULES},
            start=self.tr("start"),
            lowest=self.tr("lowest place"),
            step=self.tr("step"),
            height=self.tr("height"),
            above=self.tr("height above the lowest place"),
            arrows=(self.tr("gradient −η·g"), self.tr("velocity"), self.tr("step taken")),
        )

    # --- figures

    def page_answers(self, state: Any) -> Sequence[TopicFigure]:
        """Height, gradient and stability of the rule that is looked at, and who is lowest."""
        shown = self.shown
        if shown is None:
            return [(title, UNKNOWN, "") for title in ("x", "y", "|g|", "η·λ")]
        rule = shown.state.looked
        at, name = shown.at(rule), rule_name(rule)
        height = float(shown.above[rule][at])
        x, y = (float(one) for one in shown.points(rule)[at])
        slope, stays = self._slope(shown, rule, at), self._stays(shown, rule)
        lowest = min(shown.state.rules, key=lambda each: _height(shown, each))
        return [
            (
                self.tr("{rule} after step {step}").format(rule=name, step=full_count(at)),
                measured(height),
                self.tr("height") if shown.floor is None else self.tr("above the lowest"),
            ),
            (self.tr("Place"), f"{measured(x)}, {measured(y)}", f"|g| {slope}"),
            stays,
            (self.tr("Lowest now"), rule_name(lowest), measured(_height(shown, lowest))),
        ]

    def _slope(self, shown: ShownDescents, rule: RuleName, at: int) -> str:
        """The length of the gradient."""
        x, y = (float(one) for one in shown.points(rule)[at])
        try:
            across, up = point_gradient(shown.surface.formula)(x, y)
        except (OverflowError, ValueError, ZeroDivisionError):
            return UNKNOWN
        return measured(math.hypot(across, up))

    def _stays(self, shown: ShownDescents, rule: RuleName) -> TopicFigure:
        found = shown.stability(rule)
        title = self.tr("Rate × curvature")
        if found is None or found.product != found.product:
            return title, UNKNOWN, ""
        sign = "<" if found.stays else "≥"
        return title, measured(found.product, 3), f"{sign} {measured(found.limit, 3)}"


def _height(shown: ShownDescents, rule: RuleName) -> float:
    found = float(shown.above[rule][shown.at(rule)])
    return found if found == found else float("inf")
