"""The page of unseen samples: the share that has not been drawn, with and without replacement, and how often samples are
drawn."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from engine.figures import full_count, measured, percent, raised, round_percent
from engine.foundations.boards.batches.batches_order import (
    EpochPlan,
    UnseenShare,
    draw_counts,
    simulated_unseen,
    times_drawn,
    unseen_over_draws,
    unseen_share,
)
from gui.labs.foundations.batches.batches_words import share_text, word
from gui.labs.foundations.batches.graph_pair import GraphPair, PairShown
from gui.labs.foundations.batches.state import BatchesState
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture, GraphPoints, bar_outline

REPEATS = 200
DRAWN, WITHOUT, THEORY = 0, 2, 1  # colours
MOST_TIMES = 12  # that a sample is drawn: further ones are not on the axis
BAR_HALF = 0.4  # of a number's room


class UnseenPage(GraphPair):
    """What is simulated is one epoch, `REPEATS` times."""

    def shown_of(self, state: BatchesState) -> PairShown:
        samples, epochs = state.unseen_samples, state.unseen_epochs
        plan = EpochPlan(samples, 1, epochs, replacement=True)
        draws = np.arange(samples * epochs + 1)
        course = unseen_over_draws(plan, state.seed)
        exact = unseen_share(samples, samples)
        simulated = _simulated(samples, state.seed)
        marks = [GraphMark("1/e", math.exp(-1), along="y", colour="accent")]
        marks += [GraphMark("", epoch * samples) for epoch in range(1, epochs + 1)]
        shown = np.unique(np.linspace(0, len(draws) - 1, min(len(draws), 400)).round().astype(int))
        theory = (1 - 1 / samples) ** draws

        def tip(x: float, _y: float) -> str:
            at = int(min(max(round(x), 0), len(draws) - 1))
            return "\n".join(
                [
                    word("unseen.draws_tip", draws=full_count(at)),
                    f"{word('unseen.drawn')}  {percent(float(course[at]))}",
                    f"{word('unseen.theory')}  {percent(float(theory[at]))}",
                    f"{word('unseen.without')}  {percent(max(1 - at / samples, 0.0))}",
                ]
            )

        upper = GraphPicture(
            lines=(
                GraphLine(word("unseen.drawn"), draws[shown], course[shown], DRAWN, width=2.2),
                GraphLine(word("unseen.theory"), draws[shown], theory[shown], THEORY, dashed=1, width=1.6),
                GraphLine(word("unseen.without"), [0, samples, draws[-1]], [1, 0, 0], WITHOUT, width=1.6),
            ),
            points=(GraphPoints("", [samples], [exact.mean], THEORY, "diamond", px=5.5),),
            marks=marks,
            x=(0, float(draws[-1])),
            y=(0, 1.02),
            x_name=word("unseen.draws"),
            y_name=word("unseen.share"),
            y_ticks=[(share / 4, round_percent(share / 4)) for share in range(5)],
            tip=tip,
        )
        return PairShown(
            upper,
            word("unseen.title", samples=full_count(samples)),
            self._histogram(plan, state.seed),
            word("unseen.lower", epochs=epochs),
            self._figures(samples, exact, simulated, course),
            word("unseen.said"),
        )

    def _histogram(self, plan: EpochPlan, seed: int) -> GraphPicture:
        """How often samples were drawn in all epochs, beside the binomial distribution."""
        counts = draw_counts(plan, plan.iterations, seed)
        times = np.arange(max(MOST_TIMES, int(counts.max())) + 1)
        shares = np.bincount(counts, minlength=len(times)) / plan.samples
        expected = times_drawn(plan.samples, plan.samples * plan.epochs, len(times) - 1)
        without = np.zeros(len(times))
        without[plan.epochs] = 1.0
        x, y = bar_outline(times, shares, BAR_HALF)

        def tip(at: float, _y: float) -> str:
            number = int(min(max(round(at), 0), len(times) - 1))
            drawn, theory = percent(float(shares[number])), percent(float(expected[number]))
            return f"{word('unseen.times', times=number)}\n{word('unseen.drawn')}  {drawn}\n{word('unseen.theory')}  {theory}"

        return GraphPicture(
            lines=(GraphLine(word("unseen.drawn"), x, y, DRAWN, width=1.2, filled_to=0.0, told=False),),
            points=(GraphPoints(word("unseen.binomial"), times, expected, THEORY, "diamond", px=5.0),),
            marks=(GraphMark(word("unseen.each", times=plan.epochs), plan.epochs, colour="ok"),),
            x=(-0.6, times[-1] + 0.6),
            y=(0, math.ceil(11 * max(float(shares.max()), float(expected.max()))) / 10),
            x_name=word("unseen.how_often"),
            y_name=word("unseen.of_samples"),
            x_ticks=[(float(each), str(each)) for each in times],
            tip=tip,
        )

    def _figures(
        self, samples: int, exact: UnseenShare, simulated: np.ndarray, course: np.ndarray
    ) -> list[tuple[str, str, str]]:
        return [
            (
                word("unseen.exact"),
                share_text(exact.mean),
                word("unseen.formula", samples=full_count(samples), power=raised(samples)),
            ),
            (
                word("unseen.now"),
                share_text(float(course[samples])),
                word("unseen.count", count=round(course[samples] * samples)),
            ),
            (
                word("unseen.simulated", repeats=REPEATS),
                share_text(float(simulated.mean())),
                f"± {percent(float(simulated.std()))}",
            ),
            (word("unseen.deviation"), percent(exact.deviation), word("unseen.in_theory")),
            (word("unseen.limit"), share_text(math.exp(-1)), f"1/e = {measured(math.exp(-1), 4)}"),
        ]


@lru_cache(maxsize=8)
def _simulated(samples: int, seed: int) -> np.ndarray:
    return simulated_unseen(samples, samples, REPEATS, seed)
