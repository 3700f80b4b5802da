"""The list of the books' experiments: every text it names opens in its lab, figures come, and the keys open what is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.assets import asset
from engine.books.all_experiments import every_experiment
from engine.books.shown_in import SHOWN
from engine.experiments.check import check
from engine.experiments.experiment import trace_of
from gui.help.book_page import BookPage, text_of
from gui.lab.names import LABS, LabText
from gui.labs.foundations.board_presets import shown_on_boards
from gui.main_window import MainWindow
from gui.shell.language import set_language

COUNTED = {  # as the books print them, with torch's second bias of the LSTM, and without tied weights
    "1.6": 45_360, "1.14": 39_760, "1.32": 433_890, "1.36": 123_552,
    "2.15": 80_400 + 400, "2.16": 2_090_400 + 400, "2.17": 13_275_200 + 2 * 2_600 + 650 * 10_000,
}  # fmt: skip


@pytest.fixture
def opened() -> list[LabText]:
    return []


@pytest.fixture
def page(qtbot, opened):
    made = BookPage(None, opened.append)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.open_page()
    yield made
    made.close_page(10.0)


def test_most_experiments_are_shown_in_a_lab_and_each_in_one_place():
    keys = {one.key for one in every_experiment()}
    assert set(SHOWN) <= keys and set(shown_on_boards()) <= keys
    assert not set(SHOWN) & set(shown_on_boards())
    files = {file.stem for file in asset("books").glob("*.toml")}
    assert files == {name for folder, name in SHOWN.values() if folder == "books"}


def test_what_shows_an_experiment_opens_in_its_lab(qtbot, tmp_path, said):
    """In one window, each after another lab."""
    window = MainWindow(tmp_path / "settings.toml")
    qtbot.addWidget(window)
    wrong = {}
    for key in (one.key for one in every_experiment() if one.key in {**SHOWN, **shown_on_boards()}):
        found = text_of(key)
        assert found is not None and found.lab in LABS, key
        window.show_lab(next(name for name in LABS if name != found.lab))
        if not window._documents.open_text(found) or window.current_lab != found.lab or said:
            wrong[key] = (found.lab, window.current_lab, said[:])
            said.clear()
    assert not wrong
    window.close()


@pytest.mark.parametrize("key", COUNTED)
def test_the_networks_have_the_parameters_that_the_books_print(key):
    found = text_of(key)
    assert found is not None
    trace = trace_of(found.experiment)
    assert trace.problem is None and trace.parameters == COUNTED[key]


@pytest.mark.parametrize("key", [key for key in SHOWN if (found := text_of(key)) and found.lab in ("training", "sequence")])
def test_the_experiments_can_be_trained(key):
    found = text_of(key)
    assert found is not None
    check(found.experiment)


def test_the_list_has_all_64_in_both_languages_and_finds_by_either(page, qtbot):
    for language, word in (("en", "apples"), ("ko", "사과")):
        set_language(language)
        page.open_page()
        assert sum(not row.heading for row in page.list.shown) == 64
        page.list.query.setText(word)
        assert any(word in row.title.casefold() for row in page.list.shown)


def test_a_row_shows_its_figures_and_return_opens_it_once(page, qtbot, opened):
    number = next(n for n, row in enumerate(page.list.shown) if page._keys.get(row) == "1.29")
    page.list.view.setCurrentIndex(page.list.view.model().index(number, 0))
    assert page.key == "1.29"
    qtbot.waitUntil(lambda: not page.figures.busy() and bool(page.figures.texts))
    assert page.figures.texts[0][1:] == ["15", "expected: 15"]
    page.list.query.setFocus()
    QTest.keyClick(page.list.query, Qt.Key.Key_Return)
    assert len(opened) == 1 and opened[0].lab == "convolution"


def test_what_the_book_prints_is_expected_as_it_is_printed(page, qtbot):
    """The 0 of −ln 1, and not from −5×10⁻¹³ to 5×10⁻¹³."""
    number = next(n for n, row in enumerate(page.list.shown) if page._keys.get(row) == "1.8")
    page.list.view.setCurrentIndex(page.list.view.model().index(number, 0))
    qtbot.waitUntil(lambda: not page.figures.busy() and bool(page.figures.texts))
    assert page.figures.texts[0] == ["−ln 1", "0", "expected: 0"]


def test_what_no_lab_shows_still_has_its_figures(page, qtbot, opened):
    number = next(n for n, row in enumerate(page.list.shown) if page._keys.get(row) == "2.3")
    page.list.view.setCurrentIndex(page.list.view.model().index(number, 0))
    qtbot.waitUntil(lambda: not page.figures.busy() and bool(page.figures.texts))
    assert not page.open_button.isEnabled()
    QTest.keyClick(page.list.query, Qt.Key.Key_Return)
    assert not opened
