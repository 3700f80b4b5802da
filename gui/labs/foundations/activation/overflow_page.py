"""The sum of exponentials by what is added to all scores, where float32 and float64 end, and every step with and without the
shift."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.figures import beside_one, measured, raised
from engine.foundations.boards.activation.softmax_steps import SoftmaxSteps, largest_offset, softmax_steps
from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.score_rows import numbered
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.theme import set_role
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

OFFSETS = np.arange(-1000.0, 1200.5, 5.0)
UP = (1e-300, 1e308)
TICKS = tuple((float(power), f"10{raised(power)}") for power in (-300, -200, -100, 100, 200, 300))


def _scores(state: ActivationState) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(state.scores, np.float64) + state.offset


class OverflowPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.sums = GraphPlot()
        self.sums.export_name = "softmax-overflow"
        self.sums.handle_moved.connect(lambda _key, x, _y: self._moved(x))
        self.sums.clicked.connect(lambda x, _y: self._moved(x))
        self.table = FigureTable()
        self.verdict = label("warn_line", wraps=True)
        self.column.addWidget(self.sums, 1)
        self.column.addWidget(self.verdict)
        self.column.addWidget(self.table)

    def _moved(self, x: float) -> None:
        self.edited.emit({"offset": float(round(x))})

    def show_page(self, state: ActivationState) -> None:
        single, double = (softmax_steps(_scores(state), kind) for kind in (np.float32, np.float64))
        lines = []
        for number, (name, kind) in enumerate((("float32", np.float32), ("float64", np.float64))):
            moved = (np.array(state.scores)[None] + OFFSETS[:, None]).astype(kind)
            with np.errstate(over="ignore", under="ignore"):
                sums = np.exp(moved).sum(axis=1).astype(np.float64)
            lines.append(
                GraphLine(
                    self.tr("sum of eˣ, {kind}").format(kind=name),
                    OFFSETS,
                    np.where(np.isfinite(sums), sums, np.nan),
                    1 - number,
                    width=5.0 - 3.0 * number,
                    opacity=0.55 + 0.45 * number,
                )
            )
        lines.reverse()
        lines.append(GraphLine(self.tr("with the shift"), OFFSETS, np.full(len(OFFSETS), double.total), 2))
        ends = [
            GraphMark(self.tr("{kind} ends at {value}").format(kind=name, value=measured(end)), end, colour="warn")
            for name, end in (
                ("float32", largest_offset(np.array(state.scores), np.float32)),
                ("float64", largest_offset(np.array(state.scores), np.float64)),
            )
        ]
        self.sums.show_picture(
            GraphPicture(
                lines=lines,
                handles=(GraphHandle("offset", self.tr("added to all"), state.offset, double.total, moves="x", colour=2),),
                marks=(*ends, GraphMark("", state.offset)),
                x=(min(OFFSETS[0], state.offset), max(OFFSETS[-1], state.offset)),
                y=UP,
                log_y=True,
                x_name=self.tr("added to all scores"),
                y_name=self.tr("sum of exponentials"),
                y_ticks=((0.0, "1"), *TICKS),
            )
        )
        set_text(self.verdict, self._verdict(single, double))
        set_role(self.verdict, "warn_line" if single.lost or double.lost else "ok_line")
        rows: list[Sequence[str]] = [
            ("", "", "float32", "", "float64", "", self.tr("with the shift"), "", ""),
            ("", "x", "eˣ", "p", "eˣ", "p", "x − max", "eˣ⁻ᵐᵃˣ", "p"),
        ]
        for k in range(len(state.scores)):
            cells = (double.scores, single.raw, single.raw_shares, double.raw, double.raw_shares)
            shifted = (double.shifted, double.exponentials, double.shares)
            rows.append((numbered("x", k), *(beside_one(float(each[k])) for each in (*cells, *shifted))))
        raw = (measured(single.raw_sum), self._sum(single), measured(double.raw_sum), self._sum(double))
        sums = (measured(double.total), measured(float(double.shares.sum())))
        rows.append((self.tr("sum"), "", *raw, "", *sums))
        self.table.set_rows(rows)

    @staticmethod
    def _sum(steps: SoftmaxSteps) -> str:
        with np.errstate(invalid="ignore"):
            return measured(float(steps.raw_shares.sum()))

    def _verdict(self, single: SoftmaxSteps, double: SoftmaxSteps) -> str:
        if double.lost:
            return self.tr("Without the shift, both float32 and float64 give no probabilities; with it, they are right.")
        if single.lost:
            return self.tr("Without the shift, float32 gives no probabilities; float64 is still right.")
        return self.tr("Both are right without the shift: neither sum overflows.")

    def page_answers(self, state: ActivationState) -> Sequence[TopicFigure]:
        single, double = (softmax_steps(_scores(state), kind) for kind in (np.float32, np.float64))
        largest = int(double.shares.argmax())
        p = numbered("p", largest)
        return (
            (self.tr("{p} in float32").format(p=p), beside_one(float(single.raw_shares[largest])), self.tr("direct")),
            (self.tr("{p} in float64").format(p=p), beside_one(float(double.raw_shares[largest])), self.tr("direct")),
            (
                self.tr("{p} with the shift").format(p=p),
                beside_one(float(double.shares[largest])),
                f"max = {measured(double.largest)}",
            ),
        )
