"""`python -m engine data`: what is found in a folder, a text or an experiment's data, for people and as one line of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.experiments.experiment import Experiment, write
from tests.engine.data.own.drawn_folders import folder_of


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = folder_of(tmp_path / "own", {"10": 6, "9": 8})
    (root / "9" / "notes.txt").write_text("x")
    (root / "9" / "page.jpg").write_bytes(b"<html>")
    return root


def test_a_folder_is_told(root: Path, capsys) -> None:
    assert main(["data", str(root)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{root}: Own pictures",
        "Read as 14 pictures in colours of 6×5 pixels, 2 classes",
        "Samples: 14, of which 11 train and 3 validate",
        "Input 3 × 6 × 5, 2 classes",
        "All pictures have 6×5 pixels (height × width)",
        "Classes by subfolder: 2, with 14 pictures",
        "  9: 8",
        "  10: 6",
        "Skipped files: 2",
        "  9/notes.txt: no picture",
        "  9/page.jpg: no picture, though its name says so; save it anew as PNG or JPEG",
    ]


def test_a_folder_as_one_line_of_json(root: Path, capsys) -> None:
    assert main(["data", str(root), "--json"]) == 0
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "place": str(root),
        "data": "folder",
        "path": str(root),
        "problem": None,
        "task": "classification",
        "input": [3, 6, 5],
        "outputs": 2,
        "train": 11,
        "validation": 3,
        "read_as": "Read as 14 pictures in colours of 6×5 pixels, 2 classes",
        "classes_by": "folders",
        "classes": [{"name": "9", "count": 8}, {"name": "10", "count": 6}],
        "pictures": {"smallest": [6, 5], "largest": [6, 5], "sizes": 1},
        "size": [6, 5],
        "channels": 3,
        "notes": [],
        "skipped": [
            {"name": "9/notes.txt", "reason": "no picture"},
            {"name": "9/page.jpg", "reason": "no picture, though its name says so; save it anew as PNG or JPEG"},
        ],
    }


def test_an_experiments_data_are_told(root: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "own.toml"
    write(Experiment(data=Data(name="folder", path=str(root), size=3, channels=1)), file)
    assert main(["data", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "Read as 14 grey pictures of 3×3 pixels, 2 classes" in printed
    assert "14 pictures in colours were made grey." in printed
    write(Experiment(), file)
    assert main(["data", str(file)]) == 0
    assert (
        "Digits 8×8\nSamples: 1,797, of which 1,438 train and 359 validate\nInput 1 × 8 × 8, 10 classes\n"
        in capsys.readouterr().out
    )


def test_a_text_is_told(tmp_path: Path, capsys) -> None:
    (tmp_path / "own.txt").write_text("가나다 " * 20, "utf-8")
    assert main(["data", str(tmp_path / "own.txt"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["data"], found["outputs"], found["read_as"]) == (
        "text",
        4,
        "Read as UTF-8: 80 characters, 4 of them different",
    )


def test_a_long_list_is_cut_for_people_and_not_for_programs(root: Path, capsys) -> None:
    for number in range(50):
        (root / "9" / f"{number}.txt").write_text("x")
    assert main(["data", str(root)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "Skipped files: 52" in printed and printed[-1] == "  and 32 more"
    assert main(["data", str(root), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["skipped"]) == 52


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("none", "is not there; expected an experiment's TOML file, a folder of pictures or of IDX files, a table or a text"),
        ("none.toml", "is not there"),
        ("one", "all 4 pictures in "),
        ("damaged.toml", "damaged.toml"),
        ("other.toml", "there is no data set"),
        ("//server/share", "lies on another computer; copy it to this one"),
        ("", "is not there"),
        ("a\0b", ""),
        ("wide.bin", "is no text in UTF-8"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_cannot_be_data_is_a_sentence_and_exit_code_2(
    tmp_path: Path, capsys, place: str, said: str, as_json: bool
) -> None:
    folder_of(tmp_path / "one", ["cat"])
    (tmp_path / "damaged.toml").write_text("[data\n")
    (tmp_path / "other.toml").write_text('[data]\nname = "nothing"\n')
    (tmp_path / "wide.bin").write_bytes(bytes(range(256)))
    place = place if place.startswith("//") or not place else str(tmp_path / place)
    assert main(["data", place, *(["--json"] if as_json else [])]) == 2
    printed, errors = capsys.readouterr()
    sentence = json.loads(printed)["problem"]["message"] if printed.startswith("{") else errors
    assert said in sentence and "Traceback" not in errors
    assert errors.count("\n") == (0 if printed.startswith("{") else 1)


def test_what_was_found_is_told_with_the_refusal(tmp_path: Path, capsys) -> None:
    folder_of(tmp_path / "one", ["cat"])
    assert main(["data", str(tmp_path / "one")]) == 2
    printed, errors = capsys.readouterr()
    assert "  cat: 4" in printed.splitlines()
    assert errors.startswith("error: ") and "expected a subfolder for each of at least two classes" in errors
