"""What is made of data in plain numpy: waves, random walks, the adding and the copy problem, counting in Korean, additions as
text; windows of an own series.

The sources call these, and `engine.experiments.scripts.export` prints their source into the script it writes, so each
function needs only numpy and what stands beside it here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KOREAN_CHARACTERS = " 일이삼사오육칠팔구십백천만"  # all that counting below 100,000,000 is written with
ADDITION_CHARACTERS = "0123456789+ _"


def make_waves(
    rng: np.random.Generator, samples: int, length: int, noise: float, wave: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Series x of shape (samples, length, 1) and y, the same series one step later.

    Each has its own period (10 to 40 steps) and phase; `wave` is sine, square, saw, sum (of two sines) or mixed; `noise`
    is the standard deviation of what is added.
    """
    kinds = ("sine", "square", "saw", "sum")
    chosen = rng.integers(len(kinds), size=samples)
    if wave != "mixed":
        chosen[:] = kinds.index(wave)
    turns = np.arange(length + 1) / rng.uniform(10, 40, (samples, 1)) + rng.random((samples, 1))
    second = np.arange(length + 1) / rng.uniform(10, 40, (samples, 1))

    series = np.sin(2 * np.pi * turns)
    square, saw, total = (chosen == kinds.index(kind) for kind in kinds[1:])
    series[square] = np.where(turns[square] % 1 < 0.5, 1.0, -1.0)
    series[saw] = 2 * (turns[saw] % 1) - 1
    series[total] = (series[total] + np.sin(2 * np.pi * second[total])) / 2
    series += noise * rng.standard_normal(series.shape)

    series = series.astype(np.float32)[:, :, None]
    return series[:, :-1].copy(), series[:, 1:].copy()


def make_random_walk(
    rng: np.random.Generator, samples: int, length: int, noise: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Series x of shape (samples, length, 1) and y, the same series one step later: each value is the one before plus a draw
    from a normal distribution with the standard deviation `noise`. The best forecast of the next value is the last one."""
    series = np.cumsum(noise * rng.standard_normal((samples, length + 1)), axis=1).astype(np.float32)[:, :, None]
    return series[:, :-1].copy(), series[:, 1:].copy()


def make_copy(rng: np.random.Generator, samples: int, length: int, symbols: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The copy problem (Arjovsky, Shah and Bengio 2016, 4.1). 0 is the blank, 1 to 8 are the symbols, 9 is the mark.

    x of shape (samples, length): `symbols` random symbols, blanks, the mark, `symbols` blanks. y of the same shape: blanks, and
    in the last `symbols` steps the symbols again. Who remembers nothing has a cross-entropy of symbols · ln 8 / length."""
    x = np.zeros((samples, length), np.int64)
    y = np.zeros((samples, length), np.int64)
    x[:, :symbols] = y[:, length - symbols :] = rng.integers(1, 9, (samples, symbols))
    x[:, length - symbols - 1] = 9
    return x, y


def make_addition(
    rng: np.random.Generator, samples: int, digits: int, turned: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Additions of two numbers of up to `digits` digits, each pair at most once, as indices into ADDITION_CHARACTERS.

    x of shape (samples, 3 digits + 2): the question, "16+75  ", then "_", then blanks. y of the same shape: blanks, and from
    the "_" on the answer, "91  ". `turned` is what is written from right to left: nothing, question, answer or both."""
    pairs = rng.choice(10 ** (2 * digits), samples, replace=False)
    inputs, targets = [], []
    for pair in pairs.tolist():
        first, second = divmod(pair, 10**digits)
        question = f"{first}+{second}".ljust(2 * digits + 1)
        answer = str(first + second)
        if turned in ("question", "both"):
            question = question[::-1]
        if turned in ("answer", "both"):
            answer = answer[::-1]
        inputs.append(question + "_" + " " * digits)
        targets.append(" " * (2 * digits + 1) + answer.ljust(digits + 1))
    index = {character: number for number, character in enumerate(ADDITION_CHARACTERS)}
    x, y = (np.array([[index[character] for character in text] for text in part], np.int64) for part in (inputs, targets))
    return x, y


def make_adding(rng: np.random.Generator, samples: int, length: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le, Jaitly and Hinton 2015).

    x of shape (samples, length, 2): a value in [0, 1) and a marker, which is 1 at one step of each half and else 0.
    y of shape (samples, 1): the sum of the two marked values. Always answering 1 has a mean squared error of 1/6.
    """
    values = rng.random((samples, length), dtype=np.float32)
    first = rng.integers(0, length // 2, samples)
    second = rng.integers(length // 2, length, samples)
    rows = np.arange(samples)
    markers = np.zeros_like(values)
    markers[rows, first] = 1
    markers[rows, second] = 1
    x = np.stack([values, markers], axis=2)
    y = (values[rows, first] + values[rows, second])[:, None]
    return x, y


def korean_numeral(number: int) -> str:
    """How 1 to 99,999,999 is read: 11 is 십일, 10000 is 만, 21010 is 이만천십.

    The 일 before 십, 백, 천 and a lone 만 is not said.
    """
    text = ""
    for group, name in ((number // 10_000, "만"), (number % 10_000, "")):
        part = ""
        for place, unit in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
            digit = group // place % 10
            if digit:
                part += (KOREAN_CHARACTERS[digit] if digit > 1 or not unit else "") + unit
        if group:
            text += (part if group > 1 or not name else "") + name
    return text


def make_counting(samples: int, length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counting aloud from 일 on, cut into pieces.

    x of shape (samples, length): indices into KOREAN_CHARACTERS. y of the same shape: the character that follows each.
    """
    pieces: list[str] = []
    characters, number = 0, 0
    while characters <= samples * length:
        number += 1
        pieces.append(korean_numeral(number) + " ")
        characters += len(pieces[-1])
    index = {character: i for i, character in enumerate(KOREAN_CHARACTERS)}
    tokens = np.array([index[character] for character in "".join(pieces)], dtype=np.int64)[: samples * length + 1]
    return tokens[:-1].reshape(samples, length), tokens[1:].reshape(samples, length)


def filled(series: NDArray[np.float64], training: int) -> NDArray[np.float64]:
    """The series with a straight line over each gap (NaN). A gap at the end of the first `training` values, which train,
    repeats the value before it: what comes later is not known to them."""
    found = series.copy()
    for end in (training, len(series)):
        places = np.arange(end)
        known = ~np.isnan(found[:end])
        found[:end] = np.interp(places, places[known], found[:end][known])
    return found


def windows(
    series: NDArray[np.float64], begin: int, count: int, taken: int, length: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`taken` of the `count` windows that begin at `begin` and at the places after it, evenly spread: x of shape (taken,
    length, 1), and y, the same series one step later."""
    starts = begin + np.arange(taken) * count // taken
    places = starts[:, None] + np.arange(length + 1)
    found = series.astype(np.float32)[places][:, :, None]
    return found[:, :-1].copy(), found[:, 1:].copy()
