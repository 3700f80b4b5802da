"""A model as it was looked at, kept as a folder that the other labs take for a run: its experiment, its weights at that moment,
and the sample that was looked at.

    experiment.toml      what the run is of
    weights.safetensors  the weights that answered, to the bit
    sample-12.npy        the sample (C, H, W) as the network got it: a PNG has 8 bits, the data may have others

No torch. Called by the training lab, when a sample is taken along, and by the network lab for weights from a file. The newest
folders are kept, `MOST_KEPT` unless the caller says how many, the older ones deleted.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiments.experiment import Experiment, to_toml
from engine.files import replace_file
from engine.runs.folder import EXPERIMENT, WEIGHTS

MOST_KEPT = 24
BROUGHT = "brought"  # the folder, beside that of the runs, of weights from a file


def keep_looked_at(root: Path, experiment: Experiment, weights: Mapping[str, NDArray[Any]], most: int | None = None) -> Path:
    """A folder in `root` with the experiment and the weights; the same ones have the same folder. The `most` newest folders
    stay. Raises OSError."""
    from safetensors.numpy import save

    content = save({name: np.asarray(values, order="C") for name, values in weights.items()})
    text = to_toml(experiment)
    mark = hashlib.sha256(content + text.encode()).hexdigest()[:10]
    slug = re.sub(r"[\W_]+", "-", experiment.name.lower()).strip("-")[:30].strip("-") or "run"
    folder = root / f"{slug}-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / EXPERIMENT, text)
    replace_file(folder / WEIGHTS, content)
    folder.touch()
    _sweep(root, most or MOST_KEPT)
    return folder


def keep_sample(folder: Path, number: int, values: NDArray[np.float32]) -> Path:
    """The sample of this number as a file in `folder`. Raises OSError."""
    content = io.BytesIO()
    np.save(content, np.ascontiguousarray(values, np.float32), allow_pickle=False)
    path = folder / f"sample-{number}.npy"
    replace_file(path, content.getvalue())
    return path


def _sweep(root: Path, most: int) -> None:
    """Delete the oldest folders that this module has made."""
    made = [folder for folder in root.iterdir() if folder.is_dir() and (folder / EXPERIMENT).exists()]
    made.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in made[most:]:
        shutil.rmtree(folder, ignore_errors=True)
