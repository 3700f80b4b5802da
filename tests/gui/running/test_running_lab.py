"""A lab that trains holds only what is its own: one with a form of two settings and a page with one number is a whole lab."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from engine.experiments.experiment import Experiment, Training, preset, to_toml
from engine.fields import edited
from engine.runs.status import Reason
from gui.lab.base import Services
from gui.lab.names import LabText
from gui.running.lab.base import RunningLab
from gui.running.lab.lab_results import LabResults
from gui.running.lab.run_actions import RunActions
from gui.running.lab.settings_panel import SettingsPanel
from gui.running.lab.state import RunningState
from gui.running.page_groups import PageGroups
from gui.running.result_page import ResultPage
from gui.running.run_curves import RunCurves
from gui.widgets.forms.form import Form
from tests.patience import GIVE_UP_S


def small(epochs: int = 2) -> Experiment:
    found = preset("digits-mlp")
    data = edited(found.data, samples=200)
    return edited(found, data=data, training=edited(found.training, epochs=epochs, device="cpu"))


class BoardState(RunningState, frozen=True, kw_only=True):
    experiment: Experiment = msgspec.field(default_factory=small)
    marked: int = 0


class BoardPanel(SettingsPanel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(small(), 280, 100, parent)
        self.training = Form(Training, ("lr", "epochs"), words="fields_training")
        self.training.edited.connect(lambda training: self.take(edited(self.experiment, training=training)))
        self.column.addWidget(self.training)
        self.column.addWidget(self.seed)
        self.end_with()
        self.retranslate()

    def show_settings(self) -> None:
        self.training.show_value(self.experiment.training)
        self.seed.set_value(self.experiment.seed)

    def taken_at_once(self) -> tuple[str, str]:
        return "The rate reaches it.", ""

    def align_rows(self) -> None:
        pass


class LargestPage(ResultPage):
    """The largest weight of the first layer."""

    def __init__(self) -> None:
        super().__init__()
        self.number = QLabel()
        self.body.addWidget(self.number)
        self.retranslate()

    def page_title(self) -> str:
        return "Largest weight"

    def question(self):
        return largest

    def show_answer(self, answer: float | None) -> None:
        self.number.setText("" if answer is None else f"{answer:.4f}")


def largest(model, _data) -> float:
    return float(next(model.parameters()).detach().abs().max())


class BoardResults(LabResults):
    pages: PageGroups

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        curves, pages = RunCurves(self.fading), PageGroups(({"largest": LargestPage()},), self.fading)
        self.column.addWidget(curves.name_line)
        self.show_beside_each_other(curves, pages, ((curves, 2), (pages, 1)))


class Board(RunningLab[BoardState]):
    name = "board"
    state_type = BoardState

    def __init__(self, services: Services) -> None:
        super().__init__(BoardState(), services, BoardPanel, BoardResults)
        entries = {**self.presses(), "network": self.offer_network, "run_folder": self.opener.ask_for_run}
        self.begin(self.results, RunActions(entries, self))


@pytest.fixture
def make_board(qtbot, tmp_path):
    made = []

    def make() -> Board:
        board = Board(Services(runs_folder=tmp_path / "runs"))
        made.append(board)
        qtbot.addWidget(board)
        board.resize(1100, 700)
        board.show()
        board.torch_ready()
        return board

    yield make
    for board in made:
        board.close_lab(GIVE_UP_S)


def run(qtbot, board: Board):
    with qtbot.waitSignal(board.run_ended) as ended:
        board.play()
    return ended.args[0]


def test_it_trains_draws_asks_and_is_reset(qtbot, make_board):
    board = make_board()
    assert run(qtbot, board).reason is Reason.COMPLETED
    page = board.pages.pages["largest"]
    qtbot.waitUntil(lambda: page.number.text() != "")
    weights = board.worker.ask(largest).result(GIVE_UP_S)
    qtbot.waitUntil(lambda: page.number.text() == f"{weights:.4f}")
    assert board.results.name.wording == "Run: Digits MLP" and board.status_text().startswith("Completed")
    assert len(board.results.curves.loss.data.columns()["train"][0]) == board.worker.status().step
    titles = [action.text() for action in board.actions_for_menu()]
    assert titles[-3:] == ["Edit network", "Open run folder...", "Export"] and len(titles) == 9
    qtbot.keyClick(board, Qt.Key.Key_Backspace)
    assert page.number.text() == "" and "kept" in board.results.name.wording
    board.results.curves.again.click()  # Backspace was pressed by mistake
    qtbot.waitUntil(lambda: page.number.text() == f"{weights:.4f}")
    assert board.results.name.wording == "Run: Digits MLP" and board.results.curves.again.isHidden()


def test_what_it_is_made_of_is_undone_and_how_it_is_looked_at_stays(qtbot, make_board):
    board = make_board()
    first = board.state()
    board.panel.take(edited(board.experiment(), seed=first.experiment.seed + 1))
    board.edit(marked=3)
    assert board.can_undo and board.state().experiment.seed == first.experiment.seed + 1
    board.undo()
    assert board.state() == edited(first, marked=3) and board.panel.seed.value == first.experiment.seed
    board.open_text(LabText(to_toml(small(5)), "", "board", is_setting=False))
    assert board.state().opened == small(5)
    name, text = board.document()
    assert name == "Digits MLP" and text == to_toml(small(5))


def test_a_run_under_way_takes_an_edit_and_its_undoing(qtbot, make_board):
    board = make_board()
    board.open_experiment(small(2_000))
    board.play()
    qtbot.waitUntil(lambda: board.worker.status().step > 0)
    before = board.experiment().training.lr
    board.panel.take(edited(board.experiment(), training=edited(board.experiment().training, lr=before / 2)))
    qtbot.waitUntil(lambda: board.worker.status().lr == before / 2)
    board.undo()
    qtbot.waitUntil(lambda: board.worker.status().lr == before)
    board.panel.take(edited(board.experiment(), seed=99))
    qtbot.waitUntil(lambda: not board.panel.pending_box.isHidden())
    assert board.panel.pending_box.text().endswith("The rate reaches it.") and board.results.veil.isVisible()
    with qtbot.waitSignal(board.run_ended):
        board.stop()


def test_a_kept_run_is_shown_after_a_restart_and_opened_from_its_folder(qtbot, make_board):
    board = make_board()
    status = run(qtbot, board)
    again = make_board()
    again.repaint()
    qtbot.waitUntil(lambda: again.control.folder == status.folder)
    board.open_experiment(edited(small(), seed=98))
    board.reset()
    board.opener.open_run(status.folder)
    qtbot.waitUntil(lambda: board.experiment().seed == small().seed)
    assert board.control.folder == status.folder and not board.control.differs


def test_a_language_is_switched_in_its_words(qtbot, make_board):
    board = make_board()
    QApplication.sendEvent(board, QEvent(QEvent.Type.LanguageChange))
    assert board.actions_for_menu()[0].text() == "Play or pause"
