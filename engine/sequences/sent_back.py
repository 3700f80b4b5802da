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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.sequences.opened import OpenedDirection

Doubles: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = list[tuple[int, Doubles]]  # blocks of neighbouring parts: the number of the first, a row each
At: TypeAlias = Callable[[int], Rows]  # of a time step

VANISHED, VANISHED_EVERY = 1e-250, 8  # looked for every so many steps


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
        return np.asarray(np.linalg.norm(self.dh, axis=1))

    @property
    def dc_norm(self) -> Doubles | None:
        return None if self.dc is None else np.asarray(np.linalg.norm(self.dc, axis=1))


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
    return found


def jacobian(direction: OpenedDirection, t: int) -> Doubles:
    """∂(state after step t) / ∂(state before it): of h, (R, R); of an LSTM of h and c, (R + H, R + H), h first."""
    back = _Back(direction)
    if direction.kind != "LSTM":
        return back.by_state(t)[0]
    by_c, by_wide = back.by_state(t)
    of_wide = np.concatenate([back.squash[t][:, None] * by_c + by_wide, np.diag(back.squash[t] * back.f[t])], 1)
    of_c = np.concatenate([by_c, np.diag(back.f[t])], 1)
    return np.concatenate([of_wide if back.projection is None else back.projection @ of_wide, of_c])


# --- inside


class _Back:
    """The matrices of one step back, for every step of a direction."""

    def __init__(self, direction: OpenedDirection) -> None:
        self.direction = direction
        values = {name: array.astype(np.float64) for name, array in direction.arrays.items()}
        old_h = direction.old_states("h").astype(np.float64)
        weights = direction.weight_hh.astype(np.float64)
        hidden = direction.units
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
                self._reset = r
                slopes = k_n * inner * r * (1 - r), (old_h - n) * z * (1 - z), k_n
            case _:
                h = values["h"]
                slopes = ((1 - h**2) if direction.nonlinearity == "tanh" else (h > 0).astype(np.float64),)
        self._slopes = np.stack(slopes, 1)  # (T, gates, H)

    def by_state(self, t: int) -> tuple[Doubles, ...]:
        """J; of an LSTM A and B, which do not hold the way from c to c."""
        if self.direction.kind != "GRU":
            return self._matrices(self._slopes[t], self._state)
        slopes = self._slopes[t].copy()
        slopes[2] *= self._reset[t]
        (found,) = self._matrices(slopes, self._state)
        found[np.diag_indices(len(found))] += self.f[t]
        return (found,)

    def by_reading(self, t: int) -> tuple[Doubles, ...]:
        """The same for what the layer reads, (H, D)."""
        return self._matrices(self._slopes[t], self._read)

    def _matrices(self, slopes: Doubles, weights: Doubles) -> tuple[Doubles, ...]:
        terms = slopes[:, :, None] * weights
        return (terms[0] + terms[1] + terms[2], terms[3]) if self.direction.kind == "LSTM" else (terms.sum(0),)


class _Record:
    """What is kept of a direction while the parts go back through it."""

    def __init__(self, direction: OpenedDirection, parts: int, keep: bool) -> None:
        steps, has_cells = direction.steps, direction.kind == "LSTM"
        sizes = {"h": direction.state_size} | ({"c": direction.units} if has_cells else {})
        self._total = {name: np.zeros((steps, size)) for name, size in sizes.items()}
        self._share = {name: np.zeros((steps, parts)) for name in sizes}
        self._norm = {name: np.zeros((steps, parts)) for name in sizes}
        self._parts = {name: np.zeros((parts, steps, size)) for name, size in sizes.items()} if keep else {}

    def put(self, name: str, t: int, first: int, rows: Doubles) -> None:
        """The parts from number `first` on; all others are 0."""
        total = rows.sum(0)
        length = float(np.sqrt(total @ total))
        self._total[name][t] = total
        stop = first + len(rows)
        if length > 0:
            self._share[name][t, first:stop] = rows @ (total / length)
        np.sqrt(np.einsum("pu,pu->p", rows, rows), out=self._norm[name][t, first:stop])
        if self._parts:
            self._parts[name][first:stop, t] = rows

    def gradients(self) -> StateGradients:
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
    steps, is_lstm = direction.steps, direction.kind == "LSTM"
    dh, dc = np.zeros((parts, direction.state_size)), np.zeros((parts, direction.units))
    first, stop = parts, 0
    reading: list[Rows] = [[] for _ in range(steps)] if reads else []
    for t in range(steps) if direction.backward else range(steps - 1, -1, -1):
        for start, rows in direct(t):
            dh[start : start + len(rows)] += rows
            first, stop = min(first, start), max(stop, start + len(rows))
        if first >= stop:
            continue
        own_h, own_c = dh[first:stop], dc[first:stop]
        wide = own_h if back.projection is None else own_h @ back.projection
        if is_lstm:
            own_c += wide * back.squash[t]
        if record is not None:
            record.put("h", t, first, own_h)
            if is_lstm:
                record.put("c", t, first, own_c)
        if reads:
            matrices = back.by_reading(t)
            came = own_c @ matrices[0] + wide @ matrices[1] if is_lstm else own_h @ matrices[0]
            reading[t] = [(first, came)]
        old = direction.old_step(t)
        if old is None or (truncated_steps is not None and old // truncated_steps != t // truncated_steps):
            own_h[:], own_c[:] = 0.0, 0.0
            first, stop = parts, 0
            continue
        matrices = back.by_state(t)
        if is_lstm:
            before = own_c @ matrices[0]
            before += wide @ matrices[1]
            own_h[:] = before
            own_c *= back.f[t]
        else:
            own_h[:] = own_h @ matrices[0]
        if t % VANISHED_EVERY == 0:
            first, stop = _without_vanished(own_h, own_c, first, stop)
    return reading


def _without_vanished(own_h: Doubles, own_c: Doubles, first: int, stop: int) -> tuple[int, int]:
    """The range of the parts without those at its ends that are as good as 0, which are made 0: numbers that leave the range of
    double precision slowly cost a hundred times as much as others."""
    sizes = np.maximum(np.abs(own_h).max(1), np.abs(own_c).max(1))
    (alive,) = np.nonzero(~(sizes < VANISHED))  # NaN too
    ahead, behind = (int(alive[0]), int(alive[-1]) + 1) if len(alive) else (len(sizes), len(sizes))
    for gone in (slice(ahead), slice(behind, None)):
        own_h[gone], own_c[gone] = 0.0, 0.0
    return first + ahead, first + behind


def _part_of_reading(reading: list[list[Rows]], start: int, stop: int) -> At:
    """What comes to one direction of the layer below: the columns from `start` on of the gradient by what is read."""

    def at(t: int) -> Rows:
        return [(first, rows[:, start:stop]) for each in reading for first, rows in each[t]]

    return at
