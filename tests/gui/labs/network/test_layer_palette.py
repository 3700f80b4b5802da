"""The palette: what is found by which words, and how a kind is taken with the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import words
from engine.layers.catalog import KINDS
from gui.labs.network.stack.layer_palette import LayerPalette, groups, kinds, search
from gui.shell import language


@pytest.fixture
def palette(qtbot: QtBot) -> LayerPalette:
    made = LayerPalette()
    qtbot.addWidget(made)
    made.open_at(QPoint(20, 20))
    return made


def test_every_kind_has_its_place_once_and_words_to_be_found_by() -> None:
    named = [kind for group in groups().values() for kind in group]
    assert sorted(named) == sorted(KINDS)
    assert sorted(kinds()) == sorted(KINDS)
    entries = words.table("layer_groups")
    assert set(entries) == set(groups()) | {f"{kind}.also" for kind in KINDS}
    for text in entries.values():
        assert set(text) == {"en", "ko"}
        assert all(text.values())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("conv2", "Conv2d"),
        ("bn2", "BatchNorm2d"),
        ("mp2", "MaxPool2d"),
        ("lrn", "LocalResponseNorm"),
        ("gap", "AdaptiveAvgPool2d"),
        ("fc", "Linear"),
        ("deconv", "ConvTranspose2d"),
        ("inception", "Concat"),
        ("resnet", "Residual"),
        ("relu", "ReLU"),
        ("RELU", "ReLU"),
        ("ln", "LayerNorm"),
        ("transpose axes", "Permute"),
        ("축 순서", "Permute"),
        ("업샘플링 확대", "Upsample"),
        ("forget gate", "LSTM"),
        ("완전 연결", "Linear"),
        ("최대 풀링", "MaxPool2d"),
        ("드롭아웃", "Dropout"),
        ("소프트맥스", "Softmax"),
    ],
)
def test_what_a_query_finds_first(query: str, first: str) -> None:
    assert search(query, "ko" if query > "가" else "en")[0] == first


def test_every_word_of_a_query_must_be_found() -> None:
    assert search("pool 1d") == ("MaxPool1d", "AvgPool1d", "AdaptiveAvgPool1d")
    assert search("pool nothing") == ()
    assert search("ool2d")[:2] == ("MaxPool2d", "AvgPool2d")
    assert search("  ") == kinds()


def test_words_of_both_languages_find_in_either() -> None:
    assert "Conv2d" in search("합성곱", "en")
    assert "Conv2d" in search("filter", "ko")


def test_it_opens_on_the_first_kind_and_enter_takes_it(qtbot: QtBot, palette: LayerPalette) -> None:
    taken: list[str] = []
    palette.picked.connect(taken.append)
    assert palette.current == "Conv2d"
    assert palette.found == kinds()
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    assert taken == ["Conv2d"]
    assert not palette.isVisible()


def test_arrows_walk_over_the_groups_and_the_ends_hold(qtbot: QtBot, palette: LayerPalette) -> None:
    qtbot.keyClick(palette.query, Qt.Key.Key_Up)
    assert palette.current == kinds()[0]
    walked = []
    for _ in range(len(kinds()) + 3):
        walked.append(palette.current)
        qtbot.keyClick(palette.query, Qt.Key.Key_Down)
    assert tuple(walked[: len(kinds())]) == kinds()
    assert palette.current == kinds()[-1]
    qtbot.keyClick(palette.query, Qt.Key.Key_PageUp)
    assert palette.current in kinds()[-12:-3]


def test_typing_searches_and_enter_takes_what_is_found(qtbot: QtBot, palette: LayerPalette) -> None:
    taken: list[str] = []
    palette.picked.connect(taken.append)
    qtbot.keyClicks(palette.query, "pool")
    assert palette.found[0] == "MaxPool2d"
    assert palette.query.accessibleDescription() == "MaxPool2d: Keeps the largest value under a window."
    qtbot.keyClick(palette.query, Qt.Key.Key_Down)
    qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    assert taken == ["AvgPool2d"]


def test_nothing_found_is_said_and_enter_takes_nothing(qtbot: QtBot, palette: LayerPalette) -> None:
    taken: list[str] = []
    palette.picked.connect(taken.append)
    qtbot.keyClicks(palette.query, "xyzzy")
    assert palette.found == ()
    assert palette.current == ""
    assert not palette.list.isVisible()
    qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    qtbot.keyClick(palette.query, Qt.Key.Key_Down)
    assert taken == []
    assert palette.isVisible()


def test_escape_closes_and_it_opens_again_empty(qtbot: QtBot, palette: LayerPalette) -> None:
    qtbot.keyClicks(palette.query, "lstm")
    with qtbot.waitSignal(palette.closed), qtbot.assertNotEmitted(palette.picked):
        qtbot.keyClick(palette.query, Qt.Key.Key_Escape)
    palette.open_at(QPoint(10_000, 10_000))
    assert palette.query.text() == ""
    assert palette.found == kinds()
    assert palette.screen().availableGeometry().contains(palette.geometry())


def test_a_click_takes_a_kind_and_none_on_a_heading(qtbot: QtBot, palette: LayerPalette) -> None:
    taken: list[str] = []
    palette.picked.connect(taken.append)
    view = palette.list
    heading, kind = (view.visualRect(view.model().index(number, 0)).center() for number in (0, 2))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=heading)
    assert taken == []
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=kind)
    assert taken == ["Conv1d"]


def test_lines_and_groups_follow_the_language(palette: LayerPalette) -> None:
    language.set_language("ko")
    QApplication.processEvents()
    heading, kind = (palette.list.model().index(row, 0) for row in (0, 1))
    assert heading.data() == "합성곱"
    assert "합성곱" in kind.data(Qt.ItemDataRole.ToolTipRole)
    assert palette.found == kinds()
    palette.grab()
