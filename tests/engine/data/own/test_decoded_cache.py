"""Pictures are decoded once: what is kept is used only where nothing has changed, and a damaged file is made anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.datasets import load
from engine.data.info import Data
from engine.data.own import decoded_cache, picture_folder, picture_pixels
from engine.data.own.own_file import own_mark
from engine.data.sources import describe
from tests.engine.data.own.drawn_folders import draw, folder_of, noise


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "decoded"


@pytest.fixture
def data(tmp_path, home):
    return Data(name="folder", path=str(folder_of(tmp_path / "own", {"a": 6, "b": 6})))


@pytest.fixture
def decodings(monkeypatch):
    """Every picture that is decoded, and every header that is read."""
    seen: dict[str, list] = {"decoded": [], "headers": []}
    for name, function in (("decoded", picture_pixels.decoded), ("header_of", picture_pixels.header_of)):
        key = "headers" if name == "header_of" else name

        def counted(*arguments, _function=function, _key=key):
            seen[_key].append(arguments[0])
            return _function(*arguments)

        monkeypatch.setattr(picture_pixels, name, counted)
    return seen


def begin_anew():
    """As another start of the program."""
    picture_folder._memory = picture_folder._Memory()


def pixels(data):
    found = load(data, seed=0)
    decoded_cache.finish_writing()
    return torch.cat([found.x_train, found.x_validation])


def test_a_second_start_decodes_nothing(data, decodings, home):
    first = pixels(data)
    assert len(decodings["decoded"]) == len(decodings["headers"]) == 12
    begin_anew()
    assert torch.equal(pixels(data), first)
    assert len(decodings["decoded"]) == len(decodings["headers"]) == 12
    assert {file.suffix for file in home.iterdir()} == {".json", ".npy"}
    kept = next(home.glob("*.npy"))
    assert np.load(kept).shape == (12, 3, 6, 5)  # numpy's own format


def test_a_small_file_is_opened_once(data, home, tmp_path, monkeypatch):
    """And a large one for its header, and again for its pixels; both are the same pixels as before."""
    large = draw(tmp_path / "own" / "a" / "large.png", noise(200, 200))
    assert large.stat().st_size > 2**15
    opened = []

    def counted(file, *arguments, **options):
        opened.append(Path(file).name)
        return open(file, *arguments, **options)  # noqa: PTH123

    def read(file, size, _read=picture_pixels.content_of):
        opened.append(Path(file).name)
        return _read(file, size)

    monkeypatch.setattr(picture_folder, "open", counted, raising=False)
    monkeypatch.setattr(picture_pixels, "open", counted, raising=False)
    monkeypatch.setattr(picture_pixels, "content_of", read)
    found = pixels(data)
    assert sorted(opened) == sorted(["large.png"] * 2 + [f"{number}.png" for number in (*range(1, 7), *range(1, 7))])
    assert own_mark(data.path) is not None and len(opened) == 14, "what tells them from others is known as well"
    scanned = picture_folder.scan(data.path)
    assert not scanned.contents, "nothing is held any more"
    begin_anew()
    shutil.rmtree(home)
    monkeypatch.setattr(picture_folder, "_SMALL_BYTES", 0)
    assert torch.equal(pixels(data), found)


def test_contents_are_held_for_one_folder_and_up_to_a_limit(data, home, tmp_path, monkeypatch):
    size = Path(data.path, "a", "1.png").stat().st_size
    monkeypatch.setattr(picture_folder, "_MOST_HELD", 3 * size + size // 2)
    describe(data)
    first = picture_folder.scan(data.path)
    assert 1 <= len(first.contents) <= 3
    other = folder_of(tmp_path / "other", {"a": 6, "b": 6})
    describe(Data(name="folder", path=str(other)))
    assert not first.contents and picture_folder.scan(str(other)).contents
    assert pixels(data).shape == (12, 3, 6, 5)


def test_pixels_that_are_being_kept_cannot_be_changed(data, home):
    scanned = picture_folder.scan(data.path)
    found = picture_folder.decoded_pictures(scanned, (6, 5), 3)
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 0
    again = picture_folder.decoded_pictures(scanned, (6, 5), 3)  # waits until they are in their file
    assert again is not found and np.array_equal(again, found)


@pytest.mark.parametrize("quick_seconds", [0.0, 1.0])
@pytest.mark.parametrize("quick", [1, 2, 3])
@pytest.mark.parametrize("at_a_time", [1, 7, 300])
def test_one_thread_or_several_keep_the_order(monkeypatch, quick_seconds, quick, at_a_time):
    monkeypatch.setattr(picture_folder, "_QUICK_SECONDS", quick_seconds)
    with picture_folder._pool(quick) as each:
        for count in (0, 1, 255, 257, 1000):
            assert each(lambda numbers: [-number for number in numbers], range(count), at_a_time) == [-n for n in range(count)]


def test_pictures_that_are_put_together_lie_where_they_belong(tmp_path, home):
    """More than are taken at a time, of several kinds, each in its place; those of a large size one by one."""
    of_kinds = {"a": [noise(6, 5) for _ in range(45)], "b": [noise(6, 5, 1) for _ in range(40)]}
    for group, pictures in of_kinds.items():
        for number, picture in enumerate(pictures):
            draw(tmp_path / "own" / group / f"{number}.{('png', 'bmp', 'jpg')[number % 3]}", picture)
    scanned = picture_folder.scan(str(tmp_path / "own"))
    for size, channels in (((6, 5), 3), ((4, 9), 1), ((700, 600), 3)):
        found = picture_folder.decoded_pictures(scanned, size, channels)
        assert len(found) == 85
        for picture, pixels_CHW in zip(scanned.pictures, found, strict=True):
            content = (tmp_path / "own" / picture.file.name).read_bytes()
            assert np.array_equal(pixels_CHW, picture_pixels.pixels_of(content, *size, channels, {})), picture.file.name


def test_describing_what_is_known_imports_neither_numpy_nor_pillow(data, home):
    pixels(data)
    code = f"""
import sys
from engine.data.info import Data
from engine.data.sources import describe
assert describe(Data(name="folder", path={data.path!r})).samples == 12
assert not {{"numpy", "PIL", "torch"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})


@pytest.mark.parametrize("damage", ["cut", "empty", "a changed pixel", "another shape", "nonsense"])
def test_a_damaged_file_is_made_anew(data, decodings, home, damage):
    first = pixels(data)
    file = next(home.glob("*.npy"))
    whole = file.read_bytes()
    match damage:
        case "cut":
            file.write_bytes(whole[:-100])
        case "empty":
            file.write_bytes(b"")
        case "a changed pixel":
            file.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
        case "another shape":
            file.write_bytes(whole.replace(b"(12, 3, 6, 5)", b"(12, 3, 5, 6)"))
        case "nonsense":
            file.write_bytes(os.urandom(len(whole)))
    begin_anew()
    assert torch.equal(pixels(data), first)
    assert len(decodings["decoded"]) == 24
    assert file.read_bytes() == whole


def test_damaged_records_are_read_anew(data, decodings, home):
    pixels(data)
    next(home.glob("*.json")).write_bytes(b"[1, 2")
    begin_anew()
    assert describe(data).samples == 12
    assert len(decodings["headers"]) == 24


def test_another_size_or_number_of_channels_is_kept_beside_it(data, decodings, home):
    for options in ({}, {"size": 3}, {"channels": 1}):
        pixels(Data(name="folder", path=data.path, **options))
    assert len(list(home.glob("*.npy"))) == 3
    assert len(decodings["headers"]) == 12  # once for all


def test_a_changed_picture_is_decoded_again(data, decodings, tmp_path):
    first = pixels(data)
    draw(tmp_path / "own" / "a" / "1.png", noise(seed=99))
    second = pixels(data)
    assert not torch.equal(first, second)
    assert len(decodings["headers"]) == 13
    draw(tmp_path / "own" / "a" / "7.png", noise(seed=98))
    assert describe(data).samples == 13


def test_a_picture_that_comes_or_goes_is_seen_at_once(data, tmp_path):
    assert describe(data).samples == 12
    draw(tmp_path / "own" / "b" / "7.png")
    assert describe(data).samples == 13
    (tmp_path / "own" / "a" / "1.png").unlink()
    assert describe(data).samples == 12
    folder_of(tmp_path / "own", {"c": 3})
    assert describe(data).classes == ("a", "b", "c")


def test_where_nothing_can_be_kept_nothing_is_lost(data, monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "file"))
    assert len(pixels(data)) == 12


def test_what_is_kept_stays_within_its_bounds(home, monkeypatch):
    monkeypatch.setattr(decoded_cache, "MOST_BYTES", 3000)
    array = np.arange(800, dtype=np.uint8).reshape(2, 1, 20, 20)

    def keep(key):
        made = decoded_cache.PixelFile(array.shape)
        made.pixels[:] = array
        made.keep(key)
        decoded_cache.finish_writing(key)

    for number, key in enumerate("abcde"):
        keep(key)
        os.utime(home / f"{key}.npy", (number, number))
        if key == "c":
            assert decoded_cache.kept_pixels("a", array.shape) is not None  # used last from now on
    assert sorted(file.stem for file in home.iterdir()) == ["a", "d", "e"]
    assert np.array_equal(decoded_cache.kept_pixels("e", array.shape), array)
    monkeypatch.setattr(decoded_cache, "MOST_BYTES", 700)
    keep("f")
    assert decoded_cache.kept_pixels("f", array.shape) is None


# --- what tells a folder from another one


def test_the_mark_is_of_the_pictures_and_their_classes(data, tmp_path):
    first = own_mark(data.path)
    assert first is not None
    folder_of(tmp_path / "elsewhere", {"a": 6, "b": 6})
    assert own_mark(str(tmp_path / "elsewhere")) == first  # wherever they lie, whenever they were written
    (tmp_path / "own" / "a" / "notes.txt").write_text("no picture")
    (tmp_path / "own" / ".hidden").mkdir()
    assert own_mark(data.path) == first
    file = tmp_path / "own" / "a" / "2.png"
    before = file.read_bytes()
    draw(file, noise(seed=50))
    assert own_mark(data.path) != first
    file.write_bytes(before)
    assert own_mark(data.path) == first
    file.rename(tmp_path / "own" / "b" / "2b.png")
    assert own_mark(data.path) != first


def test_there_is_no_mark_of_what_is_no_data(tmp_path, home):
    assert own_mark(str(tmp_path / "none")) is None
    assert own_mark(str(folder_of(tmp_path / "one", ["cat"]))) is None
    assert own_mark("//server/share") is None
