"""MNIST and Fashion-MNIST as they are published: which files there are, how large they are, and what tells them from others.

The SHA-256 sums are of the compressed files; many projects that fetch them publish the same ones (torchvision and the authors
of Fashion-MNIST publish MD5 of the same bytes). Only the training part is used: its images are split as those of any data set
are, and the official test part stays unseen, for a last judgement of what the validation has chosen.

Called by the data sets and by what fetches them. No numpy.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from engine.files import own_folder

IMAGES, LABELS = "train-images", "train-labels"
AXES = {IMAGES: 3, LABELS: 1}
INSIDE = ("", "raw", "MNIST/raw", "FashionMNIST/raw")  # where torchvision keeps them within the folder that it is told


class PublishedFile(NamedTuple):
    """A file as it is published: its name, how many bytes it has, and the SHA-256 of them."""

    name: str
    size: int
    sha256: str


class PublishedSet(NamedTuple):
    """Files that are fetched from `address`, one after the other; each is tried at every address before it is given up."""

    addresses: tuple[str, ...]  # each ends in /
    licence: str
    files: tuple[PublishedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def host(self) -> str:
        """Where the files come from, for people."""
        return self.addresses[0].split("/")[2]


PUBLISHED = {
    "mnist": PublishedSet(
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
        "CC BY-SA 3.0",
        (
            PublishedFile(
                "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
            ),
            PublishedFile(
                "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
            ),
        ),
    ),
    "fashion-mnist": PublishedSet(
        (
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        "MIT",
        (
            PublishedFile(
                "train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            PublishedFile(
                "train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
            ),
        ),
    ),
}


def fetched_folder(name: str) -> Path:
    """Where the program keeps the data set's files once they have been fetched; it need not exist."""
    return own_folder("data") / "datasets" / name


def published_in(folder: Path) -> str | None:
    """Which published data set the IDX files in a folder are, by the length of the images' file or else by the folder's name;
    "mnist" for others under the same names. None: there are none. Raises OSError where the folder may not be looked into."""
    images = file_in(folder, IMAGES)
    if images is None:
        return "mnist" if file_in(folder, LABELS) else None
    size = images.stat().st_size
    for name, published in PUBLISHED.items():
        if published.files[0].size == size:
            return name
    return "fashion-mnist" if "fashion" in str(images.parent).casefold() else "mnist"


def file_in(folder: Path, part: str) -> Path | None:
    """The file of `part` (IMAGES or LABELS) in a folder, compressed or not, under the names that go around; None: there is
    none. Raises OSError where the folder may not be looked into."""
    axes = AXES[part]
    names = [f"{part}{sign}idx{axes}-ubyte{ending}" for ending in ("", ".gz") for sign in ("-", ".")]
    places = (folder / inside / name for inside in INSIDE for name in names)
    return next((place for place in places if place.is_file()), None)
