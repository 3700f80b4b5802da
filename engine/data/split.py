"""Samples of several classes divided into two parts in which every class keeps its share: at a stated share, or a fold against
the others.

`stratified` is scikit-learn's (`train_test_split` with `stratify`), number for number, so that exported scripts, which call it,
have the same parts; importing scikit-learn takes longer than a first step of training. `folded` and `shared_out` are our own,
and printed into the scripts. Called by `engine.data.source`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]


def stratified(classes_N: NDArray[np.int64], train: int, validation: int, seed: int) -> tuple[Indices, Indices]:
    """The numbers of `train` and of `validation` samples, in random order. A part may have none of a small class."""
    draws = np.random.RandomState(seed)
    _, counts = np.unique(classes_N, return_counts=True)
    of_train = _shares(counts, train, draws)
    of_validation = _shares(counts - of_train, validation, draws)
    parts: tuple[list[Indices], list[Indices]] = ([], [])
    members_of = np.split(np.argsort(classes_N, kind="stable"), np.cumsum(counts)[:-1])
    for members, trained, validated in zip(members_of, of_train, of_validation, strict=True):
        shuffled = members[draws.permutation(len(members))]
        parts[0].append(shuffled[:trained])
        parts[1].append(shuffled[trained : trained + validated])
    chosen = tuple(draws.permutation(np.concatenate(part)) for part in parts)
    return chosen[0], chosen[1]


def _shares(counts: NDArray[np.int64], total: int, draws: np.random.RandomState) -> NDArray[np.int64]:
    """`total` divided in proportion to `counts` by the method of the largest remainder; among equal remainders it is drawn."""
    exact = counts / counts.sum() * total
    shares = np.floor(exact)
    missing = int(total - shares.sum())
    rests = exact - shares
    for rest in np.unique(rests)[::-1]:
        if not missing:
            break
        equal = np.flatnonzero(rests == rest)
        lucky = draws.choice(equal, size=min(len(equal), missing), replace=False)
        shares[lucky] += 1
        missing -= len(lucky)
    found: NDArray[np.int64] = shares.astype(np.int64)
    return found


def folded(
    rng: np.random.Generator, labels: NDArray[np.int64], samples: int, folds: int, fold: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which samples train and which, the fold's, validate: drawn class by class, and dealt to the folds like cards, so that
    every fold has every class's share."""
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    drawn = order[np.arange(samples) * len(order) // samples]
    own = np.arange(samples) % folds == fold - 1
    return rng.permutation(drawn[~own]), rng.permutation(drawn[own])


def shared_out(
    rng: np.random.Generator, labels: NDArray[np.int64], train: int, validation: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers of `train` and of `validation` samples, in random order: one of each class in both, the rest in proportion
    to what is left of the classes. Each class has two samples, and neither part is smaller than the number of classes."""

    def in_proportion(left: NDArray[np.int64], total: int) -> NDArray[np.int64]:
        shares, rests = np.divmod(left * total, max(1, left.sum()))
        shares[np.argsort(-rests, kind="stable")[: total - shares.sum()]] += 1
        return shares

    counts = np.bincount(labels)
    own = 1 + in_proportion(counts - 2, validation - len(counts))
    others = 1 + in_proportion(counts - own - 1, train - len(counts))
    order = rng.permutation(len(labels))
    members = np.split(order[np.argsort(labels[order], kind="stable")], np.cumsum(counts)[:-1])
    validates = np.concatenate([each[:count] for each, count in zip(members, own, strict=True)])
    trains = np.concatenate([each[o : o + count] for each, o, count in zip(members, own, others, strict=True)])
    return rng.permutation(trains), rng.permutation(validates)
