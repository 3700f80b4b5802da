"""The question about the gates, which several pages ask: the same object for the same sample and layer, so that a model answers
it once for all of them."""

from __future__ import annotations

from functools import lru_cache, partial

from engine.networks.trace import Path
from gui.running.result_page import ModelQuestion


@lru_cache(maxsize=8)
def gates_question(sample: int, path: Path | None = None) -> ModelQuestion:
    """(model, data) -> GatesAnswer: every gate of validation sample `sample`, of all recurrent layers or of that at `path`."""
    from engine.sequences.gate_probe import look_at_gates

    return partial(look_at_gates, sample=sample, path=path)


@lru_cache(maxsize=8)
def convolutions_question(sample: int) -> ModelQuestion:
    """(model, data) -> GatesAnswer: the channels of every causal convolution, in the place of gates."""
    from engine.sequences.convolved import look_at_convolutions

    return partial(look_at_convolutions, sample=sample)
