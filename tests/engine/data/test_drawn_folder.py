"""A folder of a learner's own drawings: labels that are folders on every system, files that are counted and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import words
from engine.data.drawn_folder import MOST_LABELS, DrawnFolder, DrawnFolderError, label_of

PNG = b"\x89PNG any content"


def test_drawings_are_kept_in_a_folder_for_each_label(tmp_path: Path) -> None:
    drawn = DrawnFolder(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
    for label in ("10", "2", "1"):
        drawn.add_label(label)
    assert drawn.labels == ("1", "2", "10")
    drawn.keep("2", PNG)
    drawn.keep("2", PNG + b"2")
    assert dict(drawn.counts) == {"1": 0, "2": 2, "10": 0}
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.png")) == [
        "mine/2/0001.png",
        "mine/2/0002.png",
    ]
    assert (tmp_path / "mine" / "2" / "0002.png").read_bytes() == PNG + b"2"
    assert not (tmp_path / "mine" / "1").exists()  # a label without drawings is no class


def test_the_last_one_is_taken_back_first(tmp_path: Path) -> None:
    drawn = DrawnFolder(tmp_path)
    drawn.add_label("cat")
    drawn.add_label("dog")
    first, second = drawn.keep("cat", PNG), drawn.keep("dog", PNG)
    assert drawn.take_back() == "dog"
    assert first.exists() and not second.exists()
    assert drawn.take_back() == "cat"
    assert not drawn.can_take_back
    assert dict(drawn.counts) == {"cat": 0, "dog": 0}


def test_it_goes_on_where_it_ended_and_overwrites_nothing(tmp_path: Path) -> None:
    drawn = DrawnFolder(tmp_path)
    drawn.add_label("고양이")
    drawn.keep("고양이", b"first")
    (tmp_path / "고양이" / "0002.jpg").write_bytes(b"a photo")
    (tmp_path / "고양이" / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden").mkdir()
    again = DrawnFolder(tmp_path)
    assert dict(again.counts) == {"고양이": 2}
    assert not again.can_take_back  # only what this one has kept
    assert again.keep("고양이", b"third").name == "0003.png"
    assert (tmp_path / "고양이" / "0001.png").read_bytes() == b"first"


def test_two_labels_with_five_each_are_enough(tmp_path: Path) -> None:
    drawn = DrawnFolder(tmp_path)
    for label in ("a", "b", "never drawn"):
        drawn.add_label(label)
    for _ in range(5):
        drawn.keep("a", PNG)
    assert not drawn.is_enough
    for _ in range(4):
        drawn.keep("b", PNG)
    assert not drawn.is_enough
    drawn.keep("b", PNG)
    assert drawn.is_enough
    drawn.take_back()
    assert not drawn.is_enough


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "no_name"), ("  ", "no_name"), ("...", "no_name"), ("a/b", "letters"), ("a\\b", "letters"), ("C:", "letters"),
        (".git", "hidden"), ("x" * 61, "long"), ("con", "reserved"), ("LPT1.cat", "reserved"),
    ],
)  # fmt: skip
def test_what_can_be_no_folder_s_name_is_refused_in_a_sentence(name: str, code: str) -> None:
    with pytest.raises(DrawnFolderError) as refused:
        label_of(name)
    assert refused.value.code == code
    assert all(refused.value.message(language) != code for language in words.LANGUAGES)


def test_labels_are_as_every_system_keeps_them(tmp_path: Path) -> None:
    drawn = DrawnFolder(tmp_path)
    assert drawn.add_label(" 한  글. ") == "한 글"
    with pytest.raises(DrawnFolderError) as refused:
        drawn.add_label("한 글")  # the same letters put together
    assert refused.value.code == "there"
    drawn.add_label("Cat")
    with pytest.raises(DrawnFolderError):
        drawn.add_label("cat")  # the same folder on Windows and macOS
    drawn.remove_label("Cat")
    assert drawn.labels == ("한 글",)
    for number in range(MOST_LABELS - 1):
        drawn.add_label(str(number))
    with pytest.raises(DrawnFolderError) as refused:
        drawn.add_label("one more")
    assert refused.value.code == "many"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DrawnFolderError) as refused:
        DrawnFolder(tmp_path / "file")
    assert refused.value.code == "unreadable"
    drawn = DrawnFolder(tmp_path / "new")
    drawn.add_label("a")
    (tmp_path / "new").write_text("")
    with pytest.raises(DrawnFolderError) as refused:
        drawn.keep("a", PNG)
    assert refused.value.code == "unwritable"
    assert drawn.counts["a"] == 0
