"""The decision plane is what torch answers on the same places, and says what cannot be asked so."""

import numpy as np
import pytest
import torch
from torch import nn

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.judging.decision_plane import MOST_POINTS, SIDE, look_at_plane


def network(outputs=2, seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, outputs)).eval()


def data_of(x_train, y_train, x_validation, y_validation, task="classification", classes=("a", "b")):
    outputs = len(classes) if task == "classification" else 1
    loss = "cross_entropy" if task == "classification" else "mean_squared_error"
    parts = (x_train, y_train, x_validation, y_validation)
    return Dataset("own", *parts, classes, (2,), tokens=False, outputs=outputs, task=task, loss=loss)


def test_the_grid_is_what_torch_answers_there():
    model, data = network(), load(Data(name="moons", samples=300), seed=3)
    plane = look_at_plane(model, data)
    assert plane.answers.shape == (SIDE, SIDE, 2)
    points = torch.cat([data.x_train, data.x_validation])
    assert plane.across[0] < points[:, 0].min() and plane.across[-1] > points[:, 0].max()
    assert plane.up[0] < points[:, 1].min() and plane.up[-1] > points[:, 1].max()
    with torch.no_grad():
        for row in (0, 17, 50, 99):
            for column in (0, 31, 99):
                place = torch.tensor([[plane.across[column], plane.up[row]]], dtype=torch.float32)
                expected = model(place).softmax(1)[0].numpy()
                np.testing.assert_allclose(plane.answers[row, column], expected, rtol=1e-5, atol=1e-6)
        for part, x, y in (
            (plane.training, data.x_train, data.y_train),
            (plane.validation, data.x_validation, data.y_validation),
        ):
            assert np.array_equal(part.places, x.numpy())
            assert np.array_equal(part.truth, y.numpy())
            assert np.array_equal(part.predicted, model(x).argmax(1).numpy())
            assert np.array_equal(part.wrong, (model(x).argmax(1) != y).numpy())
            assert part.total == len(x)


def test_one_scale_in_both_directions_where_the_extents_are_alike():
    plane = look_at_plane(network(), load(Data(name="moons", samples=300), seed=3))
    steps = np.diff(plane.across), np.diff(plane.up)
    assert np.allclose(steps[0], steps[0][0]) and np.allclose(steps[0][0], steps[1][0])
    (left, right), (low, high) = plane.limits
    assert right - left == pytest.approx(high - low)


def test_columns_of_other_units_have_scales_of_their_own():
    x = torch.tensor([[0.0, 1000.0], [1.0, 9000.0], [0.5, 4000.0]])
    y = torch.tensor([0, 1, 0])
    plane = look_at_plane(network(), data_of(x, y, x, y))
    assert plane.across[-1] < 2 and plane.up[-1] > 9000


def test_points_that_are_one_or_no_numbers_have_a_plane():
    x = torch.tensor([[2.0, 3.0], [float("nan"), 1.0]])
    plane = look_at_plane(network(), data_of(x, torch.tensor([0, 1]), x[:1], torch.tensor([0])))
    assert np.isfinite(plane.answers).all()
    assert plane.across[0] < 2 < plane.across[-1]


def test_units_are_the_first_layers_and_only_where_it_reads_the_inputs():
    model, data = network(), load(Data(name="xor", samples=50), seed=0)
    units = look_at_plane(model, data).units
    assert np.allclose(units[:, :2], model[0].weight.detach().numpy())
    assert np.allclose(units[:, 2], model[0].bias.detach().numpy())
    bare = nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=False))
    assert look_at_plane(bare, data).units[:, 2].tolist() == [0.0, 0.0]
    normed = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 2)).eval()
    assert look_at_plane(normed, data).units is None


@pytest.mark.parametrize("meaning", ["scores", "probabilities", "values"])
def test_outputs_mean_what_the_network_ends_in(meaning):
    model, data = network(3), load(Data(name="xor", samples=50), seed=0)
    plane = look_at_plane(model, data, meaning=meaning)
    with torch.no_grad():
        output = model(torch.tensor([[plane.across[5], plane.up[80]]], dtype=torch.float32))
    expected = output.softmax(1) if meaning == "scores" else output
    np.testing.assert_allclose(plane.answers[80, 5], expected[0].numpy(), rtol=1e-5, atol=1e-6)


def test_the_margin_is_the_distance_to_the_best_other_class():
    plane = look_at_plane(network(3), load(Data(name="xor", samples=50), seed=0))
    margins = plane.margins()
    for row, column in ((0, 0), (40, 60), (99, 3)):
        answers = plane.answers[row, column]
        for number in range(3):
            others = np.delete(answers, number).max()
            assert margins[row, column, number] == pytest.approx(answers[number] - others, abs=1e-6)
    two = look_at_plane(network(), load(Data(name="xor", samples=50), seed=0))
    assert np.allclose(two.margins()[..., 1], 2 * two.answers[..., 1] - 1, atol=1e-5)


def test_a_regression_shows_its_first_output():
    torch.manual_seed(2)
    x = torch.rand(30, 2)
    data = data_of(x, x.sum(1, keepdim=True), x, x.sum(1, keepdim=True), "regression", ())
    model = network(1)
    plane = look_at_plane(model, data)
    with torch.no_grad():
        expected = model(torch.tensor([[plane.across[9], plane.up[2]]], dtype=torch.float32))[0].numpy()
        np.testing.assert_allclose(plane.answers[2, 9], expected, rtol=1e-5)
        np.testing.assert_allclose(plane.validation.predicted, model(x)[:, 0].numpy(), rtol=1e-5)
    assert plane.classes == ()
    np.testing.assert_allclose(plane.validation.truth, x.sum(1).numpy())


def test_many_points_are_cut_and_said():
    x = torch.rand(MOST_POINTS + 10, 2)
    y = torch.zeros(len(x), dtype=torch.int64)
    plane = look_at_plane(network(), data_of(x, y, x[:5], y[:5]))
    assert (len(plane.training.places), plane.training.total) == (MOST_POINTS, MOST_POINTS + 10)


def test_the_model_is_left_as_it_is_and_shares_no_memory():
    model, data = network(), load(Data(name="moons", samples=60), seed=3)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    plane = look_at_plane(model, data)
    kept, units = plane.answers.copy(), plane.units.copy()
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
    assert np.array_equal(plane.answers, kept) and np.array_equal(plane.units, units)
    model.load_state_dict(before)
    assert not plane.learning


def test_other_data_are_refused():
    with pytest.raises(ValueError, match="no points of a plane"):
        look_at_plane(nn.Flatten(), load(Data(samples=50), seed=0))
