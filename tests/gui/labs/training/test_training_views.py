"""The views of the training lab: a switch in the line with the run's name, and pages that take turns below it."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt

from gui.labs.training.state import TrainingState
from gui.main_window import MainWindow
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small
from tests.gui.layouts import lay_out


def test_a_view_is_made_when_it_is_first_opened_and_kept(make_lab):
    lab = make_lab(small(), torch=False)
    assert set(lab.views.pages) == {"run"} and lab.results.isVisible() and lab.panel.isVisible()
    lab.views.switch.button("runs").click()
    page = lab.views.pages["runs"]
    assert lab.state().view == "runs" and page.isVisible() and lab.results.isHidden()
    assert lab.panel.isHidden()  # the runs have the whole width
    lab.views.switch.button("run").click()
    assert lab.state().view == "run" and lab.results.isVisible() and lab.panel.isVisible()
    lab.views.switch.button("runs").click()
    assert lab.views.pages["runs"] is page


def test_the_view_is_state_and_no_step_to_undo(make_lab):
    lab = make_lab(torch=False)
    before = lab.can_undo
    lab.show_view("runs")
    assert lab.can_undo == before
    edited = msgspec.structs.replace(lab.experiment(), seed=99)
    lab.open_experiment(edited)
    lab.show_view("run")
    lab.undo()
    assert lab.experiment().seed != 99 and lab.state().view == "run"  # looking is not undone
    lab.set_state(TrainingState(view="runs"))
    assert lab.views.shown == "runs" and lab.views.switch.current == "runs"
    lab.set_state(TrainingState(view="one that a later version has"))
    assert lab.views.shown == "run"


def test_the_switch_speaks_the_window_s_language_and_stands_beside_the_name(qtbot, make_lab):
    lab = make_lab(small())
    run(qtbot, lab)
    name, switch = lab.results.name, lab.views.switch
    assert [switch.button(each).text() for each in ("run", "runs")] == ["This run", "All runs"]
    assert name.wording == "Run: Digits CNN"
    assert name.mapTo(lab, name.rect().center()).x() < switch.mapTo(lab, switch.rect().topLeft()).x()
    language.set_language("ko")
    qtbot.waitUntil(lambda: switch.button("run").text() == "이 실행")
    assert switch.button("runs").text() == "모든 실행"


def test_the_model_is_left_in_peace_while_another_view_is_shown(qtbot, make_lab):
    lab = make_lab(small())
    run(qtbot, lab)
    assert lab.looking.watching._timer.isActive()
    lab.show_view("runs")
    assert not lab.looking.watching._timer.isActive()
    lab.show_view("run")
    assert lab.looking.watching._timer.isActive()


def test_backspace_ends_no_run_that_is_not_looked_at(qtbot, make_lab):
    lab = make_lab(small())
    run(qtbot, lab)
    lab.show_view("runs")
    qtbot.keyClick(lab.runs.table, Qt.Key.Key_Backspace)
    assert lab.control.status() is not None and lab.run_bar.reset.isEnabled()
    lab.show_view("run")
    qtbot.keyClick(lab, Qt.Key.Key_Backspace)
    assert lab.control.status() is None


def test_the_timeline_is_under_the_run_alone(make_lab):
    lab = make_lab(small(), torch=False)
    assert lab.timeline.isVisible()
    for view in ("runs", "queue"):
        lab.show_view(view)
        assert lab.timeline.isHidden()
    lab.show_view("run")
    assert lab.timeline.isVisible()


@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_no_choice_of_pages_is_cut_in_a_small_window(qtbot, tmp_path, tongue):
    window = MainWindow(tmp_path / "settings.toml", lab="training", chosen_language=tongue)
    qtbot.addWidget(window)
    window.resize(1024, 700)
    window.show()
    language.set_language(tongue)
    lab = window.lab("training")
    for names in (("prediction", "confusion"), ("feature_maps", "mistakes"), ("try", "layers")):
        lab.pages.set_chosen(names)
        lay_out()
        for group in lab.pages._groups:
            for name in group.offered:
                page = group.pages[name]
                button = group.choice.choice.button(name)
                assert button.isVisible() and button.width() >= button.sizeHint().width(), (tongue, name)
                assert group.rect().contains(button.rect().translated(button.mapTo(group, QPoint()))), (tongue, name)
                assert button.accessibleName() == page.page_title() and button.toolTip() == page.page_title()
    window.close()
