"""What the numbers of the gradient through time say, in sentences and in figures. Called by its page."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.figures import TIMES, UNKNOWN, beside_one, full_count, measured, percent
from engine.sequences.direct_gradients import LossSteps
from engine.sequences.through_time import StepSpectra, ThroughTime
from gui.labs.sequence.gradients.gradient_question import StateName, slope_of, turn_of, typical

THOUSAND = 3.0  # decades
STILL = 0.1  # decades over the whole sequence: less is no change that anybody sees
ALIKE = 0.01  # numbers that differ by less are written as one
FARTHEST = 1_000_000  # steps: beyond it is never


class GradientWords(QObject):
    """Sentences in the window's language."""

    def course(self, through: ThroughTime, state: StateName, *, alone: bool) -> str:
        """How the gradient changes from step to step back in time; with the cell's name where it is not alone."""
        slope, steps = slope_of(through, state), len(through.gradients.dh)
        if slope is None:
            return ""
        if (turn := turn_of(through, state)) is not None:
            return self._turned(through, *turn, alone=alone)
        over_all = abs(slope) * (steps - 1)
        values = {
            "share": percent(10.0**slope),
            "steps": full_count(min(ceil(THOUSAND / abs(slope)), FARTHEST)) if slope else "",
            "length": full_count(steps),
            "times": beside_one(10.0**slope, 3),
        }
        if not alone:
            return f"{through.kind}: {self._brief(slope, over_all).format(**values)}"
        if over_all < STILL:
            text = self.tr("What one loss sends back stays about as long over all {length} time steps.")
        elif slope < 0 and THOUSAND / abs(slope) >= FARTHEST:
            text = self.tr("At each step back {share} of what one loss sends back is left on average.")
        elif slope < 0:
            text = self.tr(
                "At each step back {share} of what one loss sends back is left on average: after {steps} steps a thousandth."
            )
        else:
            text = self.tr(
                "At each step back what one loss sends back grows to {times} times on average: after {steps} steps a thousand "
                "times."
            )
        return text.format(**values)

    def _turned(self, through: ThroughTime, least: int, share: float, *, alone: bool) -> str:
        values = {"share": percent(share), "t": full_count(least + 1)}
        if alone:
            text = self.tr("What one loss sends back shrinks to {share} at t = {t} and then grows again: it has no one slope.")
        else:
            text = "{kind}: " + self.tr("shrinks to {share} at t = {t}, then grows")
        return text.format(kind=through.kind, **values)

    def _brief(self, slope: float, over_all: float) -> str:
        if over_all < STILL:
            return self.tr("stays about as long over all {length} steps")
        if slope < 0 and THOUSAND / abs(slope) >= FARTHEST:
            return self.tr("{share} left a step")
        if slope < 0:
            return self.tr("{share} left a step, a thousandth after {steps} steps")
        return self.tr("×{times} a step, a thousandfold after {steps} steps")

    def reason(self, through: ThroughTime, spectra: StepSpectra | None) -> str:
        """Why it shrinks or grows, by the Jacobian's two numbers; nothing where it does both."""
        slope = None if turn_of(through, "h") is not None else through.slope
        radius, norm = (None, None) if spectra is None else (typical(spectra.radius), typical(spectra.norm))
        if slope is None or radius is None or norm is None:
            return ""
        values = {"radius": beside_one(radius, 3), "norm": beside_one(norm, 3)}
        if slope < 0 and radius < 1 < norm:
            text = self.tr(
                "It shrinks although one step can stretch a gradient by up to {norm}, the largest singular value: that is for "
                "one direction only, which the step turns away. Over many steps the spectral radius decides, {radius}, below "
                "1."
            )
        elif slope < 0 and norm <= 1:
            text = self.tr("No direction grows: even the largest singular value of a step is {norm}.")
        elif slope < 0:
            text = self.tr(
                "Single steps have a spectral radius of {radius}, above 1, and yet the gradient shrinks: the Jacobians change "
                "from step to step and do not stretch one and the same direction."
            )
        elif radius > 1:
            text = self.tr("The spectral radius of a step is {radius}, above 1: some direction grows at every step back.")
        else:
            return ""
        return text.format(**values)

    def ranged(self, values: NDArray[np.float64], *, brief: bool = False) -> str:
        """The geometric mean over the steps, and, unless it is `brief`, the range where they differ."""
        middle = typical(values)
        if middle is None:
            return (
                UNKNOWN
                if not len(values) or not np.isfinite(values).all()
                else f"{_short(values.min())} … {_short(values.max())}"
            )
        low, high = float(values.min()), float(values.max())
        if brief or high - low <= ALIKE * middle:
            return _short(middle)
        return f"{_short(middle)} ({_short(low)} … {_short(high)})"

    def clipping(self, through: ThroughTime, *, brief: bool = False) -> str:
        """Whether clipping bites on this sample's gradient by all weights."""
        length = _short(through.weights_norm)
        if brief:
            bites = through.clipped_to < 1.0
            return (
                UNKNOWN if through.clip is None else TIMES + _short(through.clipped_to) if bites else self.tr("no", "clipping")
            )
        if through.clip is None:
            return self.tr("off (length {length})").format(length=length)
        values = {"length": length, "clip": measured(through.clip, 3), "factor": TIMES + _short(through.clipped_to)}
        if through.clipped_to == 1.0:
            return self.tr("does not bite ({length} ≤ {clip})").format(**values)
        return self.tr("{factor} ({length} > {clip})").format(**values)

    def meanings(self) -> tuple[str, str, str, str]:
        """Of spectral radius, largest singular value, slope and clipping."""
        return (
            self.tr(
                "The largest absolute eigenvalue of the recurrent Jacobian, of an LSTM by h and c together: the geometric "
                "mean over some time steps, and the range. Over many steps it says whether a gradient vanishes or grows."
            ),
            self.tr("The most that the recurrent Jacobian of one step can stretch a gradient, in the best direction."),
            self.tr(
                "How many powers of ten the gradient of the last loss step changes by at each step back, on average over all "
                "steps."
            ),
            self.tr(
                "The length of this sample's gradient by all weights, and by what clipping would multiply it. In training the "
                "gradient of a whole batch is clipped."
            ),
        )

    def steps_of(self, steps: LossSteps) -> str:
        """Loss steps, counted from 1."""
        first, last = full_count(steps.start + 1), full_count(steps.stop)
        if steps.stop - steps.start == 1:
            return self.tr("loss at t = {t}").format(t=last)
        return self.tr("loss at t = {first}–{last}").format(first=first, last=last)

    def about_parts(self) -> str:
        return self.tr(
            "Coloured lines: what single loss steps send back. Below: the share of each group of loss steps in the total. The "
            "shares add up to 100% at every t; what lies below 0 pulls the other way."
        )

    def zeros(self) -> str:
        return self.tr("▼: exactly 0, no gradient arrives there.")

    def truncated(self, through: ThroughTime) -> str:
        if through.truncated_steps is None:
            return ""
        text = self.tr("Truncated backpropagation: nothing flows from a window of {steps} steps into the one before.")
        return text.format(steps=full_count(through.truncated_steps))


def _short(value: float) -> str:
    return beside_one(float(value), 3)
