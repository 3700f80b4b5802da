"""The page of predictions: forecasts beside the naive line, next characters and written text, answers to whole sequences, each
against numbers that torch and loops of the tests' own give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.experiments.experiment import preset
from engine.fields import edited
from engine.judging.answers_by_step import AnswersByStep, answers_by_step
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.recurrent import GRU, LSTM
from engine.sequences.forecast import look_at_forecast
from engine.sequences.tasks import CELL_KINDS, cell_kind, with_cell
from engine.sequences.text_sampling import NoTextError, WrittenText
from engine.training.probes import Numbers
from gui.labs.sequence.cell_edits import both_ways
from gui.labs.sequence.predicting.character_sheet import CharacterSheet, seen
from gui.labs.sequence.predicting.forecast_view import skill_text
from gui.labs.sequence.predicting.predict_questions import TextQuestion
from gui.labs.sequence.predicting.predicting_page import PredictingPage
from gui.labs.sequence.resting_page import TimedAnswer
from gui.labs.sequence.sequence_look import SequenceLook
from gui.shell.language import set_language
from tests.gui.labs.sequence.small_models import model_of, small
from tests.gui.layouts import lay_out

SERIES = (GRU(hidden_size=5, output="sequence"), Linear(out_features=1))


def shown(qtbot, experiment, size=(420, 620)):
    page = PredictingPage()
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.show_run(experiment)
    return page


def opened(qtbot, experiment, size=(420, 620)):
    page = shown(qtbot, experiment, size)
    model, data = model_of(experiment)
    page.show_answer(page.question()(model, data))
    return page, model, data


def text_experiment(**ways):
    return small("counting-lstm", length=16, **ways)


def line(page, name):
    return np.array(next(one.values for one in page.series.plot.lines if one.name == name))


# --- series


def test_the_lines_are_truth_the_models_answer_its_own_continuation_and_the_last_value_again(qtbot):
    page, model, data = opened(qtbot, small(layers=SERIES, length=14))
    x, y = data.x_validation[0], data.y_validation[0]
    with torch.no_grad():
        forced = model(x[None])[0, :, 0]
        values = x[:7].clone()
        for _ in range(7):  # reads its own last answer
            values = torch.cat([values, model(values[None])[0, -1:]])
    np.testing.assert_allclose(line(page, "Truth"), y[:, 0])
    np.testing.assert_allclose(line(page, "Teacher-forced"), forced, atol=1e-6)
    np.testing.assert_allclose(line(page, "The last value again"), x[:, 0])
    free = line(page, "Free-running")
    assert np.isnan(free[:6]).all() and page.series.plot.start == 7
    np.testing.assert_allclose(free[6:13], values[7:, 0], atol=1e-6)
    held = line(page, "The last true value, held")
    np.testing.assert_allclose(held[6:], float(x[6, 0]))
    drawn, legend = page.series.lines(page._found), page.series.legend  # every line has its name in the legend
    assert [key for key, _, _ in legend._entries] == list(drawn)
    assert all(legend._pen(key).dashPattern() == shown.pen().dashPattern() for key, shown in drawn.items())


def test_errors_and_skill_are_those_worked_out_by_hand(qtbot):
    page, model, data = opened(qtbot, small(layers=SERIES, length=14))
    x, y = data.x_validation.double(), data.y_validation.double()
    with torch.no_grad():
        forced = model(data.x_validation).double()
    rows = page.series.table.texts()
    assert rows[0] == ["MSE", "naive MSE", "skill"]
    for row, pick in ((rows[1], slice(0, 1)), (rows[2], slice(None))):
        error = float(((forced[pick] - y[pick]) ** 2).mean())
        naive = float(((x[pick] - y[pick]) ** 2).mean())
        assert float(row[1]) == pytest.approx(error, rel=5e-3) and float(row[2]) == pytest.approx(naive, rel=5e-3)
        assert row[3] == skill_text(1 - error / naive)
    assert page.series.verdict.text().startswith("This is no forecast")  # it has learned nothing


def test_a_curve_that_only_lags_by_one_is_called_no_forecast(qtbot):
    experiment = small(layers=SERIES, length=20)
    page = shown(qtbot, experiment)
    _, data = model_of(experiment)

    class LastValue(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.unused = torch.nn.Parameter(torch.zeros(1))

        def forward(self, x):
            return x

    page.show_answer(look_at_forecast(LastValue(), data))
    assert "one step late" in page.series.verdict.text()
    assert page.series.table.texts()[2][3] == "0.000"


@pytest.mark.parametrize(
    ("skill", "text"),
    [
        (1.0, "1.000"),
        (0.9999, "> 0.999"),
        (0.0, "0.000"),
        (1e-5, "< 0.001"),
        (-1e-5, "> −0.001"),
        (-2.5, "−2.500"),
        (None, "–"),
    ],
)
def test_a_skill_is_never_rounded_to_what_it_is_not(skill, text):
    assert skill_text(skill) == text


def test_the_start_is_moved_by_slider_and_in_the_plot_and_is_asked_at_once(qtbot):
    page, model, data = opened(qtbot, small(layers=SERIES, length=14))
    first = page.question()
    with qtbot.waitSignal(page.question_changed):
        page.series.start.slider.setValue(page.series.start.slider.value() - 3)
    assert page.question() is not first
    page.show_answer(page.question()(model, data))
    assert page.series.plot.start == 4 and not np.isnan(line(page, "Free-running")[4:]).any()
    plot = page.series.plot
    with qtbot.waitSignal(page.question_changed):
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.point_of(10, 0.0).toPoint())
    page.show_answer(page.question()(model, data))
    assert plot.start == 10 and page.series.start.value == 10


def test_a_network_that_cannot_read_its_own_answers_says_why_and_shows_the_rest(qtbot):
    both_ways = (LSTM(hidden_size=4, output="sequence", bidirectional=True), Linear(out_features=1))
    page, _, _ = opened(qtbot, small(layers=both_ways))
    assert [one.name for one in page.series.plot.lines] == ["Truth", "Teacher-forced", "The last value again"]
    assert page.series.start.isHidden() and "bidirectional" in page.series.note.text() and page.series.plot.start is None
    assert len(page.series.table.texts()) <= 3 or page.series.table.texts()[3] == []


def test_other_samples_are_gone_to_for_all_pages(qtbot):
    page, model, data = opened(qtbot, small(layers=SERIES))
    looks = []
    page.look_edited.connect(looks.append)
    QTest.mouseClick(page.before, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.after, Qt.MouseButton.LeftButton)
    assert [look.sample for look in looks] == [len(data.x_validation) - 1, 1]
    page.set_look(SequenceLook(sample=1))
    page.show_answer(page.question()(model, data))
    np.testing.assert_allclose(line(page, "Truth"), data.y_validation[1, :, 0])
    assert page.sample.text() == f"2 / {len(data.x_validation)}"


# --- cells side by side


def beside(qtbot, experiment, size=(560, 620)):
    """The page with the answers of three cells, and their models by cell."""
    page = shown(qtbot, experiment, size)
    own = cell_kind(experiment)
    models = {kind: model_of(with_cell(experiment, kind)) for kind in CELL_KINDS}
    page.show_answer(page.question()(*models[own]))
    for kind in CELL_KINDS:
        if kind != own:
            page.show_beside(kind, page.question_beside(kind)(*models[kind]))
    return page, models


def drawn(page):
    return {one.name: np.array(one.values) for one in page.together.plot.lines}


def test_the_forecasts_of_three_cells_lie_over_one_truth_with_the_skill_of_each(qtbot):
    page, models = beside(qtbot, small(layers=SERIES, length=14))
    view = page.together
    assert view.isVisible() and page.front.isVisible() and view.way.current == "free"
    assert list(drawn(page)) == ["Truth", "GRU", "RNN", "LSTM", "The last true value, held"]
    data = models["GRU"][1]
    x, y = data.x_validation.double(), data.y_validation.double()
    naive = float(((x - y) ** 2).mean())
    np.testing.assert_allclose(drawn(page)["Truth"], y[0, :, 0], rtol=1e-6)
    rows = {row[0]: row[1:] for row in view.table.texts()[1:]}
    for kind, (model, _) in models.items():
        with torch.no_grad():
            values = data.x_validation[0, :7].clone()
            for _ in range(7):  # reads its own last answer
                values = torch.cat([values, model(values[None])[0, -1:]])
            error = float(((model(data.x_validation).double() - y) ** 2).mean())
        np.testing.assert_allclose(drawn(page)[kind][6:13], values[7:, 0], atol=1e-6)
        assert np.isnan(drawn(page)[kind][:6]).all()
        assert float(rows[kind][0]) == pytest.approx(error, rel=5e-3) and rows[kind][1] == skill_text(1 - error / naive)
    assert rows["naive line"][1] == "0.000" and view.told.text().startswith("GRU, RNN, LSTM: This is no forecast")
    view.way.button("forced").click()
    with torch.no_grad():
        for kind, (model, _) in models.items():
            np.testing.assert_allclose(drawn(page)[kind], model(data.x_validation[:1])[0, :, 0], atol=1e-6)
    np.testing.assert_allclose(drawn(page)["The last value again"], x[0, :, 0], rtol=1e-6)
    assert view.start.isHidden()


def test_all_that_one_of_the_cells_says_can_be_chosen_and_the_start_is_moved_for_all(qtbot):
    page, models = beside(qtbot, small(layers=SERIES, length=14))
    page.front.button("LSTM").click()
    assert page.series.isVisible() and not page.together.isVisible()
    model, data = models["LSTM"]
    with torch.no_grad():
        np.testing.assert_allclose(line(page, "Teacher-forced"), model(data.x_validation[:1])[0, :, 0], atol=1e-6)
    page.front.button("together").click()
    before = page.question_beside("RNN")
    with qtbot.waitSignal(page.question_changed):
        page.together.start_moved.emit(3)
    assert page.question_beside("RNN") is page.question() is not before
    page.show_answer(page.question()(*models["GRU"]))
    assert page.series.isVisible()  # the others have not answered it yet
    page.show_beside("RNN", page.question_beside("RNN")(*models["RNN"]))
    assert set(drawn(page)) >= {"GRU", "RNN"} and "LSTM" not in drawn(page) and page.together.plot.start == 3
    for kind in ("RNN", "LSTM"):
        page.show_beside(kind, None)
    assert page.front.isHidden() and page.series.isVisible()


def test_of_texts_the_probability_of_the_true_character_and_the_perplexity_of_each_cell(qtbot):
    page, models = beside(qtbot, text_experiment())
    data = models["LSTM"][1]
    rows = {row[0]: row[1:] for row in page.together.table.texts()[1:]}
    for kind, (model, _) in models.items():
        with torch.no_grad():
            known = model(data.x_validation[:1])[0].double().log_softmax(dim=1)
        true = known.gather(1, data.y_validation[0][:, None])[:, 0]
        np.testing.assert_allclose(drawn(page)[kind], true.exp(), rtol=1e-5)
        assert float(rows[kind][0]) == pytest.approx(float((-true.mean()).exp()), rel=5e-3)
    assert rows["pure guessing"] == [str(len(data.classes))] * 2
    page.front.button("RNN").click()
    assert page.text.isVisible() and page.text.sheet.text == "".join(data.classes[k] for k in data.x_validation[0].tolist())


def test_of_whole_sequences_a_point_or_a_line_for_each_cell(qtbot):
    data = edited(preset("waves-lstm").data, name="adding", noise=None, wave=None, length=10, samples=200)
    page, models = beside(qtbot, edited(small(layers=(LSTM(hidden_size=4), Linear(out_features=1))), data=data))
    loaded = models["LSTM"][1]
    groups = {name: values for name, values, _ in page.together.points.groups}
    rows = {row[0]: row[1:] for row in page.together.table.texts()[1:]}
    for kind, (model, _) in models.items():
        with torch.no_grad():
            known = model(loaded.x_validation)[:, 0].double()
        count = len(groups[kind])
        np.testing.assert_allclose(groups[kind], known[:count], atol=1e-6)
        truth = loaded.y_validation[:count, 0].double()
        assert float(rows[kind][0]) == pytest.approx(float(((known[:count] - truth) ** 2).mean()), rel=5e-3)
    digits = small("digits-rows-lstm", samples=100)
    page, models = beside(qtbot, edited(digits, data=edited(digits.data, length=None)))
    loaded = models["LSTM"][1]
    true = int(loaded.y_validation[0])
    for kind, (model, _) in models.items():
        for length in (1, 5, loaded.x_validation.shape[1]):
            with torch.no_grad():
                share = float(model(loaded.x_validation[:1, :length])[0].double().softmax(dim=0)[true])
            assert drawn(page)[kind][length - 1] == pytest.approx(share, abs=1e-6)
    assert f"probability of {loaded.classes[true]}" in page.together.table.texts()[0]  # as the axis calls it


def test_a_cell_that_has_diverged_is_left_out_and_named(qtbot):
    page, models = beside(qtbot, small(layers=SERIES, length=14))
    broken = models["RNN"][0]
    with torch.no_grad():
        broken[-1].weight.fill_(float("nan"))
    page.show_beside("RNN", page.question_beside("RNN")(*models["RNN"]))
    assert "RNN" not in drawn(page) and "RNN: The model's answers are no longer finite numbers." in page.together.told.text()


# --- texts


def test_the_bars_are_the_models_probabilities_of_what_comes_next_and_add_up(qtbot):
    page, model, data = opened(qtbot, text_experiment())
    view = page.text
    with torch.no_grad():
        known = model(data.x_validation[:1])[0].double().softmax(dim=1).numpy()
    assert view.sheet.text == "".join(data.classes[k] for k in data.x_validation[0].tolist())
    sheet = view.sheet
    place = sheet.place(5).center().toPoint()
    QTest.mouseMove(sheet, QPoint(1, 1))
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=place)
    order = np.argsort(-known[5], kind="stable")
    names = [name for name, *_ in view.bars.rows]
    assert names[:6] == [seen(data.classes[k]) for k in order[:6]] and names[6] == f"other {len(data.classes) - 6}"
    np.testing.assert_allclose([share for _, share, *_ in view.bars.rows[:6]], known[5][order[:6]], rtol=1e-5)
    assert sum(share for _, share, *_ in view.bars.rows) == pytest.approx(1.0)
    truth = int(data.y_validation[0, 5])
    marked = [name for name, _, _, marked, _ in view.bars.rows if marked]
    assert marked == ([seen(data.classes[truth])] if truth in order[:6] else [])
    assert view.truth.text().startswith(f"True: “{seen(data.classes[truth])}”, {100 * known[5, truth]:.1f}"[:18])
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.current == 6 and data.classes[int(data.x_validation[0, 6])] in view.bars_head.text().replace("␣", " ")


def test_a_probability_is_never_rounded_to_a_lie(qtbot):
    page, model, data = opened(qtbot, text_experiment())
    with torch.no_grad():
        last = model[-1]
        last.weight.zero_()
        last.bias.copy_(torch.tensor([20.0] + [0.0] * 13))  # the first is nearly certain
    page.show_answer(page.question()(model, data))
    figures = [figure for _, _, figure, *_ in page.text.bars.rows]
    assert figures[0] == "> 99.9%" and set(figures[1:]) == {"< 0.1%"}


def test_a_perplexity_beside_1_is_not_rounded_to_it_and_one_that_has_read_the_answer_is_no_prediction(qtbot):
    page, _, data = opened(qtbot, text_experiment())
    answer = page._found.next
    known = float(np.exp(-np.log(answer.probabilities[np.arange(16), [data.classes.index(c) for c in answer.truth]]).mean()))
    assert f"Perplexity {known:.3g}" in page.text.score.wording and page.text.warning.isHidden()
    page.show_answer(replace(page._found, next=replace(answer, perplexity=1.0003, perplexity_of_all=1.0)))
    assert "Perplexity 1.0003, of all validation texts 1;" in page.text.score.wording
    page, _, _ = opened(qtbot, both_ways(text_experiment()))
    assert page.text.warning.isVisible() and "has already read the character" in page.text.warning.text()


def test_the_ground_of_a_character_is_how_sure_the_network_was_of_it(qtbot):
    page, model, data = opened(qtbot, text_experiment())
    with torch.no_grad():
        known = model(data.x_validation[:1])[0].double().softmax(dim=1).numpy()
    tokens = data.x_validation[0].tolist()
    shares = page.text.sheet._shares
    assert np.isnan(shares[0])
    np.testing.assert_allclose(shares[1:], [known[k - 1, tokens[k]] for k in range(1, len(tokens))], rtol=1e-5)


def greedy(model, data, prompt, length):
    tokens = [data.classes.index(letter) for letter in prompt]
    for _ in range(length):
        with torch.no_grad():
            tokens.append(int(model(torch.tensor([tokens]))[0, -1].argmax()))
    return "".join(data.classes[k] for k in tokens[len(prompt) :])


def test_it_writes_greedily_at_temperature_0_and_the_same_text_for_the_same_seed(qtbot):
    page, model, data = opened(qtbot, text_experiment())
    view = page.text
    with qtbot.waitSignal(page.question_changed):
        view.prompt.setText("이십일 ")
        view.prompt.textEdited.emit("이십일 ")  # as the user's input method ends it
    view.temperature.value_changed.emit(0.0)
    page.show_answer(page.question()(model, data))
    written = page._found.written
    assert written.prompt == "이십일 " and written.written == greedy(model, data, "이십일 ", len(written.written))
    assert view.written.text == written.prompt + written.written
    assert (written.drawn_with == 1).all()
    view.temperature.value_changed.emit(1.0)
    page.show_answer(page.question()(model, data))
    one = page._found.written.written
    page.show_answer(page.question()(model, data))
    assert page._found.written.written == one
    with qtbot.waitSignal(page.question_changed):
        QTest.mouseClick(view.again, Qt.MouseButton.LeftButton)
    assert view.seed.value == 1
    page.show_answer(page.question()(model, data))
    assert page._found.written.written != one


def test_top_k_draws_from_the_likeliest_only_and_the_drawn_character_is_told(qtbot):
    page, model, data = opened(qtbot, text_experiment())
    view = page.text
    view.top_k.value_changed.emit(2)
    page.show_answer(page.question()(model, data))
    written = page._found.written
    for k, letter in enumerate(written.written):
        assert data.classes.index(letter) in np.argsort(-written.probabilities[k], kind="stable")[:2]
    number = len(written.prompt) + 3
    QTest.mouseClick(view.written, Qt.MouseButton.LeftButton, pos=view.written.place(number).center().toPoint())
    assert view.bars_head.text().startswith("Drawn after")
    token = data.classes.index(written.written[3])
    share = float(written.probabilities[3, token])
    assert f"{100 * share:.1f}%" in view.truth.text() and f"{100 * written.drawn_with[3]:.1f}%" in view.truth.text()
    QTest.mouseClick(view.written, Qt.MouseButton.LeftButton, pos=view.written.place(1).center().toPoint())
    assert "beginning" in view.bars_head.text() and not view.bars.rows


def test_a_prompt_of_unknown_characters_is_refused_where_it_stands(qtbot):
    page, model, data = opened(qtbot, text_experiment())
    QTest.keyClicks(page.text.prompt, "xyz")
    page.show_answer(page.question()(model, data))
    assert isinstance(page._found.written, NoTextError)
    assert page.text.problem.isVisible() and "x y z" in page.text.problem.text() and page.text.written.isHidden()
    assert page.text.sheet.text  # the sample is shown nevertheless
    known = page.text.problem.text().split(": ")[-1]
    assert max(map(len, known.split(" "))) == 1  # letters in a word of their own: the line can break
    assert page.text.area.widget().width() <= page.text.area.viewport().width()
    page.text.prompt.clear()
    page.text._edit(prompt="")
    page.show_answer(page.question()(model, data))
    assert isinstance(page._found.written, WrittenText) and page.text.problem.isHidden()


def test_characters_wrap_and_are_walked_by_keys(qtbot):
    sheet = CharacterSheet()
    qtbot.addWidget(sheet)
    sheet.resize(200, 200)
    sheet.show()
    sheet.set_text("가나다라마바사아자차카타파하 \n", np.full(16, np.nan))
    assert sheet.heightForWidth(200) > sheet.heightForWidth(800)
    told = []
    sheet.pointed.connect(told.append)
    sheet.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Left):
        QTest.keyClick(sheet, key)
    assert told == [1, 1 + sheet.across, 15, 0]
    for number in range(16):
        centre = sheet.place(number).center()
        assert sheet.number_at(centre.x(), centre.y()) == number
    assert sheet.number_at(5, 5000) is None and [seen(letter) for letter in " \n\t\x07"] == ["␣", "↵", "⇥", "□"]
    sheet.set_text("", np.zeros(0))
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    sheet.grab()


@pytest.mark.parametrize("tongue", ["ko", "en"])
@pytest.mark.parametrize("size", [(512, 404), (628, 560)])  # of its place at 1024 x 700 and at 1440 x 900
def test_a_text_its_bars_and_what_is_written_are_all_on_the_screen(qtbot, size, tongue):
    set_language(tongue)
    experiment = text_experiment()
    page, _, _ = opened(qtbot, edited(experiment, data=edited(experiment.data, length=40)), size)
    view = page.text
    lay_out()
    seen_part = view.area.viewport().rect()
    for part in (view.sheet, view.prompt):
        place = part.rect().translated(part.mapTo(view.area.viewport(), QPoint(0, 0)))
        assert seen_part.contains(place)
    top = view.written.mapTo(view.area.viewport(), QPoint(0, 0)).y()
    assert seen_part.bottom() - top >= 3 * view.written.place(0).height()  # three rows of it at least
    for part in (view.bars, view.truth, view.temperature, view.top_k, view.seed):
        place = part.rect().translated(part.mapTo(view, QPoint(0, 0)))
        assert view.rect().contains(place), part
        assert place.left() > view.area.geometry().right()


# --- whole sequences


def test_a_number_for_a_sequence_is_shown_beside_always_saying_the_mean(qtbot):
    data = edited(preset("waves-lstm").data, name="adding", noise=None, wave=None, length=10, samples=200)
    experiment = edited(small(layers=(LSTM(hidden_size=4), Linear(out_features=1))), data=data)
    page, model, loaded = opened(qtbot, experiment)
    assert isinstance(page._found, Numbers) and page.numbers.isVisible()
    with torch.no_grad():
        predicted = model(loaded.x_validation)[:, 0].double()[: len(page._found.truth)]
    truth = loaded.y_validation[:, 0].double()[: len(page._found.truth)]
    error, mean = float(((predicted - truth) ** 2).mean()), float(truth.var(correction=0))
    assert f"MSE {error:.3g}" in page.numbers.line.text() and f"{mean:.3g}" in page.numbers.line.text()


def test_a_class_is_shown_after_every_time_step(qtbot):
    experiment = small("digits-rows-lstm", samples=100)
    experiment = edited(experiment, data=edited(experiment.data, length=None))
    page, model, data = opened(qtbot, experiment)
    found = page._found
    assert isinstance(found, AnswersByStep) and page.answers_over_time.plot.isVisible()
    steps = data.x_validation.shape[1]
    assert found.lengths.tolist() == list(range(1, steps + 1))
    for k, length in enumerate(found.lengths.tolist()):
        with torch.no_grad():
            known = model(data.x_validation[:1, :length])[0].double().softmax(dim=0)
        np.testing.assert_allclose(found.answers[k], known, atol=1e-6)
    drawn = np.array([one.values for one in page.answers_over_time.plot.lines])
    np.testing.assert_allclose(drawn.sum(axis=0), 1.0)
    same = found.answers.argmax(axis=1) == found.predicted
    assert same[found.settled - 1 :].all() and (found.settled == 1 or not same[found.settled - 2])
    assert f"True {data.classes[int(data.y_validation[0])]}" in page.answers_over_time.line.text()


def test_a_long_sequence_is_cut_at_some_lengths_only_and_values_are_no_probabilities(qtbot):
    experiment = small("digits-rows-lstm", samples=100)
    experiment = edited(experiment, data=edited(experiment.data, length=None))
    model, data = model_of(experiment)
    found = answers_by_step(model, data, sample=2, most=3, meaning="values")
    assert (
        found.lengths.tolist()[0] == 1 and found.lengths.tolist()[-1] == data.x_validation.shape[1] and len(found.lengths) == 3
    )
    with torch.no_grad():
        np.testing.assert_allclose(found.answers[-1], model(data.x_validation[2:3])[0].double())
    page = shown(qtbot, experiment)
    page.show_answer(found)
    assert page.answers_over_time.plot.isHidden() and page.answers_over_time.values.isVisible()


# --- before and beside a run


def test_it_says_why_it_is_empty(qtbot):
    page = PredictingPage()
    qtbot.addWidget(page)
    page.show()
    assert page.question() is None and "Once a run has begun" in page.empty.text()
    page.show_run(preset("digits-cnn"))
    assert page.question() is None
    page.show_answer(None)
    assert "choose one with time steps" in page.empty.text()
    experiment = small(layers=SERIES)
    page.show_run(experiment)
    assert page.empty.text() == "The network's answers are being computed..."
    model, data = model_of(experiment)
    with torch.no_grad():
        model[-1].weight.fill_(float("nan"))
    page.show_answer(page.question()(model, data))
    assert "finite" in page.empty.text() and page.empty.isVisible()


def test_what_cannot_be_answered_is_an_answer_and_hinders_no_other_page(qtbot):
    experiment = edited(text_experiment(), training=edited(text_experiment().training, loss="mean_squared_error"))
    page = shown(qtbot, experiment)
    answer = page.question()(*model_of(experiment))
    assert isinstance(answer, TimedAnswer) and isinstance(answer.answer, NoTextError)
    page.show_answer(answer)
    assert "cross-entropy" in page.empty.text() and page.empty.isVisible()


def test_the_same_question_is_the_same_object_and_another_experiment_asks_anew(qtbot):
    page, _, _ = opened(qtbot, small(layers=SERIES))
    first = page.question()
    page.set_look(SequenceLook(t=5))
    assert page.question() is first
    page.show_run(text_experiment())
    assert page.question() is not first and isinstance(page.question().question, TextQuestion)
    page.show_run(None)
    assert page.question() is None


@pytest.mark.parametrize("size", [(250, 320), (700, 620)])
def test_it_speaks_korean_at_any_size(qtbot, size):
    set_language("ko")
    for experiment in (small(layers=SERIES), text_experiment()):
        page, _, _ = opened(qtbot, experiment, size)
        view = page.series if page._views[0] is page.__dict__.get("series") else page.text
        assert view.isVisible() and page.title == "예측"
        page.grab()
