"""The two pages of the inside show what the model computes: of a run that learns, and of a model of another time."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data import datasets
from engine.doctor.observing import multiplied
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.figures import measured
from engine.layers.catalog import Residual, Sequential
from engine.layers.kinds.activation import ReLU, Softmax, Tanh
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.permute import Permute
from engine.passes.layer_values import LayerRow, LayerValues, ValueSpread, layer_values
from engine.passes.modules import build
from engine.runs.folder import Run
from gui.labs.network.layer import layer_card
from gui.labs.training.inside import layer_names
from gui.labs.training.inside.feature_maps_page import FeatureMapsPage
from gui.labs.training.inside.inside_view import InsideView
from gui.labs.training.inside.layer_courses import MOST as STEPS_KEPT
from gui.labs.training.inside.layer_courses import NUMBERS, LayerCourses
from gui.labs.training.inside.layer_names import all_paths, layer_name
from gui.labs.training.inside.layer_table import COLUMNS, UNKNOWN, ColumnPlaces, LayerTable, TableHead
from gui.labs.training.inside.layers_page import LayersPage
from gui.labs.training.inside.spread_history import BINS, MOST, SpreadHistory
from gui.plots.unit_bars import UnitBars
from gui.shell.language import set_language
from tests.gui.labs.training.small_runs import run, small

DIGITS = preset("digits-cnn")


def model_of(experiment):
    data = datasets.load(experiment.data, seed=0)
    torch.manual_seed(0)
    return build(experiment.network.layers, data.input, tokens=data.tokens).eval(), data


def with_layers(*layers):
    return edited(DIGITS, network=edited(DIGITS.network, layers=layers))


def opened(qtbot, page, experiment, view=None, size=(380, 360)):
    """The page on the screen, answered by a model of `experiment`."""
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.show_run(experiment)
    if view is not None:
        page.set_view(view)
    model, data = model_of(experiment)
    page.show_answer(page.question()(model, data))
    return model, data


# feature maps


def test_the_tiles_are_the_maps_of_the_chosen_layer(qtbot):
    page = FeatureMapsPage()
    model, data = opened(qtbot, page, DIGITS, InsideView(layer=(1,), sample=4))
    with torch.no_grad():
        known = model[:2](data.x_validation[4:5])[0].numpy()
    np.testing.assert_allclose(page._answer.values, known, rtol=1e-5, atol=1e-6)
    tiles = page.output.wall._tiles.wall
    np.testing.assert_allclose(tiles.low, known.min((1, 2)), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(tiles.high, known.max((1, 2)), rtol=1e-5, atol=1e-6)


def test_the_first_layer_with_weights_is_shown_first_and_every_layer_can_be_chosen_also_inside_of_blocks(qtbot):
    conv = Conv2d(out_channels=4, kernel_size=3, padding=1)
    experiment = with_layers(
        Sequential(layers=(conv, ReLU())), Residual(main=(conv,), shortcut=()), Flatten(), Linear(out_features=10)
    )
    page = FeatureMapsPage()
    opened(qtbot, page, experiment)
    assert page._path == (0,)
    names = [page.layer.itemText(number) for number in range(page.layer.count())]
    assert names == [
        "Input",
        "1 Sequential",
        "1.1 Conv2d 4, 3×3, p1",
        "1.2 ReLU",
        "2 Residual",
        "2.main.1 Conv2d 4, 3×3, p1",
        "3 Flatten",
        "4 Linear 10",
    ]
    with qtbot.waitSignal(page.question_changed), qtbot.waitSignal(page.view_edited) as edit:
        page.layer.activated.emit(5)
    assert edit.args[0].layer == (1, "main", 0)
    page.show_answer(page.question()(*model_of(experiment)))
    assert page._answer.path == (1, "main", 0)


def test_a_layer_has_one_number_in_all_of_the_lab():
    """The tables' names, the doctor's and those of the network lab."""
    model, _ = model_of(DIGITS)
    layers = DIGITS.network.layers
    learning = [path for path in all_paths(layers) if isinstance(layers[path[0]], Conv2d | Linear)]
    ours = [layer_name(layers, path).partition(" ")[0] for path in learning]
    assert ours == [name.partition(" ")[0] for name, _ in multiplied(model)] == ["1", "4", "8"]
    for path in ((0,), (2, "main", 0), (4, "branches", 1, 0), (1, "layers", 2)):
        assert layer_names.place_text(path) == layer_card.place_text(path)


def test_a_click_enlarges_a_map_with_its_channel_and_escape_goes_back(qtbot):
    page = FeatureMapsPage()
    opened(qtbot, page, DIGITS, InsideView(layer=(3,)))
    wall = page.output.wall
    with qtbot.waitSignal(page.view_edited) as edit:
        QTest.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.place(5).center())
    assert edit.args[0].enlarged == 5 and wall.places.chosen == 5 and page.output.channel == 5
    assert wall._large is not None
    assert "channel 5" in page.filters_line.wording
    QTest.keyClick(wall, Qt.Key.Key_Right)
    assert page.output.channel == 6 and "channel 6" in page.filters_line.wording
    QTest.keyClick(wall, Qt.Key.Key_Escape)
    assert wall.places.chosen is None and page._view.enlarged is None


def test_the_arrow_keys_on_the_wall_are_no_step_of_the_run(qtbot, make_lab):
    lab = make_lab(small())
    lab.pages.chosen.emit("feature_maps")
    run(qtbot, lab)
    wall = lab.pages.feature_maps.output.wall
    qtbot.waitUntil(lambda: wall._tiles is not None)
    wall.setFocus()
    step = lab.control.status().step
    QTest.keyClick(wall, Qt.Key.Key_Right)
    assert wall.current == 1 and lab.control.status().step == step and lab.control.status().reason is not None


def test_filters_have_their_own_colours_around_zero(qtbot):
    page = FeatureMapsPage()
    model, _ = opened(qtbot, page, DIGITS, InsideView(layer=(0,)))
    weights = model[0].weight.detach().numpy()
    tiles = page.filters._tiles.wall
    assert tiles.count == 16 and "16 filters" in page.filters_line.wording
    np.testing.assert_allclose(tiles.high, weights[:, 0].max((1, 2)), rtol=1e-5)
    most = np.abs(weights).max()
    np.testing.assert_allclose(tiles.ends, np.repeat([[-most], [most]], 16, axis=1), rtol=1e-5)
    page.resize(380, 240)  # too low for them
    assert page.filters.isHidden() and page.filters_line.isHidden()


def test_the_filter_of_a_later_layer_is_shown_by_input_channel(qtbot):
    page = FeatureMapsPage()
    model, _ = opened(qtbot, page, DIGITS, InsideView(layer=(3,), enlarged=7))
    weights = model[3].weight.detach().numpy()
    tiles = page.filters._tiles.wall
    assert tiles.count == 16
    np.testing.assert_allclose(tiles.low, weights[7].min((1, 2)), rtol=1e-5)


@pytest.mark.parametrize(
    ("stem", "view", "shown"),
    [
        ("waves-lstm", InsideView(layer=(0,)), "sheet"),
        ("adding-lstm", InsideView(layer=()), "sheet"),
        ("adding-lstm", InsideView(layer=(0,)), "bars"),
        ("counting-lstm", InsideView(layer=()), "sheet"),
        ("counting-lstm", InsideView(layer=(1,)), "sheet"),
        ("digits-mlp", InsideView(layer=(1,)), "bars"),
        ("lenet-5", InsideView(), "wall"),
        ("pipeline-28x28", InsideView(), "wall"),
    ],
)
def test_every_preset_shows_something_true(qtbot, stem, view, shown):
    experiment = preset(stem)
    page = FeatureMapsPage()
    opened(qtbot, page, experiment, view)
    answer = page._answer
    assert page.output.shown is getattr(page.output, shown)
    if shown == "sheet" and answer.values.ndim == 2:  # units downwards, time to the right
        np.testing.assert_allclose(page.output.sheet._values, answer.values.T, rtol=1e-6)
    elif shown == "bars":
        np.testing.assert_allclose(page.output.bars.values, answer.values.reshape(-1), rtol=1e-6)
    if stem == "counting-lstm":
        assert page.output.sheet._columns[3] == answer.classes[int(answer.input[3])].replace(" ", "␣")
    assert page.answer.head and page.answer.rows()
    page.grab()


def test_channels_over_length_are_a_row_each(qtbot):
    waves = preset("waves-lstm")
    turned = Permute(dims=(0, 2, 1))
    layers = (turned, Conv1d(out_channels=6, kernel_size=3, padding=1), Tanh(), turned, Linear(out_features=1))
    experiment = edited(waves, network=edited(waves.network, layers=layers))
    page = FeatureMapsPage()
    opened(qtbot, page, experiment, InsideView(layer=(2,)))
    np.testing.assert_array_equal(page.output.sheet._values, page._answer.values)
    assert page._answer.values.shape == (6, 100)


@pytest.mark.parametrize(
    ("layers", "loss", "said"),
    [
        ((Flatten(), Linear(out_features=10)), "cross_entropy", "softmax of the outputs"),
        ((Flatten(), Linear(out_features=10), Softmax()), "cross_entropy", "own softmax"),
        ((Flatten(), Linear(out_features=10)), "mean_squared_error", "no probabilities"),
    ],
)
def test_the_answers_are_what_the_outputs_mean(qtbot, layers, loss, said):
    experiment = with_layers(*layers)
    experiment = edited(experiment, training=edited(experiment.training, loss=loss))
    page = FeatureMapsPage()
    model, data = opened(qtbot, page, experiment, InsideView(sample=2))
    with torch.no_grad():
        output = model(data.x_validation[2:3])[0].double()
    known = torch.softmax(output, 0) if said == "softmax of the outputs" else output
    assert said in page.answer.head
    names = [name for name, *_ in page.answer.rows()]
    assert names == [data.classes[int(number)] for number in known.argsort(descending=True)[:3]]
    assert page.answer.rows()[0][2].endswith("%") == (loss != "mean_squared_error")
    truth = data.classes[int(data.y_validation[2])]
    assert all(is_truth == (name == truth) for name, _, _, is_truth in page.answer.rows())


def test_samples_are_walked_and_typed(qtbot):
    page = FeatureMapsPage()
    _, data = opened(qtbot, page, DIGITS)
    with qtbot.waitSignal(page.view_edited) as edit:
        QTest.mouseClick(page.before, Qt.MouseButton.LeftButton)
    assert edit.args[0].sample == len(data.x_validation) - 1
    with qtbot.waitSignal(page.question_changed):
        page.sample.setValue(17)
    assert page.question()(*model_of(DIGITS)).sample == 17


def test_the_same_question_is_the_same_object(qtbot):
    for page in (FeatureMapsPage(), LayersPage()):
        opened(qtbot, page, DIGITS)
        assert page.question() is page.question()
        page.show_run(edited(DIGITS, training=edited(DIGITS.training, lr=0.5)))
        before = page.question()
        page.retranslate()
        assert page.question() is before
        page.show_run(None)
        assert page.question() is None


def test_another_learning_rate_leaves_what_is_shown(qtbot):
    faster = edited(DIGITS, training=edited(DIGITS.training, lr=0.5))
    maps, layers = FeatureMapsPage(), LayersPage()
    for page in (maps, layers):
        opened(qtbot, page, DIGITS)
        page.show_run(faster)
    assert maps._answer is not None and layers.rows
    for page in (maps, layers):
        page.show_run(with_layers(Flatten(), Linear(out_features=10)))
    assert maps._answer is None and not layers.rows
    assert not maps.empty.isHidden() and not layers.empty.isHidden() and maps.output.isHidden()


def test_an_answer_of_a_layer_that_was_shown_before_is_left_out(qtbot):
    page = FeatureMapsPage()
    opened(qtbot, page, DIGITS, InsideView(layer=(0,)))
    late = page.question()(*model_of(DIGITS))
    page.set_view(InsideView(layer=(4,)))
    page.show_answer(late)
    assert page._answer.path == (0,) and page._answer is not late


def test_after_a_divergence_it_says_so(qtbot):
    page = FeatureMapsPage()
    model, data = opened(qtbot, page, DIGITS)
    with torch.no_grad():
        model[0].weight.fill_(torch.nan)
    page.show_answer(page.question()(model, data))
    assert "no longer finite" in page.answer.head and page.answer.rows() == []
    page.grab()


# layers


def rows_of(experiment=DIGITS):
    model, data = model_of(experiment)
    return layer_values(model, data, layers=experiment.network.layers)


def test_the_table_says_the_numbers_of_every_layer(qtbot):
    page = LayersPage()
    opened(qtbot, page, DIGITS)
    table = page.table
    values = page._values
    assert len(table._rows) == 5
    for number, row in enumerate(values.rows):
        texts = table.texts(number)
        assert float(texts[0].replace("−", "-")) == pytest.approx(row.mean, rel=0.06, abs=1e-9)
        assert float(texts[2]) == pytest.approx(row.between, rel=0.06)
        assert texts[4] == "0.0%" or row.dead > 0
        assert texts[5] == texts[6] == UNKNOWN  # a model without a last step
    assert "all 359" in page.foot.wording
    page.grab()


def test_gradient_and_update_come_while_the_run_goes_on(qtbot, make_lab):
    lab = make_lab(small(epochs=5_000))
    lab.pages.chosen.emit("layers")
    lab.play()
    page = lab.pages.layers
    qtbot.waitUntil(lambda: page._values is not None and page._values.update_step is not None)
    lab.pause()
    linear = page.rows[-1]
    assert linear.gradient > 0 and -6 < linear.update < 0
    assert "update: iteration" in page.foot.wording
    assert UNKNOWN not in page.table.texts(4)[5:]
    lab.stop()


def test_keys_choose_a_row_and_enter_opens_its_histograms(qtbot):
    page = LayersPage()
    opened(qtbot, page, DIGITS)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.current == 1 and page._view.row == (1,)
    QTest.keyClick(page.table, Qt.Key.Key_End)
    assert page._view.row == (7,)
    with qtbot.waitSignal(page.view_edited) as edit:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert edit.args[0].histograms and not page._spreads.isHidden() and page._numbers.isHidden()
    QTest.mouseClick(page.before, Qt.MouseButton.LeftButton)
    assert page._view.row == (4,) and not page.weights.isEnabled()  # a ReLU has no weights
    QTest.mouseClick(page.shown.button("numbers"), Qt.MouseButton.LeftButton)
    assert not page._numbers.isHidden() and page.table.current == 3


def test_a_double_click_opens_the_histograms_of_the_row(qtbot):
    page = LayersPage()
    opened(qtbot, page, DIGITS)
    place = page.table.row_place(2).center()
    QTest.mouseClick(page.table, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(page.table, Qt.MouseButton.LeftButton, pos=place)
    assert page._view.row == (3,) and page._view.histograms


def test_the_histograms_are_those_of_the_layer_now(qtbot):
    page = LayersPage()
    model, _ = opened(qtbot, page, DIGITS, InsideView(row=(7,), histograms=True, side="weights"))
    known, edges = np.histogram(model[7].weight.detach().numpy().astype(np.float64), 48)
    np.testing.assert_array_equal(page.histogram.counts, known)
    np.testing.assert_allclose(page.histogram.edges, edges, rtol=1e-6)
    assert page.over_time.isHidden()  # a kept moment gathers nothing
    assert "while the run goes on" in page.gathered.wording


def test_histograms_over_time_are_gathered_while_somebody_looks_and_it_says_so(qtbot, make_lab):
    lab = make_lab(small(epochs=5_000))
    page = lab.pages.layers
    lab.pages.set_chosen(("layers",))
    lab.play()
    page.set_view(InsideView(histograms=True))
    qtbot.waitUntil(lambda: "3 histograms" in page.gathered.wording)
    lab.pause()
    qtbot.waitUntil(lambda: lab.looking.watching._future is None)
    page.setFixedHeight(200)
    assert page.histogram.isHidden() and not page.over_time.isHidden()  # a low page has room for one: the last column is now
    assert page.over_time._values.shape[0] == BINS and page.over_time._values.shape[1] >= 3
    np.testing.assert_allclose(page.over_time._values.sum(0), 1.0, rtol=1e-5)
    page.set_past(True)  # the last column is not that of a moment of the past
    assert page.over_time.isHidden() and not page.histogram.isHidden()
    page.set_past(False)
    assert page.histogram.isHidden() and not page.over_time.isHidden()
    lab.reset()
    assert not page._histories and not page.empty.isHidden()


def test_moments_of_the_past_are_gathered_in_their_places(qtbot, make_lab):
    """After the run, when nothing has been gathered: the weights of each moment that is looked at, in order."""
    lab = make_lab(small(epochs=3))
    run(qtbot, lab)
    page = lab.pages.layers
    page.set_view(InsideView(row=(0,), histograms=True, side="weights"))
    lab.pages.set_chosen(("layers",))
    timeline, found = lab.timeline, Run.open(lab.control.folder).timeline()
    gathered = lambda: dict(page._histories[(0,), "weights"]._all()) if page._histories else {}  # noqa: E731
    qtbot.waitUntil(lambda: len(gathered()) == 1)
    assert "replay" in page.gathered.wording
    for step in (6, 2, 4, 2):
        timeline.go_to(step)
        qtbot.waitUntil(lambda step=step: step in gathered() and page.asked_after == step)
        assert page.aside == f"Iteration {step}"
    assert list(gathered()) == sorted(gathered()) and len(gathered()) == 4
    for step in (2, 4, 6):
        weights = found.read(step)["0.weight"]
        spread = gathered()[step]
        assert (spread.low, spread.high) == pytest.approx((float(weights.min()), float(weights.max())))
        assert spread.counts.sum() == weights.size
    assert page.over_time._values.shape == (BINS, 4)


class TestHistory:
    def spread(self, low, high, *counts):
        return ValueSpread(np.array(counts), low, high)

    def test_one_range_for_all_and_the_highest_values_on_top(self):
        history = SpreadHistory()
        history.add(1, self.spread(0.0, 1.0, 4, 4))
        history.add(5, self.spread(1.0, 2.0, 8))
        picture = history.picture()
        assert picture.steps == (1, 5) and picture.edges[0] == 0.0 and picture.edges[-1] == 2.0
        half = BINS // 2
        np.testing.assert_allclose(picture.shares_VT[half:, 0], 1 / half)  # below: 0 to 1
        np.testing.assert_allclose(picture.shares_VT[:half, 1], 1 / half)
        assert picture.shares_VT[:half, 0].sum() == pytest.approx(0.0) and picture.shares_VT[half:, 1].sum() == pytest.approx(
            0.0
        )

    def test_of_many_the_first_and_the_latest_stay_and_they_are_evenly_far_apart(self):
        history = SpreadHistory()
        for step in range(1, 1001):
            history.add(step, self.spread(0.0, float(step), 1))
        steps = history.picture().steps
        assert len(steps) <= MOST + 1 and steps[0] == 1 and steps[-1] == 1000
        assert len(set(np.diff(steps[:-1]).tolist())) == 1

    def test_the_same_step_again_takes_its_place_and_an_earlier_one_begins_anew(self):
        history = SpreadHistory()
        history.add(3, self.spread(0.0, 1.0, 1))
        history.add(3, self.spread(0.0, 2.0, 1))
        assert len(history) == 1 and history.picture().edges[-1] == 2.0
        history.add(9, self.spread(0.0, 1.0, 1))
        history.add(2, self.spread(0.0, 1.0, 1))
        assert history.picture().steps == (2,)


@pytest.mark.parametrize("width", [180, 240, 340, 500])
def test_the_columns_are_inside_and_do_not_overlap(width):
    places = ColumnPlaces(width)
    rects = [places.rect(number, 0) for number in range(len(COLUMNS))]
    for number, rect in enumerate(rects):
        assert rect.left() >= 0 and rect.right() <= width + 0.01
        assert all(not rect.adjusted(0.1, 0.1, -0.1, -0.1).intersects(other) for other in rects[number + 1 :])


def test_numbers_to_look_at_are_amber(qtbot):
    layers = (Flatten(), Linear(out_features=20), Tanh(), Linear(out_features=20), ReLU(), Linear(out_features=10))
    experiment = with_layers(*layers)
    model, data = model_of(experiment)
    with torch.no_grad():
        model[1].weight.zero_()
        model[1].bias.fill_(5.0)
        model[3].bias.fill_(-100.0)
    rows = layer_values(model, data, layers=layers).rows
    amber = [[column.amber(row) for column in COLUMNS] for row in rows]
    assert amber[1][2] and amber[1][3] and amber[3][4] and not any(each[6] for each in amber)


def test_the_head_names_every_column(qtbot):
    page = LayersPage()
    qtbot.addWidget(page)
    assert len(page._heads()) == len(COLUMNS)
    head, table = TableHead(), LayerTable()
    for each in (head, table):
        qtbot.addWidget(each)
    head.resize(200, 20)
    head.show()
    assert head.height() == 34  # two lines where it is narrow


# the lab


def test_how_it_is_looked_at_is_part_of_the_state_and_no_step_of_its_own(qtbot, make_lab):
    lab = make_lab(small())
    pages = lab.pages
    pages.layers._edit(histograms=True)
    pages.feature_maps._edit(sample=3)
    assert lab.state().inside == InsideView(sample=3, histograms=True)
    assert pages.layers._view == pages.feature_maps._view == lab.state().inside
    text = msgspec.json.encode(InsideView(layer=(1, "main", 0), row=(2,)))
    assert msgspec.json.decode(text, type=InsideView).layer == (1, "main", 0)
    lab.set_state(msgspec.structs.replace(lab.state(), inside=InsideView(sample=9)))
    assert pages.feature_maps._view.sample == 9


def test_the_first_loss_stands_beside_that_of_guessing(qtbot, make_lab):
    lab = make_lab(small())
    assert lab.loss.note.isHidden()
    run(qtbot, lab)
    first = lab.control.history.train.since()[1][0]
    assert lab.loss.note.wording == f"First loss {first:.3f}, guessing ln 10 = 2.303" and not lab.loss.note.isHidden()
    lab.reset()
    assert lab.loss.note.isHidden()


def test_both_pages_in_korean(qtbot, make_lab):
    set_language("ko")
    try:
        lab = make_lab(small())
        assert lab.pages.feature_maps.page_title() == "특징 맵" and lab.pages.layers.page_title() == "층별 값"
    finally:
        set_language("en")


def test_unit_bars_tell_what_is_not_finite_and_are_walked(qtbot):
    bars = UnitBars()
    qtbot.addWidget(bars)
    bars.resize(300, 160)
    bars.show()
    bars.set_values([1.0, np.nan, -2.0], ["a", "b", "c"])
    assert "1 not finite" in bars.accessibleDescription() and bars.limits[1][0] <= -2 and bars.limits[1][1] >= 1
    for expected in (0, 1, 2, 2):
        QTest.keyClick(bars, Qt.Key.Key_Right)
        assert bars._unit == expected
    assert bars.columns() == {"unit": ["a", "b", "c"], "value": pytest.approx([1.0, np.nan, -2.0], nan_ok=True)}


# over time


def shown_over_time(qtbot, lab, number):
    """The page of a run's layers over time, once every kept moment has been asked."""
    page = lab.pages.layers
    lab.pages.set_chosen(("layers",))
    page.set_view(InsideView(over_time=number))
    lab.moment._ask()
    kept = lab.control.kept_weights.steps
    qtbot.waitUntil(lambda: bool(page.rows) and page.next_moment(kept) is None)
    return page


def test_each_number_is_a_curve_of_every_layer_over_the_kept_moments_of_a_run_that_was_opened(qtbot, make_lab):
    """The activations against torch, and the updates against the weights in the run's file, both computed by hand."""
    first = make_lab(small(epochs=4))
    run(qtbot, first)
    folder = first.control.folder
    lab = make_lab(small())
    with qtbot.waitSignal(lab.opener.opened):
        lab.opener.open_run(folder)
    page = shown_over_time(qtbot, lab, "deviation")
    kept, timeline = lab.control.kept_weights.steps, Run.open(folder).timeline()
    experiment = lab.control.experiment
    data = datasets.load(experiment.data, seed=experiment.seed)
    model = build(experiment.network.layers, data.input).eval()
    chosen = torch.arange(page._values.samples) * len(data.x_validation) // page._values.samples
    for step in (kept[0], kept[3], kept[-1]):
        model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in timeline.read(step).items()})
        with torch.no_grad():
            expected = float(model[:1](data.x_validation[chosen]).double().std(correction=0))
        steps, values = page.courses.plot.data.columns()["0"]
        assert steps.tolist() == list(kept)
        assert values[steps.tolist().index(step)] == pytest.approx(expected, rel=1e-5)
    assert len(page.courses.entries) == len(page.rows) == len(page.courses.plot.data.strands)
    page.courses.choice.activated.emit(6)
    assert lab.state().inside.over_time == "update" and page.courses.plot.data.chance == -3.0
    low, high = page.courses.plot.limits[1]
    assert low <= -3.0 <= high
    steps, values = page.courses.plot.data.columns()["0"]
    for step, value in zip(steps.tolist(), values.tolist(), strict=True):
        after, before = (timeline.read(each)["0.weight"].astype(np.float64) for each in (step, step - 1))
        assert value == pytest.approx(np.log10(np.linalg.norm(after - before) / np.linalg.norm(before)), rel=1e-4)
    assert len(steps) >= 4


def test_the_cursor_over_time_goes_with_the_timeline(qtbot, make_lab):
    lab = make_lab(small(epochs=3))
    run(qtbot, lab)
    page = shown_over_time(qtbot, lab, "between")
    for step in (2, 5):
        lab.timeline.go_to(step)
        qtbot.waitUntil(lambda step=step: page.asked_after == step and not lab.looking.is_behind)
        assert page.courses.plot.cursor_step == step
        row = page.rows[0]
        assert page.courses.plot.data.values_at(step)["0"] == pytest.approx(row.between, rel=1e-6)
    lab.timeline.back_to_now()
    qtbot.waitUntil(lambda: page.courses.plot.cursor_step is None)
    for number in NUMBERS:
        page.courses.number_chosen.emit(number)
        assert lab.state().inside.over_time == number and not page.courses.isHidden()
        assert page.courses.plot.data.total == lab.control.status().step  # the whole run across
        assert page.courses.is_empty == (number == "saturated") == ("can saturate" in page.courses.said.wording)
    page.shown.button("numbers").click()
    assert page.courses.isHidden() and lab.state().inside.over_time is None


def test_a_moment_of_the_past_shows_the_gradients_that_were_recorded_near_it_and_else_says_why_not(qtbot, make_lab):
    lab = make_lab(small(epochs=3))
    lab.pages.set_chosen(("layers",))
    page = lab.pages.layers
    recorded = {}
    for step in range(1, 5):
        lab.step()
        qtbot.waitUntil(lambda step=step: page.asked_after == step and lab.worker.status().step == step)
        recorded[step] = [row.gradient for row in page.rows]
    lab.play()
    with qtbot.waitSignal(lab.run_ended):
        pass
    lab.timeline.go_to(3)
    qtbot.waitUntil(lambda: page.asked_after == 3 and not lab.looking.is_behind)
    assert [row.gradient for row in page.rows] == recorded[3] and recorded[3][0] is not None
    assert "gradient: iteration 3" in page.foot.wording and page.rows[0].update is not None
    lab.timeline.go_to(0)
    qtbot.waitUntil(lambda: page.asked_after == 0 and not lab.looking.is_behind)
    assert page.rows[0].gradient is None and "not recorded here" in page.foot.wording
    assert "A moment keeps the weights alone" in page.foot.toolTip()


def test_courses_are_thinned_beside_the_kept_moments_and_lack_the_farthest_moment_first():
    courses = LayerCourses()
    spread = ValueSpread(np.array([1]), 0.0, 0.0)

    def values(step, **numbers):
        row = LayerRow((0,), "Linear", 1.0, 2.0, 0.5, None, 0.0, 3, spread, **numbers)
        return LayerValues((row,), 8, 8, 8, step, step)

    kept = (0, 1, 2, 10, 1000)
    assert courses.lacking(kept) == 1000
    for expected in (1000, 0, 10, 2, 1):
        assert courses.lacking(kept) == expected
        courses.put(expected, values(None), is_moment=True)
    assert courses.lacking(kept) is None
    for step in range(2000, 4000):
        courses.put(step, values(step, gradient=float(step)), is_moment=False)
    steps, _ = courses.curve("mean", (0,))
    assert set(kept) <= set(steps.tolist()) and len(steps) <= STEPS_KEPT + len(kept) + 1 and steps[-1] == 3999
    assert courses.recorded("gradient", 1000).step is None and courses.recorded("gradient", 4100).step == 3999


# the exact sum of a cell


def by_torch(lab, step, channel, row, column):
    """Products, input channels' sums and value of a cell of the first layer, in double precision, from the run's own file."""
    experiment, view = lab.control.experiment, lab.pages.feature_maps._answer
    data = datasets.load(experiment.data, seed=experiment.seed)
    weights = Run.open(lab.control.folder).timeline().read(step)
    weight, bias = (torch.from_numpy(weights[f"0.{name}"].astype(np.float64)) for name in ("weight", "bias"))
    padded = torch.nn.functional.pad(data.x_validation[view.sample].double(), (1, 1, 1, 1))
    window = padded[:, row : row + 3, column : column + 3]
    return window * weight[channel], float((window * weight[channel]).sum() + bias[channel]), float(bias[channel])


def test_a_cell_of_an_enlarged_map_shows_its_exact_sum_now_and_at_any_moment(qtbot, make_lab):
    lab = make_lab(small(epochs=3))
    lab.resize(1500, 1000)
    lab.pages.chosen.emit("feature_maps")
    run(qtbot, lab)
    page = lab.pages.feature_maps
    page._edit(sample=2, layer=(0,), enlarged=5)
    page.question_changed.emit()
    last = lab.control.status().step
    qtbot.waitUntil(lambda: page._answer is not None and page._answer.sample == 2 and page.asked_after == last)
    wall = page.output.wall
    qtbot.waitUntil(lambda: wall.places.stage is not None)
    stage = wall.places.stage
    assert page.sum.isHidden()
    QTest.mouseClick(wall, Qt.MouseButton.LeftButton, pos=stage.center())
    row, column = lab.state().inside.cell
    assert not page.sum.isHidden() and page.filters.isHidden() and page.answer.isHidden()
    heads = set()
    for step in (last, 0, 3):
        if step != last:
            lab.timeline.go_to(step)
            qtbot.waitUntil(lambda step=step: page.asked_after == step and not lab.looking.is_behind)
        products, value, bias = by_torch(lab, step, 5, row, column)
        cell = page._answer.cell((5, row, column))
        np.testing.assert_array_equal([float(term.product) for term in cell.terms], products.flatten().numpy() + 0.0)
        assert float(cell.bias) == bias and float(cell.total) == pytest.approx(value, rel=1e-12, abs=1e-14)
        assert abs(float(page._answer.values[5, row, column]) - value) <= cell.error_bound()
        assert "equal to rounding" in page.sum.head.wording and measured(value, 7) in page.sum.head.wording
        lines = page.sum.terms.toPlainText().splitlines()
        assert len(lines) == 9 + 2 and lines[-1] == f"sum = {measured(value, 7)}" and lines[-2] == f"bias: {measured(bias, 7)}"
        heads.add(page.sum.head.wording)
    assert len(heads) == 3
    QTest.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.places.stage.center())
    assert page.sum.isHidden() and lab.state().inside.cell is None and lab.state().inside.enlarged == 5


def test_a_pooling_shows_its_maximum_and_a_layer_without_sums_goes_back(qtbot):
    page = FeatureMapsPage()
    model, data = opened(qtbot, page, DIGITS, InsideView(layer=(2,), sample=4, enlarged=3, cell=(1, 2)), size=(400, 500))
    with torch.no_grad():
        before, after = (model[:count](data.x_validation[4:5])[0, 3].numpy() for count in (2, 3))
    lines = page.sum.terms.toPlainText().splitlines()
    assert len(lines) == 5 and lines[-1] == f"maximum = {measured(float(after[1, 2]), 7)}"
    assert [line.split("  ")[1].removesuffix(" ←") for line in lines[:4]] == [
        measured(float(value), 7) for value in before[2:4, 4:6].flatten()
    ]
    page.set_view(InsideView(layer=(1,), sample=4, enlarged=3, cell=(1, 2)))
    page.show_answer(page.question()(model, data))
    assert page.sum.isHidden() and not page.answer.isHidden()
    with qtbot.waitSignal(page.view_edited) as edit:
        QTest.mouseClick(page.output.wall, Qt.MouseButton.LeftButton, pos=page.output.wall.places.stage.center())
    assert edit.args[0].enlarged is None
