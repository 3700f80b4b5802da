"""The board of backpropagation: the books' figures on the graph, steps, values by slider, own formulas, keys, undo."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from engine.books.all_experiments import experiment_named
from engine.books.reproduced import verdict
from gui.lab.names import recognised
from gui.labs.foundations.backpropagation.graph.graph_picture import chip_text
from gui.labs.foundations.backpropagation.graph.graph_view import GraphSpot, LeafCell
from gui.labs.foundations.backpropagation.graph.leaf_rows import slider_end
from gui.labs.foundations.backpropagation.graph.number_plates import plate_of
from gui.labs.foundations.backpropagation.state import BOOKS, BackpropagationState, LeafValue
from gui.labs.foundations.board_presets import preset_names
from gui.shell.language import set_language

GRAPHS = [name for name in preset_names("backpropagation") if not name.startswith("check-")]


@pytest.fixture
def lab(boards):
    return boards.lend("backpropagation", 1240, 800)


@pytest.fixture
def page(lab):
    return lab.board.page_of("graph")


def node(page, sign):
    """The place of the first node with this sign."""
    return page.view.shown.signs.index(sign)


def gradients(page):
    return {name: page.walk.of_leaf(name) for name in page.walk.formula.leaves}


def answers(lab):
    return [value for _, _, value, _ in lab.board.answers()]


# --- the books' examples


def test_two_apples(lab, page):
    lab.panel.open_preset("apples")
    assert answers(lab)[:2] == ["220", "2.2"]
    assert {name: float(value) for name, value in gradients(page).items()} == pytest.approx(
        {"apple": 2.2, "count": 110, "tax": 200}
    )
    shown = page.view.shown
    for place, (value, gradient) in {
        node(page, "apple"): ("100", "2.2"),
        node(page, "count"): ("2", "110"),
        node(page, "tax"): ("1.1", "200"),
        len(shown.signs) - 1: ("220", "1"),
    }.items():
        assert (shown.values[place].cells, shown.gradients[place].cells) == (((value,),), ((gradient,),))


def test_apples_and_oranges(lab, page):
    lab.panel.open_preset("apples-and-oranges")
    assert answers(lab)[0] == "715"
    found = {name: float(value) for name, value in gradients(page).items()}
    assert found == pytest.approx({"apple": 2.2, "apples": 110, "orange": 3.3, "oranges": 165, "tax": 650})


def test_the_three_layers_of_chapter_3(lab, page):
    lab.panel.open_preset("three-layers")
    np.testing.assert_allclose(page.walk.output, [0.31682708, 0.69627909], atol=5e-9)
    assert lab.board.answers()[0][2:] == ("1.01311", "sum of its 2 numbers")
    assert page.walk.steps[page.step].kind == "forward"  # as the preset is named
    assert page.walk.steps[page.step].node == len(page.walk.formula.nodes) - 1


@pytest.mark.parametrize(
    ("preset", "leaf", "meant"),
    [
        ("relu", "x", [[1, 0], [0, 1]]),
        ("sigmoid", "x", [[0.19661193, 0.23500371], [0.10499359, 0.04517666]]),
        ("affine", "b", [2, 2]),
        ("affine", "W", [[-1, -1], [2.5, 2.5]]),
        ("affine", "x", [[0.4, -0.2], [0.4, -0.2]]),
        ("softmax-with-loss", "x", [0.01821127, 0.24519181 - 1, 0.73659691]),
        ("sigmoid-in-parts", "x", 0.23500371),
        ("used-twice", "b", 5),
    ],
)
def test_layers_as_graphs(lab, page, preset, leaf, meant):
    """The sums of columns and rows are worked by hand; sigmoid's slopes are 1 / (2 + e^x + e^-x)."""
    lab.panel.open_preset(preset)
    np.testing.assert_allclose(gradients(page)[leaf], meant, atol=1e-8)


@pytest.mark.parametrize("preset", sorted({name for name in BOOKS if name in GRAPHS}))
def test_a_preset_names_an_experiment_that_is_in_band(preset):
    one = experiment_named(BOOKS[preset])
    assert one is not None and one.compute is not None
    assert verdict(one.compute()) == "in_band"


def test_six_sigmoids_leave_less_than_a_quarter_each(lab, page):
    lab.panel.open_preset("long-chain")
    assert 0 < abs(float(gradients(page)["x"])) < 0.25**6


# --- steps


def test_forward_then_backward_node_by_node(lab, page):
    lab.panel.open_preset("apples")
    player, opened = page.player, lab.board.state
    QTest.mouseClick(player.first, Qt.MouseButton.LeftButton)
    assert lab.board.state.step == 0
    assert len(page.view.shown.known.values) == 3 and not page.view.shown.known.gradients
    assert [cell[2:] for cell in lab.board.answers()[:2]] == [("–", "not yet")] * 2, "nobody is told before"
    heads, rules = [page.card.head.text()], [page.card.rule.text()]
    while player.on.isEnabled():
        QTest.mouseClick(player.on, Qt.MouseButton.LeftButton)
        heads.append(page.card.head.text())
        rules.append(page.card.rule.text())
    assert lab.board.state.step is None
    assert heads == [
        "Given values",
        "Forward through ×",
        "Forward through ×",
        "The gradient begins",
        "Backward through ×",
        "Backward through ×",
    ]
    assert "other input" in rules[-1]
    assert "1.1 × 2 = 2.2" in page.card.accessibleDescription()
    lines = page.card.strip.lines
    assert [line.head for line in lines] == ["apple", "count"]
    assert [float(part.value) for part in lines[1].parts if part.value is not None] == pytest.approx([1.1, 100, 110])
    QTest.mouseClick(player.back, Qt.MouseButton.LeftButton)
    assert lab.board.state.step == 4
    while lab.board.state.step is not None or lab.board.state.formula != opened.formula:
        lab.undo()
    assert lab.board.state.preset == "apples", "going through the steps is undone before the preset is"
    lab.undo()
    assert lab.board.state.preset == ""


def test_the_scrubber_goes_to_any_step(lab, page):
    lab.panel.open_preset("apples")
    page.player.scrub.setValue(3)
    assert lab.board.state.step == 3
    page.player.scrub.setValue(page.player.scrub.maximum())
    assert lab.board.state.step is None


def test_space_plays_and_pauses(lab, page, qtbot):
    lab.panel.open_preset("apples")
    page.player._timer.setInterval(1)
    lab.setFocus()
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert lab.board.state.step == 0 and page.player.playing
    qtbot.waitUntil(lambda: lab.board.state.step is None)
    qtbot.waitUntil(lambda: not page.player.playing)
    page.player._timer.setInterval(100_000)
    QTest.keyClick(lab, Qt.Key.Key_Space)
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert not page.player.playing
    QTest.keyClick(lab, Qt.Key.Key_Space)
    lab.show_board("backpropagation")
    lab.board.topics.chosen.emit("network")
    assert not page.player.playing, "another topic is shown"


def test_a_leaf_read_twice_shows_what_comes_on_each_wire_and_their_sum(lab, page):
    lab.panel.open_preset("used-twice")
    shown = page.view.shown
    b = node(page, "b")
    assert sorted(plate.cells[0][0] for plate in shown.passed.values()) == ["2", "3"]
    assert shown.sums[b].cells == (("5",),)
    page.player.go(page.player.scrub.maximum() - 1)
    assert page.view.shown.sums[b].cells == (("3",),), "the other one has not come back yet"
    lab.board.look(leaf="b")
    assert lab.board.answers()[1][1:3] == ("∂/∂b", "3")
    page.player.go(page.player.scrub.maximum())
    line = page.card.strip.lines[-1]
    assert line.head == "Σ b"
    assert [float(part.value) for part in line.parts if part.value is not None] == [3, 2, 5]


# --- the pointer


def test_a_node_under_the_pointer_shows_its_local_derivatives(lab, page):
    lab.panel.open_preset("apples")
    place = node(page, "tax")
    outer = len(page.view.shown.signs) - 1
    part = page.view.shown.layout.parts[outer]
    QTest.mouseMove(page.view, page.view.on_screen(part.sign_x, part.y).toPoint())
    assert page.view.spot == GraphSpot("node", outer)
    assert page.card.head.text() == "Local derivative of ×"
    assert page.card.accessibleDescription().endswith("1 × 1.1 = 1.1; 1 × 200 = 200")
    wire = page.view.shown.layout.wire(outer, 1)
    x, y = wire.points[1]
    QTest.mouseMove(page.view, page.view.on_screen(x - 12, y).toPoint())
    assert page.view.spot == GraphSpot("wire", outer, 1)
    assert [line.head for line in page.card.strip.lines] == ["tax"]
    leaf = page.view.shown.layout.parts[place]
    QTest.mouseMove(page.view, page.view.on_screen(leaf.sign_x, leaf.y).toPoint())
    assert "tax" in page.card.rule.text()
    QTest.mouseMove(page.view, page.view.rect().bottomRight() - QPoint(2, 2))
    assert page.view.spot is None
    assert page.card.head.text() == "Backward through ×"


def test_a_click_on_a_node_goes_to_its_step_and_back_to_its_forward_one(lab, page):
    lab.panel.open_preset("apples")
    outer = len(page.view.shown.signs) - 1
    part = page.view.shown.layout.parts[outer]
    at = page.view.on_screen(part.sign_x, part.y).toPoint()
    QTest.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=at)
    assert lab.board.state.step == 4
    QTest.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=at)
    assert lab.board.state.step == 2


def test_a_click_on_a_number_of_a_matrix_gives_it_a_slider(lab, page):
    lab.panel.open_preset("affine")
    w = node(page, "W")
    part, plate = page.view.shown.layout.parts[w], page.view.shown.values[w]
    x = (part.plate_left + part.right) / 2 - plate.width / 2 + plate.left_of(1) + 5
    y = part.y - 3 - 8
    QTest.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view.on_screen(x, y).toPoint())
    assert (lab.board.state.leaf, lab.board.state.leaf_cell) == ("W", 3)
    row = lab.board.leaves.cells["W"]
    assert not row.isHidden() and row.head.text() == "W[1, 1]" and row.value == -0.4
    row.box.setValue(2.0)
    assert lab.board.state.values["W"].tolist() == [[0.1, 0.3], [0.2, 2.0]]
    assert lab.board.answers()[1][1] == "∂/∂W[1, 1]"
    np.testing.assert_allclose(gradients(page)["x"], [[0.4, 2.2], [0.4, 2.2]], atol=1e-12)


# --- values and formulas of one's own


def test_a_slider_moves_a_value_and_all_follows_as_one_step_to_undo(lab, page):
    lab.panel.open_preset("apples")
    row = lab.board.leaves.numbers["apple"]
    for value in (110.0, 120.0, 150.0):
        row.slider.setValue(row._position(value))
    moved = float(lab.board.state.values["apple"])
    assert moved == pytest.approx(150, abs=2)
    assert answers(lab)[0] == f"{moved * 2.2:.6g}"
    assert float(gradients(page)["count"]) == pytest.approx(moved * 1.1)
    lab.undo()
    assert lab.board.state.values["apple"] == 100
    assert row.value == 100 and answers(lab)[0] == "220"
    lab.redo()
    assert float(lab.board.state.values["apple"]) == moved


def test_a_matrix_is_typed_and_what_is_wrong_is_said(lab, page):
    lab.panel.open_preset("affine")
    line = lab.board.leaves.lines["W"]
    line.setText("1 0 2; 0 1 x")
    line.editingFinished.emit()
    assert lab.board.leaves.problem.text().startswith("W: x in row 2")
    assert lab.board.state.values["W"].shape == (2, 2)
    line.setText("1 0 2; 0 1 3")
    line.editingFinished.emit()
    assert not lab.board.leaves.problem.isVisible()
    assert lab.board.state.values["W"].shape == (2, 3)
    assert "letter" in page.problem.text() and page.walk is None, "b has two numbers still"
    assert answers(lab)[0] == "–"
    bias = lab.board.leaves.lines["b"]
    bias.setText("1 1 1")
    bias.editingFinished.emit()
    assert page.problem.isHidden() and page.walk is not None
    assert float(page.walk.output) == pytest.approx(np.sum(np.array([[1, -0.5], [-2, 3]]) @ [[1, 0, 2], [0, 1, 3]] + 1))


def test_an_own_formula_keeps_known_values_and_gives_new_names_1(lab, page):
    lab.panel.open_preset("apples")
    page.formula.setText("exp(apple / 100) ^ 2 + 사과 * tax")
    page.formula.editingFinished.emit()
    assert lab.board.state.formula == "exp(apple / 100) ^ 2 + 사과 * tax"
    assert float(page.walk.output) == pytest.approx(np.e**2 + 1.1)
    assert set(lab.board.leaves.numbers) == {"apple", "사과", "tax"}
    assert float(gradients(page)["apple"]) == pytest.approx(2 * np.e**2 / 100)
    lab.undo()
    assert page.formula.text() == "apple * count * tax"


def test_a_new_matrix_begins_as_one(lab, page):
    page.formula.setText("softmax_loss(inputs @ weights + bias, target)")
    page.formula.editingFinished.emit()
    assert page.walk is not None and page.problem.isHidden()
    assert lab.board.state.values["weights"].tolist() == [[1, 0], [0, 1]]
    assert set(lab.board.leaves.lines) == {"inputs", "weights", "target"}
    assert set(lab.board.leaves.numbers) == {"bias"}


def test_values_of_names_that_are_gone_are_kept_for_a_while(lab, page):
    lab.panel.open_preset("apples")
    for number in range(30):
        page.formula.setText(f"apple + a{number}")
        page.formula.editingFinished.emit()
        lab.board.leaves.value_edited.emit(f"a{number}", np.array(float(number)))
    names = [leaf.name for leaf in lab.board.state.leaves]
    assert len(names) <= 22 and "apple" in names and "a28" in names and "a1" not in names
    page.formula.setText("a28 * apple")
    page.formula.editingFinished.emit()
    assert answers(lab)[0] == "2,800"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("apple * (count", 7, ""),
        ("apple * sinh(tax)", 9, "sinh"),
        ("apple ^ 2 * tax[0]", 13, "tax[0]"),
        ("3 + 4", None, "variable"),
    ],
)
def test_a_formula_that_cannot_be_read_is_said_with_its_place(lab, page, text, place, said):
    lab.panel.open_preset("apples")
    page.formula.setText(text)
    page.formula.editingFinished.emit()
    assert page.problem.isVisible() and said in page.problem.text()
    assert lab.board.state.formula == "apple * count * tax"
    if place is not None:
        assert f"letter {place}" in page.problem.text() or page.formula.selectionStart() >= 0
        assert page.formula.selectionLength() <= 1
    page.formula.setText("apple * count * tax")
    page.formula.editingFinished.emit()
    assert page.problem.isHidden()


def test_a_value_that_is_no_number_is_shown_as_what_it_is(lab, page):
    page.formula.setText("log(a - 2)")
    page.formula.editingFinished.emit()
    assert answers(lab)[0] == "NaN"
    page.formula.setText("1 / (a - 1)")
    page.formula.editingFinished.emit()
    assert answers(lab)[0] == "∞"
    lab.grab()


def test_differences_check_the_graph_and_are_left_out_where_there_are_many(lab, qtbot):
    lab.panel.open_preset("two-layers")
    assert answers(lab)[3] == "…", "once the values rest"
    qtbot.waitUntil(lambda: not lab.busy())
    value = answers(lab)[3]
    assert "×10⁻" in value
    from gui.labs.foundations.backpropagation.state import leaf_value

    large = BackpropagationState(formula="sum(x * x)", leaves=(leaf_value("x", np.ones((10, 10))),))
    lab.board.open_state(large)
    qtbot.waitUntil(lambda: not lab.busy())
    assert lab.board.answers()[3][2:] == ("–", "too many numbers")


# --- zoom, keys, words


def test_a_large_graph_is_zoomed_moved_and_follows_its_steps(lab, page):
    page.formula.setText("+".join(f"a{i}*b{i}" for i in range(20)))
    page.formula.editingFinished.emit()
    view = page.view
    assert not view.whole
    page.player.go(1)
    for _ in range(8):
        page.player.on.click()
        step = page.view.shown.step
        part = page.view.shown.layout.parts[step.node]
        at = view.on_screen(part.sign_x, part.y)
        assert view.rect().contains(at.toPoint()), "the node of the step is on the screen"
    before = view.scale
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.scale > before
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.scale < before
    QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    shift = QPointF(view._shift)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view._shift.x() < shift.x()
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.whole
    view.resize(view.width() - 50, view.height())
    assert view.whole


@pytest.mark.parametrize("preset", GRAPHS)
def test_a_preset_is_whole_in_a_window_of_1440_by_900(lab, page, preset):
    lab.panel.open_preset(preset)
    page.view.resize(925, 310)  # what the window leaves
    assert page.view.whole


def test_arrows_step_while_the_graph_has_the_keyboard(lab, page):
    lab.panel.open_preset("apples")
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_Left)
    assert lab.board.state.step == 4
    QTest.keyClick(page.view, Qt.Key.Key_Home)
    assert lab.board.state.step == 0
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    assert lab.board.state.step == 1
    QTest.keyClick(page.view, Qt.Key.Key_End)
    assert lab.board.state.step is None


def test_a_grid_shows_its_shape_and_dots_for_what_has_no_room():
    plate = plate_of(np.arange(100.0).reshape(10, 10))
    assert plate.shape == "10×10"
    assert len(plate.cells) == len(plate.cells[0]) == 6
    assert plate.cells[0][-1] == "…" and plate.cells[-1][0] == "…" and plate.cells[1][2] == "12"
    assert plate.cell_at(plate.left_of(2) + 5, plate.head + 17) == (1, 2)
    assert plate.cell_at(plate.left_of(5) + 5, plate.head + 17) is None
    assert plate_of(np.array([1.0, 2.0])).shape == "(2)"
    assert plate_of(np.array(3.0)).cells == (("3",),)


@pytest.mark.parametrize(("value", "end"), [(0, 2), (1.1, 5), (2, 5), (100, 200), (-30, 100), (0.3, 2)])
def test_a_slider_has_its_value_in_its_inner_half(value, end):
    assert slider_end(value) == end


def test_a_file_with_a_wrong_formula_or_an_unfilled_shape_is_said_on_the_page(lab, page, qtbot):
    text = 'lab = "foundations"\nboard = "backpropagation"\n[backpropagation]\nformula = "a * )"\n'
    lab.open_text(recognised(text, "a file"))
    assert "letter 5" in page.problem.text() and page.walk is None
    assert answers(lab)[0] == "–" and not lab.board.leaves.numbers
    qtbot.waitUntil(lambda: not lab.busy())
    lab.undo()
    assert page.walk is not None and answers(lab)[0] == "220"
    assert LeafValue(name="W", numbers=(1.0, 2.0), shape=(2, 2)).array.tolist() == [1, 2]


def test_the_chosen_number_is_marked_and_told(lab, page):
    lab.panel.open_preset("apples")
    page.view.cell_clicked.emit(LeafCell("count", 0, 0))
    assert lab.board.answers()[1][1:3] == ("∂/∂count", "110")
    assert not page.problem.isVisible()


FORMULAS = (
    "a*b+c", "x @ W + b", "sum(relu(x @ W))", "a", "softmax_loss(x, t)", "(a+b)*(b+1)", "1/(a-a)", "log(-a)", "a@b", "x+",
    "x*x*x*x", "-a", "softmax_loss(x@W+b, t)", "사과*개수", "+".join(f"v{i}*v{i}" for i in range(12)),
)  # fmt: skip
ARRAYS = ("1", "1 2", "1 2; 3 4", "0.1 0.2 0.3", "1;", "x", "1 2; 3", "1; 2; 3", "1e8", "-5 0; 0 1e-9")
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0)


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_edits_breaks_the_page(lab, page, qapp, seed):
    """Formulas that fit and do not, arrays, steps, the pointer, undo: what is shown is the state's, or is said not to be."""
    hand = Random(seed)
    for _ in range(60):
        at = QPoint(hand.randrange(700), hand.randrange(300))
        match hand.randrange(9):
            case 0:
                lab.panel.open_preset(hand.choice(GRAPHS))
            case 1 | 2:
                page.formula.setText(hand.choice(FORMULAS))
                page.formula.editingFinished.emit()
            case 3 | 4 if lab.board.leaves.lines:
                line = hand.choice(list(lab.board.leaves.lines.values()))
                line.setText(hand.choice(ARRAYS))
                line.editingFinished.emit()
            case 5 if lab.board.leaves.numbers:
                hand.choice(list(lab.board.leaves.numbers.values())).slider.setValue(hand.randrange(200))
            case 6:
                page.player.go(hand.randrange(30))
            case 7:
                QTest.keyClick(page.view, hand.choice(KEYS))
                QTest.mouseMove(page.view, at)
                QTest.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=at)
            case _:
                lab.undo() if hand.random() < 0.6 else lab.redo()
        qapp.processEvents()
        shown, state = page.view.shown, lab.board.state
        assert page.view.isEnabled() == (page.walk is not None)
        if page.walk is not None:
            assert shown.walk.formula.text == state.formula
            for name, array in state.values.items():
                np.testing.assert_array_equal(shown.walk.values[node(page, name)], array)


def test_the_menu_opens_a_node_s_numbers_and_saves_the_graph(lab, page, save_as, tmp_path):
    lab.panel.open_preset("affine")
    w = node(page, "W")
    part = page.view.shown.layout.parts[w]
    assert page.menu.prepare(page.view.on_screen(part.sign_x, part.y).toPoint())
    assert page.menu.gradient.text() == "Gradient of W..."
    window = page.menu.open_gradient()
    np.testing.assert_array_equal(window.table.values_HW, [[-1, -1], [2.5, 2.5]])
    window.close()
    window = page.menu.open_value()
    np.testing.assert_array_equal(window.table.values_HW, [[0.1, 0.3], [0.2, -0.4]])
    window.close()
    for name in ("graph.png", "graph.svg"):
        save_as(tmp_path / name)
        page.menu.save.trigger()
    assert (tmp_path / "graph.png").read_bytes().startswith(b"\x89PNG")
    assert "-0.4" in (tmp_path / "graph.svg").read_text("utf-8").replace("\N{MINUS SIGN}", "-")
    page.player.go(0)
    page.menu.prepare(page.view.rect().bottomRight())
    assert not page.menu.value.isEnabled(), "the first step is of no node"


def test_a_negative_number_behind_a_sign_stands_in_parentheses(lab, page):
    lab.panel.open_preset("sigmoid-in-parts")  # −(0.5): backwards −0.235 × (−1)
    plates = [each.plate.cells[0][0] for _, _, line in page.card.strip._laid for each in line.placed if each.plate is not None]
    assert plates == ["−0.235", "(−1)", "0.235"]
    assert chip_text(page.view.shown.term(node(page, "−"), 0)) == "× (−1)"


def test_softmax_with_loss_shows_its_probabilities_forward(lab, page):
    """y of (0.3, 2.9, 4), as the book prints it."""
    lab.panel.open_preset("softmax-with-loss")
    page.player.go(1)
    line = page.card.strip.lines[1]
    assert line.head == "y"
    np.testing.assert_allclose(line.parts[1].value, [0.01821127, 0.24519181, 0.73659691], atol=5e-9)


def test_the_board_speaks_korean(lab, page, qtbot):
    lab.panel.open_preset("apples")
    try:
        set_language("ko")
        qtbot.waitUntil(lambda: lab.board.topics.button("graph").text() == "계산 그래프")
        assert "곱셈" in page.card.rule.text()
        assert page.head.text() == "수식" and page.card.head.text().startswith("역전파")
        page.formula.setText("apple * sinh(tax)")
        page.formula.editingFinished.emit()
        assert "9번째 글자의 sinh" in page.problem.text()
    finally:
        set_language("en")
    qtbot.waitUntil(lambda: page.head.text() == "Formula")
