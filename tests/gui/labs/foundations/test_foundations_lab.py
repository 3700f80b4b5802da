"""The foundations lab as a whole: every board and every preset opens, is undone, kept as a text, and speaks both languages."""

from __future__ import annotations

import re

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from engine.assets import asset
from engine.books.all_experiments import LONG, experiment_named
from engine.experiments.experiment import preset_names as experiment_names
from engine.words import LANGUAGES, table
from gui.lab.names import LABS, recognised
from gui.labs.foundations.board_presets import PRESET, board_preset, preset_names, shown_on_boards
from gui.labs.foundations.boards import BOARD_WORDS, BOARDS, board_table
from gui.labs.foundations.state import FoundationsState
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.language import say, set_language
from gui.shell.state_file import from_text, to_text
from gui.widgets.figures.book_figures import MOST_ROWS
from gui.widgets.figures.figure_table import FigureTable
from tests.gui.layouts import lay_out


@pytest.fixture
def lab(boards):
    return boards.lend(next(iter(BOARDS)), 860, 600)


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_is_shown_with_its_figures_and_leads_somewhere(lab, qtbot, board):
    lab.show_board(board)
    qtbot.waitUntil(lambda: not lab.busy())
    assert lab.strip.current == board and lab.board.name == board
    assert lab.board.answers() and all(title and value for _, title, value, _ in lab.board.answers())
    assert lab.panel.title == say(BOARD_WORDS, f"{board}.title")
    for link in lab.board.LINKS:
        room, name = link.asset
        assert name in experiment_names() if room == "presets" else asset(room, f"{name}.toml").is_file()
        assert f"link.{link.code}" in table(board_table(board))
    assert lab.board.LINKS, "an idea is used somewhere"


@pytest.mark.parametrize("chosen", LANGUAGES)
@pytest.mark.parametrize("board", BOARDS)
def test_nothing_is_cut_in_a_window_of_1024_by_700(lab, board, chosen):
    """The title, names in the legends of graphs, columns of tables of figures; the lab has 860 of the width."""
    set_language(chosen)
    lab.show_board(board)
    cut = set()
    for name in preset_names(board):
        lab.panel.open_preset(name)
        lay_out()
        title = lab.panel._title
        cut |= {title.wording} if title.text() != title.wording else set()
        for plot in (each for each in lab.board.findChildren(GraphPlot) if each.isVisible()):
            cut |= {(name, *plot._legend.cut)} if plot._legend.cut else set()
        for figures in (each for each in lab.board.findChildren(FigureTable) if each.isVisible() and each.texts()):
            seen, (left, width) = figures.visibleRegion(), figures._columns[-1]
            hidden = not seen.isEmpty() and left + width > seen.boundingRect().right() + 2
            cut |= {(name, *figures.texts()[0])} if hidden else set()
    assert cut == set()


@pytest.mark.parametrize("board", BOARDS)
def test_the_presets_of_a_board_are_its_files_with_words(board):
    names = preset_names(board)
    assert names and {file.stem for file in asset("boards", board).glob("*.toml")} == set(names)
    for name in names:
        assert f"{PRESET}{name}.about" in table(board_table(board))


@pytest.mark.parametrize("board", BOARDS)
def test_each_preset_opens_with_its_note_and_is_one_step(lab, qtbot, board):
    lab.show_board(board)
    first = lab.state()
    for name in preset_names(board):
        lab.panel.open_preset(name)
        assert lab.board.state == board_preset(board, name)
        note = lab.panel._notes[board]
        assert note.isVisible() and not note.restore_button.isVisible()
        lab.undo()
        assert lab.state() == first
        lab.redo()
        assert lab.board.state.preset == name
        lab.set_state(first)
        lab.forget_history()
    qtbot.waitUntil(lambda: not lab.busy())


@pytest.mark.parametrize("board", BOARDS)
def test_the_books_of_a_board_are_presets_of_it(lab, board):
    lab.show_board(board)
    assert set(lab.board.BOOKS) <= set(preset_names(board))
    assert all(experiment_named(key) is not None for key in lab.board.BOOKS.values())


def test_a_preset_of_the_books_shows_their_figures(lab, qtbot):
    board, name, key = next(
        (board, name, key) for key, (board, name) in shown_on_boards().items() if key not in LONG and board == "gradient"
    )
    lab.show_board(board)
    lab.panel.open_preset(name)
    qtbot.waitUntil(lambda: lab.panel.book.isVisible() and not lab.panel.book.busy())
    experiment = experiment_named(key)
    assert experiment is not None and experiment.compute is not None
    assert [row[0] for row in lab.panel.book.texts] == [one.label_in() for one in experiment.compute()][:MOST_ROWS]


@pytest.mark.parametrize("chosen", ["en", "ko"])
@pytest.mark.parametrize(
    ("board", "name"),
    [
        ("activation", "softmax-by-hand"),
        ("gradient", "rate-0.1"),
        ("gradient", "error-against-h"),
        ("initialisation", "saturated"),
    ],
)
def test_the_figures_of_the_books_leave_the_column_as_wide_as_it_is(lab, qtbot, board, name, chosen):
    set_language(chosen)
    lab.show_board(board)
    lab.panel.open_preset(name)
    qtbot.waitUntil(lambda: lab.panel.book.isVisible() and not lab.panel.book.busy() and len(lab.panel.book.texts) > 1)
    area = lab.panel.stack.currentWidget()
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())
    experiment = experiment_named(lab.board.BOOKS[name])
    assert experiment is not None and experiment.compute is not None
    assert [row[0] for row in lab.panel.book.texts] == [one.label_in(chosen) for one in experiment.compute()][:MOST_ROWS]


@pytest.mark.parametrize("board", BOARDS)
def test_every_state_is_kept_as_a_text(board):
    for name in preset_names(board):
        state = FoundationsState(board=board).with_board(board, board_preset(board, name))
        text = to_text("foundations", state)
        assert recognised(text).lab == "foundations"
        assert from_text(text, "foundations", FoundationsState) == state


def test_a_pasted_text_is_shown_as_one_step(lab):
    board = list(BOARDS)[3]
    state = FoundationsState(board=board).with_board(board, board_preset(board, preset_names(board)[-1]))
    lab.open_text(recognised(to_text("foundations", state), "text"))
    assert lab.state() == state and lab.document()[1] == to_text("foundations", state)
    lab.undo()
    assert lab.state() != state


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_speaks_korean_everywhere(lab, qtbot, board):
    lab.show_board(board)
    set_language("ko")
    hangul = re.compile("[가-힣]")
    qtbot.waitUntil(lambda: hangul.search(lab.panel.title) is not None)  # the change of language is an event
    lab.panel.open_preset(preset_names(board)[0])
    qtbot.waitUntil(lambda: not lab.busy())
    titles = [title for _, title, _, _ in lab.board.answers()]
    assert any(hangul.search(title) for title in titles), titles
    heads = [each.text() for each in lab.board.form.findChildren(QLabel) if each.isVisible() and each.text()]
    fields = table(board_table(board))
    english = {words["en"] for words in fields.values() if words["en"] != words["ko"]}
    assert not english & set(heads)


def test_the_keys_go_from_board_to_board_which_is_no_step(lab):
    lab.activateWindow()
    lab.setFocus()
    first = lab.state().board
    QTest.keyClick(lab, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert lab.state().board == list(BOARDS)[1] and not lab.can_undo
    QTest.keyClick(lab, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert lab.state().board == first
    QTest.keyClick(lab, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert lab.state().board == list(BOARDS)[-1]


def test_an_edit_is_remembered_and_a_changed_preset_can_be_restored(lab):
    board = next(iter(BOARDS))
    lab.panel.open_preset(preset_names(board)[0])
    opened = lab.state()
    name = next(name for name in lab.board.state.__struct_fields__ if isinstance(getattr(opened.shown, name), float))
    lab.board.edit(**{name: getattr(opened.shown, name) + 0.125})
    assert lab.state() != opened and lab.panel._notes[board].restore_button.isVisible()
    lab.panel._notes[board].restore_button.click()
    assert lab.state() == opened
    lab.undo()
    assert lab.state() != opened


def test_a_preset_that_was_changed_says_so_with_its_books_figures(lab, qtbot):
    lab.show_board("gradient")
    lab.panel.open_preset("tangent-at-5")
    note, book = lab.panel._notes["gradient"], lab.panel.book
    qtbot.waitUntil(lambda: bool(book.texts))
    figures = book.texts
    assert "not with your changes" not in book._heading.text() and not note.restore_button.isVisible()
    lab.board.edit(h=0.01)
    assert "not with your changes" in book._heading.text() and book.texts == figures
    assert note.restore_button.text() == "Changed ↺" and note.restore_button.isVisible()
    lab.board.look(topic="descent")
    assert not note.isVisible() and not book.isVisible(), "they speak of another picture"
    lab.board.look(topic="derivative")
    assert note.isVisible() and book.isVisible()
    lab.undo()
    assert "not with your changes" not in book._heading.text() and not note.restore_button.isVisible()


def test_what_is_only_looked_at_or_played_changes_no_preset(lab, qtbot):
    for board, preset, look in (
        ("normalisation", "by-columns", {"cell": (2, 1)}),
        ("batches", "with-replacement", {"iteration": 12}),
        ("optimisers", "four-in-a-valley", {"step": 3}),
        ("backpropagation", "apples", {"step": 1}),
        ("capacity", "five-folds", {"fold": 3}),
    ):
        lab.show_board(board)
        lab.panel.open_preset(preset)
        lab.board.look(**look)
        note = lab.panel._notes[board]
        assert note.isVisible() and not note.restore_button.isVisible(), board
    qtbot.waitUntil(lambda: not lab.busy())


@pytest.mark.parametrize("board", BOARDS)
def test_the_looks_of_a_board_are_fields_of_its_state(lab, board):
    lab.show_board(board)
    assert set(lab.board.state.__struct_fields__) - {"preset", "topic"} >= lab.board.state.LOOKS


def test_links_hand_an_experiment_or_a_setting_to_its_lab(lab):
    offered: list[object] = []
    listening = [signal.connect(offered.append) for signal in (lab.experiment_offered, lab.setting_offered)]
    for board in BOARDS:
        lab.show_board(board)
        for link in lab.board.LINKS:
            offered.clear()
            lab.panel.link_followed.emit(link)
            assert len(offered) == 1
            lab_name = getattr(offered[0], "lab", "training")
            assert lab_name in LABS
    for each in listening:
        lab.disconnect(each)


def test_every_field_of_every_state_has_words():
    for board in BOARDS:
        words = table(board_table(board))
        state = getattr(FoundationsState(), board)
        for code in words:
            assert set(words[code]) == {"en", "ko"}, code
        assert isinstance(state, msgspec.Struct)
