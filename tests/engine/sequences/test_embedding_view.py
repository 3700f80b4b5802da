"""A table of vectors: lookup, neighbours, the map against scikit-learn's PCA, and how smoothly it moves."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.layers.catalog import GRU, Embedding, Linear
from engine.passes.modules import build
from engine.sequences.embedding_view import NoEmbeddingError, look_at_embedding, looked_up, neighbours, plane_map


def counting() -> Dataset:
    return load(Data(name="counting", samples=20, length=6), seed=0)


def network(rows: int = 14, width: int = 5) -> torch.nn.Sequential:
    torch.manual_seed(0)
    layers = (
        Embedding(num_embeddings=rows, embedding_dim=width),
        GRU(hidden_size=3, output="sequence"),
        Linear(out_features=14),
    )
    return build(layers, (6,), tokens=True).eval()


def drawn(rows: int, width: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((rows, width)) * np.linspace(2.0, 0.5, width)


# lookup and neighbours


def test_a_lookup_is_the_product_with_the_one_hot() -> None:
    model = network()
    table = model[0].weight.detach().numpy()
    for row in range(14):
        found = looked_up(table, row)
        assert found.one_hot.tolist() == [float(place == row) for place in range(14)]
        np.testing.assert_array_equal(found.product, model[0](torch.tensor([row]))[0].detach().numpy())
        assert (found.row, found.multiplications) == (row, 14 * 5)


def co_occurrence() -> tuple[dict[str, int], np.ndarray]:
    """ "you say goodbye and i say hello ." within one word to each side, counted by hand in the book (chapter 2)."""
    words = {word: number for number, word in enumerate(("you", "say", "goodbye", "and", "i", "hello", "."))}
    table = np.array([
        [0, 1, 0, 0, 0, 0, 0],
        [1, 0, 1, 0, 1, 1, 0],
        [0, 1, 0, 1, 0, 0, 0],
        [0, 0, 1, 0, 1, 0, 0],
        [0, 1, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 1, 0],
    ])  # fmt: skip
    return words, table


def test_the_books_neighbours_of_you() -> None:
    words, table = co_occurrence()
    found = neighbours(table, words["you"], 5)
    assert [each.row for each in found[:3]] == [words["goodbye"], words["i"], words["hello"]], "equal ones in their order"
    assert [each.cosine for each in found[:3]] == pytest.approx([0.7071, 0.7071, 0.7071], abs=1e-4)
    assert [each.cosine for each in found[3:]] == [0.0, 0.0]


def test_neighbours_by_hand() -> None:
    table = np.array([[1.0, 0.0], [3.0, 0.0], [1.0, 1.0], [-2.0, 0.0], [0.0, 0.0], [0.0, 5.0]])
    assert neighbours(table, 0) == ((1, 1.0), (2, pytest.approx(0.5**0.5)), (5, 0.0), (3, -1.0))
    assert neighbours(table, 4) == (), "a row of zeros has no angle"
    assert neighbours(table, 0, 2) == neighbours(table, 0)[:2]
    assert neighbours(table[:1], 0) == ()
    assert neighbours(np.array([[1.0, 0.0], [np.nan, 1.0], [2.0, 0.0]]), 0) == ((2, 1.0),)


# the map


@pytest.mark.parametrize(("rows", "width"), [(14, 5), (40, 8), (6, 20), (3, 2), (200, 3)])
def test_the_map_is_scikit_learns(rows: int, width: int) -> None:
    table = drawn(rows, width)
    found, expected = plane_map(table), PCA(2, svd_solver="full").fit(table)
    for axis in range(2):
        same = np.sign(found.axes[:, axis] @ expected.components_[axis])
        np.testing.assert_allclose(found.axes[:, axis] * same, expected.components_[axis], rtol=0, atol=1e-8)
        np.testing.assert_allclose(found.points[:, axis] * same, expected.transform(table)[:, axis], rtol=0, atol=1e-8)
        largest = np.abs(found.axes[:, axis]).argmax()
        assert found.axes[largest, axis] > 0.0
    np.testing.assert_allclose(found.shares, expected.explained_variance_ratio_, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found.mean, table.mean(axis=0), rtol=0, atol=1e-12)


def test_a_turned_map_is_the_same_plane() -> None:
    table = drawn(30, 6)
    plain, turned = plane_map(table), plane_map(table, drawn(6, 2, seed=3))
    np.testing.assert_allclose(turned.axes.T @ turned.axes, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(turned.axes @ turned.axes.T, plain.axes @ plain.axes.T, atol=1e-9)
    assert turned.shares.sum() == pytest.approx(plain.shares.sum())
    np.testing.assert_allclose(turned.points, (table - turned.mean) @ turned.axes, atol=1e-12)


def test_the_map_moves_smoothly_where_two_axes_change_places() -> None:
    """Points along x and y whose spreads cross: without the earlier axes the map turns by a right angle at once."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((30, 2))
    directions -= directions.mean(axis=0)
    directions = directions @ np.linalg.inv(np.linalg.cholesky(directions.T @ directions / 30).T)  # spread 1, uncorrelated
    axes, jumps, moved = None, [], []
    before = before_alone = None
    for t in np.linspace(0.0, 1.0, 101):
        table = np.zeros((30, 4))
        table[:, 0], table[:, 1] = directions[:, 0] * (1.5 - t), directions[:, 1] * (0.5 + t)
        alone, followed = plane_map(table), plane_map(table, axes)
        if before is not None and before_alone is not None:
            jumps.append(np.abs(alone.points - before_alone).max())
            moved.append(np.abs(followed.points - before).max())
        before, before_alone, axes = followed.points, alone.points, followed.axes
    assert max(jumps) > 1.0, "or else nothing is shown"
    assert max(moved) < 0.04


def test_signs_do_not_flip_while_a_table_is_learned() -> None:
    """A table that moves a little in every step, as in training."""
    rng = np.random.default_rng(1)
    table = drawn(12, 6)
    axes, before = None, None
    for _ in range(200):
        table = table + 0.02 * rng.standard_normal(table.shape)
        found = plane_map(table, axes)
        if before is not None:
            assert np.abs(found.points - before).max() < 1.0
        axes, before = found.axes, found.points


@pytest.mark.parametrize("table", [np.zeros((4, 3)), np.ones((1, 3)), np.arange(5.0).reshape(5, 1), np.ones((1, 1)), np.eye(2)])
def test_tables_that_have_no_plane(table: np.ndarray) -> None:
    for like in (None, np.zeros((table.shape[1], 2)), np.zeros((9, 2))):
        found = plane_map(table, like)
        assert found.points.shape == (len(table), 2) and np.isfinite(found.points).all()
        assert found.axes.shape == (table.shape[1], 2)
        assert 0.0 <= found.shares.sum() <= 1.0 + 1e-12


def test_a_table_that_has_diverged() -> None:
    table = drawn(5, 3)
    table[2, 1] = np.nan
    assert np.isnan(plane_map(table).points).all()


# the probe


def test_the_probe() -> None:
    model, data = network(), counting()
    found = look_at_embedding(model, data)
    np.testing.assert_array_equal(found.table, model[0].weight.detach().numpy())
    assert (found.path, found.paths, found.words) == ((0,), ((0,),), data.classes)
    np.testing.assert_array_equal(found.map.points, plane_map(found.table).points)
    with torch.no_grad():
        model[0].weight.add_(1.0)
    assert not np.array_equal(found.table, model[0].weight.detach().numpy()), "it shares no memory with the model"
    again = look_at_embedding(model, data, path=(7,), like=found.map.axes)
    np.testing.assert_allclose(again.map.points, found.map.points, atol=1e-5)


def test_rows_that_no_word_has() -> None:
    assert look_at_embedding(network(rows=16), counting()).words[13:] == ("만", "14", "15")


def test_a_network_without_one() -> None:
    waves = load(Data(name="waves", samples=10, length=5), seed=0)
    model = build((GRU(hidden_size=3, output="sequence"), Linear(out_features=1)), (5, 1)).eval()
    with pytest.raises(NoEmbeddingError) as raised:
        look_at_embedding(model, waves)
    assert "임베딩" in raised.value.message("ko")
