"""Folders of pictures that users have: classes as people count them, what takes no part with the reason, and for each layout
that makes no sense a sentence that says what to change."""

from __future__ import annotations

import os
import socket
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import pictures
from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.own import own_pictures, picture_folder, picture_headers, picture_listing
from engine.data.own.own_pictures import FoundPictures
from engine.data.own.picture_listing import class_in, counted
from engine.data.sources import describe, found_at, found_for
from tests.engine.data.own.drawn_folders import draw, folder_of, noise


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def root(tmp_path):
    return tmp_path / "own"


def of(root: Path, **options) -> Data:
    return Data(name="folder", path=str(root), **options)


def skipped(root: Path, language: str = "en") -> dict[str, str]:
    return {one.name: one.reason.say(language) for one in found_at(root).skipped}


# --- classes


def test_a_class_is_a_subfolder_and_classes_stand_as_people_count(root):
    folder_of(root, {"10": 13, "2": 4, "1": 15, "b": 2, "A": 2, "나": 2, "가": 2})
    info = describe(of(root))
    assert info.classes == ("1", "2", "10", "A", "b", "가", "나")
    assert (info.input, info.outputs, info.samples, info.target) == ((3, 6, 5), 7, 40, ())
    found = found_at(root)
    assert isinstance(found, FoundPictures)
    assert {each.name: each.count for each in found.classes} == {"1": 15, "2": 4, "10": 13, "A": 2, "b": 2, "가": 2, "나": 2}
    assert found.by == "folders" and found.data == of(root) and found.info == info


def test_a_class_may_stand_in_the_files_names(root):
    for name in ("cat_01", "cat_02", "cat (3)", "dog.0", "dog.1", "dog2", "3-001", "3-002", "새_1", "새_2"):
        draw(root / f"{name}.png", seed=len(name))
    found = found_at(root)
    assert isinstance(found, FoundPictures) and found.by == "names"
    assert {each.name: each.count for each in found.classes} == {"3": 2, "cat": 3, "dog": 3, "새": 2}


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        ("cat_01", "cat"),
        ("cat-1", "cat"),
        ("cat 12", "cat"),
        ("cat (3)", "cat"),
        ("cat1", "cat"),
        ("cat.0", "cat"),
        ("black cat_007", "black cat"),
        ("IMG_2024_0001", "IMG_2024"),
        ("7_0001", "7"),
        ("고양이_1", "고양이"),
        ("0001", ""),
        ("sunset", ""),
        ("_1", ""),
        ("", ""),
    ],
)
def test_what_comes_before_the_number_is_the_class(stem, said):
    assert class_in(stem) == said


def test_names_are_sorted_as_people_count():
    names = ["10", "9", "1", "a10", "a9", "B1", "b", "A", "1b", "가", "01"]
    assert sorted(names, key=counted) == ["01", "1", "1b", "9", "10", "A", "a9", "a10", "b", "B1", "가"]


def test_pictures_stand_in_the_order_of_their_classes_and_names(root):
    for number, (name, place) in enumerate([("2", 10), ("2", 9), ("10", 1), ("10", 2)]):
        draw(root / name / f"{place}.png", np.full((2, 2), 10 * number + 10, np.uint8))
    dataset = load(of(root, validation=0.5), seed=0)
    together = torch.cat([dataset.x_train, dataset.x_validation])[:, 0, 0, 0]
    labels = torch.cat([dataset.y_train, dataset.y_validation])
    assert {(round(float(x) * 255), int(y)) for x, y in zip(together, labels, strict=True)} == {
        (20, 0),
        (10, 0),
        (30, 1),
        (40, 1),
    }


def test_the_split_is_seeded_and_stratified(root):
    folder_of(root, {"a": 20, "b": 10, "c": 5})
    first, again, other = (load(of(root), seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first.x_train, again.x_train) and torch.equal(first.y_validation, again.y_validation)
    assert not torch.equal(first.x_train, other.x_train)
    assert torch.bincount(first.y_train).tolist() == [16, 8, 4]
    assert torch.bincount(first.y_validation).tolist() == [4, 2, 1]
    assert first.x_train.dtype == torch.float32 and first.x_train.stride() == torch.empty(first.x_train.shape).stride()


def test_folds_and_a_part_of_the_samples(root):
    folder_of(root, {"a": 12, "b": 12})
    folds = [load(of(root, folds=3, fold=fold), seed=4) for fold in (1, 2, 3)]
    assert [len(part.x_validation) for part in folds] == [8, 8, 8]
    seen = {tuple(image.flatten().tolist()) for part in folds for image in part.x_validation}
    assert len(seen) == 24
    part = load(of(root, samples=12), seed=0)
    assert (len(part.x_train), len(part.x_validation)) == (10, 2)
    assert torch.bincount(torch.cat([part.y_train, part.y_validation])).tolist() == [6, 6]


# --- size and channels


def test_small_pictures_of_one_size_stay_as_they_are(root):
    folder_of(root)
    info = describe(of(root))
    assert (info.size, info.channels) == ((6, 5), 3)
    assert info.notes == ()
    dataset = load(of(root), seed=0)
    drawn_ones = {noise(seed=seed).transpose(2, 0, 1).tobytes() for seed in range(1, 9)}
    images = torch.cat([dataset.x_train, dataset.x_validation])
    assert {(image * 255).round().to(torch.uint8).numpy().tobytes() for image in images} == drawn_ones


def test_grey_pictures_have_one_channel_where_nobody_says_otherwise(root):
    for name in ("a", "b"):
        for number in range(5):
            draw(root / name / f"{number}.png", noise(channels=1, seed=number))
    assert describe(of(root)).channels == 1
    in_colours = describe(of(root, channels=3))
    assert (in_colours.input, in_colours.notes[0].code) == ((3, 6, 5), "pictures_tripled")
    images = load(of(root, channels=3), seed=0).x_train
    assert torch.equal(images[:, 0], images[:, 1]) and torch.equal(images[:, 0], images[:, 2])


def test_colours_become_grey_by_their_luminance(root):
    for name, colour in (("a", (255, 0, 0)), ("b", (0, 255, 0))):
        for number in range(2):
            draw(root / name / f"{number}.png", np.full((2, 2, 3), colour, np.uint8))
    dataset = load(of(root, channels=1, validation=0.5), seed=0)
    found = {int(y): float(x.mean()) for x, y in zip(dataset.x_train, dataset.y_train, strict=True)}
    assert found[0] == pytest.approx(0.299, abs=0.003) and found[1] == pytest.approx(0.587, abs=0.003)
    assert describe(of(root, channels=1, validation=0.5)).notes[0].say() == "4 pictures in colours were made grey."


def test_a_size_is_one_number_or_height_and_width(root):
    folder_of(root)
    assert describe(of(root, size=4)).input == (3, 4, 4)
    info = describe(of(root, size=(3, 8)))
    assert (info.input, info.size) == ((3, 3, 8), (3, 8))
    assert [note.code for note in info.notes] == ["pictures_cut"]
    assert load(of(root, size=(3, 8)), seed=0).x_train.shape == (6, 3, 3, 8)


@pytest.mark.parametrize(
    ("sizes", "usual"),
    [
        ([(28, 28)] * 4, (28, 28)),
        ([(480, 640)] * 4, (48, 64)),
        ([(100, 100)] * 4, (64, 64)),
        ([(30, 40), (40, 30), (50, 50), (20, 90)], (30, 30)),
        ([(3000, 4000), (4000, 3000)], (64, 64)),
        ([(1, 300)] * 2, (1, 64)),
    ],
)
def test_the_usual_size_suits_the_pictures(sizes, usual):
    file = picture_listing.ListedFile("a/1.png", "a", 1, 1)
    taken = [picture_folder.FolderPicture(file, picture_headers.Header(width=width, height=height)) for height, width in sizes]
    assert own_pictures.usual_size(taken, 3) == usual
    height, width = own_pictures.usual_size(taken * 50_000, 3)
    assert len(taken) * 50_000 * 3 * height * width * 4 <= 2**30


def test_pictures_of_several_sizes_are_cut_in_the_middle(root):
    picture = np.zeros((4, 8), np.uint8)
    picture[:, 2:6] = 200
    for name in ("a", "b"):
        draw(root / name / "wide.png", picture)
        draw(root / name / "square.png", np.full((4, 4), 200, np.uint8))
    info = describe(of(root, validation=0.5))
    assert info.size == (4, 4) and [note.code for note in info.notes] == ["pictures_cut"]
    dataset = load(of(root, validation=0.5), seed=0)
    images = torch.cat([dataset.x_train, dataset.x_validation])
    assert torch.equal(images, torch.full((4, 1, 4, 4), 200 / 255))
    found = found_at(root)
    assert isinstance(found, FoundPictures)
    assert (found.smallest, found.largest, found.sizes) == ((4, 4), (4, 8), 2)


def test_the_limit_of_a_pictures_size_is_that_of_the_whole_program():
    assert picture_headers.MOST_PIXELS == pictures.MOST_PIXELS


# --- what takes no part


def bomb(file: Path) -> None:
    """A PNG of 30,000x30,000 pixels in a few bytes, by its header."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    size = (30_000).to_bytes(4, "big")
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + size + b"\x08\x02\0\0\0")
    file.write_bytes(content + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))


def test_each_file_that_takes_no_part_is_listed_with_its_reason(root):
    folder_of(root)
    whole = draw(root / "whole.jpg", noise(64, 64)).read_bytes()
    (root / "whole.jpg").unlink()
    content = {
        "notes.txt": b"hello",
        "page.jpg": b"<html></html>",
        "none.png": b"",
        "half.jpg": whole[: len(whole) // 2],
        "half.png": (root / "cat" / "1.png").read_bytes()[:60],
        "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0",
        "new.avif": b"\0\0\0\x18ftypavif\0\0\0\0",
        "lines.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "more.zip": b"PK\x03\x04",
        ".hidden.png": b"x",
        "Thumbs.db": b"x",
    }
    for name, each in content.items():
        (root / "cat" / name).write_bytes(each)
    bomb(root / "cat" / "huge.png")
    (root / "cat" / "gone.png").symlink_to(root / "nowhere.png")
    (root / "cat" / "circle.png").symlink_to(root / "cat" / "circle.png")
    (root / "cat" / "back").symlink_to(root)
    draw(root / "cat" / "day" / "1.png")
    draw(root / "loose.png")
    (root / "empty").mkdir()
    (root / "__MACOSX").mkdir()
    draw(root / ".thumbnails" / "1.png")
    os.mkfifo(root / "cat" / "pipe.png")
    found = skipped(root)
    assert found == {
        "cat/notes.txt": "no picture",
        "cat/page.jpg": "no picture, though its name says so; save it anew as PNG or JPEG",
        "cat/none.png": "an empty file",
        "cat/half.jpg": "damaged: it could not be read to its end",
        "cat/half.png": "damaged: it could not be read to its end",
        "cat/phone.heic": "a phone's photo in HEIC; save it as JPEG",
        "cat/new.avif": "a picture in AVIF; save it as PNG or JPEG",
        "cat/lines.svg": "a drawing of lines and shapes (SVG); export it as PNG",
        "cat/more.zip": "packed; unpack it",
        "cat/.hidden.png": "hidden",
        "cat/Thumbs.db": "hidden",
        "cat/huge.png": "30,000×30,000 pixels, more than 64 megapixels; make it smaller",
        "cat/gone.png": "a link that leads nowhere, or in a circle",
        "cat/circle.png": "a link that leads nowhere, or in a circle",
        "cat/back": "a link back to the folder itself",
        "cat/day": "a folder within a class; put its pictures into the class itself",
        "cat/pipe.png": "no ordinary file",
        "loose.png": "lies beside the folders of the classes; put it into one of them",
        "empty": "a folder without pictures",
        "__MACOSX": "hidden",
        ".thumbnails": "hidden",
    }
    korean = skipped(root, "ko")
    assert korean.keys() == found.keys()
    assert all(any("가" <= letter <= "힣" for letter in reason) for reason in korean.values())
    info = describe(of(root))
    assert info.samples == 8 and load(of(root), seed=0).x_train.shape[0] + 2 == 8
    assert [note.code for note in info.notes] == ["pictures_skipped"]
    assert info.notes[0].say().startswith("17 files were skipped, as cat/back: a link back")


def test_a_link_to_pictures_elsewhere_is_followed(root, tmp_path):
    folder_of(tmp_path / "elsewhere", ["x"])
    folder_of(root, ["cat"])
    (root / "dog").symlink_to(tmp_path / "elsewhere" / "x")
    assert describe(of(root)).classes == ("cat", "dog")


def test_a_name_that_is_no_text_is_skipped(root):
    folder_of(root)
    raw = os.fsencode(root / "cat") + b"/\xff\xfe.png"
    try:
        Path(os.fsdecode(raw)).write_bytes((root / "cat" / "1.png").read_bytes())
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert list(skipped(root).values()) == ["its name is no text; rename it"]


def test_the_folders_own_name_may_be_no_text(tmp_path):
    try:
        root = folder_of(tmp_path / os.fsdecode(b"\xff own"))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert len(load(of(root), seed=0).x_train) == 6
    assert len(load(of(root), seed=0).x_train) == 6


# --- layouts that make no sense


def layout(root: Path, name: str) -> None:
    match name:
        case "file":
            draw(root.with_suffix(".png")).rename(root)
        case "empty":
            root.mkdir()
        case "only hidden":
            draw(root / ".cat" / "1.png")
        case "one class":
            folder_of(root, ["cat"])
        case "too deep":
            folder_of(root / "photos")
        case "parts":
            folder_of(root / "train")
            folder_of(root / "test")
        case "deeper still":
            folder_of(root / "all" / "photos")
            (root / "all" / "notes").mkdir()
        case "parts in an outer folder":
            folder_of(root / "all" / "validation")
            folder_of(root / "all" / "Training")
        case "folders within classes":
            for place in ("cat/day", "cat/night", "dog/day"):
                folder_of(root / place.split("/")[0], [place.split("/")[1]])
        case "folders within classes of an outer folder":
            folder_of(root / "all" / "cat", ["day"])
            folder_of(root / "all" / "dog", ["day"])
        case "one class within":
            folder_of(root, ["cat"])
            folder_of(root / "dog", ["day"])
        case "names in an outer folder":
            for number in range(3):
                draw(root / "photos" / f"cat_{number}.png")
                draw(root / "photos" / f"dog_{number}.png")
        case "folders of nothing":
            (root / "cat" / "day").mkdir(parents=True)
        case "no pictures":
            root.mkdir()
            (root / "notes.txt").write_text("x")
        case "no pictures in classes":
            (root / "cat").mkdir(parents=True)
            (root / "cat" / "notes.txt").write_text("x")
        case "empty classes":
            (root / "cat").mkdir(parents=True)
            (root / "dog").mkdir()
        case "all unreadable":
            for each in ("cat", "dog"):
                (root / each).mkdir(parents=True)
                (root / each / "1.jpg").write_bytes(b"<html>")
        case "only of phones":
            for each in ("cat", "dog"):
                (root / each).mkdir(parents=True)
                (root / each / "1.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
        case "one picture a class":
            folder_of(root, {"cat": 1, "dog": 5, "bird": 1})
        case "no class in names":
            for each in ("sunset", "0001", "0002"):
                draw(root / f"{each}.png")
        case "one class by names":
            for each in range(3):
                draw(root / f"IMG_{each:04}.png")
        case "one class is readable":
            folder_of(root, ["cat"])
            (root / "dog").mkdir()
            (root / "dog" / "1.jpg").write_bytes(b"<html>")
        case "only a link back":
            root.mkdir()
            (root / "loop").symlink_to(root)
        case "packed":
            root.write_bytes(b"PK\x03\x04")


LAYOUTS = {
    "missing": "the folder {root} is not there; has it been moved or renamed?",
    "file": "is a file; name the folder in which the classes lie",
    "empty": "is empty; expected a subfolder for each class, with pictures in it",
    "only hidden": "nothing in {root} but hidden files and links that lead nowhere; expected a subfolder for each class",
    "only a link back": "nothing in {root} but hidden files and links that lead nowhere",
    "one class": "all 4 pictures in {root} are of one class, cat; expected a subfolder for each of at least two classes",
    "one class is readable": "all 4 pictures in {root} are of one class, cat",
    "too deep": "lie deeper in {root}, as in photos/cat; name the folder photos in it, in which the classes lie",
    "deeper still": "lie deeper in {root}, as in all/photos/cat; name the folder all/photos in it, in which the classes lie",
    "parts": "{root} is divided into test, train, each with the classes in it; name the one to learn from, train",
    "parts in an outer folder": "is divided into Training, validation, each with the classes in it; name the one to learn "
    "from, all/Training: of its pictures a part is set aside to validate",
    "folders within classes": "lie in folders within their class, as in cat/day; put them into the folder of their class "
    "itself, cat",
    "folders within classes of an outer folder": "as in all/cat/day; put them into the folder of their class itself, all/cat",
    "one class within": "lie in folders within their class, as in dog/day; put them into the folder of their class itself, dog",
    "names in an outer folder": "all 6 pictures in {root} lie in one folder, photos; to have the classes that their names say, "
    "as cat_0.png, name that folder; or put each class into a subfolder",
    "folders of nothing": "no subfolder of {root} has a picture in it",
    "no pictures": "none of the 1 files in {root} is a picture, as notes.txt; expected PNG, JPEG",
    "no pictures in classes": "none of the 1 files in {root} is a picture, as cat/notes.txt; expected PNG, JPEG",
    "empty classes": "no subfolder of {root} has a picture in it; put the pictures of each class into a subfolder of its own",
    "all unreadable": "none of the 2 files in {root} can be read; dog/1.jpg: no picture, though its name says so; save it anew",
    "only of phones": "dog/1.heic: a phone's photo in HEIC; save it as JPEG",
    "one picture a class": "2 classes in {root} have one picture only, as bird; each needs one to train and one to validate",
    "no class in names": "the 3 pictures in {root} say no class, as 0001.png; put each class into a subfolder, or name",
    "one class by names": "all 3 pictures in {root} would be of one class, IMG, by their names; put each class into",
}


def refusal(data: Data) -> str:
    """Why these data cannot be had, in English; it is said in Korean too, by `describe` as by `load` and by what is found."""
    with pytest.raises(DatasetError) as caught:
        describe(data)
    with pytest.raises(DatasetError):
        load(data, seed=0)
    found = found_for(data)
    assert found.info is None and found.problem is not None
    assert str(found.problem) == str(caught.value)
    assert found.lines("ko")[0] == caught.value.message("ko")
    korean = caught.value.message("ko")
    assert any("가" <= letter <= "힣" for letter in korean)
    assert "{" not in korean + str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_that_makes_no_sense_is_answered_with_what_to_change(root, name):
    layout(root, name)
    assert LAYOUTS[name].format(root=root) in refusal(of(root))


def test_places_that_are_no_folder_of_this_computer(tmp_path):
    assert "no folder is named; expected one with a subfolder for each class" in refusal(Data(name="folder"))
    assert "lies on another computer; copy it to this one" in refusal(Data(name="folder", path="//server/share/pictures"))
    assert "begins in no folder; write the whole path" in refusal(Data(name="folder", path="pictures"))
    assert "cannot be read" in refusal(Data(name="folder", path=str(tmp_path / "a\0b")))
    (tmp_path / "own.zip").write_bytes(b"PK\x03\x04")
    assert "is packed; unpack it, and name the folder that comes out" in refusal(of(tmp_path / "own.zip"))
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert "cannot be read" in refusal(of(tmp_path / "round"))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "socket"))
        assert "is a file; name the folder" in refusal(of(tmp_path / "socket"))


def test_too_many_are_refused(root, monkeypatch):
    folder_of(root, {"a": 4, "b": 4, "c": 4})
    assert describe(of(root, size=300, validation=0.5)).size == (300, 300)
    monkeypatch.setattr(own_pictures, "MOST_BYTES", 10_000)
    assert "data.size: 12 pictures of 300×300 pixels would need 12.4 MiB, at most 9.77 KiB are taken; with size = 8" in refusal(
        of(root, size=300, validation=0.5)
    )
    assert describe(of(root, size=8, validation=0.5)).size == (8, 8)
    monkeypatch.setattr(picture_folder, "MOST_CLASSES", 2)
    monkeypatch.setattr(picture_folder, "_memory", picture_folder._Memory())
    assert "has 3 classes, at most 2 can be learned; does each subfolder hold one class?" in refusal(of(root, size=8))
    monkeypatch.setattr(picture_listing, "MOST_FILES", 10)
    monkeypatch.setattr(picture_folder, "_memory", picture_folder._Memory())
    assert f"there are more than 10 files in {root}; take a part of them into a folder of its own" in refusal(of(root))


def test_samples_and_options_that_are_not_there(root):
    folder_of(root)
    assert "folder has 8 samples, 9 were asked for" in refusal(of(root, samples=9))
    assert "data.length: folder has no such option; its options are path, size, channels" in refusal(of(root, length=3))
    assert "data.size" in refusal(of(root, size=513))
    assert "data.size" in refusal(of(root, size=(3, 4, 5)))
    assert "data.channels" in refusal(of(root, channels=2))
    assert "there is no fold 4 of 3" in refusal(of(root, folds=3, fold=4))


def test_what_is_found_is_told_with_the_problem(root):
    folder_of(root, {"cat": 3})
    (root / "cat" / "a.txt").write_text("x")
    found = found_at(root)
    assert isinstance(found, FoundPictures)
    assert [(each.name, each.count) for each in found.classes] == [("cat", 3)]
    assert found.as_json()["problem"] == {"code": "folder_one_class", "message": str(found.problem)}
    assert [one.name for one in found.skipped] == ["cat/a.txt"]
