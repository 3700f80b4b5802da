"""How curves are looked at, as one frozen value. No Qt: a lab's state holds it, and it is read and checked without a window.

Its fields are part of the settings and of shared files: names and defaults stay.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Unit = Literal["iteration", "epoch", "time"]
UNITS: tuple[Unit, ...] = ("iteration", "epoch", "time")
SMOOTHINGS = (0.0, 0.6, 0.9, 0.97, 0.99)


class CurveView(msgspec.Struct, frozen=True):
    """`smoothing` is the share that a running mean keeps of what came before; `following` keeps the latest iteration
    in sight; `across` is what the horizontal axis counts; `chance` shows the line that pure guessing would reach."""

    log: bool = False
    smoothing: float = 0.9
    following: bool = True
    across: Unit = "iteration"
    chance: bool = True
