"""What a network says comes next in a text: probabilities at each position, perplexity, and text that it writes by itself.

`look_at_text` and `write_text` are probes, pure functions of (model, data) in evaluation mode, whose answers are plain numpy.
Random draws are from a generator of their own. The task is the next token: x (T,), y (T,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.figures import percent
from engine.networks.output_meaning import OutputMeaning
from engine.words import CodedError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset

MOST_WRITTEN = 2_000  # characters of one text
MOST_TEMPERATURE = 10.0
BATCH = 256  # texts at once, as a validation takes them
_SHOWN_KNOWN = 40  # characters of the vocabulary that a refusal names


class NoTextError(CodedError):
    """The task is no text, the network cannot write, or the prompt has characters that it does not know."""

    TABLE = "sequence_answers"


@dataclass(frozen=True, eq=False)
class NextCharacters:
    """Of validation sample `sample` of `total`: what is read (T characters), what truly follows each, and the probability of
    each character of the vocabulary, made of the true characters up to there. `perplexity` is exp of the mean of -ln p(true),
    of this text and of the whole validation set: V for one that only guesses, infinite where a true one is thought
    impossible. `has_read_the_answer`: the characters that are asked for stand in what is read, and the network reads ahead, so
    neither is worth anything."""

    sample: int
    total: int
    vocabulary: tuple[str, ...]
    text: tuple[str, ...]
    truth: tuple[str, ...]
    probabilities: NDArray[np.float64]  # (T, V), each row adds up to 1
    perplexity: float
    perplexity_of_all: float
    has_read_the_answer: bool = False


class ShownShare(NamedTuple):
    """One character's probability and how it is written; `token` is its number, -1 for all others together."""

    token: int
    share: float
    text: str


@dataclass(frozen=True, eq=False)
class WrittenText:
    """A prompt and what the network wrote after it. `probabilities` are the network's own at each character, before temperature
    and top-k; `drawn_with` is the probability with which the character was drawn, after them."""

    prompt: str
    written: str
    probabilities: NDArray[np.float64]  # (written, V)
    drawn_with: NDArray[np.float64]  # (written,)


def look_at_text(model: nn.Module, data: Dataset, *, sample: int = 0, meaning: OutputMeaning = "scores") -> NextCharacters:
    """Validation sample `sample`, counted round. Raises NoTextError."""
    import torch

    from engine.sequences.reading.reads_ahead import reads_ahead

    _require_text(data, meaning)
    device = next(model.parameters()).device
    total = len(data.x_validation)
    number = sample % total
    surprise, count = 0.0, 0
    for x, y in zip(torch.split(data.x_validation, BATCH), torch.split(data.y_validation, BATCH), strict=True):
        with torch.no_grad():
            logs = _log_probabilities(model(x.to(device)), meaning)
        surprise -= float(logs.gather(-1, y.to(device)[..., None]).sum())
        count += y.numel()
    x, y = data.x_validation[number], data.y_validation[number]
    with torch.no_grad():
        logs = _log_probabilities(model(x[None].to(device)), meaning)[0].cpu()
    own = -float(logs.gather(-1, y[:, None]).mean())
    return NextCharacters(
        number,
        total,
        data.classes,
        tuple(data.classes[token] for token in x.tolist()),
        tuple(data.classes[token] for token in y.tolist()),
        _shares(logs.numpy()),
        _perplexity(own),
        _perplexity(surprise / count),
        _asks_for_next(data) and reads_ahead(model, data.x_validation[number : number + 1].to(device), len(data.classes)),
    )


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
    ones only. The same seed gives the same text. Raises NoTextError, and ValueError where a number is out of its range."""
    import torch

    from engine.sequences.reading.free_running import StepByStep, why_not

    if not 0 <= length <= MOST_WRITTEN or not 0.0 <= temperature <= MOST_TEMPERATURE or (top_k is not None and top_k < 1):
        raise ValueError(f"length {length}, temperature {temperature}, top_k {top_k}")
    _require_text(data, meaning)
    if not _asks_for_next(data):
        raise NoTextError("answers_are_not_next")
    tokens = _tokens(prompt, data.classes)
    if (why := why_not(model)) is not None:
        raise NoTextError(why.code, **why.values)
    device = next(model.parameters()).device
    network, rng = StepByStep(model), np.random.default_rng(seed)
    written: list[int] = []
    probabilities, drawn_with = [], []
    piece = tokens
    for _ in range(length):
        outputs = network.read(torch.tensor([piece], device=device))[:, -1:]
        logs = _log_probabilities(outputs, meaning)[0, 0].cpu().numpy()
        if np.isnan(logs).any():
            raise NoTextError("not_finite")
        shares = tempered(logs, temperature, top_k)
        token = drawn(shares, rng.random())
        probabilities.append(_shares(logs))
        drawn_with.append(shares[token])
        written.append(token)
        piece = [token]
    return WrittenText(
        prompt,
        "".join(data.classes[token] for token in written),
        np.array(probabilities).reshape(length, len(data.classes)),
        np.array(drawn_with),
    )


def tempered(logs: NDArray[np.float64], temperature: float, top_k: int | None = None) -> NDArray[np.float64]:
    """Probabilities (V,) with which a character is drawn: proportional to exp(`logs` / `temperature`), in float64, among the
    `top_k` likeliest; of equally likely ones at that edge the first. At 0 the first of the likeliest has 1."""
    order = np.argsort(-logs, kind="stable")
    shares = np.zeros(len(logs))
    if temperature == 0.0:
        shares[order[0]] = 1.0
        return shares
    kept = order if top_k is None else order[:top_k]
    shares[kept] = np.exp((logs[kept] - logs[order[0]]) / temperature)
    found: NDArray[np.float64] = shares / shares.sum()
    return found


def drawn(shares: NDArray[np.float64], at: float) -> int:
    """The character at place `at`, in [0, 1), when all are laid end to end, each as long as its share. One of share 0 is never
    drawn."""
    ends = shares.cumsum()
    return int(np.searchsorted(ends, at * ends[-1], side="right"))


def shown_shares(probabilities: Sequence[float] | NDArray[np.float64], most: int = 6) -> tuple[ShownShare, ...]:
    """The `most` likeliest and all others together, as percentages with one decimal that add up to 100.0%: each is rounded up
    or down, so that the sum is right. Only what is 0 is written 0.0%, only what is 1 100.0%: otherwise < 0.1% and > 99.9%,
    which the sum leaves open."""
    shares = np.asarray(probabilities, np.float64)
    order = np.argsort(-shares, kind="stable")
    chosen = order[:most].tolist()
    parts = [float(shares[token]) for token in chosen]
    if len(order) > most:
        chosen.append(-1)
        parts.append(max(0.0, float(shares[order[most:]].sum())))
    tenths = [floor(1000 * part + 1e-9) for part in parts]  # of a percent
    missing = round(1000 * sum(parts)) - sum(tenths)
    remainders = sorted(range(len(parts)), key=lambda place: tenths[place] - 1000 * parts[place])
    for place in remainders[:missing]:
        tenths[place] += 1
    return tuple(
        ShownShare(token, part, _share_text(part, tenth)) for token, part, tenth in zip(chosen, parts, tenths, strict=True)
    )


def _share_text(share: float, tenths: int) -> str:
    if tenths == 0 and share > 0.0:
        return percent(1e-9)
    return percent(1.0 - 1e-9) if tenths == 1000 and share < 1.0 else percent(tenths / 1000)


def _require_text(data: Dataset, meaning: OutputMeaning) -> None:
    if data.task != "next_token" or not data.tokens:
        raise NoTextError("no_text")
    if meaning == "values":
        raise NoTextError("no_probabilities")


def _asks_for_next(data: Dataset) -> bool:
    """Whether the answer to each character is the one that is read next."""
    return bool((data.x_validation[:, 1:] == data.y_validation[:, :-1]).all())


def _tokens(prompt: str, vocabulary: tuple[str, ...]) -> list[int]:
    if not prompt:
        raise NoTextError("empty_prompt")
    numbers = {character: number for number, character in enumerate(vocabulary)}
    unknown = list(dict.fromkeys(character for character in prompt if character not in numbers))
    if unknown:
        letters = [character for character in vocabulary if character.strip()]
        known = " ".join(letters[:_SHOWN_KNOWN]) + (" …" if len(letters) > _SHOWN_KNOWN else "")
        raise NoTextError("unknown_characters", characters=" ".join(unknown[:_SHOWN_KNOWN]), known=known)
    return [numbers[character] for character in prompt]


def _log_probabilities(outputs: Tensor, meaning: OutputMeaning) -> Tensor:
    """ln p over the last axis, in float64."""
    values = outputs.double()
    return values.log_softmax(dim=-1) if meaning == "scores" else values.log()


def _shares(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = np.exp(logs)
    found: NDArray[np.float64] = shares / shares.sum(axis=-1, keepdims=True)
    return found


def _perplexity(mean_surprise: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.exp(np.float64(mean_surprise)))
