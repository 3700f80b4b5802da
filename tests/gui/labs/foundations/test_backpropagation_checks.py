"""The pages of gradient checks: a table that fills while it is computed, the worst entry, the newest settings."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.foundations.boards.backpropagation.checked_gradients import CheckedGradients, CheckedTensor
from engine.layers.catalog import KINDS
from engine.passes.checked.gradient_check import CheckSetting
from gui.lab.base import Services
from gui.labs.foundations.backpropagation.checks import check_page, check_work
from gui.labs.foundations.backpropagation.checks.check_table import CheckRow, CheckTable
from gui.labs.foundations.backpropagation.checks.check_work import CheckCourse
from gui.labs.foundations.lab import FoundationsLab
from gui.shell.language import set_language
from tests.patience import GIVE_UP_S


@pytest.fixture
def lab(qtbot, tmp_path):
    made = FoundationsLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(made)
    made.resize(1240, 800)
    made.show()
    made.show_board("backpropagation")
    yield made
    made.close_lab(GIVE_UP_S)


def some(name, error, seed=0):
    """What a check might have found."""
    draws = np.random.default_rng(seed).standard_normal((3, 4))
    numerical = draws.copy()
    numerical[1, 2] *= 1 + error
    return CheckedGradients(name, (CheckedTensor(None, "weight", numerical, draws),), ("kink",))


def test_every_kind_is_checked_and_the_worst_entry_is_shown(lab, qtbot):
    lab.panel.open_preset("check-every-layer")
    page = lab.board.page_of("layers")
    assert page.page_busy()
    qtbot.waitUntil(lambda: not lab.busy())
    rows = page.table.texts()
    assert [row[0] for row in rows] == list(KINDS)
    assert all("…" not in row for row in rows)
    values = [value for _, _, value, _ in lab.board.answers()]
    assert values[1:3] == [str(len(KINDS)), str(len(KINDS))], "all of them are checked, and below 1e-7"
    assert page.progress.isHidden()
    page.table.choose("Conv2d")
    assert lab.board.state.row == "Conv2d" and lab.can_undo
    found = page.found["Conv2d"].worst_tensor
    texts = page.worst.texts()
    assert texts[0][1].startswith(f"{found.name}[")
    assert page.head.text().startswith("Conv2d")
    assert page.note.isHidden()
    page.table.choose("Embedding")
    assert "token" in page.note.text()
    page.table.choose("ReLU")
    assert "stays away" in page.note.text()


def test_settings_start_another_check_and_the_kinks_are_told(lab, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(check_page, "CHECKED_KINDS", ("Conv1d", "ReLU"))

    def course(setting, checkpoint):
        asked.append(setting)
        checkpoint()
        yield some("Conv1d", 1e-9)
        yield some("ReLU", 1.0 if setting.at_kinks else 1e-12)

    monkeypatch.setattr(check_work, "_course", course)
    lab.panel.open_preset("check-every-layer")
    page = lab.board.page_of("layers")
    qtbot.waitUntil(lambda: not lab.busy())
    assert [value for _, _, value, _ in lab.board.answers()][:3] == ["1×10⁻⁹", "2", "2"]
    assert page.head.text() == "Conv1d", "where no row is chosen, it is the worst one"
    lab.board.form.row("at_kinks").setChecked(True)
    lab.board.form.row("at_kinks").value_changed.emit(True)
    qtbot.waitUntil(lambda: not lab.busy())
    assert asked[-1] == CheckSetting(at_kinks=True)
    assert page.head.text() == "ReLU" and "no derivative" in page.note.text()
    assert lab.board.answers()[1][2] == "1"
    number = len(asked)
    lab.undo()
    assert not lab.busy() and page.head.text() == "Conv1d" and len(asked) == number, "what was checked is there at once"
    lab.board.form.number("check_step").slider.setValue(20)
    lab.board.form.number("check_step").slider.setValue(30)
    qtbot.waitUntil(lambda: not lab.busy())
    assert len(asked) <= number + 2
    assert asked[-1].step == lab.board.state.check_step != 1e-5


def test_a_newer_check_ends_an_older_one_at_its_next_number():
    course = CheckCourse()
    first = course.begin(CheckSetting())
    running = course.follow(first)
    next(running)
    moved = course.moved
    assert moved > 0
    course.begin(CheckSetting(seed=1))
    assert course.moved == 0
    with pytest.raises(StopIteration):
        next(running)
    assert course.moved == 0


def test_rows_come_one_after_the_other(lab, qtbot, monkeypatch):
    gates = {"go": False}

    def course(setting, checkpoint):
        yield some("Conv1d", 1e-9)
        while not gates["go"]:
            checkpoint()
        yield some("Conv2d", 1e-10)

    monkeypatch.setattr(check_work, "_course", course)
    lab.panel.open_preset("check-convolution")
    page = lab.board.page_of("layers")
    qtbot.waitUntil(lambda: "Conv1d" in page.found)
    assert page.table.texts()[1][1:] == ["…", "…", "…"]
    assert not page.progress.isHidden() and "1 of 39" in page.said.text()
    assert page.head.text().startswith("Conv2d") and page.worst.texts() == []
    gates["go"] = True
    qtbot.waitUntil(lambda: not lab.busy())
    assert page.table.texts()[1][1] == "12"


def test_what_is_moved_and_the_passes_are_one_count_while_it_runs(lab, qtbot, monkeypatch):
    gates = {"go": False}

    def course(setting, checkpoint):
        yield some("Conv1d", 1e-9)
        for _ in range(1234):
            checkpoint()
        while not gates["go"]:
            time.sleep(0.01)
        yield some("Conv2d", 1e-10)

    monkeypatch.setattr(check_work, "_course", course)
    lab.panel.open_preset("check-convolution")
    page = lab.board.page_of("layers")
    qtbot.waitUntil(lambda: "1,234 numbers moved" in page.said.text())
    qtbot.waitUntil(lambda: lab.figures.value("3") == "2,468")
    gates["go"] = True
    qtbot.waitUntil(lambda: not lab.busy())
    moved = sum(each.derivatives for each in page.found.values())
    assert page.said.text().startswith(f"{moved} numbers moved") and lab.board.answers()[3][2] == str(2 * moved)


def test_a_check_that_fails_says_why(lab, qtbot, monkeypatch):
    def course(setting, checkpoint):
        raise RuntimeError("no memory")
        yield

    monkeypatch.setattr(check_work, "_course", course)
    lab.panel.open_preset("check-every-layer")
    page = lab.board.page_of("layers")
    qtbot.waitUntil(lambda: page.said.text() == "no memory")
    qtbot.waitUntil(lambda: not lab.busy())


def test_the_book_s_two_layers(lab, qtbot):
    lab.board.edit(topic="network", hidden=2)
    page = lab.board.page_of("network")
    qtbot.waitUntil(lambda: not lab.busy())
    assert [row[0] for row in page.table.texts()] == ["b2", "W2", "b1", "W1"]
    values = [value for _, _, value, _ in lab.board.answers()]
    count = 784 * 2 + 2 + 2 * 10 + 10
    assert values[2:] == ["4", f"{2 * count:,}"]
    page.table.choose("W1")
    assert page.worst.texts()[0][1].startswith("W1[")
    mean = page.found["W1"].worst_tensor.mean_difference
    assert mean < 1e-9
    assert page.share() == 1.0


def test_the_pages_speak_korean(lab, qtbot, monkeypatch):
    def course(setting, checkpoint):
        yield some("ReLU", 1e-9)

    monkeypatch.setattr(check_work, "_course", course)
    lab.panel.open_preset("check-at-kinks")
    page = lab.board.page_of("layers")
    qtbot.waitUntil(lambda: not lab.busy())
    try:
        set_language("ko")
        qtbot.waitUntil(lambda: "꺾인 점" in page.note.text())
        assert page.worst.texts()[1][0] == "중앙 차분"
        assert lab.board.answers()[0][1] == "가장 큰 상대 오차"
    finally:
        set_language("en")
    qtbot.waitUntil(lambda: "kink" in page.note.text())


def test_only_the_columns_that_change_are_painted_anew(qtbot):
    table = CheckTable()
    qtbot.addWidget(table)
    table.show_rows([CheckRow("Conv1d", some("Conv1d", 1e-9)), CheckRow("ReLU", some("ReLU", 1e-12))], "")
    cells = []
    table.model().dataChanged.connect(
        lambda first, last: cells.append((first.row(), first.column(), last.row(), last.column()))
    )
    table.show_rows([CheckRow("Conv1d", some("Conv1d", 1e-8)), CheckRow("ReLU", some("ReLU", 1e-12))], "")
    assert cells == [(0, 2, 0, 2)]
    cells.clear()
    table.show_rows([CheckRow("Conv1d", None), CheckRow("ReLU", some("ReLU", 1e-12))], "")  # all of it turns grey
    assert cells == [(0, column, 0, column) for column in range(4)]
