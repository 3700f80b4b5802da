"""The drawing of a block: what is left out of a long one, what a narrow one says, and that nothing overlaps."""

from __future__ import annotations

from itertools import combinations

import pytest
from pytestqt.qtbot import QtBot

from engine.layers.catalog import Concat
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import MaxPool2d
from engine.networks.trace import trace
from gui.labs.network.layer.block_diagram import BlockDiagram, without_middle
from gui.labs.network.layer.block_plan import BlockPlan, Lane, Step, block_plan
from gui.shell import theme

CONV = Step("Conv2d 128, 3×3, s2, p1", (128, 28, 28))
RELU = Step("ReLU", (128, 28, 28))
IN = (64, 56, 56)


def diagram(qtbot: QtBot, plan: BlockPlan, width: int = 260) -> BlockDiagram:
    made = BlockDiagram()
    qtbot.addWidget(made)
    made.resize(width, 100)
    made.show_plan(plan)
    made.show()
    return made


def lanes(*steps: tuple[Step, ...]) -> tuple[Lane, ...]:
    return tuple(Lane(str(number), inside, inside[-1].output if inside else IN) for number, inside in enumerate(steps, start=1))


def test_what_is_left_out_is_counted() -> None:
    assert without_middle("abcdef", 6) == (tuple("abcdef"), 0, ())
    assert without_middle("abcdefg", 4) == (("a", "b"), 4, ("g",))
    assert without_middle("abcdefg", 2) == (("a",), 5, ("g",))


def test_a_long_branch_is_its_first_layers_and_its_last(qtbot: QtBot) -> None:
    steps = (CONV, *[RELU] * 30, Step("Linear 10", (10,)))
    made = diagram(qtbot, BlockPlan(IN, (Lane("", steps, (10,)),), "chain", (10,)))
    assert len(made.boxes) == 9
    assert made.boxes[7].lines == ("… 24 layers …",) and made.boxes[7].step is None
    assert made.boxes[8].step == steps[-1] and made.boxes[8].lines == ("Linear 10", "10")


def test_a_shape_stands_where_it_changes_and_at_every_end(qtbot: QtBot) -> None:
    made = diagram(qtbot, BlockPlan(IN, lanes((CONV, RELU), ()), "add", (128, 28, 28)), width=420)
    assert [box.lines for box in made.boxes] == [("Conv2d 128, 3×3, s2, p1", "128×28×28"), ("ReLU",)]
    assert made.texts[-4:] == ("128×28×28", "64×56×56", "64×56×56", "128×28×28")  # the lanes' ends; what comes in, what leaves
    assert made.accessibleName() == "64×56×56; 1 Conv2d 128, 3×3, s2, p1, ReLU 128×28×28; 2 64×56×56; added up; 128×28×28"


def test_where_it_is_narrow_names_take_more_lines_and_shapes_are_channels(qtbot: QtBot) -> None:
    step = Step("BatchNorm2d", (1024, 128, 128))
    made = diagram(qtbot, BlockPlan(IN, lanes((CONV, step), (CONV,), (RELU,), ()), "concat", (500, 28, 28)), width=232)
    first = made.boxes[0].lines
    assert first[0] == "Conv2d" and len(first) > 2 and " ".join(first) == f"{CONV.text} C 128"
    assert made.boxes[1].lines == ("Batch", "Norm")
    assert "C 1024" in made.texts


@pytest.mark.parametrize("width", [180, 240, 256, 356])
@pytest.mark.parametrize("count", [1, 2, 4, 32])
def test_nothing_overlaps_and_all_is_inside(qtbot: QtBot, width: int, count: int) -> None:
    inside = ((CONV, RELU, CONV), (), (RELU,), (CONV,) * 20)
    plan = BlockPlan(IN, lanes(*(inside[number % 4] for number in range(count))), "concat", (500, 28, 28))
    made = diagram(qtbot, plan, width)
    for first, second in combinations(made.boxes, 2):
        assert not first.place.adjusted(0.1, 0.1, -0.1, -0.1).intersects(second.place)
    assert all(box.place.left() >= 0 and box.place.right() <= width for box in made.boxes)
    assert all(box.place.bottom() < made.height() for box in made.boxes)


@pytest.mark.parametrize("join", ["add", "concat", "chain"])
def test_it_is_painted_in_both_colours_also_broken_or_empty(qtbot: QtBot, join: str) -> None:
    pictures = []
    for scheme in ("light", "dark"):
        theme.apply(scheme)  # type: ignore[arg-type]
        for broken in (False, True):
            plan = BlockPlan(IN, lanes((CONV,), ()), join, None, broken)  # type: ignore[arg-type]
            pictures.append(diagram(qtbot, plan).grab().toImage())
    light, light_broken, dark, dark_broken = pictures
    assert light != dark and light_broken != dark_broken
    assert (light == light_broken) == (join == "chain")  # layers in a row have nothing to bring together
    assert diagram(qtbot, BlockPlan(None, (), join, None)).grab().height() > 20  # type: ignore[arg-type]


def test_a_plan_stops_where_the_layers_are_not_built() -> None:
    block = Concat(branches=((Conv2d(out_channels=4, kernel_size=3), ReLU()), (MaxPool2d(kernel_size=40),), ()))
    rows = trace(block.branches[0], (3, 8, 8)).rows
    found = block_plan(block, (3, 8, 8), (rows[:1], (), ()), None, broken=True)
    assert [lane.title for lane in found.lanes] == ["1", "2", "3"]
    assert [[step.output for step in lane.steps] for lane in found.lanes] == [[(4, 6, 6), None], [None], []]
    assert [lane.output for lane in found.lanes] == [None, None, (3, 8, 8)]  # an empty branch hands its input on
    assert (found.join, found.output, found.broken) == ("concat", None, True)
