"""The file of Hangul consonants is what its README says, and the script beside it makes it again."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.assets import asset
from engine.data.sources import source_named

pytest.importorskip("PIL")


def script():
    path = Path(str(asset("data", "make_hangul_letters.py")))
    spec = importlib.util.spec_from_file_location("make_hangul_letters", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules.pop("make_hangul_letters", None)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_whole_small_and_shuffled():
    images, labels, white = source_named("hangul").images()
    assert np.bincount(labels).tolist() == [250] * 14
    assert images.max() == white and len(np.unique(images)) == 16
    assert len(np.unique(images.reshape(3500, -1), axis=0)) == 3500
    assert np.abs(np.diff(labels.astype(int))).mean() > 3, "the classes take turns"
    assert asset("data", "hangul.npz").stat().st_size < 400_000
    edges = np.concatenate([images[:, 0].ravel(), images[:, -1].ravel(), images[:, :, 0].ravel(), images[:, :, -1].ravel()])
    assert (edges > 0).mean() < 1e-3, "hardly anything is cut off"


def test_the_script_draws_the_same_letters():
    from importlib.resources import files

    from PIL import ImageFont

    made = script()
    font = ImageFont.truetype(str(files("pylopdf_fonts_ko") / "NotoSansKR-Regular.otf"), made.LETTER * made.FINER)
    draws = np.random.default_rng(0)
    first = np.stack([made.letter(draws, "ㄱ", font) for _ in range(20)])
    images, labels, _ = source_named("hangul").images()
    kept = images[labels == 0].astype(int)
    for picture in first.astype(int):  # to one shade: another version of Pillow may round otherwise
        assert np.abs(kept - picture).max(axis=(1, 2)).min() <= 17
    assert "".join(source_named("hangul").classes) == made.CONSONANTS
