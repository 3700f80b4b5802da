"""Book 1, chapters 7 and 8, where the book shows pictures: filters before and after training, what they make of a picture,
digits that are wrongly read, digits turned and shifted.

A picture has no figure that the book prints. What it shows has one: chance leaves neighbours in a filter uncorrelated, to
within what theory says; a map is a sum of products; a shift moves pixels and changes none. torch trains the network.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from engine.books.reproduced import BookFigure, counted, derived, measured
from engine.books.written_digits import digits_of_mnist
from engine.experiments.augmentation import Augmentation
from engine.foundations.unit_functions import RealArray
from engine.training.recipe.augmenting import augmented

FILTERS, SIZE, SIDE = 30, 5, 28
EPOCHS, BATCH = 20, 100  # as in the book
SHOWN = 20  # wrongly read digits in the book's picture
FLAT = 12 * 12 * FILTERS  # what the pooling leaves


class FilterNetwork(NamedTuple):
    """The simple CNN of the book after training, its filters (30, 5, 5) before and after, and the shares (N, 10) that it gives
    to the classes of the test digits."""

    network: nn.Sequential
    before: RealArray
    after: RealArray
    shares: RealArray


def _filters_of(network: nn.Sequential) -> RealArray:
    first = network[0]
    assert isinstance(first, nn.Conv2d)
    return first.weight.detach().numpy()[:, 0].astype(np.float64)


def _pictures(flat: RealArray) -> torch.Tensor:
    return torch.from_numpy(flat.reshape(-1, 1, SIDE, SIDE).astype(np.float32))


@lru_cache(maxsize=1)
def filters_learned() -> FilterNetwork:
    """30 filters of 5×5, ReLU, pooling, 100 units, from normal weights of deviation 0.01; Adam at 0.001 for 20 epochs."""
    digits = digits_of_mnist()
    x, t = _pictures(digits.x_train), torch.from_numpy(digits.t_train)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layers = (nn.Conv2d(1, FILTERS, SIZE), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        network = nn.Sequential(*layers, nn.Linear(FLAT, 100), nn.ReLU(), nn.Linear(100, 10))
        for weight in network.parameters():
            if weight.dim() == 1:
                nn.init.zeros_(weight)
            else:
                nn.init.normal_(weight, std=0.01)
        before = _filters_of(network)
        optimizer = torch.optim.Adam(network.parameters(), lr=0.001, foreach=True)
        for _ in range(EPOCHS):
            for own in torch.randperm(len(x)).reshape(-1, BATCH):
                optimizer.zero_grad()
                functional.cross_entropy(network(x[own]), t[own]).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
    with torch.no_grad():
        shares = torch.softmax(network(_pictures(digits.x_test)), dim=1).double().numpy()
    return FilterNetwork(network, before, _filters_of(network), shares)


def neighbours(filters: RealArray) -> tuple[float, int]:
    """How alike a weight is to the one on its right and to the one below, from -1 to 1: the mean of their products over that of
    the squares; and the number of pairs."""
    right, down = filters[:, :, :-1] * filters[:, :, 1:], filters[:, :-1] * filters[:, 1:]
    pairs = right.size + down.size
    return float((right.sum() + down.sum()) / pairs / (filters**2).mean()), pairs


def filters_before_and_after() -> list[BookFigure]:
    """Of n pairs of independent weights the mean product has a deviation of 1/√n: three of them are the band of chance, and
    what has been learned is outside of six."""
    found = filters_learned()
    (before, pairs), (after, _) = neighbours(found.before), neighbours(found.after)
    chance = 1 / math.sqrt(pairs)
    return [
        counted("filters", len(found.after), FILTERS),
        counted("pairs of neighbours", pairs, FILTERS * 2 * SIZE * (SIZE - 1)),
        derived("r, before", before, -3 * chance, 3 * chance),
        derived("r, after", after, 6 * chance, 1.0),
    ]


EDGE = np.repeat([[-1.0, -1.0, 0.0, 1.0, 1.0]], SIZE, axis=0)  # dark on the left, bright on the right
STEP = np.repeat([[0.0] * 6 + [1.0] * 6], 12, axis=0)  # a picture with one upright edge


def _maps(pictures: RealArray, filters: RealArray) -> RealArray:
    """(F, H', W') of a picture (H, W), by torch."""
    weight = torch.from_numpy(filters)[:, None]
    return functional.conv2d(torch.from_numpy(pictures)[None, None], weight)[0].numpy()


def filters_on_a_picture() -> list[BookFigure]:
    """A filter with an upright edge sees upright edges alone: 5 rows of two products of 1. Sixteen of the trained filters make
    sixteen maps of a digit, each cell the sum of 25 products."""
    upright = _maps(STEP, np.stack([EDGE, EDGE.T]))
    level = _maps(STEP.T, np.stack([EDGE, EDGE.T]))
    digit, filters = digits_of_mnist().x_test[0].reshape(SIDE, SIDE), filters_learned().after[:16]
    maps = _maps(digit, filters)
    windows = np.lib.stride_tricks.sliding_window_view(digit, (SIZE, SIZE))
    by_hand = np.einsum("hwij,fij->fhw", windows, filters)
    return [
        counted("max y, upright filter, upright edge", round(upright[0].max()), 10),
        counted("max y, upright filter, level edge", round(np.abs(level[0]).max()), 0),
        counted("max y, level filter, level edge", round(level[1].max()), 10),
        counted("max y, level filter, upright edge", round(np.abs(upright[1]).max()), 0),
        counted("maps", len(maps), 16),
        counted("H, 28×28, F5", maps.shape[1], 24),
        derived("max |y - Σ x w|", float(np.abs(maps - by_hand).max()), 0.0, 1e-12),
    ]


def wrongly_read() -> list[BookFigure]:
    """The first 20 test digits that the network reads wrongly: it is less sure of these, and its second answer is the right one
    more often than one of nine guesses would be, by three deviations."""
    shares, truth = filters_learned().shares, digits_of_mnist().t_test
    order, surest = shares.argsort(axis=1), shares.max(axis=1)
    right = order[:, -1] == truth
    wrong = np.flatnonzero(~right)
    second, guessed = float((order[wrong, -2] == truth[wrong]).mean()), 1 / 9
    chance = math.sqrt(guessed * (1 - guessed) / max(1, len(wrong)))
    return [
        counted("shown", len(wrong[:SHOWN]), SHOWN),
        measured("max p, right - wrong", float(surest[right].mean() - surest[wrong].mean()), 0.0, 1.0),
        derived("t is second, of the wrong ones", second, guessed + 3 * chance, 1.0),
    ]


def _turned_by_hand(picture: RealArray, radians: float) -> RealArray:
    """Turned about the middle of the picture, each cell between the four that it comes from; 0 outside."""
    middle = (SIDE - 1) / 2
    down, across = np.mgrid[:SIDE, :SIDE] - middle
    rows = middle + math.sin(radians) * across + math.cos(radians) * down
    columns = middle + math.cos(radians) * across - math.sin(radians) * down
    wide = np.pad(picture, SIDE)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    low, far = rows - top, columns - left
    found = np.zeros((SIDE, SIDE))
    for row, by_row in ((top, 1 - low), (top + 1, low)):
        for column, by_column in ((left, 1 - far), (left + 1, far)):
            found += by_row * by_column * wide[row + SIDE, column + SIDE]
    return found


def _is_shifted(before: NDArray[np.float32], after: NDArray[np.float32], most: int) -> bool:
    """Whether `after` is `before`, moved by at most so many cells along each axis, with zeros around."""
    wide = np.pad(before, most)
    places = [(row, column) for row in range(2 * most + 1) for column in range(2 * most + 1)]
    return any(np.array_equal(wide[row : row + SIDE, column : column + SIDE], after) for row, column in places)


def turned_and_shifted() -> list[BookFigure]:
    """100 digits, each shifted by at most 2 cells, then each turned by at most 15°."""
    digits = _pictures(digits_of_mnist().x_test[:100])
    shifted = augmented(digits, Augmentation(shift=2), torch.Generator().manual_seed(0))
    turned = augmented(digits, Augmentation(rotate=15.0), torch.Generator().manual_seed(0))
    drawn = torch.rand(100, generator=torch.Generator().manual_seed(0)).numpy().astype(np.float64)
    angles = np.radians(15.0 * (2.0 * drawn - 1.0))
    plain = digits[:, 0].numpy().astype(np.float64)
    by_hand = np.stack([_turned_by_hand(picture, angle) for picture, angle in zip(plain, angles, strict=True)])
    pairs = zip(digits[:, 0].numpy(), shifted[:, 0].numpy(), strict=True)
    return [
        counted("shifted, every pixel as before", sum(_is_shifted(before, after, 2) for before, after in pairs), 100),
        derived(
            "shifted, not in their places", int((shifted != digits).flatten(1).any(dim=1).sum()), 90, 100
        ),  # of 25 shifts one is 0
        derived("turned, max |x - by hand|", float(np.abs(turned[:, 0].numpy() - by_hand).max()), 0.0, 1e-4),
        derived("max |angle|, degrees", float(np.degrees(np.abs(angles)).max()), 12.0, 15.0),
    ]
