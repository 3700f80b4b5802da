"""The exported script of a folder of pictures reads the same folder with Pillow alone, to the same losses to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.scripts.export import to_pytorch
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from tests.engine.data.own.drawn_folders import draw, folder_of, noise
from tests.engine.experiments.test_export import trained


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path_factory.mktemp("home")))


def in_all_kinds(root):
    """Pictures of every kind, and files that take no part."""
    exif = Image.Exif()
    exif[274] = 8
    kinds = {
        "deep.png": (noise(9, 8, 1).astype(np.uint16) * 200, {}),
        "turned 10.jpg": (noise(8, 12), {"exif": exif}),
        "turned 9.tiff": (noise(8, 12), {"exif": exif}),
        "large.jpg": (noise(200, 300), {"quality": 60}),
        "clear.png": (noise(9, 9, 4), {}),
        "cmyk.jpg": (Image.fromarray(noise(9, 9)).convert("CMYK"), {}),
        "palette.gif": (Image.fromarray(noise(9, 9)).convert("P"), {}),
        "bits.png": (Image.fromarray(noise(9, 9, 1)).convert("1"), {}),
        "fractions.tiff": (noise(9, 9, 1).astype(np.float32), {}),
    }
    for place, (name, (picture, options)) in enumerate(kinds.items()):
        for label in ("10", "9", 'it"s'):
            if (place + len(label)) % 4:
                draw(root / label / name, picture, **options)
    (root / "9" / "notes.txt").write_text("x")
    (root / "9" / "page.jpg").write_bytes(b"<html>")
    (root / "9" / ".hidden.png").write_bytes(b"x")
    (root / "empty").mkdir()
    return root


def by_names(root):
    for number in range(8):
        for name in ("cat_{}", "새 ({})", "dog{}"):
            draw(root / f"{name.format(number)}.png", seed=number)
    draw(root / "sunset.png")
    return root


CASES = {
    "all kinds": (in_all_kinds, {"size": 8}),
    "all kinds in grey": (in_all_kinds, {"size": (7, 9), "channels": 1}),
    "by names": (by_names, {}),
    "folds": (lambda root: folder_of(root, {"a": 9, "b": 9, "c": 9}), {"folds": 3, "fold": 2}),
    "a small class": (lambda root: folder_of(root, {"a": 2, "b": 28, "c": 7}), {"seed": 5}),
    "a part": (lambda root: folder_of(root, {"a": 19, "b": 9, "c": 7}), {"samples": 30, "seed": 5}),
}


def of(root, **options) -> Experiment:
    data = Data(name="folder", path=str(root), validation=0.3, **options)
    network = (Conv2d(out_channels=4, kernel_size=3), ReLU(), Flatten(), Linear(out_features=len(describe(data).classes)))
    training = Training(epochs=2, batch_size=8, device="cpu", augmentation=Augmentation(flip=True, shift=1))
    return Experiment(seed=3, data=data, network=Network(layers=network), training=training)


@pytest.mark.parametrize("name", CASES)
def test_the_script_reaches_the_same_losses(name, scripts, tmp_path):
    made, options = CASES[name]
    experiment = of(made(tmp_path / "own's"), **options)
    history, weights, total = trained(experiment)
    script = to_pytorch(experiment)
    (tmp_path / "a script.py").write_text(script, "utf-8")
    assert "engine" not in script
    found = scripts.run(tmp_path / "a script.py")
    _, losses, _ = history.train.since(len(history.train) - len(found["steps"]))  # of the last epoch
    assert [float(loss).hex() for loss in losses] == found["steps"]
    assert float(history.validation.last()[0]).hex() == found["validation"]
    assert (found["weights"], found["sum"]) == (weights, total)


def test_the_script_ends_where_its_folder_has_been_changed(scripts, tmp_path):
    root = folder_of(tmp_path / "own", {"a": 9, "b": 9})
    (tmp_path / "script.py").write_text(to_pytorch(of(root)), "utf-8")
    draw(root / "a" / "2.png", seed=77)
    found = scripts.run(tmp_path / "script.py")
    assert "has been changed since this script was written; bring its pictures back" in found["exit"]
