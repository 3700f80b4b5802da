"""The first convolution of a run: found, read, made to fit other channels and sizes; and every way it cannot be had."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.cells.filters import Filters, FiltersError, Weights, filters_of
from engine.cells.planes import Studied
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, to_toml, write
from engine.fields import edited
from engine.layers.catalog import AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import LSTM
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.passes.modules import build
from engine.runs.first_filters import first_layer, sees_pictures, trained_filters, trained_runs
from engine.runs.library.run_list import RunList
from engine.training.worker import train
from engine.words import LANGUAGES, table

CONV = Conv2d(out_channels=4, kernel_size=3)


def saved(folder: Path, *layers: AnyLayer, shape: tuple[int, ...] = (1, 8, 8), name: str = "mine") -> dict[str, torch.Tensor]:
    """A run's folder as the training leaves it, its weights torch's own draws."""
    folder.mkdir(parents=True)
    experiment = Experiment(name=name, network=Network(input=shape, layers=layers))
    (folder / "experiment.toml").write_text(to_toml(experiment), "utf-8")
    torch.manual_seed(1)
    tensors = {key: value.clone() for key, value in build(layers, shape).state_dict().items()}
    save_file(tensors, folder / "weights.safetensors")
    return tensors


def taken(folder: Path, layer: Studied, channels: int) -> Filters:
    weights = Weights(source="run", run=str(folder))
    filters = filters_of(weights, layer, channels, trained=trained_filters(weights, layer))
    assert filters is not None
    return filters


def code_of(folder: Path | str) -> str:
    with pytest.raises(FiltersError) as caught:
        first_layer(folder)
    words = table("filters")[caught.value.code]["en"].format(**caught.value.values)
    assert str(caught.value) == words.replace("\0", " ")  # no control character in a sentence
    return caught.value.code


def test_a_real_run_is_read(tmp_path: Path) -> None:
    layers = (Conv2d(out_channels=2, kernel_size=3, padding=1), ReLU(), Flatten(), Linear(out_features=10))
    experiment = Experiment(
        name="small", data=Data(samples=60), network=Network(layers=layers), training=Training(epochs=1, device="cpu")
    )
    folder = tmp_path / "run"
    train(experiment, folder=folder)
    layer, filters = first_layer(folder)
    assert layer == Conv2d(out_channels=2, kernel_size=3, padding=1)
    assert filters.weight.shape == (2, 1, 3, 3) and filters.bias_O.shape == (2,)
    (found,) = trained_runs(tmp_path)
    assert found[0] == folder and re.fullmatch(r"small · \d{4}-\d\d-\d\d \d\d:\d\d", found[1])
    write(edited(experiment, name="Digits CNN"), folder / "experiment.toml")
    titles = {language: trained_runs(tmp_path, language=language)[0][1].partition(" · ")[0] for language in ("en", "ko")}
    assert titles == {"en": "Digits CNN", "ko": "숫자 CNN"}


@pytest.mark.parametrize(
    ("layers", "key"),
    [
        ((CONV,), "0"),
        ((ReLU(), CONV, Conv2d(out_channels=1, kernel_size=1)), "1"),
        ((Sequential(layers=(ReLU(), CONV)),), "0.1"),
        ((ReLU(), Residual(main=(Conv2d(out_channels=4, kernel_size=3, padding=1),), shortcut=())), "1.main.0"),
        ((Concat(branches=((ReLU(),), (ReLU(), Conv2d(out_channels=4, kernel_size=1)))),), "0.branches.1.1"),
    ],
)
def test_the_first_convolution_is_found_wherever_it_stands(layers: tuple[AnyLayer, ...], key: str, tmp_path: Path) -> None:
    tensors = saved(tmp_path / "run", *layers, shape=(4, 8, 8))
    layer, filters = first_layer(tmp_path / "run")
    assert np.array_equal(filters.weight, tensors[f"{key}.weight"].numpy())
    assert np.array_equal(filters.bias_O, tensors[f"{key}.bias"].numpy())
    assert layer.in_channels is None


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Conv1d(out_channels=4, kernel_size=3), (2, 9)),
        (Conv2d(out_channels=4, kernel_size=(2, 3), groups=2, in_channels=4), (4, 8, 8)),
        (Conv3d(out_channels=2, kernel_size=3), (2, 5, 5, 5)),
        (ConvTranspose2d(out_channels=6, kernel_size=3, groups=2), (4, 5, 5)),
        (Conv2d(out_channels=4, kernel_size=3, bias=False), (3, 8, 8)),
    ],
)
def test_every_kind_comes_back_as_it_was(layer: Any, shape: tuple[int, ...], tmp_path: Path) -> None:
    tensors = saved(tmp_path / "run", layer, shape=shape)
    own, filters = first_layer(tmp_path / "run")
    again = taken(tmp_path / "run", own, shape[0])
    for each in (filters, again):
        assert np.array_equal(each.weight, tensors["0.weight"].numpy())
        assert np.array_equal(each.bias_O, tensors["0.bias"].numpy() if layer.bias else np.zeros(layer.out_channels))


def maps_of(filters: Filters, picture: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.conv2d(picture[None], torch.from_numpy(filters.weight), torch.from_numpy(filters.bias_O))[0]


def test_a_colour_picture_is_seen_as_its_mean_by_filters_for_grey(tmp_path: Path) -> None:
    tensors = saved(tmp_path / "run", CONV)
    colour = torch.rand(3, 8, 8)
    expected = torch.nn.functional.conv2d(colour.mean(0)[None, None], tensors["0.weight"], tensors["0.bias"])[0]
    torch.testing.assert_close(maps_of(taken(tmp_path / "run", CONV, 3), colour), expected)
    assert np.array_equal(
        taken(tmp_path / "run", CONV, 3).weight[:, 1], (tensors["0.weight"][:, 0].double() / 3).float().numpy()
    )


def test_a_grey_picture_is_seen_as_three_alike_by_filters_for_colour(tmp_path: Path) -> None:
    tensors = saved(tmp_path / "run", CONV, shape=(3, 8, 8))
    grey = torch.rand(1, 8, 8)
    expected = torch.nn.functional.conv2d(grey.expand(3, 8, 8)[None], tensors["0.weight"], tensors["0.bias"])[0]
    torch.testing.assert_close(maps_of(taken(tmp_path / "run", CONV, 1), grey), expected)


def test_groups_leave_out_what_they_do_not_read(tmp_path: Path) -> None:
    tensors = saved(tmp_path / "run", CONV, shape=(4, 8, 8))
    weight = taken(tmp_path / "run", Conv2d(out_channels=4, kernel_size=3, groups=2), 4).weight
    assert np.array_equal(weight[:2], tensors["0.weight"][:2, :2].numpy())
    assert np.array_equal(weight[2:], tensors["0.weight"][2:, 2:].numpy())
    grouped = saved(tmp_path / "other", Conv2d(out_channels=4, kernel_size=3, groups=2), shape=(4, 8, 8))["0.weight"].numpy()
    weight = taken(tmp_path / "other", CONV, 4).weight
    assert np.array_equal(weight[:2, :2], grouped[:2]) and not weight[:2, 2:].any()
    assert np.array_equal(weight[2:, 2:], grouped[2:]) and not weight[2:, :2].any()


def test_other_sizes_are_cut_or_filled_with_zeros(tmp_path: Path) -> None:
    own = saved(tmp_path / "run", CONV, shape=(1, 8, 8))["0.weight"].numpy()
    larger = taken(tmp_path / "run", Conv2d(out_channels=6, kernel_size=5), 1)
    assert np.array_equal(larger.weight[:4, :, 1:4, 1:4], own) and np.count_nonzero(larger.weight) == own.size
    assert not larger.bias_O[4:].any()
    smaller = taken(tmp_path / "run", Conv2d(out_channels=2, kernel_size=1), 1)
    assert np.array_equal(smaller.weight, own[:2, :, 1:2, 1:2])
    row = taken(tmp_path / "run", Conv1d(out_channels=4, kernel_size=3), 1)
    assert np.array_equal(row.weight, own[:, :, 1])
    clip = taken(tmp_path / "run", Conv3d(out_channels=4, kernel_size=3), 1)
    assert np.array_equal(clip.weight[:, :, 1], own) and np.count_nonzero(clip.weight) == own.size


def test_why_there_are_none(tmp_path: Path) -> None:
    assert code_of("") == "no_run"
    assert code_of(tmp_path / "gone") == code_of(tmp_path) == code_of("a\0b") == "run_missing"
    saved(tmp_path / "dense", Flatten(), Linear(out_features=2))
    assert code_of(tmp_path / "dense") == "run_without_convolution"
    saved(tmp_path / "young", CONV)
    (tmp_path / "young" / "weights.safetensors").unlink()
    assert code_of(tmp_path / "young") == "run_without_weights"


@pytest.mark.parametrize("damage", ["cut", "noise", "empty", "renamed", "other shape", "toml", "folder"])
def test_damaged_runs(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    saved(folder, CONV)
    file = folder / "weights.safetensors"
    match damage:
        case "cut":
            file.write_bytes(file.read_bytes()[:-8])
        case "noise":
            file.write_bytes(os.urandom(500))
        case "empty":
            file.write_bytes(b"")
        case "renamed":
            save_file({"first.weight": torch.zeros(4, 1, 3, 3)}, file)
        case "other shape":
            save_file({"0.weight": torch.zeros(4, 1, 5, 5), "0.bias": torch.zeros(4)}, file)
        case "toml":
            (folder / "experiment.toml").write_text("name = ", "utf-8")
        case _:
            file.unlink()
            file.mkdir()
    assert code_of(folder) == "run_damaged"


def test_a_diverged_run(tmp_path: Path) -> None:
    saved(tmp_path / "run", CONV)
    weight = torch.zeros(4, 1, 3, 3)
    weight[0, 0, 0, 0] = torch.nan
    save_file({"0.weight": weight, "0.bias": torch.zeros(4)}, tmp_path / "run" / "weights.safetensors")
    assert code_of(tmp_path / "run") == "run_diverged"


def test_a_run_that_goes_on_is_read_anew(tmp_path: Path) -> None:
    saved(tmp_path / "run", CONV)
    before = first_layer(tmp_path / "run")[1]
    assert first_layer(tmp_path / "run")[1] is before  # nothing is read while nothing has changed
    file = tmp_path / "run" / "weights.safetensors"
    save_file({"0.weight": torch.ones(4, 1, 3, 3), "0.bias": torch.zeros(4)}, file)
    os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns + 10**9))
    assert (first_layer(tmp_path / "run")[1].weight == 1).all()


def test_runs_are_listed_newest_first(tmp_path: Path) -> None:
    for number, name in enumerate(["old", "new", "middle"]):
        saved(tmp_path / name, CONV, name=f"{name} one")
        moment = 10**18 + {"old": 0, "middle": 1, "new": 2}[name] * 10**12 + number
        os.utime(tmp_path / name / "weights.safetensors", ns=(moment, moment))
    saved(tmp_path / "dense", Flatten(), Linear(out_features=2))
    saved(tmp_path / "young", CONV)
    (tmp_path / "young" / "weights.safetensors").unlink()
    saved(tmp_path / "broken", CONV)
    (tmp_path / "broken" / "experiment.toml").write_text("][", "utf-8")
    (tmp_path / "file").write_text("no folder", "utf-8")
    found = trained_runs(tmp_path)
    assert [folder.name for folder, _ in found] == ["new", "middle", "old"]
    assert trained_runs(tmp_path / "nowhere") == []


def test_a_run_is_dated_as_in_the_list_of_all_runs_and_those_of_a_queue_are_there(tmp_path: Path) -> None:
    for name in ("20260101-093015-mine", "20260102-100000-queue/001"):
        saved(tmp_path / name, CONV)
        for file in ("experiment.toml", "weights.safetensors"):  # the one is written at the beginning, the other at the end
            moment = 10**18 + 86400 * 10**9 * (file == "weights.safetensors")
            os.utime(tmp_path / name / file, ns=(moment, moment))
    listed = {run.path: run.begun for run in RunList(tmp_path).read()}
    found = dict(trained_runs(tmp_path))
    assert len(found) == 2
    assert found == {path: f"mine · {datetime.fromtimestamp(begun):%Y-%m-%d %H:%M}" for path, begun in listed.items()}
    assert found[tmp_path / "20260101-093015-mine"] == "mine · 2026-01-01 09:30"


def test_runs_that_see_pictures_need_no_convolution(tmp_path: Path) -> None:
    saved(tmp_path / "dense", Flatten(), Linear(out_features=2))
    saved(tmp_path / "vector", Linear(out_features=2), shape=(6,))
    saved(tmp_path / "series", LSTM(hidden_size=3), shape=(12, 2))
    saved(tmp_path / "data", Flatten(), Linear(out_features=10))
    own = (tmp_path / "data" / "experiment.toml").read_text("utf-8").replace("input = [1, 8, 8]\n", "")
    (tmp_path / "data" / "experiment.toml").write_text(own, "utf-8")  # then it is that of its data, digits of 8x8
    assert "input" not in own
    assert {folder.name for folder, _ in trained_runs(tmp_path, sees_pictures)} == {"dense", "data"}
    assert trained_runs(tmp_path) == []


def test_the_words_are_complete() -> None:
    source = (Path(__file__).parents[3] / "engine" / "runs" / "first_filters.py").read_text("utf-8")
    codes = set(re.findall(r'FiltersError\("(\w+)"', source)) | {"too_many"}
    assert len(codes) > 5 and codes <= table("filters").keys()
    for code, entry in table("filters").items():
        assert entry.keys() == set(LANGUAGES), code
        blanks = [set(re.findall(r"\{(\w+)\}", entry[language])) for language in LANGUAGES]
        assert blanks[0] == blanks[1], code
        assert re.search("[가-힣]", entry["ko"]), code
