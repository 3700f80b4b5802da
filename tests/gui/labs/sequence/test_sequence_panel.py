"""The settings of the sequence lab: tasks with their sliders, the recurrent layer, its parameters, an own file."""

from __future__ import annotations

import pytest

from engine.experiments.experiment import preset
from engine.fields import edited
from engine.sequences.tasks import TASKS, cell_kind
from gui.labs.sequence.cell_edits import recurrent_of, with_recurrent
from gui.labs.sequence.settings.parameter_count import derivation_in
from gui.labs.sequence.settings.size_axes import SizeAxes
from gui.shell import language
from gui.widgets.formula_text import as_typed
from tests.gui.labs.sequence.test_sequence_lab import small


def test_every_task_can_be_chosen_and_run(lent_lab):
    lab = lent_lab(small(), torch=False)
    for task in TASKS:
        lab.panel.task.chosen.emit(task.name)
        assert lab.experiment().data.name == task.name and lab.panel.problem == ""
        assert cell_kind(lab.experiment()) == "LSTM"
        for slider in task.sliders:
            assert lab.panel.data.row(slider.name).isVisibleTo(lab.panel)


def test_the_count_stands_still_while_t_moves_and_is_that_of_the_formula(lent_lab):
    lab = lent_lab(small(), torch=False)
    shown = lab.panel.parameters
    counts = set()
    for steps in (5, 50, 500):
        lab.panel.data.row("length").value_changed.emit(steps)
        assert lab.experiment().data.length == steps
        counts.add(shown.count.text())
    assert counts == {"17,152"}  # 4 · 64 · (1 + 64 + 2)
    assert eval(as_typed(shown.worked.text()).lstrip("= ").replace("×", "*").replace("−", "-").replace(",", "")) == 17152


def test_the_drawn_sizes_are_written_out_however_large_they_are(qtbot):
    """To the last digit: H to a million, T to ten thousand."""
    axes = SizeAxes()
    qtbot.addWidget(axes)
    axes.resize(245, axes.sizeHint().height())
    drawn = []
    for units, steps in ((999_991, 9_991), (999_998, 9_991), (999_998, 9_998)):
        axes.show_sizes(units, steps)
        drawn.append(axes.grab().toImage())
    assert drawn[0] != drawn[1] != drawn[2]


@pytest.mark.parametrize(("convention", "count"), [("torch", 80_800), ("keras", 80_400), ("book", 80_400)])
def test_an_lstm_of_100_inputs_and_100_units_in_each_convention(convention, count):
    """As torch and Keras count, and as the book does: 4 · (100 · 100 + 100 · 100 + 100 or 200)."""
    from engine.layers.kinds.recurrent import LSTM

    found = derivation_in(LSTM(hidden_size=100), (35, 100), convention)
    assert found.result == count
    assert eval(found.substituted.replace("×", "*").replace("−", "-").replace("·", "*")) == count


@pytest.mark.parametrize("convention", ["torch", "keras", "book"])
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("more", [{}, {"num_layers": 2, "bidirectional": True}, {"bias": False}])
def test_the_printed_formula_has_the_printed_result(kind, convention, more):
    from engine.layers.kinds import recurrent

    layer = edited(getattr(recurrent, kind)(hidden_size=7), **more)
    found = derivation_in(layer, (9, 3), convention)
    assert eval(found.substituted.replace("×", "*").replace("−", "-").replace("·", "*")) == found.result


def test_the_convention_is_part_of_the_state(lent_lab):
    lab = lent_lab(small(), torch=False)
    lab.panel.parameters.convention.button("keras").click()
    assert lab.state().convention == "keras"
    assert lab.panel.parameters.count.text() == "16,896"  # 4 · 64 · (1 + 64 + 1)
    assert "i, f, g, o" in lab.panel.parameters.written.text()


def test_the_recurrent_layer_is_set_by_its_rows(lent_lab):
    lab = lent_lab(small(), torch=False)
    rows = lab.panel.layer
    rows.number("hidden_size").value_changed.emit(8)
    rows.number("num_layers").value_changed.emit(2)
    rows.form.row("bidirectional").value_changed.emit(True)
    rows.number("forget_bias").value_changed.emit(2.0)
    layer = recurrent_of(lab.experiment())
    assert (layer.hidden_size, layer.num_layers, layer.bidirectional, layer.forget_bias) == (8, 2, True, 2.0)
    assert rows.form.row("dropout").isVisibleTo(rows)
    lab.undo()
    assert recurrent_of(lab.experiment()).forget_bias is None


def test_a_projection_stays_smaller_than_the_hidden_state(lent_lab):
    lab = lent_lab(small(), torch=False)
    layer = recurrent_of(lab.experiment())
    lab.open_experiment(with_recurrent(lab.experiment(), edited(layer, hidden_size=10, proj_size=9)))
    lab.panel.layer.number("hidden_size").value_changed.emit(6)
    assert recurrent_of(lab.experiment()).proj_size == 5 and lab.panel.problem == ""


def test_an_own_text_is_opened_and_the_network_follows_its_vocabulary(lent_lab, tmp_path):
    lab = lent_lab(small(), torch=False)
    lab.panel.task.chosen.emit("text")
    file = tmp_path / "글.txt"
    file.write_bytes(("가나다라 마바사 " * 60).encode("cp949"))
    lab.panel.data.open_file(str(file))
    assert lab.experiment().data.path == str(file) and lab.panel.problem == ""
    assert lab.panel.info().classes == tuple(sorted(set("가나다라 마바사 ")))


@pytest.mark.parametrize("text", ["", "가", "\n\n"])
def test_a_file_that_is_no_text_to_learn_is_refused_in_words_and_changes_nothing(lent_lab, tmp_path, text):
    lab = lent_lab(small(), torch=False)
    lab.panel.task.chosen.emit("text")
    before = lab.state()
    file = tmp_path / "empty.txt"
    file.write_text(text, "utf-8")
    lab.panel.data.open_file(str(file))
    assert lab.state() == before
    assert lab.panel.problem_box.isVisible() and "empty.txt" in lab.panel.problem_box.text()
    assert "data.path" not in lab.panel.problem_box.text()  # a name of the experiment's file


def test_a_refusal_goes_with_the_next_choice_and_with_a_run_and_is_said_in_the_windows_language(qtbot, make_lab, tmp_path):
    lab = make_lab(small())
    empty, text = tmp_path / "empty.txt", tmp_path / "own.txt"
    empty.write_text("", "utf-8")
    text.write_text("learning to read " * 40, "utf-8")
    panel, said = lab.panel, lab.panel.problem_box

    def refused() -> None:
        panel.data.open_file(str(empty))
        assert said.isVisible() and "empty.txt" in said.text()

    panel.task.chosen.emit("text")
    choices = (
        lambda: panel.data.open_file(str(text)),
        lambda: panel.layer.number("hidden_size").value_changed.emit(5),
        lambda: panel.seed.value_changed.emit(3),
        lambda: lab.choose_cell("GRU"),
        lab.undo,
        lambda: lab.open_experiment(lab.experiment()),  # the same once more
        lambda: panel.task.chosen.emit("waves"),
    )
    for choose in choices:
        refused()
        choose()
        assert said.isHidden() and said.text() == "", choose
        if choose is choices[0]:
            assert lab.experiment().data.path == str(text)
    panel.task.chosen.emit("text")
    panel.data.open_file(str(text))
    panel.layer.number("hidden_size").value_changed.emit(5)
    panel.training.number("epochs").value_changed.emit(500)
    refused()
    english = said.text()
    language.set_language("ko")
    qtbot.waitUntil(lambda: said.text() != english and "empty.txt" in said.text())
    for begin in (lab.play, lab.begin_anew):
        begin()
        qtbot.waitUntil(lambda: lab.control.in_progress)
        assert said.isHidden()
        qtbot.waitUntil(lambda: lab.run_bar.playing)
        refused()  # while it runs it is said, and it stays while the same run goes on
        step = lab.control.reached
        qtbot.waitUntil(lambda step=step: lab.control.reached > step)
        assert said.isVisible()
    lab.pause()
    qtbot.waitUntil(lambda: not lab.run_bar.playing)
    assert said.isVisible()
    lab.play()
    qtbot.waitUntil(said.isHidden)
    lab.stop()


def test_a_series_with_gaps_says_what_was_done_to_it(lent_lab, tmp_path):
    lab = lent_lab(small(), torch=False)
    lab.panel.task.chosen.emit("series")
    file = tmp_path / "series.csv"
    rows = [f"2020-01-{1 + day % 28:02d},{'' if day == 30 else day % 7}" for day in range(200)]
    file.write_text("date,value\n" + "\n".join(rows), "utf-8")
    lab.panel.data.open_file(str(file))
    assert lab.experiment().data.path == str(file) and lab.panel.data.notes.text()


def test_the_empty_box_of_the_column_names_the_one_that_is_read(qtbot, lent_lab, tmp_path):
    """In the language of the window; as what the file is read stands below."""
    lab = lent_lab(small(), torch=False)
    lab.panel.task.chosen.emit("series")
    rows = lab.panel.data
    file = tmp_path / "주가.csv"
    lines = [f"2020-01-{1 + day % 28:02d};{day * day % 7},5;{day * 3 % 11}" for day in range(200)]
    file.write_bytes(("날짜;종가;거래량\n" + "\n".join(lines)).encode("cp949"))
    rows.open_file(str(file))
    assert rows.column.text() == "" and rows.column.placeholderText() == "종가 (found by itself)"
    assert rows.notes.text() == "Read as CP949, columns between semicolons, with names, decimal comma; column 종가: 200 values"
    language.set_language("ko")
    qtbot.waitUntil(lambda: rows.column.placeholderText() == "종가 (자동 선택)")
    assert rows.notes.text() == "CP949, 세미콜론(;)으로 나뉜 열, 열 이름 있음, 소수점 쉼표(,). 읽은 열: 종가, 값 200개"
    rows.column.setText("거래량")
    rows.column.editingFinished.emit()
    assert lab.experiment().data.column == "거래량" and "거래량" in rows.notes.text()
    lab.undo()
    assert rows.column.text() == "" and rows.column.placeholderText() == "종가 (자동 선택)"


def test_an_own_text_says_as_what_it_is_read(lent_lab, tmp_path):
    lab = lent_lab(small(), torch=False)
    lab.panel.task.chosen.emit("text")
    assert lab.panel.data.notes.isHidden()
    file = tmp_path / "글.txt"
    file.write_bytes(("가나다라 마바사 " * 60).encode("cp949"))
    lab.panel.data.open_file(str(file))
    assert lab.panel.data.notes.text() == "Read as CP949: 540 characters, 8 of them different"
    lab.panel.data.usual.click()
    assert lab.panel.data.notes.isHidden()


def test_a_run_under_way_takes_the_learning_rate_and_leaves_the_rest(qtbot, make_lab):
    lab = make_lab(small(epochs=500))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 2)
    lab.panel.training.number("lr").value_changed.emit(0.0125)
    assert lab.control.experiment.training.lr == 0.0125
    lab.panel.training.number("batch_size").value_changed.emit(7)
    assert lab.panel.pending_box.isVisible()
    lab.stop()


def test_the_file_that_comes_along_is_named(qtbot, lent_lab):
    lab = lent_lab(preset("text-lstm"), torch=False)
    assert lab.panel.data.file_name.text() == "Five Korean poems"
    lab.open_experiment(preset("series-lstm"))
    assert lab.panel.data.file_name.text() == "Sunspots, 1700 to 2008"
    language.set_language("ko")
    qtbot.waitUntil(lambda: lab.panel.data.file_name.text() == "흑점 수, 1700~2008년")
