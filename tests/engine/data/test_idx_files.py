"""IDX files are read to their very bytes, compressed or not, under the names that go around; what is wrong is named."""

import gzip
import struct

import numpy as np
import pytest
import torch

from engine.data.datasets import load
from engine.data.idx.idx_file import header_of, read_idx
from engine.data.idx.idx_images import missing_files
from engine.data.idx.idx_sets import PUBLISHED, fetched_folder
from engine.data.info import Data, DatasetError
from engine.data.sources import describe, found_at
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.scripts.export import to_pytorch
from engine.layers.kinds.dense import Flatten, Linear
from tests.engine.data.idx_files import idx_bytes, idx_folder, made
from tests.engine.experiments.test_export import trained


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(("packed", "sign"), [(True, "-"), (False, "-"), (True, "."), (False, ".")])
def test_the_images_are_those_of_the_files(tmp_path, packed, sign):
    data = Data(name="mnist", path=str(idx_folder(tmp_path / "own", 100, packed=packed, sign=sign)), validation=0.3)
    info, found = describe(data), load(data, seed=3)
    images, labels = made(100)
    assert (info.train, info.validation, info.input, info.classes) == (70, 30, (1, 28, 28), tuple("0123456789"))
    known = {images[number].tobytes(): labels[number] for number in range(100)}
    together = torch.cat([found.x_train, found.x_validation])
    truth = torch.cat([found.y_train, found.y_validation])
    seen = {}
    for picture, label in zip(together.numpy(), truth.tolist(), strict=True):
        content = np.rint(picture[0] * 255).astype(np.uint8).tobytes()
        assert known[content] == label
        seen[content] = True
    assert len(seen) == 100
    assert np.bincount(found.y_validation.numpy()).tolist() == [3] * 10, "every class keeps its share"
    exact = torch.from_numpy((images / 255.0).astype(np.float32))
    assert set(together.unique().tolist()) == set(exact.unique().tolist())


@pytest.mark.parametrize("inside", ["raw", "MNIST/raw", "FashionMNIST/raw"])
def test_where_torchvision_keeps_them_they_are_found(tmp_path, inside):
    idx_folder(tmp_path / "data" / inside)
    assert describe(Data(name="fashion-mnist", path=str(tmp_path / "data"))).samples == 100


def test_what_has_been_fetched_is_found_without_a_path(home):
    with pytest.raises(DatasetError, match="not there yet") as missing:
        describe(Data(name="mnist"))
    assert missing_files(Data(name="mnist")) == "mnist"
    for part in ("9.48 MiB", "ossci-datasets", "python -m engine fetch mnist", "data.path"):
        assert part in str(missing.value), part
    idx_folder(fetched_folder("mnist"), 60)
    assert fetched_folder("mnist").is_relative_to(home)
    assert describe(Data(name="mnist")).samples == 60
    assert missing_files(Data(name="mnist")) == "" == missing_files(Data(name="mnist", path=str(home))) == missing_files(Data())
    with pytest.raises(DatasetError, match="fashion-mnist: its files are not there yet"):
        describe(Data(name="fashion-mnist"))


def test_other_sizes_than_mnists_have_their_own_shape(tmp_path):
    data = Data(name="mnist", path=str(idx_folder(tmp_path / "own", 60, side=9)))
    assert describe(data).input == (1, 9, 9)
    assert load(data, seed=0).x_train.shape == (48, 1, 9, 9)


def test_a_file_that_has_changed_is_read_again(tmp_path):
    folder = idx_folder(tmp_path / "own", 60)
    data = Data(name="mnist", path=str(folder))
    assert describe(data).samples == 60
    idx_folder(folder, 80)
    assert describe(data).samples == 80


IMAGES, LABELS = made(30)


def damaged(folder, damage):
    """Change one of the two files."""
    images, labels = folder / "train-images-idx3-ubyte", folder / "train-labels-idx1-ubyte"
    match damage:
        case "cut":
            images.write_bytes(idx_bytes(IMAGES)[:-5])
        case "left over":
            images.write_bytes(idx_bytes(IMAGES) + b"\0\0\0")
        case "packed and cut":
            images.unlink()
            images.with_name(f"{images.name}.gz").write_bytes(gzip.compress(idx_bytes(IMAGES))[:-400])
        case "packed rubbish":
            images.unlink()
            images.with_name(f"{images.name}.gz").write_bytes(b"\x1f\x8b" + bytes(range(200)))
        case "page":
            images.write_bytes(b"<!DOCTYPE html><title>404</title>")
        case "short":
            images.write_bytes(b"\0\0\x08\x03\0\0")
        case "none":
            images.write_bytes(b"")
        case "floats":
            images.write_bytes(idx_bytes(IMAGES.astype(">f4"), kind=13))
        case "exchanged":
            images.write_bytes(idx_bytes(LABELS))
        case "counts":
            labels.write_bytes(idx_bytes(LABELS[:-1]))
        case "label":
            labels.write_bytes(idx_bytes(np.where(np.arange(30) == 17, 10, LABELS).astype(np.uint8)))
        case "no labels":
            labels.unlink()
        case "huge":
            images.write_bytes(struct.pack(">BBBB3I", 0, 0, 8, 3, 60_000, 2**15, 2**15))
        case "no rows":
            images.write_bytes(struct.pack(">BBBB3I", 0, 0, 8, 3, 30, 0, 28))


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        ("cut", "is cut off: 23,515 of the 23,520 bytes for 30 × 28 × 28 are there"),
        ("left over", "has 23,523 bytes after its beginning, 23,520 belong to"),
        ("packed and cut", "cannot be unpacked"),
        ("packed rubbish", "cannot be unpacked"),
        ("page", "begins with 3c 21 44 4f, as no IDX file does"),
        ("short", "has only 6 bytes"),
        ("none", "has only 0 bytes"),
        ("floats", "holds float32; expected bytes"),
        ("exchanged", "has 1 axes, expected 3; are images and labels exchanged?"),
        ("counts", "has 30 images, and there are 29 labels"),
        ("label", "label 17 is 10; expected 0 to 9"),
        ("no labels", "there is no train-labels-idx1-ubyte.gz in"),
        ("huge", "at most 1,073,741,824 bytes are read"),
        ("no rows", "holds nothing"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path, damage, text):
    folder = idx_folder(tmp_path / "own", 30, packed=False)
    damaged(folder, damage)
    with pytest.raises(DatasetError) as caught:
        load(Data(name="mnist", path=str(folder), validation=0.4), seed=0)
    assert text in str(caught.value)
    assert all(word not in caught.value.message("ko") for word in ("{", "}")) and caught.value.message("ko") != str(
        caught.value
    )


@pytest.mark.parametrize("path", ["folder", "none", "file", "relative", "//server/share", "nul\0"])
def test_what_is_no_folder_of_such_files_is_named(tmp_path, path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("no folder")
    whole = path if path in ("relative", "//server/share") else str(tmp_path / path)
    with pytest.raises(DatasetError, match=r"data\.path"):
        describe(Data(name="mnist", path=whole))


def test_the_beginning_is_enough_to_describe(tmp_path):
    path = tmp_path / "long"
    path.write_bytes(struct.pack(">BBBB3I", 0, 0, 8, 3, 60_000, 28, 28))
    assert header_of(path, 3) == (60_000, 28, 28)
    with pytest.raises(DatasetError, match="cut off"):
        read_idx(path, 3)


def test_nobody_can_write_to_what_is_kept(tmp_path):
    path = tmp_path / "own"
    path.write_bytes(idx_bytes(LABELS))
    with pytest.raises(ValueError, match="read-only"):
        read_idx(path, 1)[0] = 3


def test_published_files_are_told_by_size_and_sum():
    for published in PUBLISHED.values():
        assert all(address.startswith(("https://", "http://")) and address.endswith("/") for address in published.addresses)
        assert [file.name for file in published.files] == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
        assert all(len(file.sha256) == 64 and int(file.sha256, 16) > 0 for file in published.files)


@pytest.mark.parametrize("packed", [True, False])
def test_the_script_reads_the_same_files_to_the_same_losses(tmp_path, scripts, packed):
    folder = idx_folder(tmp_path / "it's 숫자", 90, packed=packed)
    data = Data(name="mnist", path=str(folder), folds=None if packed else 3, fold=1 if packed else 2)
    layers = (Flatten(), Linear(out_features=10))
    experiment = Experiment(seed=3, data=data, network=Network(layers=layers), training=Training(epochs=2, device="cpu"))
    history, weights, total = trained(experiment)
    (tmp_path / "script.py").write_text(to_pytorch(experiment), "utf-8")
    found = scripts.run(tmp_path / "script.py")
    _, losses, _ = history.train.since(len(history.train) - len(found["steps"]))
    assert [float(loss).hex() for loss in losses] == found["steps"]
    assert (found["weights"], found["sum"]) == (weights, total)


def test_a_folder_of_idx_files_is_known_as_such(tmp_path):
    """By the length that is published, or else by its name; one that lacks a file says which."""
    clothes = idx_folder(tmp_path / "FashionMNIST" / "raw", 40, packed=False).parent
    assert (found_at(clothes).data.name, found_at(clothes).data.path) == ("fashion-mnist", str(clothes))
    plain = idx_folder(tmp_path / "plain", 60)
    assert found_at(plain).data.name == "mnist" and found_at(plain).info.train == 48
    published = tmp_path / "of no name" / PUBLISHED["fashion-mnist"].files[0].name
    published.parent.mkdir()
    with published.open("wb") as file:
        file.truncate(PUBLISHED["fashion-mnist"].size - PUBLISHED["fashion-mnist"].files[1].size)
    assert found_at(published.parent).data.name == "fashion-mnist"
    (plain / "train-images-idx3-ubyte.gz").unlink()
    assert found_at(plain).data.name == "mnist" and found_at(plain).problem.code == "idx_not_in_folder"
    (tmp_path / "empty").mkdir()
    assert found_at(tmp_path / "empty").data.name == "folder"
    assert found_at(tmp_path).data.name == "fashion-mnist", "where torchvision was told to keep them"
