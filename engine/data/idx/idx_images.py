"""A data set that is read from IDX files: in a folder that the user names, or where the program keeps what it has fetched.

`describe` reads the files' beginnings. Called through `engine.data.sources`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from engine.data.idx.idx_file import header_of, read_idx
from engine.data.idx.idx_sets import AXES, IMAGES, LABELS, PUBLISHED, fetched_folder, file_in
from engine.data.info import Data, DataInfo, DatasetError, Option
from engine.data.source import DataScript, StoredImages
from engine.figures import binary_size, full_count
from engine.layers.base import Shape
from engine.toml_values import is_network_path
from engine.words import Phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BYTES = 2**30  # of the images as float32


class IdxImages(StoredImages):
    """Grey images with ten classes, in two IDX files."""

    task = "classification"
    outputs = 10
    options: ClassVar[tuple[Option, ...]] = ("path",)

    def described(self, data: Data) -> DataInfo:
        images, labels = self._files(data.path)
        count, height, width = header_of(images, AXES[IMAGES])
        labelled = header_of(labels, AXES[LABELS])[0]
        if labelled != count:
            raise DatasetError("idx_counts", file=images, images=full_count(count), labels=full_count(labelled))
        if count * height * width * 4 > MOST_BYTES:
            most = full_count(MOST_BYTES // (4 * height * width))
            raise DatasetError("idx_too_many", file=images, images=full_count(count), most=most)
        samples = data.samples or count
        if samples > count:
            values = {"stored": full_count(count), "samples": full_count(samples)}
            raise DatasetError("too_few_stored", name=self.name, **values)
        train, validation = self._split(data, samples)
        shape: Shape = (1, height, width)
        reading = Phrase("data_notes", "idx_read", {"folder": images.parent, "images": full_count(count)})
        return _with_shape(self._info(data, None, train, validation), shape, reading)

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (1, 28, 28), ()  # which the file may say otherwise

    def images_of(self, info: DataInfo) -> tuple[NDArray[Any], NDArray[Any], float]:
        """All images (N, H, W), their classes (N,), and what white is in them. Raises DatasetError."""
        image_file, label_file = self._files(info.path)
        images, labels = read_idx(image_file, AXES[IMAGES]), read_idx(label_file, AXES[LABELS])
        if len(images) != len(labels):
            counts = {"images": full_count(len(images)), "labels": full_count(len(labels))}
            raise DatasetError("idx_counts", file=image_file, **counts)
        if labels.max() >= self.outputs:
            number = int((labels >= self.outputs).argmax())
            values = {"number": full_count(number), "label": int(labels[number]), "most": self.outputs - 1}
            raise DatasetError("idx_label", file=label_file, **values)
        if images.shape[1:] != info.input[1:] or len(images) < info.samples:
            raise DatasetError("own_changed", file=image_file)
        return images, labels, 255.0

    def images_script_of(self, info: DataInfo) -> DataScript:
        images, labels = (str(file) for file in self._files(info.path))
        return DataScript(
            _SCRIPT.format(images=images, labels=labels, pixel_axes=AXES[IMAGES], label_axes=AXES[LABELS]),
            imports=(),
            standard=("import gzip",),
        )

    def _files(self, path: str | None) -> tuple[Path, Path]:
        """The files of the images and of their labels. Raises DatasetError."""
        if path is not None:
            if is_network_path(path):
                raise DatasetError("own_network", file=path)
            if not Path(path).is_absolute():
                raise DatasetError("own_relative", file=path)
        folder = fetched_folder(self.name) if path is None else Path(path)
        try:
            if path is not None and not folder.is_dir():
                raise DatasetError("idx_no_folder" if folder.exists() else "own_missing", file=path)
            images, labels = file_in(folder, IMAGES), file_in(folder, LABELS)
        except OSError as error:
            raise DatasetError("own_unreadable", file=folder, error=error.strerror or error) from None
        except ValueError as error:  # a null byte in the name, which no folder has
            raise DatasetError("own_unreadable", file=folder, error=error) from None
        if images is None and labels is None and path is None:
            published = PUBLISHED[self.name]
            raise DatasetError("idx_missing", name=self.name, size=binary_size(published.size), host=published.host)
        if images is None or labels is None:
            missing = IMAGES if images is None else LABELS
            raise DatasetError("idx_not_in_folder", folder=folder, file=f"{missing}-idx{AXES[missing]}-ubyte.gz")
        return images, labels


def _with_shape(info: DataInfo, shape: Shape, reading: Phrase) -> DataInfo:
    from msgspec.structs import replace

    return replace(info, input=shape, reading=reading)


_SCRIPT = '''
def read_idx(path, axes):
    """The bytes of an IDX file: a magic number, the size of each axis, the content."""
    with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
        content = file.read()
    assert content[:4] == bytes([0, 0, 8, axes]), f"{{path}} is no IDX file of bytes with {{axes}} axes"
    sizes = np.frombuffer(content, ">u4", axes, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(sizes)


images = read_idx({images!r}, {pixel_axes}) / 255
labels = read_idx({labels!r}, {label_axes})
'''


def missing_files(data: Data) -> str:
    """The name of the published data set that `data` asks for where its files are neither named nor fetched; else empty."""
    if data.name not in PUBLISHED or data.path is not None:
        return ""
    folder = fetched_folder(data.name)
    try:
        return "" if file_in(folder, IMAGES) or file_in(folder, LABELS) else data.name
    except OSError:
        return ""
