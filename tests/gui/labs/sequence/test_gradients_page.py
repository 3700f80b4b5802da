"""The page of the gradient through time: its curves, parts, figures and sentences against torch's autograd."""

from __future__ import annotations

import copy
from functools import partial

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.experiments.experiment import preset
from engine.fields import edited
from engine.figures import UNKNOWN
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.sequences.direct_gradients import LossSteps
from gui.labs.sequence.gradients.book_graph import BookGraphDialog
from gui.labs.sequence.gradients.gradient_question import (
    MOST_GROUPS,
    GradientAnswer,
    GradientQuestion,
    LiveGradient,
    part_groups,
)
from gui.labs.sequence.gradients.gradients_page import GradientsPage
from gui.labs.sequence.resting_page import FREE_S, SHARE, TimedAnswer
from gui.labs.sequence.sequence_look import SequenceLook
from gui.shell.language import set_language
from gui.shell.theme import theme
from tests.gui.labs.sequence.small_models import model_of, rnn_of, small, unrolled
from tests.gui.layouts import lay_out

HEAD = Linear(out_features=1)
KINDS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


def of_kind(kind: str, **ways):
    return small(layers=(KINDS[kind](hidden_size=5, output="sequence"), HEAD), **ways)


def opened(qtbot, experiment, size=(420, 560)):
    """The page on the screen, answered by a model of `experiment`."""
    page = GradientsPage()
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.show_run(experiment)
    model, data = model_of(experiment)
    page.show_answer(page.question()(model, data))
    return page, model, data


def line(page, name):
    return np.array(next(one.values for one in page.plot.lines if one.name == name))


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_curve_is_the_length_of_the_total_derivative_as_autograd_finds_it_step_by_step(qtbot, kind):
    page, model, data = opened(qtbot, of_kind(kind))
    known = unrolled(model, data.x_validation[0], data.y_validation[0])
    np.testing.assert_allclose(line(page, kind), np.linalg.norm(known.total(), axis=1), rtol=2e-5)
    np.testing.assert_allclose(line(page, f"{kind}, last loss"), np.linalg.norm(known.dh[-1], axis=1), rtol=2e-4)
    assert page.state.button("c").isEnabled() == (kind == "LSTM")
    if kind == "LSTM":
        QTest.mouseClick(page.state.button("c"), Qt.MouseButton.LeftButton)
        np.testing.assert_allclose(line(page, kind), np.linalg.norm(known.total("c"), axis=1), rtol=2e-5)
        assert page.plot.left.name == "|∂L/∂c|"


@pytest.mark.parametrize("state", ["h", "c"])
def test_the_parts_are_those_of_the_loss_steps_and_add_up_to_the_whole_at_every_step(qtbot, state):
    page, model, data = opened(qtbot, of_kind("LSTM"))
    known = unrolled(model, data.x_validation[0], data.y_validation[0])
    QTest.mouseClick(page.state.button(state), Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.parts, Qt.MouseButton.LeftButton)
    groups = page.groups()
    assert len(groups) == MOST_GROUPS and page.stack.isVisible()
    assert groups[0].steps.start == 0 and groups[-1].steps.stop == 12
    shares = np.array([one.values for one in page.stack.lines])
    np.testing.assert_allclose(shares.sum(axis=0), 1.0, atol=1e-9)
    for group, share in zip(groups, shares, strict=True):
        expected = known.share(state)[group.steps.start : group.steps.stop].sum(axis=0)
        np.testing.assert_allclose(share, expected, atol=2e-5)
        parts = known.dh if state == "h" else known.dc
        sent = np.linalg.norm(parts[group.steps.stop - 1], axis=1)
        drawn = line(page, f"loss at t = {group.steps.stop}")
        assert np.isnan(drawn[group.steps.stop :]).all()  # no loss reaches the states after it
        np.testing.assert_allclose(drawn[: group.steps.stop], sent[: group.steps.stop], rtol=2e-4)
    assert "100%" in page.foot.text()
    QTest.mouseClick(page.parts, Qt.MouseButton.LeftButton)
    assert page.stack.isHidden() and len(page.plot.lines) == 2


def test_the_figures_are_the_jacobians_the_slope_and_the_clipping_of_torch(qtbot):
    page, model, data = opened(qtbot, of_kind("GRU", clip=0.01))
    x, y = data.x_validation[0], data.y_validation[0]
    found = page._answer
    wide = copy.deepcopy(model).double()
    rnn = rnn_of(wide)
    states = [torch.zeros(1, 1, 5, dtype=torch.double)]
    for t in range(12):
        states.append(rnn(x.double()[None, t : t + 1], states[-1])[1].detach())
    radii, norms = [], []
    for t in found.spectra.steps.tolist():
        step = torch.autograd.functional.jacobian(lambda h, t=t: rnn(x.double()[None, t : t + 1], h)[1], states[t])
        matrix = step.reshape(5, 5).numpy()
        radii.append(np.abs(np.linalg.eigvals(matrix)).max())
        norms.append(np.linalg.svd(matrix)[1][0])
    np.testing.assert_allclose(found.spectra.radius, radii, rtol=1e-4)
    np.testing.assert_allclose(found.spectra.norm, norms, rtol=1e-4)
    last = np.linalg.norm(unrolled(model, x, y).dh[-1], axis=1)[::-1]
    slope = np.log10(last[-1] / last[0]) / 11  # so that what is said is left after so many steps is what is drawn there
    copied = copy.deepcopy(model)
    torch.nn.functional.mse_loss(copied(x[None]), y[None]).backward()
    length = float(torch.nn.utils.clip_grad_norm_(copied.parameters(), 0.01))
    texts = page.numbers.texts()
    middle = np.exp(np.log(radii).mean())
    assert texts[1][0] == "spectral radius" and texts[1][1].startswith(f"{middle:.3g}")
    assert texts[2][1].startswith(f"{np.exp(np.log(norms).mean()):.3g}")
    assert float(texts[3][1].replace("−", "-")) == pytest.approx(slope, rel=5e-3)
    assert float(texts[4][1].split()[0].lstrip("×")) == pytest.approx(0.01 / length, rel=5e-3)
    share, steps = 100 * 10**slope, int(np.ceil(3 / -slope))
    assert page.sentence.text() == (
        f"At each step back {share:.1f}% of what one loss sends back is left on average: after {steps} steps a thousandth."
    )


def test_three_cells_lie_in_one_plot_and_the_table_has_a_column_each(qtbot):
    page, _, _ = opened(qtbot, of_kind("LSTM"))
    assert page.legend._pen("last").color().rgb() == page.legend._pen("LSTM").color().rgb()
    for kind in ("GRU", "RNN"):
        experiment = of_kind(kind)
        page.show_beside(kind, page.question()(*model_of(experiment)))
    assert [one.name for one in page.plot.lines if "last" not in one.name] == ["LSTM", "RNN", "GRU"]
    assert page.asks_beside and page.legend.isVisible()
    texts = page.numbers.texts()
    assert texts[0] == ["LSTM", "RNN", "GRU"] and all(len(row) == 4 for row in texts[1:])
    assert page.legend._pen("last").color().rgb() == theme().text.rgb()  # each cell's has another colour
    assert page.sentence.text().count("\n") == 2 and "GRU: " in page.sentence.text()
    assert page.why.text().startswith("LSTM: ")  # whose reason it is
    QTest.mouseClick(page.state.button("c"), Qt.MouseButton.LeftButton)
    assert [one.name for one in page.plot.lines] == ["LSTM, last loss", "LSTM"]  # the only one that has a cell state
    page.show_beside("RNN", None)
    assert list(page.answers) == ["LSTM", "GRU"]
    page.show_answer(None)
    assert not page.answers and page.empty.isVisible()


def test_an_exact_zero_is_a_mark_and_a_gap_and_is_told(qtbot):
    experiment = small(layers=(RNN(hidden_size=4, output="sequence", nonlinearity="relu"), HEAD))
    page, model, data = opened(qtbot, experiment)
    with torch.no_grad():
        rnn_of(model).weight_ih_l0.zero_()
        rnn_of(model).weight_hh_l0.copy_(torch.eye(4))
        rnn_of(model).bias_ih_l0.fill_(-1.0)  # dead: no gradient goes from step to step
        rnn_of(model).bias_hh_l0.zero_()
    page.parts.setChecked(True)
    page.show_answer(page.question()(model, data))
    sent = line(page, "loss at t = 12")
    assert (sent[:-1] == 0).all() and sent[-1] > 0
    assert page.plot.has_zeros and "exactly 0" in page.foot.text()
    assert page.plot._zeros[-2].path().elementCount() > 0


def test_truncated_backpropagation_lets_nothing_flow_from_the_last_window_into_the_one_before(qtbot):
    page, _, _ = opened(qtbot, of_kind("GRU", truncated_steps=4))
    sent = line(page, "GRU, last loss")
    assert (sent[:8] == 0).all() and (sent[8:] > 0).all()
    assert "windows of 4" in page.foot.text() or "window of 4 steps" in page.foot.text()
    assert "exactly 0" in page.foot.text()


def test_a_sequence_of_one_step_and_a_long_one(qtbot):
    one, _, _ = opened(qtbot, of_kind("LSTM", length=2))
    assert len(line(one, "LSTM")) == 2
    page, _, _ = opened(qtbot, of_kind("RNN", length=500, samples=3))
    page.parts.setChecked(True)
    page._show()
    values = line(page, "RNN")
    assert len(values) == 500 and np.isfinite(values).all()
    sent = line(page, "loss at t = 500")
    assert sent[0] < 1e-12 * sent[-1]  # it vanishes
    np.testing.assert_allclose(np.nansum([one.values for one in page.stack.lines], axis=0), 1.0, atol=1e-6)


def test_a_loss_at_the_end_alone_has_one_part(qtbot):
    data = edited(preset("waves-lstm").data, name="adding", noise=None, wave=None, length=10, samples=40)
    experiment = edited(small(layers=(LSTM(hidden_size=4), HEAD)), data=data)
    page, _, _ = opened(qtbot, experiment)
    page.parts.setChecked(True)
    page._show()
    steps = len(page._answer.through.gradients.dh)
    assert len(page.groups()) == 1 and page._answer.through.loss_steps == (LossSteps(steps - 1, steps),)
    np.testing.assert_allclose(page.groups()[0].share, 1.0, atol=1e-9)


def test_a_loss_that_comes_in_from_both_ends_is_given_no_slope(qtbot):
    both = LSTM(hidden_size=5, num_layers=2, bidirectional=True, output="last")
    data = edited(preset("waves-lstm").data, name="adding", noise=None, wave=None, length=40, samples=40)
    page, _, _ = opened(qtbot, edited(small(layers=(both, HEAD)), data=data))
    norms = line(page, "LSTM")
    least = int(np.argmin(norms))
    assert 3 * norms[least] < min(norms[0], norms[-1])
    assert f"at t = {least + 1} and then grows again" in page.sentence.text()
    assert page.numbers.text(3, 1) == UNKNOWN and page.why.isHidden()


def test_what_is_looked_at_is_what_is_asked(qtbot):
    experiment = small(layers=(LSTM(hidden_size=3, num_layers=2, bidirectional=True, output="sequence"), HEAD), clip=2.0)
    page, model, data = opened(qtbot, experiment)
    first = page.question()
    assert page.question() is first
    page.set_look(SequenceLook(t=3, unit=2))
    assert page.question() is first  # another cell of the same sequence
    with qtbot.waitSignal(page.question_changed):
        page.set_look(SequenceLook(sample=2, layer=1, backward=True))
    page.show_answer(page.question()(model, data))
    through = page._answer.through
    assert (through.sample, through.layer, through.backward, through.clip) == (2, 1, True, 2.0)
    page.set_look(SequenceLook(sample=2, layer=7, backward=True, path=(5,)))  # beyond what there is
    page.show_answer(page.question()(model, data))
    assert page._answer.through.layer == 1 and page._answer.through.path == (0,)


def test_it_says_why_it_is_empty(qtbot):
    page = GradientsPage()
    qtbot.addWidget(page)
    page.resize(300, 300)
    page.show()
    assert page.question() is None and "Once a run has begun" in page.empty.text()
    experiment = small(layers=(Flatten(), Linear(out_features=12)), length=12)
    experiment = edited(experiment, network=edited(experiment.network, layers=(Linear(out_features=1),)))
    page.show_run(experiment)
    assert page.empty.text() == "The gradient is being computed..."
    page.show_answer(page.question()(*model_of(experiment)))
    assert "no recurrent layer" in page.empty.text() and page.empty.isVisible()
    experiment = of_kind("RNN")
    page.show_run(experiment)
    model, data = model_of(experiment)
    with torch.no_grad():
        rnn_of(model).weight_hh_l0.fill_(float("nan"))
    page.show_answer(page.question()(model, data))
    assert "finite" in page.empty.text()


def test_a_dear_answer_is_rested_after_while_the_model_learns_and_what_the_user_changes_is_asked_at_once(qtbot):
    page, model, data = opened(qtbot, of_kind("LSTM"))
    answer = page.question()(model, data)
    assert isinstance(answer, TimedAnswer) and not answer.learning
    asked = page.question()
    page.show_answer(TimedAnswer(answer.answer, FREE_S / 2, True))
    assert page.question() is asked  # cheap
    page.show_answer(TimedAnswer(answer.answer, 10.0, False))
    assert page.question() is asked  # a kept moment costs the run nothing
    with qtbot.waitSignal(page.question_changed):
        page.show_answer(TimedAnswer(answer.answer, 0.5, True))
    assert page.question() is None and page.rests()
    assert page._rests[""].interval() == pytest.approx(500 * (1 / SHARE - 1))
    with qtbot.waitSignal(page.question_changed):
        page.set_look(SequenceLook(sample=3))
    assert page.question() is not None and page.question() is not asked
    page.show_answer(TimedAnswer(answer.answer, 0.5, True))
    with qtbot.waitSignal(page.question_changed):
        page.set_past(True)
    assert page.question() is not None
    page.show_answer(TimedAnswer(answer.answer, 0.5, True))
    with qtbot.waitSignal(page.question_changed):
        page.set_learning(False)  # the run has paused or ended: its last weights are shown at once
    assert page.question() is not None
    page.show_answer(TimedAnswer(answer.answer, 0.002, True))
    assert page.rests() or FREE_S >= 0.002
    qtbot.waitUntil(lambda: page.question() is not None)  # a rest ends by itself


def test_an_answer_costs_what_its_own_thread_has_worked(qtbot, monkeypatch):
    page, model, data = opened(qtbot, of_kind("LSTM"))
    worked = iter((1.0, 3.5))
    monkeypatch.setattr("gui.labs.sequence.resting_page.time.thread_time", lambda: next(worked))
    assert page.question()(model, data).seconds == 2.5


def test_each_of_the_cells_side_by_side_has_a_rest_of_its_own(qtbot):
    page, model, data = opened(qtbot, of_kind("LSTM"))
    found = page.question()(model, data).answer
    asked = page.question()
    page.show_answer(TimedAnswer(found, 0.5, True))
    assert page.question() is None and page.question_beside("RNN") is asked  # whose answer is still to come
    page.show_beside("RNN", TimedAnswer(found, 0.5, True))
    assert page.question_beside("RNN") is None and page.question_beside("GRU") is asked
    assert page.question_beside("Conv1d") is None  # has no state to go back through
    with qtbot.waitSignal(page.question_changed):
        page.set_past(True)
    assert page.question() is page.question_beside("RNN") is asked


def test_the_model_is_left_as_it_was(qtbot):
    experiment = of_kind("LSTM", clip=1.0)
    model, data = model_of(experiment)
    page = GradientsPage()
    qtbot.addWidget(page)
    page.show_run(experiment)
    model(data.x_train[:2]).sum().backward()
    before = {name: (weight.detach().clone(), weight.grad.clone()) for name, weight in model.named_parameters()}
    state = torch.random.get_rng_state()
    answer = page.question()(model, data)
    assert answer.learning and isinstance(answer.answer, GradientAnswer)
    assert all(
        torch.equal(weight, before[name][0]) and torch.equal(weight.grad, before[name][1])
        for name, weight in model.named_parameters()
    )
    assert torch.equal(torch.random.get_rng_state(), state) and not model.training


def test_few_groups_hold_all_loss_steps(qtbot):
    page, _, _ = opened(qtbot, of_kind("GRU", length=5))
    found = part_groups(page._answer.through, "h", most=2)
    assert [group.steps for group in found] == [LossSteps(0, 2), LossSteps(2, 5)]
    assert part_groups(page._answer.through, "c") == ()


def test_the_books_graph_opens_with_its_numbers_and_says_why_it_vanishes(qtbot):
    page, _, _ = opened(qtbot, of_kind("RNN"))
    QTest.mouseClick(page.book, Qt.MouseButton.LeftButton)
    dialog = page.book_dialog
    assert isinstance(dialog, BookGraphDialog) and dialog.isVisible()
    texts = dialog.table.texts()
    assert texts[1] == ["W × 1", "2.468", "249.5", "1.255", "2.659"]
    assert texts[2] == ["W × 0.5", "1.234", "0.0002379", "0.6276", "1.33"]
    dialog.factor.set_value(0.5)
    dialog.show_graph()
    assert [one.name for one in dialog.plot.lines] == ["W × 1", "W × 0.5"]
    assert "1.330 is above 1, and yet the gradient vanishes" in dialog.why.text() and "0.628" in dialog.why.text()
    assert "1.225 becomes 1.234" in dialog.why.text()
    dialog.factor.set_value(1.0)
    dialog.show_graph()
    assert "explodes" in dialog.why.text()
    dialog.factor.set_value(0.3)
    dialog.show_graph()
    assert [one.name for one in dialog.plot.lines][2] == "W × 0.3" and "every single product" in dialog.why.text()
    dialog.close()


@pytest.mark.parametrize("size", [(250, 300), (300, 520), (700, 620)])
@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_the_plot_has_its_room_and_no_text_is_squeezed(qtbot, size, tongue):
    set_language(tongue)
    page, _, _ = opened(qtbot, of_kind("LSTM", clip=0.001), size)
    for parts in (False, True):
        page.parts.setChecked(parts)
        page._show()
        lay_out()
        assert page.plot.isVisible() and page.plot.height() >= 96 and page.plot.limits[1][0] < page.plot.limits[1][1]
        for part in (page.sentence, page.why, page.foot):
            if part.isVisible():
                assert part.height() >= part.heightForWidth(part.width()), part.text()
        assert page.numbers.width() <= page.texts.inner.width() <= page.texts.width()
        assert page.texts.height() <= size[1]
        for button in (page.state.button("h"), page.state.button("c"), page.parts, page.book):
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_the_books_graph_is_there_before_any_run(qtbot):
    page = GradientsPage()
    qtbot.addWidget(page)
    page.resize(300, 400)
    page.show()
    lay_out()
    assert page.book.isVisible() and page.book.visibleRegion().boundingRect().height() == page.book.height()


def test_the_jacobians_are_those_of_the_weights_that_answer():
    experiment = of_kind("RNN")
    model, data = model_of(experiment)
    question = LiveGradient(GradientQuestion())
    assert len(question(model, data).spectra.steps) == 12  # at rest
    model(data.x_train[:2]).sum().backward()
    rnn, x = rnn_of(model), data.x_validation[0]

    def after(before, t):
        given = rnn.weight_ih_l0.double() @ x[t].double() + rnn.bias_ih_l0.double()
        return torch.tanh(given + rnn.weight_hh_l0.double() @ before + rnn.bias_hh_l0.double())

    for _ in range(3):
        spectra = question(model, data).spectra
        assert spectra.steps.tolist() == [0, 6, 11]
        h = rnn(x[None])[0][0].detach().double()
        for t, radius, norm in zip(spectra.steps[1:], spectra.radius[1:], spectra.norm[1:], strict=True):
            jacobian = torch.autograd.functional.jacobian(partial(after, t=t), h[t - 1])
            assert radius == pytest.approx(float(torch.linalg.eigvals(jacobian).abs().max()), rel=1e-5)
            assert norm == pytest.approx(float(torch.linalg.matrix_norm(jacobian, 2)), rel=1e-5)
        with torch.no_grad():
            rnn.weight_hh_l0.mul_(1.1)


def test_it_speaks_korean(qtbot):
    set_language("ko")
    page, _, _ = opened(qtbot, of_kind("LSTM"))
    page.parts.setChecked(True)
    page._show()
    assert page.title == "시간을 거슬러 가는 기울기"
    for text in (page.sentence.text(), page.foot.text(), page.numbers.text(1, 0), page.parts.text(), page.book.text()):
        assert any("가" <= letter <= "힣" for letter in text), text
