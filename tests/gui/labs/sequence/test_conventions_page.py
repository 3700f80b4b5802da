"""The page of conventions: counts as they were measured, D and H of the network, and what a torch cell can hold."""

from __future__ import annotations

import pytest
import torch
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from engine.experiments.experiment import preset
from engine.fields import edited
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from gui.labs.sequence.conventions.conventions_page import ConventionsPage, recurrence_of
from gui.shell.language import set_language
from tests.gui.labs.sequence.small_models import small
from tests.gui.layouts import lay_out

MEASURED = {  # D = 10, H = 32: framework and package, the count
    "LSTM": {
        "torch": 5632, "paddlepaddle": 5632, "keras": 5504, "flax": 5504, "dm-haiku": 5504, "equinox": 5504, "mlx": 5504,
        "@tensorflow/tfjs": 5504, "onnx": 5632,
    },
    "RNN": {
        "torch": 1408, "paddlepaddle": 1408, "keras": 1376, "flax": 1376, "dm-haiku": 1408, "mlx": 1376,
        "@tensorflow/tfjs": 1376, "onnx": 1408,
    },
}  # fmt: skip
VERSIONS = {
    "keras": "3.15.1", "flax": "0.12.8", "dm-haiku": "0.0.17", "equinox": "0.13.8", "mlx": "0.32.4", "paddlepaddle": "3.3.1",
    "@tensorflow/tfjs": "4.22.0", "onnx": "1.23.2", "torch": torch.__version__.partition("+")[0],
}  # fmt: skip
KINDS = {"LSTM": LSTM, "GRU": GRU, "RNN": RNN}


def shown(qtbot, size=(760, 560)):
    page = ConventionsPage()
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    return page


def rows(page):
    model = page.table.written
    return [{name: model.text(number, name) for name in model.columns_of(folded=False)} for number in range(model.rowCount())]


def choose_cell(page, name):
    QTest.mouseClick(page.cell.button(name), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("cell", list(MEASURED))
def test_the_counts_for_10_inputs_and_32_units_are_the_measured_ones(qtbot, cell):
    page = shown(qtbot)
    choose_cell(page, cell)
    found = {row["package"].split()[0]: row for row in rows(page)}
    for package, count in MEASURED[cell].items():
        assert found[package]["count"] == f"{count:,}", package
        assert found[package]["package"] == f"{package} {VERSIONS[package]}"
    torch_cell = getattr(torch.nn, cell)(10, 32)
    assert page.count.text() == f"{sum(weight.numel() for weight in torch_cell.parameters()):,}" == found["torch"]["count"]


def test_a_gru_is_written_in_four_ways_and_torch_holds_those_with_the_reset_after_the_product(qtbot):
    page = shown(qtbot)
    choose_cell(page, "GRU")
    found = rows(page)
    counts = {(row["framework"], row["reset"]): int(row["count"].replace(",", "")) for row in found}
    assert counts["PyTorch", "after the product"] == counts["Keras", "after the product"] == 4224
    assert counts["Keras", "before the product"] == counts["Flax nnx", "after the product"] == 4128
    assert counts["Haiku", "before the product"] == counts["TensorFlow.js", "before the product"] == 4128
    assert (
        counts["Flax linen", "after the product"]
        == counts["Equinox", "after the product"]
        == counts["MLX", "after the product"]
        == 4160
    )
    for row in found:
        assert (row["in_torch"] == "yes") == (row["reset"] == "after the product"), row
    haiku = next(row for row in found if row["framework"] == "Haiku")
    assert haiku["keeps"] == "the candidate" and haiku["order"] == "z r n"
    linen = next(row for row in found if row["framework"] == "Flax linen")
    assert linen["biases"] == "1.33"


def test_an_lstm_row_says_order_biases_and_forget_bias(qtbot):
    found = {row["framework"]: row for row in rows(shown(qtbot))}
    assert (found["PyTorch"]["order"], found["PyTorch"]["biases"], found["PyTorch"]["forget"]) == (
        "i f g o",
        "2",
        "random around 0",
    )
    assert found["Keras"]["forget"] == "1" and found["Keras"]["biases"] == "1"
    assert found["Haiku"]["order"] == "i g f o" and found["Haiku"]["forget"] == "0, +1 added in the code"
    assert found["ONNX"]["order"] == "i o f g" and all(row["in_torch"] == "yes" for row in found.values())


def test_the_derivation_is_that_of_the_chosen_row_and_follows_D_and_H(qtbot):
    page = shown(qtbot)
    page.sizes["D"].set_value(100)
    page.sizes["H"].set_value(100)
    page._edited()
    assert page.count.text() == "80,800" and "4×100×(100 + 100 + 2)" in page.formula.text().replace("\u200b", "")
    assert "H: " in page.symbols.text() and "= 100" in page.symbols.text()
    chosen = []
    page.convention_chosen.connect(chosen.append)
    names = [row["framework"] for row in rows(page)]
    page.table.selectRow(names.index("Keras"))
    assert chosen == ["keras"] and page.count.text() == "80,400" and page.table.written.chosen == names.index("Keras")
    page.table.selectRow(names.index("MLX"))
    assert chosen == ["keras"]  # by that one the program does not count
    page.set_convention("book")
    assert page.count.text() == "80,400" and chosen == ["keras"]
    assert page.chosen.framework == "book"
    page.table.selectRow(names.index("Haiku"))
    assert "adds 1 to the forget gate" in page.note.text()


def test_D_and_H_and_the_cell_are_the_networks_until_the_user_types_others(qtbot):
    page = shown(qtbot)
    experiment = small(layers=(GRU(hidden_size=7, output="sequence"), Linear(out_features=1)))
    page.show_run(experiment)
    assert page.cell.current == "GRU" and page.sizes_shown == (1, 7) and page.back.isHidden()
    page.show_settings(
        edited(experiment, network=edited(experiment.network, layers=(LSTM(hidden_size=9), Linear(out_features=1))))
    )
    assert page.cell.current == "LSTM" and page.sizes_shown == (1, 9)
    page.sizes["H"].set_value(11)
    page._edited()
    assert page.back.isVisible()
    page.show_settings(experiment)
    assert page.sizes_shown == (1, 11) and page.cell.current == "LSTM"  # the user's own stay
    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.cell.current == "GRU" and page.sizes_shown == (1, 7) and page.back.isHidden()


@pytest.mark.parametrize("kind", list(KINDS))
def test_stacked_and_bidirectional_layers_are_counted_whole(qtbot, kind):
    page = shown(qtbot)
    layer = KINDS[kind](hidden_size=6, num_layers=2, bidirectional=True, output="sequence")
    page.show_settings(small(layers=(layer, Linear(out_features=1))))
    module = getattr(torch.nn, kind)(1, 6, num_layers=2, bidirectional=True)
    count = sum(weight.numel() for weight in module.parameters())
    assert page.network_line.isVisible() and f"{count:,}" in page.network_line.wording
    page.show_settings(small(layers=(KINDS[kind](hidden_size=6, output="sequence"), Linear(out_features=1))))
    assert page.network_line.isHidden()


def test_a_network_without_recurrence_leaves_the_usual_sizes(qtbot):
    page = shown(qtbot)
    page.show_settings(preset("digits-cnn"))
    assert recurrence_of(preset("digits-cnn")) is None and page.sizes_shown == (10, 32)
    page.show_settings(None)
    assert page.sizes_shown == (10, 32) and page.question() is None


@pytest.mark.parametrize("width", [260, 760, 1000])
def test_it_speaks_korean_and_all_columns_have_a_heading(qtbot, qapp, width):
    page = shown(qtbot, (width, 420))
    set_language("ko")
    qapp.processEvents()
    model = page.table.written
    heads = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]
    apart = ["프레임워크", "매개변수", "패키지와 버전", "게이트 순서"]
    assert [head.strip() for head in heads[:4]] == (
        apart if width == 1000 else ["프레임워크와 패키지", "매개변수", "게이트 순서", "게이트마다 편향"]
    )
    assert all(heads)
    assert any("밑바닥부터" in row["framework"] for row in rows(page))


@pytest.mark.parametrize("tongue", ["ko", "en"])
@pytest.mark.parametrize("size", [(512, 404), (628, 560)])  # of its place at 1024 x 700 and at 1440 x 900
@pytest.mark.parametrize("cell", ["LSTM", "GRU", "RNN"])
def test_the_table_does_not_scroll_sideways_and_cuts_no_word(qtbot, size, cell, tongue):
    set_language(tongue)
    page = shown(qtbot, size)
    choose_cell(page, cell)
    table, header = page.table, page.table.horizontalHeader()
    lay_out()
    assert table.horizontalScrollBar().maximum() == 0
    model = table.written
    for place, column in enumerate(model.columns):
        texts = [model.shown(number, column, folded=model.is_folded) for number in range(model.rowCount())]
        measure = table.fontMetrics()
        for word in (word for text in texts for word in text.split()):
            assert measure.horizontalAdvance(word) < header.sectionSize(place), (column, word)
    shown_texts = "\n".join(str(model.data(model.index(row, 0))) for row in range(model.rowCount()))
    packages = [model.text(row, "package") for row in range(model.rowCount())]
    assert "package" in model.columns or all(package in shown_texts for package in packages)


def test_the_page_stays_clear_beside_another_experiments_run(make_lab):
    lab = make_lab(preset("waves-lstm"))
    lab.pages.chosen.emit("conventions")
    page = lab.pages.pages["conventions"]
    place = QRect(page.mapTo(lab, QPoint()), page.size())
    before = lab.grab(place).toImage()
    lab.results.veil.show()
    assert page.isVisible() and lab.grab(place).toImage() == before
    lab.pages.chosen.emit("gates")
    page = lab.pages.pages["gates"]
    place = QRect(page.mapTo(lab, QPoint()), page.size())
    faded = lab.grab(place).toImage()
    lab.results.veil.hide()
    assert page.isVisible() and lab.grab(place).toImage() != faded
