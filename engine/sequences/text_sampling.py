"""What a network says comes next in a text: probabilities at each position, perplexity, and text that it writes by itself.

`look_at_text` and `write_text` are probes, pure functions of (model, data) in evaluation mode, whose answers are plain numpy.
Random draws are from a generator of their own. The task is the next token: x (T,), y (T,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.networks.output_meaning import OutputMeaning
from engine.words import CodedError

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset

MOST_WRITTEN = 2_000  # characters of one text
MOST_TEMPERATURE = 10.0


class NoTextError(CodedError):
    """The task is no text, the network cannot write, or the prompt has characters that it does not know."""

    TABLE = "sequence_answers"


@dataclass(frozen=True, eq=False)
class NextCharacters:
    """Of validation sample `sample` of `total`: what is read (T characters), what truly follows each, and the probability of
    each character of the vocabulary, made of the true characters up to there. `perplexity` is exp of the mean of -ln p(true),
    of this text and of the whole validation set; V for one that only guesses."""

    sample: int
    total: int
    vocabulary: tuple[str, ...]
    text: tuple[str, ...]
    truth: tuple[str, ...]
    probabilities: NDArray[np.float64]  # (T, V), each row adds up to 1
    perplexity: float
    perplexity_of_all: float


class ShownShare(NamedTuple):
    """One character's probability and how it is written; `token` is its number, -1 for all others together."""

    token: int
    share: float
    text: str


@dataclass(frozen=True, eq=False)
class WrittenText:
    """A prompt and what the network wrote after it, each character drawn from `probabilities` (before temperature and top-k),
    with the probability that it was drawn with."""

    prompt: str
    written: str
    probabilities: NDArray[np.float64]  # (written, V)
    drawn_with: NDArray[np.float64]  # (written,)


def look_at_text(model: nn.Module, data: Dataset, *, sample: int = 0, meaning: OutputMeaning = "scores") -> NextCharacters:
    """Validation sample `sample`, counted round. Raises NoTextError."""
    raise NotImplementedError


def write_text(
    model: nn.Module,
    data: Dataset,
    *,
    prompt: str,
    length: int = 200,
    temperature: float = 1.0,
    top_k: int | None = None,
    seed: int = 0,
    meaning: OutputMeaning = "scores",
) -> WrittenText:
    """Read `prompt`, then write `length` characters, each of which is read as the next one. A character is drawn with
    probability p^(1/`temperature`), made to add up to 1; at temperature 0 it is the likeliest. `top_k`: from so many likeliest
    ones only. The same seed gives the same text. Raises NoTextError."""
    raise NotImplementedError


def shown_shares(probabilities: Sequence[float] | NDArray[np.float64], most: int = 6) -> tuple[ShownShare, ...]:
    """The `most` likeliest and all others together, as percentages with one decimal that add up to 100.0%. Only what is 0 is
    written 0.0%, only what is 1 100.0%: otherwise < 0.1% and > 99.9%."""
    raise NotImplementedError
