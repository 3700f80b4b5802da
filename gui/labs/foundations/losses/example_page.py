"""One answer over ten classes, whose bars are dragged, with both losses term by term and by the share of the true class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.figures import fixed, measured
from engine.foundations.boards.losses.loss_terms import LossTerms, loss_terms, losses_by_share, made_room
from engine.foundations.single_losses import LEAST
from gui.labs.foundations.losses.state import ANSWERS, LossesState
from gui.labs.foundations.score_rows import below
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints, bar_outline
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

TABLE_PX = 222  # whatever the figures, so that the plots beside them keep their size
BAR_HALF = 0.36  # of a class's room
SHARES = np.concatenate([np.geomspace(1e-4, 0.02, 40), np.linspace(0.025, 1.0, 118)])
UP = (0.0, 5.0)


def least_of(state: LossesState) -> float:
    """What is added before the logarithm."""
    return LEAST if state.book_least else 0.0


def _terms(state: LossesState) -> LossTerms:
    return loss_terms(np.array(state.answers), state.truth, least_of(state))


class ExamplePage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.bars, self.curves = GraphPlot(), GraphPlot()
        self.bars.export_name, self.curves.export_name = "answer", "losses"
        self.bars.handle_moved.connect(self._bar_moved)
        self.curves.handle_moved.connect(lambda _key, x, _y: self._share_moved(x))
        self.curves.clicked.connect(lambda x, _y: self._share_moved(x))
        self.table, self.worked = FigureTable(), label("worked", wraps=True)
        self._shown = LossesState()
        beside = QWidget()
        beside.setFixedWidth(TABLE_PX)
        plots, right = QVBoxLayout(), QVBoxLayout(beside)
        right.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(8)
        plots.addWidget(self.bars, 1)
        plots.addWidget(self.curves, 1)
        right.addWidget(self.table)
        right.addWidget(self.worked)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(plots, 1)
        row.addWidget(beside)
        self.column.addLayout(row)

    def _bar_moved(self, key: str, _x: float, y: float) -> None:
        place, share, state = int(key), round(min(max(y, 0.0), 1.0), 3), self._shown
        if state.make_room:
            answers = made_room(np.array(state.answers), place, share).tolist()
        else:
            answers = [*state.answers[:place], share, *state.answers[place + 1 :]]
        self.edited.emit({"answers": tuple(answers)})

    def _share_moved(self, x: float) -> None:
        """The curves are drawn for others that make room, so they do."""
        state = self._shown
        share = round(min(max(x, 0.0), 1.0), 3)
        self.edited.emit({"answers": tuple(made_room(np.array(state.answers), state.truth, share).tolist())})

    def show_page(self, state: LossesState) -> None:
        self._shown = state
        answers, truth, terms = np.array(state.answers), state.truth, _terms(state)
        others = [k for k in range(ANSWERS) if k != truth]
        bars = (
            GraphLine(self.tr("other classes"), *bar_outline(others, answers[others], BAR_HALF), 0, width=1.5, filled_to=0.0),
            GraphLine(self.tr("true class"), *bar_outline([truth], answers[[truth]], BAR_HALF), 2, width=1.5, filled_to=0.0),
        )
        self.bars.show_picture(
            GraphPicture(
                lines=bars,
                points=(GraphPoints(self.tr("truth t"), [truth], [1.0], 2, "diamond", 5.5, hollow=True),),
                handles=[
                    GraphHandle(str(k), f"y{k}", float(k), float(answers[k]), moves="y", colour=2 if k == truth else 0)
                    for k in range(ANSWERS)
                ],
                x=(-0.6, ANSWERS - 0.4),
                y=(-0.03, 1.08),
                x_ticks=[(float(k), str(k)) for k in range(ANSWERS)],
                x_name=self.tr("class"),
                y_name=self.tr("answer y"),
                tip=lambda x, _y: self._told(state, x),
            )
        )
        own = float(answers[truth])
        squared, crossed = losses_by_share(answers, truth, SHARES, least_of(state))
        at = [
            GraphPoints("", [own], [value], colour)
            for value, colour in ((terms.squared_error, 0), (min(terms.cross_entropy, UP[1]), 1))
        ]
        handle = GraphHandle("share", self.tr("share of the true class"), own, 0.0, moves="x", colour=2)
        self.curves.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("squared error"), SHARES, squared, 0),
                    GraphLine(self.tr("cross-entropy"), SHARES, np.where(crossed <= UP[1], crossed, np.nan), 1),
                ),
                points=at,
                handles=(handle,),
                marks=(GraphMark("", own),),
                x=(-0.02, 1.02),
                y=(-0.1, UP[1]),
                x_name=self.tr("y of the true class, the others make room"),
                y_name=self.tr("loss"),
            )
        )
        of_truth, least = f"y{below(truth)}", "10⁻⁷" if state.book_least else ""
        added = f"({of_truth} + {least})" if least else of_truth
        rows: list[Sequence[str]] = [(self.tr("class"), "y", "t", "(y − t)²", "−t ln(y+δ)" if least else "−t ln y")]
        for k in range(ANSWERS):
            log = fixed(float(terms.logs[k])) if k == truth else "0"
            rows.append((str(k), fixed(float(answers[k])), str(int(k == truth)), fixed(float(terms.squares[k])), log))
        rows.append(("Σ", fixed(float(answers.sum())), "1", fixed(float(terms.squares.sum())), fixed(terms.cross_entropy)))
        rows.append(("½Σ", "", "", fixed(terms.squared_error), ""))
        self.table.set_rows(rows)
        said = self.tr("{of_y} = {loss}\nDerivatives by {y}:\ny − t = {square}\n{by_y} = {log}")
        slopes = {"square": float(terms.square_slopes[truth]), "log": float(terms.log_slopes[truth])}
        written = {name: measured(slope) for name, slope in slopes.items()}
        of_y = f"−ln{added}" if least else f"−ln {added}"
        text = said.format(y=of_truth, of_y=of_y, by_y=f"−1/{added}", loss=fixed(terms.cross_entropy), **written)
        set_text(self.worked, f"δ = {least}\n{text}" if least else text)

    def _told(self, state: LossesState, x: float) -> str:
        k = round(x)
        if not 0 <= k < ANSWERS:
            return ""
        terms = _terms(state)
        said = self.tr("class {k}: y = {y}, t = {t}\nby y: squared error {square}, cross-entropy {log}")
        return said.format(
            k=k,
            y=measured(state.answers[k]),
            t=int(k == state.truth),
            square=measured(float(terms.square_slopes[k])),
            log=measured(float(terms.log_slopes[k])),
        )

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        terms = _terms(state)
        total = sum(state.answers)
        off = "" if abs(total - 1) < 1e-6 else self.tr("the answers add up to {total}").format(total=measured(total))
        mean = self.tr("torch's MSELoss: {value}").format(value=measured(terms.mean_squared_error))
        return (
            (self.tr("Squared error ½Σ(y − t)²"), fixed(terms.squared_error), mean),
            (
                self.tr("Cross-entropy {sum}").format(sum="−Σ t ln(y + 10⁻⁷)" if state.book_least else "−Σ t ln y"),
                fixed(terms.cross_entropy),
                off,
            ),
            (self.tr("y of the true class"), fixed(state.answers[state.truth]), ""),
        )
