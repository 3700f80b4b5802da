"""The data sets, one class each: a new one is one class here and its words in `assets/words/datasets.toml`.

`describe` tells what a data set is without numpy, scikit-learn or torch. Called by experiments, `engine.data.datasets`, the
command line and the forms.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.assets import asset
from engine.data.info import Data, DataInfo, DatasetError
from engine.data.source import SOURCES, DataScript, Generated, Source, StoredImages
from engine.fields import validated
from engine.layers.base import Shape
from engine.toml_text import inline, key
from engine.toml_values import explained
from engine.words import Phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIGITS = tuple("0123456789")


def names() -> tuple[str, ...]:
    """The data sets there are; the first is the default."""
    return tuple(SOURCES)


def source_named(name: str) -> Source:
    """The data set of this name. Raises DatasetError."""
    if name not in SOURCES:
        raise DatasetError("unknown", name=inline(name), choices=", ".join(SOURCES))
    return SOURCES[name]


def describe(data: Data) -> DataInfo:
    """What loading `data` would give. Raises DatasetError where it would, unless only the file itself can tell."""
    source = source_named(data.name)
    try:
        validated(data)
    except msgspec.ValidationError as error:
        problem = explained(error, msgspec.to_builtins(data), Data, lambda path: f"data.{key(path)}")
        raise DatasetError("not_allowed", problem=problem.phrase) from None
    return source.describe(data)


class Digits(StoredImages, name="digits"):
    """scikit-learn's digits, in 17 shades of grey."""

    outputs = 10
    classes = DIGITS
    stored = 1797
    image = (1, 8, 8)

    def images(self) -> tuple[NDArray[Any], NDArray[Any], float]:
        try:
            images, labels = read_digits()
        except (OSError, ValueError, EOFError, zlib.error) as error:
            raise DatasetError("digits_unreadable", error=error) from error
        return images, labels, 16.0

    def images_script(self) -> DataScript:
        return DataScript(
            """
digits = load_digits()  # 8x8 images in 17 shades of grey
images, labels = digits.images / 16, digits.target
""",
            imports=("from sklearn.datasets import load_digits",),
        )


class Mnist5k(StoredImages, name="mnist-5k"):
    """5,000 digits of MNIST, as bytes (see assets/data/README.md)."""

    outputs = 10
    classes = DIGITS
    stored = 5000
    image = (1, 28, 28)

    def images(self) -> tuple[NDArray[Any], NDArray[Any], float]:
        return (*read_mnist(asset("data", "mnist-5k.npz")), 255.0)

    def images_script(self) -> DataScript:
        return DataScript(
            """
if len(sys.argv) != 2:
    raise SystemExit(f"usage: python {sys.argv[0]} PATH/mnist-5k.npz (in the folder assets/data of Layerscope)")
with np.load(sys.argv[1]) as file:
    images, labels = file["images"] / 255, file["labels"]
""",
            imports=(),
            standard=("import sys",),
        )


def read_digits() -> tuple[NDArray[Any], NDArray[Any]]:
    """Images (1797, 8, 8) and their classes (1797,), as scikit-learn's `load_digits` has them. They are read from its file: its
    import takes longer than a first step of training. Raises OSError, EOFError, ValueError, zlib.error where it is damaged."""
    import gzip
    from importlib.util import find_spec

    import numpy as np

    package = find_spec("sklearn")
    file = Path(package.origin or "").parent / "datasets" / "data" / "digits.csv.gz" if package is not None else None
    if file is None or not file.is_file():  # another version keeps it elsewhere
        from sklearn.datasets import load_digits

        digits = load_digits()
        return digits.images, digits.target
    rows = np.array(gzip.decompress(file.read_bytes()).replace(b"\n", b",").strip(b",").split(b","), np.float64).reshape(-1, 65)
    return rows[:, :64].reshape(-1, 8, 8), rows[:, 64].astype(np.int64)


def read_mnist(path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    """Images (5000, 28, 28) uint8 and their classes (5000,) from mnist-5k.npz. Raises DatasetError."""
    import numpy as np

    expected = Phrase(DatasetError.TABLE, "mnist_expected")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except FileNotFoundError:
        raise DatasetError("mnist_missing", file=path, expected=expected) from None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetError("mnist_damaged", file=path, error=error, expected=expected) from error
    if (images.shape, labels.shape) != ((5000, 28, 28), (5000,)) or images.dtype != np.uint8:
        raise DatasetError("mnist_differs", file=path, found=f"{images.dtype} {images.shape}", expected=expected)
    return images, labels


class Waves(Generated, name="waves"):
    """Sine, square and saw waves and sums of two sines: the next value at every time step."""

    task = "regression"
    outputs = 1
    options = ("length", "noise", "wave")
    samples = 500
    length = 100
    noise = 0.02
    bytes_a_step = 8

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (length, 1), (length, 1)

    def made(self, rng: np.random.Generator, info: DataInfo) -> tuple[NDArray[Any], NDArray[Any]]:
        from engine.data.generated import make_waves

        assert info.length is not None
        assert info.noise is not None
        assert info.wave is not None
        return make_waves(rng, info.samples, info.length, info.noise, info.wave)

    def functions(self) -> tuple[Callable[..., Any], ...]:
        from engine.data.generated import make_waves

        return (make_waves,)

    def call(self, info: DataInfo) -> str:
        return f'make_waves(rng, samples={info.samples}, length={info.length}, noise={info.noise!r}, wave="{info.wave}")'


class Adding(Generated, name="adding"):
    """The adding problem: the sum of two marked values of a series."""

    task = "regression"
    outputs = 1
    options = ("length",)
    samples = 10_000
    length = 50
    bytes_a_step = 12

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (length, 2), (1,)

    def made(self, rng: np.random.Generator, info: DataInfo) -> tuple[NDArray[Any], NDArray[Any]]:
        from engine.data.generated import make_adding

        assert info.length is not None
        return make_adding(rng, info.samples, info.length)

    def functions(self) -> tuple[Callable[..., Any], ...]:
        from engine.data.generated import make_adding

        return (make_adding,)

    def call(self, info: DataInfo) -> str:
        return f"make_adding(rng, samples={info.samples}, length={info.length})"


class Counting(Generated, name="counting"):
    """Counting in Korean, one text cut into pieces: the next character."""

    task = "next_token"
    outputs = 14
    classes = tuple(" 일이삼사오육칠팔구십백천만")
    options = ("length",)
    samples = 2000
    length = 40
    bytes_a_step = 16
    ordered = True

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (length,), (length,)

    def made(self, rng: np.random.Generator, info: DataInfo) -> tuple[NDArray[Any], NDArray[Any]]:
        from engine.data.generated import make_counting

        assert info.length is not None
        return make_counting(info.samples, info.length)

    def functions(self) -> tuple[Callable[..., Any], ...]:
        from engine.data.generated import korean_numeral, make_counting

        return korean_numeral, make_counting

    def constants(self) -> str:
        return f'KOREAN_CHARACTERS = "{"".join(self.classes)}"'

    def call(self, info: DataInfo) -> str:
        return f"make_counting(samples={info.samples}, length={info.length})"
