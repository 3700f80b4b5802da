"""Backpropagation through time by hand: what a gradient at a recurrent layer's outputs becomes at each of its states.

One step back is linear in the gradient, so many gradients go back together, a row each: the parts that different loss steps
send. With A and B matrices made of the gates at that step, U's blocks below each other and `.` for a product of matrices:

    RNN   dh_old = dh . J                         J = diag(slope of the nonlinearity) U
    GRU   dh_old = dh . J                         J = diag(z) + diag(k_r) U_r + diag(k_z) U_z + diag(k_n r) U_n
    LSTM  dm = dh . W_hr                          m = o * tanh(c), which is h without a projection
          dc = dm * o (1 - tanh(c)^2) + what came from c of the step after
          dh_old = dc . A + dm . B                A = diag(k_i) U_i + diag(k_f) U_f + diag(k_g) U_g,  B = diag(k_o) U_o
          dc_old = dc * f

with k the derivatives of the new state by each gate's sum, as k_i = g i (1 - i). The gradient by what the layer reads has W
in the place of U. All in double precision: a gradient that has vanished in single precision still has its slope. No torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.sequences.opened import OpenedDirection

Doubles: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = list[tuple[int, Doubles]]  # blocks of neighbouring parts: the number of the first, a row each
At: TypeAlias = Callable[[int], Rows]  # of a time step

VANISHED, VANISHED_EVERY = 1e-130, 16  # looked for every so many steps: the square of a length is in the range of numbers
FEW = 8  # rows, for which a step's matrix costs more than it saves


@dataclass(frozen=True, eq=False)
class StateGradients:
    """The total derivatives of the loss by the states of one layer and direction, by the input's time step.

    A part's `..._share` at step t is its projection on the direction of the total there, p·d / |d|: it is what the part adds to
    the length of the total, so that all parts of a step add up to `..._norm` (a part that pulls the other way is negative). Its
    `..._part_norm` is its own length. P parts, in the order of the loss steps."""

    dh: Doubles  # (T, R) dL/dh_t
    dc: Doubles | None  # (T, H) dL/dc_t, of an LSTM
    dh_share: Doubles  # (P, T)
    dc_share: Doubles | None
    dh_part_norm: Doubles  # (P, T)
    dc_part_norm: Doubles | None
    dh_parts: Doubles | None = None  # (P, T, R), where they were asked for
    dc_parts: Doubles | None = None

    @property
    def dh_norm(self) -> Doubles:
        """|dL/dh_t|, (T,)"""
        return lengths(self.dh)

    @property
    def dc_norm(self) -> Doubles | None:
        return None if self.dc is None else lengths(self.dc)


def lengths(rows: Doubles) -> Doubles:
    """Of each row."""
    with np.errstate(all="ignore"):
        return np.asarray(np.linalg.norm(rows, axis=1))


def sent_back(
    directions: Sequence[OpenedDirection],
    direct: Sequence[At],
    parts: int,
    wanted: Callable[[OpenedDirection], bool],
    *,
    truncated_steps: int | None = None,
    keep_parts: bool = False,
) -> dict[tuple[int, bool], StateGradients]:
    """The gradients of the `wanted` ones of a module's `directions`, by (layer, backward). `direct` is what comes to the
    outputs of the top layer's directions from above, of so many `parts`. With truncated backpropagation nothing flows from
    one window of so many steps of the sequence into the one before."""
    found: dict[tuple[int, bool], StateGradients] = {}
    with np.errstate(all="ignore"):  # a gradient that explodes is said as ∞
        _down(directions, direct, parts, wanted, found, truncated_steps, keep_parts)
    return found


def jacobians(direction: OpenedDirection, steps: Iterable[int]) -> list[Doubles]:
    """∂(state after step t) / ∂(state before it) for each of `steps`: of h, (R, R); of an LSTM of h and c, (R + H, R + H), h
    first."""
    with np.errstate(all="ignore"):
        back = _Back(direction)
        return [back.jacobian(t) for t in steps]


def weight_gradients(direction: OpenedDirection, gradients: StateGradients) -> tuple[list[Doubles], Doubles]:
    """The gradients by a direction's weights and by what it reads, (T, D), from those by its states."""
    with np.errstate(all="ignore"):
        back = _Back(direction)
        dh = gradients.dh
        dm = dh if back.projection is None else dh @ back.projection
        given = dm[:, None] if gradients.dc is None else np.stack([gradients.dc] * 3 + [dm], 1)
        sums = (back.slopes * given).reshape(direction.steps, -1)  # (T, gates × H), by W x + b
        states = (back.state_slopes * given).reshape(direction.steps, -1)  # by U h + b'
        found = [sums.T @ direction.x, states.T @ direction.old_states("h")]
        if direction.bias_ih is not None:
            found += [sums.sum(0), states.sum(0)]
        if back.projection is not None:
            arrays = direction.arrays
            found.append(dh.T @ (arrays["o"] * np.tanh(arrays["c"])))
        return found, sums @ direction.weight_ih


# --- inside


def _down(
    directions: Sequence[OpenedDirection],
    direct: Sequence[At],
    parts: int,
    wanted: Callable[[OpenedDirection], bool],
    found: dict[tuple[int, bool], StateGradients],
    truncated_steps: int | None,
    keep_parts: bool,
) -> None:
    """From layer to layer, down to the lowest that is wanted."""
    lowest = min(one.layer for one in directions if wanted(one))
    above = list(direct)
    for layer in range(directions[-1].layer, lowest - 1, -1):
        here = [one for one in directions if one.layer == layer]
        reading: list[list[Rows]] = []
        for one, own in zip(here, above, strict=True):
            recorded = _Record(one, parts, keep_parts) if wanted(one) else None
            reading.append(_walk(one, own, parts, recorded, truncated_steps, reads=layer > lowest))
            if recorded is not None:
                found[layer, one.backward] = recorded.gradients()
        if layer > lowest:
            size = here[0].state_size
            above = [_part_of_reading(reading, number * size, (number + 1) * size) for number in range(len(here))]


class _Back:
    """The matrices of one step back, for every step of a direction."""

    def __init__(self, direction: OpenedDirection) -> None:
        self.direction = direction
        values = {name: array.astype(np.float64) for name, array in direction.arrays.items()}
        old_h = direction.old_states("h").astype(np.float64)
        weights = direction.weight_hh.astype(np.float64)
        hidden = direction.units
        self._flat = weights
        self._state = weights.reshape(-1, hidden, weights.shape[1])  # (gates, H, R)
        read = direction.weight_ih.astype(np.float64)
        self._read = read.reshape(-1, hidden, read.shape[1])  # (gates, H, D)
        self.projection = None if direction.weight_hr is None else direction.weight_hr.astype(np.float64)
        self.f = self.squash = np.zeros((0, 0))
        slopes: tuple[Doubles, ...]
        match direction.kind:
            case "LSTM":
                i, f, g, o, c = (values[name] for name in ("i", "f", "g", "o", "c"))
                squashed = np.tanh(c)
                old_c = direction.old_states("c").astype(np.float64)
                self.f, self.squash = f, o * (1 - squashed**2)
                slopes = g * i * (1 - i), old_c * f * (1 - f), i * (1 - g**2), squashed * o * (1 - o)
            case "GRU":
                r, z, n = values["r"], values["z"], values["n"]
                inner = old_h @ self._state[2].T
                if direction.bias_hh is not None:
                    inner = inner + direction.bias_hh[2 * hidden :]
                k_n = (1 - z) * (1 - n**2)
                self.f = z
                slopes = k_n * inner * r * (1 - r), (old_h - n) * z * (1 - z), k_n
            case _:
                h = values["h"]
                slopes = ((1 - h**2) if direction.nonlinearity == "tanh" else (h > 0).astype(np.float64),)
        self.slopes = self.state_slopes = np.stack(slopes, 1)  # (T, gates, H), by W x + b and by U h + b'
        if direction.kind == "GRU":
            self.state_slopes = self.slopes.copy()
            self.state_slopes[:, 2] *= values["r"]
            self._diagonal = np.diag_indices(hidden)

    def by_state(self, t: int) -> Doubles:
        """J, (R, R); of an LSTM A and below it B, (2 H, R), which do not hold the way from c to c."""
        found = self._matrix(self.state_slopes[t], self._state)
        if self.direction.kind == "GRU":
            found[self._diagonal] += self.f[t]
        return found

    def by_reading(self, t: int) -> Doubles:
        """The same for what the layer reads, (H, D) or (2 H, D)."""
        return self._matrix(self.slopes[t], self._read)

    def jacobian(self, t: int) -> Doubles:
        if self.direction.kind != "LSTM":
            return self.by_state(t)
        by_c, by_wide = np.split(self.by_state(t), 2)
        of_wide = np.concatenate([self.squash[t][:, None] * by_c + by_wide, np.diag(self.squash[t] * self.f[t])], 1)
        of_c = np.concatenate([by_c, np.diag(self.f[t])], 1)
        return np.concatenate([of_wide if self.projection is None else self.projection @ of_wide, of_c])

    def few_back(self, t: int, rows: Doubles) -> Doubles:
        """rows . by_state(t), without making the matrix: for a few rows."""
        slopes = self.state_slopes[t]
        gates, hidden = slopes.shape
        if self.direction.kind == "LSTM":
            sums = np.empty((len(rows), gates, hidden))
            np.multiply(rows[:, None, :hidden], slopes[:3], sums[:, :3])
            np.multiply(rows[:, hidden:], slopes[3], sums[:, 3])
            return np.asarray(sums.reshape(len(rows), -1) @ self._flat)
        found = np.asarray((rows[:, None] * slopes).reshape(len(rows), -1) @ self._flat)
        if self.direction.kind == "GRU":
            found += rows * self.f[t]
        return found

    def _matrix(self, slopes: Doubles, weights: Doubles) -> Doubles:
        terms = slopes[:, :, None] * weights
        if self.direction.kind == "LSTM":
            terms[2] += terms[0]
            terms[2] += terms[1]
            return terms[2:].reshape(-1, terms.shape[2])
        for term in terms[1:]:
            terms[0] += term
        return np.asarray(terms[0])


class _Record:
    """What is kept of a direction while the parts go back through it."""

    def __init__(self, direction: OpenedDirection, parts: int, keep: bool) -> None:
        steps, has_cells = direction.steps, direction.kind == "LSTM"
        sizes = {"h": direction.state_size} | ({"c": direction.units} if has_cells else {})
        self._is_one = parts == 1
        self._total = {name: np.zeros((steps, size)) for name, size in sizes.items()}
        self._share = {name: np.zeros((steps, parts)) for name in sizes}
        self._norm = {name: np.zeros((steps, parts)) for name in sizes}
        self._ones = {name: np.ones(size) for name, size in sizes.items()}
        self._parts = {name: np.zeros((parts, steps, size)) for name, size in sizes.items()} if keep else {}

    def put(self, name: str, t: int, first: int, rows: Doubles) -> None:
        """The parts from number `first` on; all others are 0."""
        if self._is_one:
            self._total[name][t] = rows[0]
            return
        total = np.add.reduce(rows, 0)
        length = sqrt(total @ total)
        self._total[name][t] = total
        stop = first + len(rows)
        if length > 0:
            np.matmul(rows, total / length, self._share[name][t, first:stop])
        norms = self._norm[name][t, first:stop]
        np.sqrt(np.matmul(rows * rows, self._ones[name], norms), norms)
        if self._parts:
            self._parts[name][first:stop, t] = rows

    def gradients(self) -> StateGradients:
        if self._is_one:
            for name, total in self._total.items():
                self._norm[name][:, 0] = lengths(total)
                self._share[name] = self._norm[name].copy()
                if self._parts:
                    self._parts[name][0] = total

        def by_part(arrays: Mapping[str, Doubles], name: str) -> Doubles | None:
            return np.ascontiguousarray(arrays[name].T) if name in arrays else None

        share, norm = by_part(self._share, "h"), by_part(self._norm, "h")
        assert share is not None and norm is not None
        return StateGradients(
            self._total["h"],
            self._total.get("c"),
            share,
            by_part(self._share, "c"),
            norm,
            by_part(self._norm, "c"),
            self._parts.get("h"),
            self._parts.get("c"),
        )


def _walk(
    direction: OpenedDirection, direct: At, parts: int, record: _Record | None, truncated_steps: int | None, *, reads: bool
) -> list[Rows]:
    """Walk back through one direction, from the step that it reads last. The parts that have not yet sent anything (those of
    earlier loss steps) and have therefore only zeros are left out: [first, stop) are those that have. The answer is the
    gradient by what the direction reads at each step, where it is asked for."""
    back = _Back(direction)
    steps, hidden, is_lstm = direction.steps, direction.units, direction.kind == "LSTM"
    dh, other = np.zeros((parts, direction.state_size)), np.zeros((parts, direction.state_size))
    joint = np.zeros((parts, 2 * hidden if is_lstm else 0))  # dc and dm side by side: one product takes both back
    dc, dm, product = joint[:, :hidden], joint[:, hidden:], np.zeros((parts, hidden))
    first, stop = parts, 0
    reading: list[Rows] = [[] for _ in range(steps)] if reads else []
    for t in range(steps) if direction.backward else range(steps - 1, -1, -1):
        for start, rows in direct(t):
            dh[start : start + len(rows)] += rows
            first, stop = min(first, start), max(stop, start + len(rows))
        if first >= stop:
            continue
        here = slice(first, stop)
        if is_lstm:
            if back.projection is None:
                dm[here] = dh[here]
            else:
                np.matmul(dh[here], back.projection, dm[here])
            dc[here] += np.multiply(dm[here], back.squash[t], product[here])
        if record is not None:
            record.put("h", t, first, dh[here])
            if is_lstm:
                record.put("c", t, first, dc[here])
        if reads:
            reading[t] = [(first, (joint if is_lstm else dh)[here] @ back.by_reading(t))]
        old = direction.old_step(t)
        if old is None or (
            truncated_steps is not None and _window(old, steps, truncated_steps) != _window(t, steps, truncated_steps)
        ):
            dh[:], other[:], joint[:] = 0.0, 0.0, 0.0
            first, stop = parts, 0
            continue
        flowing = (joint if is_lstm else dh)[here]
        if stop - first <= FEW:
            other[here] = back.few_back(t, flowing)
        else:
            np.matmul(flowing, back.by_state(t), other[here])
        dh, other = other, dh
        if is_lstm:
            dc[here] *= back.f[t]
        if t % VANISHED_EVERY == 0:
            first, stop = _without_vanished((dh, other, joint), first, stop)
    return reading


def _window(t: int, steps: int, size: int) -> int:
    """Counted from the end: the last window is whole."""
    return (steps - 1 - t) // size


def _without_vanished(arrays: tuple[Doubles, Doubles, Doubles], first: int, stop: int) -> tuple[int, int]:
    """The range of the parts without those at its ends that are as good as 0, which are made 0: numbers that leave the range of
    double precision slowly cost a hundred times as much as others."""
    dh, _, joint = (each[first:stop] for each in arrays)
    sizes = np.abs(dh).max(1)
    if joint.size:
        sizes = np.maximum(sizes, np.abs(joint[:, : joint.shape[1] // 2]).max(1))
    (alive,) = np.nonzero(~(sizes < VANISHED))  # NaN too
    ahead, behind = (int(alive[0]), int(alive[-1]) + 1) if len(alive) else (len(sizes), len(sizes))
    for each in arrays:
        each[first : first + ahead], each[first + behind : stop] = 0.0, 0.0
    return first + ahead, first + behind


def _part_of_reading(reading: list[list[Rows]], start: int, stop: int) -> At:
    """What comes to one direction of the layer below: the columns from `start` on of the gradient by what is read."""

    def at(t: int) -> Rows:
        return [(first, rows[:, start:stop]) for each in reading for first, rows in each[t]]

    return at
