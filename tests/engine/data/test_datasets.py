"""The data sets: what is said of them is what they are; the same seed gives the same tensors; mistakes are named."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.assets import asset
from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.made import generated
from engine.data.source import SOURCES, Generated
from engine.data.sources import describe, names, read_digits, read_npz, source_named
from engine.data.split import stratified
from engine.experiments.experiment import Experiment, Network
from engine.experiments.scripts.export import to_pytorch
from engine.fields import edited
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.recurrent import LSTM
from tests.engine.data.idx_files import idx_folder
from tests.engine.data.own.drawn_folders import folder_of

SMALL = [
    Data(name="digits", samples=300),
    Data(name="mnist-5k", samples=400, validation=0.1),
    Data(name="waves", samples=20, length=30),
    Data(name="adding", samples=20, length=7),
    Data(name="counting", samples=20, length=9),
    Data(name="copy", samples=20, length=9, symbols=3),
    Data(name="addition", samples=20, digits=2),
    Data(name="random-walk", samples=20, length=6),
    Data(name="digits-rows", samples=300),
    Data(name="mnist-5k-rows", samples=400, validation=0.1),
    Data(name="text", samples=20, length=9),
    Data(name="series", samples=40, length=9),
    Data(name="table", samples=60),
    Data(name="folder", samples=12),  # of the pictures that `data` draws
    Data(name="moons", samples=40),
    Data(name="circles", samples=40),
    Data(name="spirals", samples=40, noise=0.2),
    Data(name="xor", samples=40),
    Data(name="shapes", samples=60),
    Data(name="hangul", samples=280),
    Data(name="mnist", samples=60),
    Data(name="fashion-mnist", samples=60),
]
FROM_FILES = ("mnist", "fashion-mnist")  # which are written for them
AS_THEY_STAND = ("text", "series")  # in their own order: nothing is drawn


def test_every_data_set_is_tried():
    assert {data.name for data in SMALL} == set(names())


@pytest.fixture(params=SMALL, ids=lambda data: data.name)
def data(request, tmp_path, monkeypatch):
    """Each of them; the files that it needs are written, the user's own pictures drawn."""
    if request.param.name in FROM_FILES:
        return edited(request.param, path=str(idx_folder(tmp_path / "own")))
    if request.param.name != "folder":
        return request.param
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    return edited(request.param, path=str(folder_of(tmp_path / "own", {"a": 7, "b": 8})))


def test_tensors_are_what_the_description_says(data):
    info, dataset = describe(data), load(data, seed=3)
    assert (info.input, info.outputs, info.task) == (dataset.input, dataset.outputs, dataset.task)
    parts = ((dataset.x_train, dataset.y_train, info.train), (dataset.x_validation, dataset.y_validation, info.validation))
    for x, y, count in parts:
        assert x.shape == (count, *info.input)
        assert y.shape == (count, *info.target)
        assert x.dtype == (torch.int64 if info.tokens else torch.float32)
        assert y.dtype == (torch.float32 if info.task == "regression" else torch.int64)
        assert x.stride() == torch.empty(x.shape).stride()  # torch reads the memory layout from it
        assert y.is_contiguous()
    assert info.train + info.validation == data.samples
    if info.task != "regression":
        assert len(dataset.classes) == dataset.outputs
        assert set(dataset.y_train.unique().tolist()) <= set(range(dataset.outputs))


def test_seed_decides_and_global_generators_are_left_alone(data):
    np.random.seed(5)
    torch.manual_seed(5)
    numpy_state, torch_state = np.random.get_state()[1].copy(), torch.get_rng_state()
    first, again, other = load(data, seed=1), load(data, seed=1), load(data, seed=2)
    own = load(edited(data, seed=1), seed=9)
    assert np.array_equal(np.random.get_state()[1], numpy_state)
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert torch.equal(first.x_train, again.x_train)
    assert torch.equal(first.y_validation, again.y_validation)
    assert torch.equal(first.x_train, own.x_train)
    assert torch.equal(first.x_train, other.x_train) == (data.name in AS_THEY_STAND)


def test_digits_are_scikit_learns_and_keep_their_proportions():
    from sklearn.datasets import load_digits

    source = load_digits()
    dataset = load(Data(), seed=0)
    assert (len(dataset.x_train), len(dataset.x_validation)) == (1438, 359)
    together = torch.cat([dataset.x_train, dataset.x_validation])
    assert together.min() == 0
    assert together.max() == 1
    kept = {(tuple((image * 16).flatten().int().tolist())) for image in together}
    assert kept == {tuple(image.astype(int).flatten().tolist()) for image in source.images}
    shares = torch.bincount(dataset.y_validation) / 359 - torch.tensor(np.bincount(source.target) / 1797)
    assert shares.abs().max() < 0.003


@pytest.mark.parametrize("sizes", [(1437, 360), (10, 10), (500, 37), (1200, 597), (100, 1697)])
@pytest.mark.parametrize("seed", [0, 1, 7, 2**32 - 1])
def test_the_parts_are_scikit_learns(sizes, seed):
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    source = load_digits()
    images, labels = read_digits()
    assert np.array_equal(images, source.images) and np.array_equal(labels, source.target)
    train, validation = sizes
    expected = train_test_split(
        np.arange(1797), train_size=train, test_size=validation, stratify=source.target, random_state=seed
    )
    for part, own in zip(expected, stratified(labels, train, validation, seed), strict=True):
        assert np.array_equal(own, part)


def test_unequal_classes_are_split_as_scikit_learn_splits_them():
    from sklearn.model_selection import train_test_split

    for seed in range(30):
        draws = np.random.default_rng(seed)
        labels = np.sort(np.repeat(np.arange(5), draws.integers(2, 40, 5)))[::-1].copy()
        train = int(draws.integers(5, len(labels) - 5))
        validation = int(draws.integers(5, len(labels) - train + 1))
        expected = train_test_split(
            np.arange(len(labels)), train_size=train, test_size=validation, stratify=labels, random_state=seed
        )
        for part, own in zip(expected, stratified(labels, train, validation, seed), strict=True):
            assert np.array_equal(own, part)


def test_loading_imports_no_scikit_learn():
    code = """
import sys
from engine.data.datasets import load
from engine.data.info import Data
for name in ("digits", "mnist-5k"):
    load(Data(name=name), seed=0)
    assert "sklearn" not in sys.modules, name
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("damage", ["cut", "changed", "other numbers"])
def test_damaged_digits_are_named(monkeypatch, tmp_path, damage):
    import gzip
    import importlib.util

    found = importlib.util.find_spec("sklearn")
    whole = (Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz").read_bytes()
    content = {
        "cut": whole[:9000],
        "changed": whole[:9000] + b"\0" * 400 + whole[9400:],
        "other numbers": gzip.compress(b"1,2,3"),
    }
    file = tmp_path / "datasets" / "data" / "digits.csv.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(content[damage])
    moved = importlib.util.spec_from_file_location("sklearn", tmp_path / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: moved)
    with pytest.raises(DatasetError, match="digits"):
        source_named("digits").images()


def test_mnist_is_whole():
    images, labels, white = source_named("mnist-5k").images()
    assert np.bincount(labels).tolist() == [500] * 10
    assert images.max() == white
    assert images.mean() / white == pytest.approx(0.1307, abs=0.002)  # MNIST's own mean
    assert images.std() / white == pytest.approx(0.3081, abs=0.002)  # and its standard deviation
    assert len(np.unique(images.reshape(5000, -1), axis=0)) == 5000
    assert asset("data", "mnist-5k.npz").stat().st_size < 1_200_000


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "text", "other arrays", "pickle", "folder"])
def test_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "mnist-5k.npz"
    whole = asset("data", "mnist-5k.npz").read_bytes()
    match damage:
        case "empty":
            path.touch()
        case "cut":
            path.write_bytes(whole[:400_000])
        case "text":
            path.write_text("version https://git-lfs.github.com/spec/v1")
        case "other arrays":
            np.savez(path, images=np.zeros(3), labels=np.zeros(3))
        case "pickle":
            np.savez(path, images=np.array([{}], dtype=object), labels=np.zeros(3))
        case "folder":
            path.mkdir()
    with pytest.raises(DatasetError, match=r"mnist-5k\.npz .*expected 5,000 images"):
        read_npz(path, "mnist-5k", 5000)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (Data(name="cifar"), 'no data set "cifar"; there are digits, mnist-5k, waves, adding, counting'),
        (Data(name=""), 'no data set ""'),
        (Data(validation=0.0), "validation"),
        (Data(validation=1.0), "validation"),
        (Data(validation=float("nan")), "validation"),
        (Data(validation=0.001), "leaves 2 for validation; the 10 classes need at least one each"),
        (Data(validation=0.999), "leaves 2 for training"),
        (Data(name="adding", samples=2, validation=0.9), "leaves 0 for training; it needs at least one"),
        (Data(samples=1798), "digits has 1,797 samples, 1,798 were asked for"),
        (Data(length=10), "data.length: digits has no such option"),
        (Data(name="mnist-5k", noise=0.0), "data.noise: mnist-5k has no such option"),
        (Data(name="adding", noise=0.1), "data.noise: adding has no such option; its options are length"),
        (Data(name="counting", wave="sine"), "data.wave: counting has no such option"),
        (Data(name="waves", samples=1_000_000, length=10_000), "would need 74.5 GiB, at most 512 MiB are made"),
        (Data(name="adding", length=1), "data.length: 1 time steps are too few for adding; it needs at least 2"),
        (Data(name="copy", length=6), "data.length: 6 time steps are too few for copy; it needs at least 7"),
        (Data(name="copy", noise=0.1), "its options are length, symbols"),
        (Data(name="addition", length=11), "data.length: addition has no such option; its options are digits, reversed"),
        (Data(name="addition", digits=1, samples=101), "addition has 100 samples, 101 were asked for"),
        (Data(name="waves", path="/a.csv"), "data.path: waves has no such option"),
        (Data(name="text", column="a"), "data.column: text has no such option; its options are path, length"),
        (Data(name="series", folds=3), "data.folds: series is split in the order of time"),
        (Data(name="moons", length=4), "data.length: moons has no such option; its options are noise"),
        (Data(name="xor", samples=2, validation=0.5), "leaves 1 for validation; the 2 classes need at least one each"),
        (Data(name="shapes", samples=1_000_000), "would need 2.93 GiB, at most 512 MiB are made; that is 170,"),
        (Data(name="hangul", samples=3501), "hangul has 3,500 samples, 3,501 were asked for"),
        (Data(name="digits-rows", length=4), "data.length: digits-rows has no such option"),
    ],
)
def test_mistakes_are_named_before_anything_is_loaded(data, text):
    for ask in (describe, lambda data: load(data, seed=0)):
        with pytest.raises(DatasetError) as caught:
            ask(data)
        assert text in str(caught.value)


def test_smallest_split_keeps_one_of_each():
    dataset = load(Data(name="waves", samples=2, length=2, validation=0.01), seed=0)
    assert (len(dataset.x_train), len(dataset.x_validation)) == (1, 1)


def test_adding_problem_has_the_known_baseline():
    dataset = load(Data(name="adding", samples=20_000, length=11), seed=0)
    x, y = dataset.x_train, dataset.y_train
    values, markers = x[:, :, 0], x[:, :, 1]
    assert torch.equal(markers[:, :5].sum(1), torch.ones(len(x)))
    assert torch.equal(markers[:, 5:].sum(1), torch.ones(len(x)))
    assert torch.allclose((values * markers).sum(1, keepdim=True), y)
    assert values.min() >= 0
    assert values.max() < 1
    assert float(((y - 1) ** 2).mean()) == pytest.approx(1 / 6, abs=0.005)


@pytest.mark.parametrize("wave", ["sine", "square", "saw", "sum", "mixed"])
def test_waves_foretell_the_next_value(wave):
    dataset = load(Data(name="waves", samples=50, length=200, noise=0.0, wave=wave), seed=0)
    assert torch.equal(dataset.x_train[:, 1:], dataset.y_train[:, :-1])
    assert dataset.x_train.abs().max() <= 1
    if wave == "square":
        assert set(dataset.x_train.unique().tolist()) == {-1.0, 1.0}
    if wave == "sine":  # x(t+1) + x(t-1) = 2 cos(omega) x(t), for any sine
        x = dataset.x_train[:, :, 0].double()
        ratio = (x[:, 2:] + x[:, :-2]) / x[:, 1:-1]
        sure = x[:, 1:-1].abs() > 0.1
        cosine = ratio[:, :1].new_tensor([float(row[ok].median()) for row, ok in zip(ratio, sure, strict=True)])[:, None]
        assert (ratio - cosine)[sure].abs().max() < 1e-4
        periods = 2 * torch.pi / torch.arccos(cosine / 2)
        assert periods.min() > 9.9
        assert periods.max() < 40.1


def test_noise_has_the_standard_deviation_asked_for():
    clean, noisy = (load(Data(name="waves", noise=noise), seed=0).x_train for noise in (0.0, 0.3))
    assert float((noisy - clean).std()) == pytest.approx(0.3, rel=0.02)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "일"), (9, "구"), (10, "십"), (11, "십일"), (20, "이십"), (21, "이십일"), (99, "구십구"), (100, "백"),
        (101, "백일"), (110, "백십"), (111, "백십일"), (200, "이백"), (999, "구백구십구"), (1000, "천"), (1010, "천십"),
        (1111, "천백십일"), (2024, "이천이십사"), (9999, "구천구백구십구"), (10_000, "만"), (10_001, "만일"),
        (11_111, "만천백십일"), (20_000, "이만"), (100_000, "십만"), (110_000, "십일만"), (1_000_000, "백만"),
        (12_345_678, "천이백삼십사만오천육백칠십팔"),
    ],
)  # fmt: skip
def test_korean_numerals(number, text):
    assert generated.korean_numeral(number) == text


def test_korean_numerals_read_back():
    """Read by another rule: digits multiply the unit after them, 만 multiplies all that came before."""

    def value(text):
        total, group, digit = 0, 0, 0
        for sign in text:
            if sign in "일이삼사오육칠팔구":
                digit = "일이삼사오육칠팔구".index(sign) + 1
            elif sign == "만":
                total, group, digit = (group + digit or 1) * 10_000, 0, 0
            else:
                group, digit = group + (digit or 1) * {"십": 10, "백": 100, "천": 1000}[sign], 0
        return total + group + digit

    numbers = [*range(1, 30_000), *range(90_000, 20_000_000, 99_991)]
    assert [value(generated.korean_numeral(number)) for number in numbers] == numbers


def test_counting_is_one_text_cut_into_pieces():
    x, y = generated.make_counting(30, 11)
    signs = generated.KOREAN_CHARACTERS
    text = "".join(signs[token] for token in x.flatten())
    assert text.startswith("일 이 삼 사 오 육 칠 팔 구 십 십일 십이 ")
    assert "".join(signs[token] for token in y.flatten()) == text[1:] + signs[y[-1, -1]]
    assert describe(Data(name="counting")).classes == tuple(signs)


def test_describing_imports_neither_torch_nor_sklearn_nor_numpy():
    code = (
        "import sys; from engine.data.info import Data\n"
        "from engine.experiments.experiment import preset, preset_names, trace_of\n"
        "from engine.data.sources import describe, names\n"
        "[describe(Data(name=name)) for name in names() if name not in ('folder', 'mnist', 'fashion-mnist')]\n"
        "[trace_of(preset(name)) for name in preset_names()]\n"
        "print([name for name in ('torch', 'sklearn', 'numpy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def make_ramps(rng, samples, length):
    x = np.cumsum(rng.random((samples, length, 1), dtype=np.float32), axis=1)
    return x, x[:, -1]


def test_a_new_data_set_is_one_class_and_its_formula(monkeypatch):
    """Described, loaded and written into a script: what the formula is told follows from its arguments."""
    monkeypatch.setattr(generated, "make_ramps", make_ramps, raising=False)

    class Ramps(Generated, name="ramps"):
        made_by = "make_ramps"
        task = "regression"
        outputs = 1
        options = ("length",)
        samples = 20
        length = 6
        bytes_a_step = 8

        def shapes(self, length):
            return (length, 1), (1,)

    try:
        info, dataset = describe(Data(name="ramps", length=4)), load(Data(name="ramps", length=4), seed=2)
        assert (info.input, info.train, info.validation) == ((4, 1), 16, 4)
        assert torch.equal(dataset.x_train[:, -1], dataset.y_train)
        assert dataset.x_validation.shape == (4, 4, 1)
        layers = (LSTM(hidden_size=3), Linear(out_features=1))
        script = to_pytorch(Experiment(data=Data(name="ramps"), network=Network(layers=layers)))
        assert "x, y = map(torch.from_numpy, make_ramps(rng, samples=20, length=6))\n" in script
        assert "def make_ramps(rng, samples, length):\n" in script
    finally:
        del SOURCES["ramps"]
