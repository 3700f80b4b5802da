"""What a step of the graph does, in a sentence and as products with today's numbers; or, while the pointer is over a part of
the graph, the local derivatives there.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.figures import TIMES
from engine.foundations.boards.backpropagation.graph_walk import (
    TABLE,
    LocalTerm,
    WalkStep,
    backward_line,
    forward_line,
    rule_of,
    sign_of,
)
from engine.foundations.unit_functions import softmax
from gui.labs.foundations.backpropagation.graph.graph_picture import GraphShown
from gui.labs.foundations.backpropagation.graph.graph_view import GraphSpot
from gui.labs.foundations.backpropagation.graph.product_strip import ProductLine, ProductPart, ProductStrip
from gui.shell.language import language, say
from gui.widgets.labels import label, set_text

LEAST_STRIP_PX, MOST_STRIP_PX = 88, 190  # of the products; higher ones are scrolled


class StepCard(QWidget):
    """`show_step` says what the step of the graph is, or what is under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: GraphShown | None = None
        self._spot: GraphSpot | None = None
        self.head = label("heading")
        self.rule = label("worked", wraps=True)
        self.rule.setMinimumHeight(2 * self.rule.fontMetrics().lineSpacing() + 4)  # the graph above keeps its room
        self.rule.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.strip = ProductStrip()
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self.strip)
        self.strip.setAutoFillBackground(False)  # the scroll area has filled both
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setFixedHeight(LEAST_STRIP_PX)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.head, self.rule, self._scroll):
            column.addWidget(part)

    def set_strip_height(self, wanted: int) -> None:
        """How much room the products take."""
        self._scroll.setFixedHeight(min(max(wanted, LEAST_STRIP_PX), MOST_STRIP_PX))

    def show_step(self, shown: GraphShown, spot: GraphSpot | None) -> None:
        self._shown, self._spot = shown, spot
        if spot is None:
            self._show_own(shown)
        else:
            self._show_spot(shown, spot)
        lines = self.strip.lines
        self.setAccessibleName(self.head.text())
        self.setAccessibleDescription("; ".join([self.rule.text(), *(_spoken(shown, spot) if lines else ())]))

    def _show_own(self, shown: GraphShown) -> None:
        step = shown.step
        set_text(self.head, self._title(shown, step))
        set_text(self.rule, rule_of(shown.walk, step).say(language()))
        self.strip.show_lines(self._lines(shown, step))

    def _title(self, shown: GraphShown, step: WalkStep) -> str:
        sign = sign_of(shown.walk.formula.nodes[step.node]) if step.node >= 0 else ""
        titles = {
            "leaves": self.tr("Given values"),
            "forward": self.tr("Forward through {sign}"),
            "begin": self.tr("The gradient begins"),
            "backward": self.tr("Backward through {sign}"),
        }
        return titles[step.kind].format(sign=sign)

    def _lines(self, shown: GraphShown, step: WalkStep) -> list[ProductLine]:
        if step.kind == "forward":
            return self._forward(shown, step.node)
        if step.kind == "leaves":
            return []
        if step.kind == "begin":
            one = shown.known.gradients[step.node]
            return [ProductLine("", (ProductPart(sign=self.tr("∂output/∂output ="), back=True), ProductPart(one, back=True)))]
        wanted = [term for term in step.terms if not shown.is_constant(term.source)]
        return [line for term in wanted for line in self._backward(shown, term, with_sum=True)]

    def _forward(self, shown: GraphShown, place: int) -> list[ProductLine]:
        node = shown.walk.formula.nodes[place]
        values = [shown.walk.values[source] for source in node.inputs]
        sign = sign_of(node)
        if len(values) == 2 and node.operation != "softmax_loss":
            parts = [ProductPart(values[0]), ProductPart(sign=sign), ProductPart(values[1])]
        else:
            opening = f"{sign}("
            parts = [ProductPart(sign=opening), ProductPart(values[0])]
            for value in values[1:]:
                parts += [ProductPart(sign=","), ProductPart(value)]
            parts.append(ProductPart(sign=")"))
        lines = [ProductLine("", (*parts, ProductPart(sign="="), ProductPart(shown.walk.values[place])))]
        if node.operation == "softmax_loss":  # what it has found on its way
            lines.append(ProductLine("y", (ProductPart(sign="softmax ="), ProductPart(softmax(values[0])))))
        return lines

    def _backward(self, shown: GraphShown, term: LocalTerm, *, with_sum: bool) -> list[ProductLine]:
        above = ProductPart(term.upstream, self.tr("upstream"), back=True)
        local = ProductPart(term.local, self.tr("local"))
        joined = {
            "times": (above, ProductPart(sign=TIMES), local),
            "right": (above, ProductPart(sign="@"), local),
            "left": (local, ProductPart(sign="@"), above),
        }[term.joining]
        parts = [*joined, ProductPart(sign="=")]
        if term.summed:
            parts += [ProductPart(term.product, back=True), ProductPart(sign=self.tr("summed:"))]
        passed = ProductPart(term.passed, self.tr("passed back"), back=True)
        name = sign_of(shown.walk.formula.nodes[term.source])
        lines = [ProductLine(name, (*parts, passed))]
        if with_sum and (more := self._added(shown, term)) is not None:
            lines.append(more)
        return lines

    def _added(self, shown: GraphShown, term: LocalTerm) -> ProductLine | None:
        """What has come to a leaf that is read more than once, this term included, the last one to come."""
        earlier = [
            one
            for step in shown.walk.steps[: shown.done + 1]
            for one in step.terms
            if one.source == term.source
            and (one.target, one.turn) != (term.target, term.turn)
            and (one.target > term.target or (one.target == term.target and one.turn < term.turn))
        ]
        if not earlier:
            return None
        with np.errstate(all="ignore"):
            total = term.passed + sum(one.passed for one in earlier)
        parts: list[ProductPart] = []
        for one in (*earlier, term):
            parts += [ProductPart(sign="+")] * bool(parts) + [ProductPart(one.passed, back=True)]
        return ProductLine(
            self.tr("Σ {name}").format(name=sign_of(shown.walk.formula.nodes[term.source])),
            (*parts, ProductPart(sign="="), ProductPart(total, back=True)),
        )

    def _show_spot(self, shown: GraphShown, spot: GraphSpot) -> None:
        """The local derivatives of what is pointed at."""
        nodes = shown.walk.formula.nodes
        node = nodes[spot.place]
        if node.operation is None:
            name = sign_of(node)
            set_text(self.head, name)
            if node.name is None:
                set_text(self.rule, say(TABLE, "spot.constant", number=name))
                self.strip.show_lines([])
                return
            readers = shown.walk.readers[spot.place]
            code = "spot.leaf" if len(readers) == 1 else "spot.shared_leaf"
            set_text(self.rule, say(TABLE, code, name=name, count=len(readers)))
            gradient = shown.walk.gradients[spot.place]
            parts = (ProductPart(sign=f"∂/∂{name} ="), ProductPart(gradient, back=True))
            self.strip.show_lines([ProductLine("", parts)])
            return
        turns = [spot.turn] if spot.kind == "wire" else list(range(len(node.inputs)))
        set_text(self.head, self.tr("Local derivative of {sign}").format(sign=sign_of(node)))
        set_text(self.rule, rule_of(shown.walk, WalkStep("backward", spot.place)).say(language()))
        lines = []
        for turn in turns:
            lines += self._backward(shown, shown.term(spot.place, turn), with_sum=False)
        self.strip.show_lines(lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.set_room(self._scroll.viewport().width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._shown is not None:
            self.show_step(self._shown, self._spot)


def _spoken(shown: GraphShown, spot: GraphSpot | None) -> list[str]:
    """The equations as text, for screen readers."""
    step = shown.step
    if spot is not None and shown.walk.formula.nodes[spot.place].operation is not None:
        turns = [spot.turn] if spot.kind == "wire" else range(len(shown.walk.formula.nodes[spot.place].inputs))
        return [backward_line(shown.term(spot.place, turn)) for turn in turns]
    if step.kind == "forward":
        return [forward_line(shown.walk, step.node)]
    return [backward_line(term) for term in step.terms]
