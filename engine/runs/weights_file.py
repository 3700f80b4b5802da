"""A file of weights from elsewhere: safetensors, or what torch.save makes of a state dict. Read as tensors and nothing else.

A `.pth` is a pickle, which may hold code: torch's own reader of weights takes it, `weights_only`, which knows tensors, numbers,
texts, lists and tables, and runs nothing. The size is looked at before anything is read. torch is imported inside. Called by
the network lab's thread and the command line.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.figures import binary_size, full_count
from engine.words import Phrase

if TYPE_CHECKING:
    from torch import Tensor

WEIGHT_ENDINGS = (".safetensors", ".pth", ".pt", ".ckpt", ".bin")  # files that are weights, by the end of their names
MOST_WEIGHT_BYTES = 2**30
MOST_TENSORS = 20_000
STATE_KEYS = (
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "net",
    "network",
    "weights",
    "params",
)  # in a checkpoint


@dataclass(frozen=True, eq=False)
class FileWeights:
    """The tensors of a file by their names, as float32, in the order of the layers as far as it is known; and what was done to
    them."""

    tensors: Mapping[str, Tensor]
    notes: tuple[Phrase, ...] = ()

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: tuple(tensor.shape) for name, tensor in self.tensors.items()}


def is_weights_file(path: str | Path) -> bool:
    """Whether a file is one of weights, by its name."""
    return Path(path).suffix.lower() in WEIGHT_ENDINGS


def read_weights(path: str | Path) -> FileWeights:
    """The weights in the file at `path`. Raises BroughtError, which says what the file is where it is none of weights."""
    file = Path(path)
    try:
        if not file.is_file():
            raise BroughtError("no_such_file" if not file.exists() else "no_ordinary_file", file=file.name)
        size = file.stat().st_size
        with file.open("rb") as content:
            beginning = content.read(16)
    except OSError as error:
        raise BroughtError("file_unreadable", file=file.name, error=error.strerror or error) from None
    if size > MOST_WEIGHT_BYTES:
        raise _too_large(size)
    if beginning.startswith(b"\x89HDF"):
        raise BroughtError("keras_weights")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch, about files of older versions
            if beginning[8:9] == b"{":
                return _floats(_safetensors(file), [])
            return _pickled(file, beginning)
    except MemoryError:
        raise _too_large(size) from None


def _too_large(size: int) -> BroughtError:
    return BroughtError("weights_too_large", size=binary_size(size), most=binary_size(MOST_WEIGHT_BYTES))


def _safetensors(file: Path) -> dict[str, Tensor]:
    """The file says nothing of the order of layers: layer10 goes behind layer2."""
    from safetensors import SafetensorError, safe_open

    from engine.experiments.brought.weight_shapes import natural  # not at every start

    try:
        with safe_open(file, "pt") as content:
            names = list(content.keys())
            if len(names) > MOST_TENSORS:
                raise BroughtError("too_many_tensors", count=full_count(len(names)), most=full_count(MOST_TENSORS))
            return {name: content.get_tensor(name).clone() for name in sorted(names, key=natural)}
    except (SafetensorError, OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        if isinstance(error, BroughtError):
            raise
        raise BroughtError("damaged_weights", kind="safetensors") from None


def _pickled(file: Path, beginning: bytes) -> FileWeights:
    if beginning.startswith(b"PK"):
        _require_plain_archive(file)
    elif not beginning.startswith(b"\x80"):
        raise BroughtError("no_weights_file", file=file.name)
    import pickle

    import torch

    archive = beginning.startswith(b"PK")
    broken = BroughtError("damaged_weights", kind="torch") if archive else BroughtError("no_weights_file", file=file.name)
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        name = re.search(r"(?:GLOBAL|global|function|class) `?([\w.]+)", str(error))
        if name is None:
            raise broken from None
        raise BroughtError("more_than_tensors", name=name[1][:60]) from None
    except MemoryError:
        raise
    except Exception:  # a damaged file may raise anything in torch's reader
        raise broken from None
    notes: list[Phrase] = []
    return _floats(_state_dict(found, notes), notes)


def _require_plain_archive(file: Path) -> None:
    """Raise BroughtError for an archive that is another one than torch.save makes, or larger inside than out."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BroughtError("damaged_weights", kind="torch") from None
    names = [entry.filename for entry in entries]
    if any(name.endswith(("constants.pkl", "model.json")) or "/code/" in name for name in names):
        raise BroughtError("torchscript")
    if "config.json" in names and any(name.endswith(".h5") for name in names):
        raise BroughtError("keras_weights")
    if not any(name.endswith("data.pkl") for name in names):
        raise BroughtError("no_weights_file", file=file.name)
    if (size := sum(entry.file_size for entry in entries)) > MOST_WEIGHT_BYTES:
        raise _too_large(size)


def _state_dict(found: Any, notes: list[Phrase]) -> dict[str, Any]:
    """The table of tensors in what was read: itself, or the part of a checkpoint that is one."""
    import torch

    def is_state(value: Any) -> bool:
        named = isinstance(value, Mapping) and bool(value) and all(isinstance(name, str) for name in value)
        return named and any(isinstance(part, torch.Tensor) for part in value.values())

    if is_state(found):
        return {name: part for name, part in found.items() if isinstance(part, torch.Tensor)}
    if isinstance(found, Mapping):
        for key in STATE_KEYS:
            if is_state(found.get(key)):
                others = [str(name) for name in found if name != key]
                if others:
                    notes.append(brought_note("rest_of_checkpoint", key=key, others=", ".join(others)[:80]))
                return {name: part for name, part in found[key].items() if isinstance(part, torch.Tensor)}
    raise BroughtError("no_state_dict")


def _floats(tensors: Mapping[str, Any], notes: list[Phrase]) -> FileWeights:
    """The tensors as float32. Raises BroughtError where they cannot be, or are no numbers."""
    import torch

    if not tensors:
        raise BroughtError("no_state_dict")
    if len(tensors) > MOST_TENSORS:
        raise BroughtError("too_many_tensors", count=full_count(len(tensors)), most=full_count(MOST_TENSORS))
    count = sum(tensor.numel() for tensor in tensors.values())
    if 4 * count > MOST_WEIGHT_BYTES:  # a view may be larger than what lies in the file
        raise _too_large(4 * count)
    made: dict[str, Tensor] = {}
    others: dict[str, int] = {}
    for name, tensor in tensors.items():
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_complex():
            raise BroughtError("other_numbers", name=name, kind=str(tensor.dtype).removeprefix("torch."))
        if tensor.is_floating_point() and tensor.dtype != torch.float32:
            kind = str(tensor.dtype).removeprefix("torch.")
            others[kind] = others.get(kind, 0) + 1
        made[name] = tensor.detach().to(torch.float32).contiguous()
    for kind, number in others.items():
        notes.append(brought_note("made_float32", count=number, kind=kind))
    return FileWeights(made, tuple(notes))
