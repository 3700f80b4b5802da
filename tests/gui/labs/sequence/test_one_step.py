"""One step taken apart: what is printed adds up, and is what torch computes; the drawing carries the same numbers; a value set
by hand is run on. The oracle is torch, and a loop in float64 of the tests' own."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt

from engine.figures import fixed, measured
from gui.labs.sequence.one_step.one_step_page import OneStepPage
from gui.labs.sequence.one_step.one_step_view import OneStepView, ValueByHand
from gui.labs.sequence.one_step.worked_line import ROW_PX
from gui.labs.sequence.sequence_look import SequenceLook
from gui.shell import language, theme
from tests.gui.labs.sequence.opened_cells import answer_of, layer, sequence, unrolled
from tests.gui.layouts import lay_out

KINDS = [
    ("LSTM", {}),
    ("LSTM", {"proj_size": 4}),
    ("LSTM", {"bias": False}),
    ("GRU", {}),
    ("GRU", {"bias": False}),
    ("RNN", {}),
    ("RNN", {"nonlinearity": "relu"}),
]
GATES = {"LSTM": "ifgo", "GRU": "rzn", "RNN": "h"}
PLACE = {"i": 0, "f": 1, "g": 2, "o": 3, "r": 0, "z": 1, "n": 2, "h": 0}  # as torch stacks them
pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections")


@pytest.fixture
def make_page(qtbot):
    def make(rnn, x, look=None, view=None) -> OneStepPage:
        page = OneStepPage()
        qtbot.addWidget(page)
        page.resize(320, 760)
        page.show_run(object())
        page.set_look(look or SequenceLook(t=5, unit=2))
        page.set_view(view or OneStepView())
        page.show_answer(answer_of(rnn, x))
        page.show()
        return page

    return make


def numbers(text: str) -> list[Decimal]:
    """The numbers of a text, with the program's minus sign."""
    return [Decimal(found.replace("−", "-").replace(",", "")) for found in re.findall(r"−?\d[\d,]*(?:\.\d+)?", text)]


def printed_sum(page: OneStepPage) -> tuple[list[Decimal], Decimal, Decimal]:
    """The printed terms, the printed total, and what the nonlinearity makes of it."""
    terms, rest = page.formulas.lines["sum"].text.removeprefix("sum =").split(" = ")
    total, _, value = rest.split(" → ")
    return numbers(terms), numbers(total)[0], numbers(value)[0]


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_the_printed_terms_of_every_gate_add_up_and_are_torchs(make_page, kind, settings):
    rnn, x = layer(kind, **settings), sequence()
    page = make_page(rnn, x)
    oracle = unrolled(rnn, x)
    for t in (0, 5, 11):
        for unit in (0, 3, 8):
            for gate in GATES[kind]:
                page.set_look(SequenceLook(t=t, unit=unit, gate=gate))
                now = oracle[t]
                row = PLACE[gate] * 9 + unit
                terms, total, value = printed_sum(page)
                assert sum(terms) == total
                from_state = now["uh"][row] + now["b2"][row]
                if gate == "n":
                    from_state *= now["r"][unit]
                assert float(total) == pytest.approx(now["wx"][row] + now["b1"][row] + from_state, abs=6e-5)
                assert float(value) == pytest.approx(now[gate][unit], abs=6e-5)
                assert numbers(page.formulas.lines["inputs"].text)[-1] == Decimal(f"{now['wx'][row]:.4f}")
                assert page.formulas.verdict.text().startswith("agrees with torch")


@pytest.mark.parametrize(("kind", "settings"), [("LSTM", {}), ("LSTM", {"proj_size": 4}), ("GRU", {})])
def test_the_new_state_is_written_out_of_torchs_gates(make_page, kind, settings):
    rnn, x = layer(kind, **settings), sequence()
    page, now = make_page(rnn, x), unrolled(rnn, x)[5]
    lines = page.formulas.lines
    if kind == "LSTM":
        assert lines["c"].text.startswith("c = f ⊙ c₋ + i ⊙ g = ")
        found = numbers(lines["c"].text)
        expected = [now["f"][2], now["c_before"][2], now["i"][2], now["g"][2]]
        assert [float(each) for each in found[:4]] == pytest.approx(expected, abs=6e-5)
        rounding = found[4] if len(found) == 6 else 0
        assert abs(found[0] * found[1] + found[2] * found[3] + rounding - found[-1]) <= Decimal("0.00005")
        assert float(found[-1]) == pytest.approx(now["c"][2], abs=6e-5)
        assert float(numbers(lines["h"].text)[-1]) == pytest.approx(now["m"][2], abs=6e-5)
    else:
        assert lines["h"].text.startswith("h = (1 − z) ⊙ n + z ⊙ h₋ = ")
        assert float(numbers(lines["h"].text)[-1]) == pytest.approx(now["h"][2], abs=6e-5)
    assert lines["projection"].isHidden() == ("proj_size" not in settings)
    if "proj_size" in settings:
        assert float(numbers(lines["projection"].text)[-1]) == pytest.approx(now["h"][2], abs=6e-5)
        page.set_look(SequenceLook(t=5, unit=7))  # there are four states
        assert lines["projection"].isHidden() and "4" in page.formulas.beyond.text()


@pytest.mark.parametrize("whole", [False, True])
def test_an_unfolded_sum_shows_its_terms_or_the_largest_of_them_and_still_adds_up(make_page, whole):
    rnn, x = layer("LSTM", inputs=2, hidden=40), sequence(inputs=2)
    view = OneStepView(unfolded=("states", "inputs"), whole=("states",) if whole else ())
    page = make_page(rnn, x, SequenceLook(t=5, unit=2, gate="f"), view)
    now, weights = unrolled(rnn, x)[5], rnn.weight_hh_l0.detach().double().numpy()[40 + 2]
    rows = page.formulas.rows["states"]
    shown = rows.shown
    assert shown is not None and sum(shown.printed) == numbers(rows.rows()[-1][2])[0]
    for term in shown.terms:
        assert float(term.product) == pytest.approx(weights[term.number] * now["h_before"][term.number], abs=1e-6)
    products = np.abs(weights * now["h_before"])
    assert len(shown.terms) == (40 if whole else 6)
    if not whole:
        assert {term.number for term in shown.terms} == set(np.argsort(-products)[:6].tolist())
        assert shown.others == 34
        page.formulas.lines["states"].button.click()  # all
        assert len(rows.shown.terms) == 40
        page.formulas.lines["states"].button.click()  # folded
        assert rows.isHidden()
    assert len(page.formulas.rows["inputs"].shown.terms) == 2


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_the_wires_carry_torchs_values(make_page, kind, settings):
    rnn, x = layer(kind, **settings), sequence()
    page, now = make_page(rnn, x), unrolled(rnn, x)[5]
    values = page.diagram.shown.values
    if kind == "LSTM":
        expected = {name: now[name][2] for name in ("i", "f", "g", "o", "c", "m", "h")} | {
            "c_before": now["c_before"][2],
            "f*c": now["f"][2] * now["c_before"][2],
            "i*g": now["i"][2] * now["g"][2],
            "tanh_c": np.tanh(now["c"][2]),
        }
    elif kind == "GRU":
        z, n, r, u = (now[name][2] for name in ("z", "n", "r", "u"))
        before = now["h_before"][2]
        expected = {"r": r, "z": z, "n": n, "u": u, "r*u": r * u, "1-z": 1 - z, "(1-z)*n": (1 - z) * n, "z*h": z * before}
        expected |= {"h_before": before, "h": now["h"][2]}
    else:
        expected = {"h": now["h"][2], "sum": now["sum"][2], "w": (now["wx"] + now["b1"])[2], "u": (now["uh"] + now["b2"])[2]}
    assert {key: values[key] for key in expected} == pytest.approx(expected, abs=1e-5)
    texts = page.diagram.texts()
    for gate in GATES[kind]:
        assert texts[gate].endswith(fixed(float(values[gate])))


def test_the_arrow_keys_step_through_time_and_units(qtbot, make_page):
    page = make_page(layer("LSTM"), sequence())
    page.diagram.setFocus()
    looks = []
    page.look_edited.connect(looks.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(page.diagram, key)
    assert [(look.t, look.unit) for look in looks] == [(6, 2), (6, 3), (5, 3), (4, 3), (4, 2)]
    assert page.step.value() == 5 and page.unit.value() == 3
    page.set_look(SequenceLook(t=11, unit=8))
    looks.clear()
    qtbot.keyClick(page.diagram, Qt.Key.Key_Right)  # there is no step after the last
    assert looks == []


@pytest.mark.parametrize(
    ("kind", "settings", "gate"),
    [
        ("LSTM", {}, "f"),
        ("LSTM", {"proj_size": 4}, "o"),
        ("GRU", {}, "r"),
        ("GRU", {}, "z"),
        ("GRU", {}, "n"),
        ("RNN", {}, "h"),
    ],
)
def test_a_gate_that_is_set_by_hand_is_run_on_to_the_end(qtbot, make_page, kind, settings, gate):
    rnn, x = layer(kind, **settings), sequence()
    page = make_page(rnn, x, SequenceLook(t=5, unit=2))
    views = []
    page.view_edited.connect(views.append)
    box = next(box for box in page.diagram.wiring.boxes if box.key == gate)
    qtbot.mouseClick(page.diagram, Qt.MouseButton.LeftButton, pos=box.place.center().toPoint())
    assert page.look.gate == gate
    page.by_hand.box.setValue(0.25)
    assert views[-1].by_hand == ValueByHand(layer=0, backward=False, t=5, unit=2, gate=gate, value=0.25)
    oracle = unrolled(rnn, x, forced=(5, 2, gate, 0.25))
    found = page.found
    assert found is not None
    for t, now in enumerate(oracle):
        np.testing.assert_allclose(found.arrays["h"][t], now["h"], atol=1e-5)
    assert page.diagram.shown.by_hand == gate and page.diagram.shown.values[gate] == 0.25
    assert page.diagram.shown.values["h"] == pytest.approx(oracle[5]["h"][2], abs=1e-5)
    assert "h" in page.diagram.shown.changed
    state = "h"
    real, would = page.by_hand.plot.lines
    np.testing.assert_allclose(real.values, [now[state][2] for now in unrolled(rnn, x)], atol=1e-5)
    np.testing.assert_allclose(would.values, [now[state][2] for now in oracle], atol=1e-5)
    assert "0.25" in page.by_hand.told.text()
    own, told = unrolled(rnn, x)[5], page.formulas.verdict.text()
    assert_written(page, kind, gate, own, oracle[5])
    assert told.startswith(f"Computed with {gate} as it was set by hand")
    assert f"{gate} is set by hand" in page.diagram.accessibleDescription()
    page.diagram._hover("h")  # and a tooltip that is open follows the value
    assert page.diagram.toolTip() == f"h = {measured(page.diagram.shown.values['h'], 7)}" + (
        "\nset by hand\nClick: set its value by hand" if kind == "RNN" else ""
    )
    page.by_hand.reset.click()
    assert float(numbers(page.diagram.toolTip())[0]) == pytest.approx(own["h"][2], abs=1e-5)
    assert_written(page, kind, gate, own, own)
    assert page.formulas.verdict.text().startswith("agrees with torch")
    assert views[-1].by_hand is None and page.diagram.shown.changed == frozenset()
    page.by_hand.quick[1].click()
    assert page.diagram.shown.values[gate] == 1.0
    page.set_look(SequenceLook(t=6, unit=2, gate=gate))  # the value belonged to the step before
    assert page.diagram.shown.by_hand == "" and page.found is None


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_at_first_a_step_in_the_middle_is_shown_whose_old_state_is_not_0(make_page, kind):
    rnn, x = layer(kind, bidirectional=True), sequence()
    old = "c_before" if kind == "LSTM" else "h_before"
    page = make_page(rnn, x, SequenceLook(unit=2))
    assert page.step.value() == 7 and page.look.t is None
    expected = unrolled(rnn, x)[6][old][2]
    assert page.diagram.shown.values[old] == pytest.approx(expected, abs=1e-5) and abs(expected) > 0.01
    looks = []
    page.look_edited.connect(looks.append)
    page.diagram.stepped.emit(1, 0)
    assert looks[-1].t == 7 and page.step.value() == 8
    page.set_look(SequenceLook(t=0, unit=2))  # chosen
    assert page.step.value() == 1 and page.diagram.shown.values[old] == 0
    for steps, forward, backward in ((1, 1, 1), (2, 2, 1), (3, 2, 2)):  # one that is not read first, wherever there is one
        page.show_answer(answer_of(rnn, sequence(steps)))
        page._catch_up()
        for is_backward, shown in ((False, forward), (True, backward)):
            page.set_look(SequenceLook(unit=2, backward=is_backward))
            assert page.step.value() == shown and (page.diagram.shown.values[old] != 0) == (steps > 1)


def assert_written(page: OneStepPage, kind: str, gate: str, own: dict, now: dict) -> None:
    """The formulas have the numbers of `now`, as the wires below them do; the gate's own sum and value are those of `own`."""
    lines, values = page.formulas.lines, page.diagram.shown.values
    is_set = own[gate][2] != now[gate][2]
    total = numbers(lines["sum"].text.split(" → ")[-1])
    assert [float(each) for each in total] == pytest.approx([own[gate][2], now[gate][2]][: 1 + is_set], abs=6e-5)
    assert lines["sum"].accessibleName() == lines["sum"].text and (f"by hand: {gate} = 0.25" in lines["sum"].text) == is_set
    if kind == "RNN":
        return
    if kind == "LSTM":
        found, factors = numbers(lines["c"].text), [now["f"], now["c_before"], now["i"], now["g"]]
        assert [float(each) for each in found[:4]] == pytest.approx([factor[2] for factor in factors], abs=6e-5)
        assert float(found[-1]) == pytest.approx(now["c"][2], abs=6e-5) == pytest.approx(values["c"], abs=6e-5)
        found = numbers(lines["h"].text)
        assert [float(each) for each in found[:2]] == pytest.approx([now["o"][2], np.tanh(now["c"][2])], abs=6e-5)
        assert float(found[-1]) == pytest.approx(now["m"][2], abs=6e-5) == pytest.approx(values["m"], abs=6e-5)
        if not lines["projection"].isHidden():
            assert float(numbers(lines["projection"].text)[-1]) == pytest.approx(now["h"][2], abs=6e-5)
        return
    found = numbers(lines["h"].text.removeprefix("h = (1 − z) ⊙ n + z ⊙ h₋ = "))
    factors = [1 - now["z"][2], now["n"][2], now["z"][2], now["h_before"][2]]
    assert [float(each) for each in found[:4]] == pytest.approx(factors, abs=6e-5)
    assert float(found[-1]) == pytest.approx(now["h"][2], abs=6e-5) == pytest.approx(values["h"], abs=6e-5)


def test_what_is_under_the_pointer_is_lit_on_the_other_side(make_page):
    page = make_page(layer("LSTM"), sequence(), SequenceLook(t=5, unit=2, gate="f"))
    places = {label.key: label.place.center() for label in page.diagram.wiring.labels}
    page.diagram._hover(page.diagram.wiring.key_at(places["c"]))
    assert [key for key, line in page.formulas.lines.items() if line.lit] == ["c"]
    box = next(box for box in page.diagram.wiring.boxes if box.key == "f")
    page.diagram._hover(page.diagram.wiring.key_at(box.place.center()))
    assert {key for key, line in page.formulas.lines.items() if line.lit} == {"formula", "sum", "c"}
    page.diagram._hover("")
    assert not any(line.lit for line in page.formulas.lines.values())
    page.formulas.lines["h"].hovered.emit("h")
    assert page.diagram._lit == {"o", "tanh_c", "m", "h"}


@pytest.mark.parametrize(("kind", "projected"), [("LSTM", False), ("LSTM", True), ("GRU", False), ("RNN", False)])
@pytest.mark.parametrize("width", [212, 276, 420, 900])
def test_nothing_of_the_drawing_lies_outside_or_over_another_part(kind, projected, width):
    from gui.labs.sequence.one_step.cell_wires import HEIGHT, wiring

    found = wiring(kind, width, projected=projected)
    boxes = [box.place for box in found.boxes]
    for number, place in enumerate(boxes):
        assert place.left() >= 0 and place.right() <= width and place.bottom() <= HEIGHT
        assert not any(place.intersects(other) for other in boxes[number + 1 :])
    for label in found.labels:
        assert not any(label.place.intersects(place) for place in boxes), label.key
        assert label.place.left() >= 0 and label.place.right() <= width
    keys = {part.key for part in (*found.wires, *found.boxes, *found.rings, *found.labels)}
    assert all(found.key_at(label.place.center()) == label.key for label in found.labels) and keys
    assert found.key_at(QPointF(-50, -50)) == ""


def test_it_follows_layer_and_direction_and_clips_what_lies_beyond(make_page):
    rnn, x = layer("GRU", num_layers=2, bidirectional=True), sequence()
    page = make_page(rnn, x, SequenceLook(layer=1, backward=True, t=3, unit=4, gate="z"))
    assert page.place.text() == "layer 2 · backward"
    with torch.no_grad():
        output, _ = rnn(x[None])
    assert page.diagram.shown.values["h"] == pytest.approx(float(output[0, 3, 9 + 4]), abs=1e-6)
    page.set_look(SequenceLook(layer=7, t=500, unit=500, gate="f"))  # a GRU has no f
    assert page.place.text() == "layer 2 · forward" and page.step.value() == 12 and page.unit.value() == 9
    assert page.diagram.shown.chosen == "z"
    assert page.diagram.shown.values["h"] == pytest.approx(float(output[0, 11, 8]), abs=1e-6)


def test_numbers_that_are_not_finite_are_said_and_nothing_fails(make_page):
    rnn, x = layer("LSTM"), sequence()
    with torch.no_grad():
        rnn.weight_hh_l0.fill_(float("nan"))
    page = make_page(rnn, x)
    assert page.formulas.verdict.property("role") == "warn_line"
    with torch.no_grad():
        rnn.weight_hh_l0.fill_(float("inf"))
    page.show_answer(answer_of(rnn, x))
    page.set_look(SequenceLook(t=6, unit=2))
    assert page.formulas.verdict.property("role") == "warn_line"
    page.by_hand.quick[0].click()
    assert page.grab().width() > 0


def test_sequences_of_one_step_and_of_many(make_page):
    for steps in (1, 5000):
        page = make_page(layer("LSTM"), sequence(steps), SequenceLook(t=steps - 1, unit=2))
        page.by_hand.quick[0].click()
        assert len(page.by_hand.plot.lines[0].values) == steps
        assert page.grab().width() > 0


def test_without_a_run_the_page_says_what_it_is_for(qtbot):
    page = OneStepPage()
    qtbot.addWidget(page)
    page.show()
    assert page.question() is None
    assert page.empty.text() == "Once a run has begun, each number of its gates can be taken apart here."
    page.show_run(object())
    assert page.question() is not None and page.question() is page.question()
    before = page.question()
    page.set_look(SequenceLook(t=4))
    assert page.question() is before  # another step of the same answer
    page.set_look(SequenceLook(sample=1))
    assert page.question() is not before
    language.set_language("ko")
    qtbot.waitUntil(lambda: "게이트" in page.empty.text())


def test_it_is_painted_in_both_schemes_and_languages(make_page):
    page = make_page(layer("LSTM", proj_size=4), sequence(), view=OneStepView(unfolded=("inputs", "states", "projection")))
    for tongue in ("ko", "en"):
        for scheme in ("dark", "light"):
            language.set_language(tongue)
            theme.apply(scheme)
            assert page.grab().width() > 0
    assert page.diagram.accessibleDescription().startswith("c₋ ")


def test_the_tooltip_of_a_term_has_all_its_digits(make_page):
    rnn, x = layer("LSTM"), sequence()
    page = make_page(rnn, x, SequenceLook(t=5, unit=2, gate="f"), OneStepView(unfolded=("inputs",)))
    rows = page.formulas.rows["inputs"]
    assert rows.shown is not None
    for term in rows.shown.terms:
        weight, value = float(rnn.weight_ih_l0.detach()[9 + 2, term.number]), float(x[5, term.number])
        assert term.product == Decimal(weight * value) and term.weight == Decimal(weight)
    assert page.formulas.lines["inputs"].toolTip().startswith("weight_ih_l0[11]\n")


def test_answers_that_come_fast_are_drawn_now_and_then_and_the_last_one_always(qtbot, make_page):
    page = make_page(layer("LSTM", seed=1), sequence())
    last = layer("LSTM", seed=9)
    for seed in (4, 5, 6):
        page.show_answer(answer_of(layer("LSTM", seed=seed), sequence()))
    page.show_answer(answer_of(last, sequence()))
    expected = unrolled(last, sequence())[5]["h"][2]
    qtbot.waitUntil(lambda: page.diagram.shown.values["h"] == pytest.approx(expected, abs=1e-6))


def test_a_line_that_needs_another_row_has_it_at_once_and_keeps_it_while_the_network_learns(qtbot):
    rnn, x = layer("LSTM"), sequence()
    page = OneStepPage()
    qtbot.addWidget(page)
    page.resize(260, 500)
    page.show_run(object())
    page.set_learning(True)
    page.show()
    heights = list[int]()

    def needed() -> int:
        return ROW_PX * (1 + max(part.row for part in page.formulas.lines["h"]._placed))

    for unit in range(9):
        page.set_look(SequenceLook(t=5, unit=unit))
        page.show_answer(answer_of(rnn, x))
        page._catch_up()
        shown = [line for line in page.formulas.lines.values() if not line.isHidden()]
        for above, below in zip(shown, [*shown[1:], page.formulas.verdict], strict=True):
            assert above.geometry().bottom() < below.y()
        heights.append(page.formulas.lines["h"].height())
    assert heights == sorted(heights) and heights[-1] > heights[0]
    assert heights[-1] > needed()  # the numbers of a step before were longer
    page._catch_up()
    assert page.formulas.lines["h"].height() == heights[-1]  # another answer will come
    page.set_learning(False)
    qtbot.waitUntil(lambda: page.formulas.lines["h"].height() == needed())
    assert page.formulas.verdict.y() == page.formulas.lines["h"].geometry().bottom() + 1 + page.formulas.layout().spacing()
    for unit in range(9):  # nor is anything left when the user looks elsewhere then
        page.set_look(SequenceLook(t=5, unit=unit))
        assert page.formulas.lines["h"].height() == needed()
        page.by_hand.quick[1].click()
        told = page.by_hand.y()
        page.by_hand.quick[0].click()
        assert page.by_hand.y() >= told  # what is under the hand does not jump back and forth
        page.by_hand.reset.click()
        assert page.formulas.lines["h"].height() == needed()
    page.resize(700, 500)
    assert page.formulas.lines["h"].height() < heights[-1]  # wide enough


@pytest.mark.parametrize(
    ("kind", "settings", "gate", "inside", "outside", "said"),
    [
        ("LSTM", {}, "f", 1.0, 2.5, "A sigmoid gives numbers from 0 to 1"),
        ("LSTM", {}, "f", 0.0, -0.1, "A sigmoid gives numbers from 0 to 1"),
        ("LSTM", {}, "g", -1.0, -1.5, "A tanh gives numbers from −1 to 1"),
        ("GRU", {}, "n", -0.5, 7.0, "A tanh gives numbers from −1 to 1"),
        ("RNN", {"nonlinearity": "relu"}, "h", 7.0, -0.5, "No ReLU gives a number below 0"),
    ],
)
def test_a_value_that_no_gate_can_have_is_said(make_page, kind, settings, gate, inside, outside, said):
    page = make_page(layer(kind, **settings), sequence(), SequenceLook(t=5, unit=2, gate=gate))
    page.by_hand.box.setValue(inside)
    assert "cannot have this value" not in page.by_hand.told.text()
    page.by_hand.box.setValue(outside)
    assert said in page.by_hand.told.text()


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_the_box_of_a_value_by_hand_stays_under_the_hand(make_page, kind):
    """Lines above it become more with the first value: the page is scrolled along."""
    page = make_page(layer(kind), sequence())
    page.resize(300, 420)
    lay_out()
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    box = page.by_hand.box

    def top() -> int:
        return box.mapTo(page, QPoint(0, 0)).y()

    at = top()
    assert 0 < at < page.height()
    for press in (page.by_hand.quick[0].click, page.by_hand.quick[1].click, lambda: box.setValue(-3.25)):
        press()
        page._catch_up()  # as the rest after a drawing may end just now, or later
        lay_out()
        assert top() == at
        page._catch_up()
        lay_out()
        assert top() == at
