"""The page of embeddings: the table that the network has, the lookup as a product, neighbours, the map, tables of one's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.fields import edited
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.recurrent import LSTM
from engine.sequences.embedding_view import EmbeddingAnswer, NoEmbeddingError
from gui.labs.sequence.embedding.embedding_page import NEIGHBOURS, EmbeddingPage
from gui.labs.sequence.embedding.lookup_picture import LookupPicture
from gui.labs.sequence.embedding.neighbour_bars import cosine_text
from gui.shell import theme
from gui.shell.language import set_language
from tests.gui.labs.sequence.small_models import model_of, small
from tests.gui.layouts import lay_out

LAYERS = (Embedding(num_embeddings=14, embedding_dim=6), LSTM(hidden_size=5, output="sequence"), Linear(out_features=14))


def shown(qtbot, experiment=None, size=(720, 560)):
    page = EmbeddingPage()
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    if experiment is not None:
        page.show_run(experiment)
    return page


def counting():
    return small("counting-lstm", layers=LAYERS, length=12)


@pytest.fixture
def opened(qtbot):
    made = []

    def make(experiment=None, size=(720, 560)):
        experiment = experiment or counting()
        page = shown(qtbot, experiment, size)
        made.append(page)
        model, data = model_of(experiment)
        page.show_answer(page.question()(model, data))
        return page, model, data

    yield make
    for page in made:
        page.close_page(5.0)


def weight_of(model):
    return model[0].weight.detach().numpy()


def test_the_table_is_the_networks_with_the_size_that_it_really_has(opened):
    page, model, data = opened()
    np.testing.assert_array_equal(page.shown.table, weight_of(model))
    assert page.shown.words == data.classes
    assert "14 × 6 = 84 weights" in page.facts.text() and "14 numbers a word, of which one is 1" in page.facts.text()


def test_the_lookup_is_one_hot_times_table_and_that_is_the_row(opened, qtbot):
    page, model, data = opened()
    with qtbot.waitSignal(page.picture.row_chosen):
        QTest.mouseClick(page.picture, Qt.MouseButton.LeftButton, pos=page.picture.row_place(3).center().toPoint())
    found, table = page.picture._found, weight_of(model)
    assert found.row == page.row == 3 and found.one_hot.tolist() == [0, 0, 0, 1, *[0] * 10]
    np.testing.assert_allclose(found.product, found.one_hot @ table)
    np.testing.assert_array_equal(found.product, model[0](torch.tensor(3)).detach())
    assert "84 products" in page.facts.text() and found.multiplications == 84
    assert page.word.text() == data.classes[3]


def test_the_colours_of_table_and_product_are_the_numbers(opened):
    page, model, _ = opened()
    page.choose(5)
    picture, table = page.picture, weight_of(model)
    image = picture.grab().toImage()
    ratio = image.devicePixelRatio()

    def colour(place):
        return image.pixelColor(round((place.left() + place.width() / 2) * ratio), round((place.top() + 3) * ratio))

    most = np.abs(table).max()
    for dimension in range(6):
        for place, value in (
            (picture.cell(2, dimension), table[2, dimension]),
            (picture.product_cell(dimension), table[5, dimension]),
        ):
            seen = colour(place)
            if abs(value) > 0.3 * most:  # red above zero, blue below
                assert (seen.red() > seen.blue()) == (value > 0), (dimension, value)
        assert colour(picture.cell(5, dimension)) == colour(picture.product_cell(dimension))
    hot, cold = picture.row_place(5), picture.row_place(4)
    assert image.pixelColor(round(74 * ratio), round((hot.top() + 4) * ratio)) == theme.theme().accent
    assert image.pixelColor(round(74 * ratio), round((cold.top() + 4) * ratio)) == theme.theme().ground


def test_the_neighbours_are_those_of_the_largest_cosine(opened, qtbot):
    page, model, data = opened()
    page.choose(7)
    table = torch.from_numpy(weight_of(model)).double()
    cosines = torch.nn.functional.cosine_similarity(table[7:8], table)
    order = [k for k in torch.argsort(-cosines).tolist() if k != 7][:NEIGHBOURS]
    assert [each.row for each in page.near.found] == order
    assert page.near.texts()[0].endswith(cosine_text(float(cosines[order[0]])))
    assert page.map.names_shown()[0] == data.classes[7]
    with qtbot.waitSignal(page.near.row_chosen):
        QTest.mouseClick(page.near, Qt.MouseButton.LeftButton, pos=page.near.place(1).center().toPoint())
    assert page.row == order[1]
    page.near.setFocus()
    QTest.keyClick(page.near, Qt.Key.Key_Up)
    with qtbot.waitSignal(page.near.row_chosen):
        QTest.keyClick(page.near, Qt.Key.Key_Return)
    assert [cosine_text(value) for value in (1.0, 0.99999, -1.0, 0.0, -1e-9, -0.25)] == [
        "1.000",
        "0.999",
        "−1.000",
        "0.000",
        "0.000",
        "−0.250",
    ]


def test_the_map_is_the_plane_of_the_largest_variance_and_moves_without_jumps_while_the_network_learns(opened):
    page, model, data = opened()
    table = weight_of(model).astype(np.float64)
    singular = np.linalg.svd(table - table.mean(axis=0))[1]
    shares = singular**2 / (singular**2).sum()
    assert float(page.shown.map.shares.sum()) == pytest.approx(shares[:2].sum(), rel=1e-6)
    assert f"{100 * shares[:2].sum():.1f}%" in page.map_line.wording
    np.testing.assert_array_equal(page.map.points, page.shown.map.points)
    before = page.map.points.copy()
    with torch.no_grad():
        model[0].weight.add_(1e-3 * torch.randn(14, 6, generator=torch.Generator().manual_seed(1)))
    page.show_answer(page.question()(model, data))
    moved = np.abs(page.map.points - before).max()
    assert 0 < moved < 0.02 * np.abs(before).max()


def test_a_word_is_typed_and_stays_chosen(opened, qtbot):
    page, model, data = opened()
    page.word.setFocus()
    page.word.setText(data.classes[9])
    QTest.keyClick(page.word, Qt.Key.Key_Return)
    assert page.row == 9
    page.show_answer(page.question()(model, data))
    assert page.row == 9
    page.word.setText("zz")
    QTest.keyClick(page.word, Qt.Key.Key_Return)
    assert page.row == 9  # there is none
    page.word.setText("␣")
    QTest.keyClick(page.word, Qt.Key.Key_Return)
    assert data.classes[page.row] == " "
    page.picture.setFocus()
    for key, row in ((Qt.Key.Key_End, 13), (Qt.Key.Key_Up, 12), (Qt.Key.Key_Home, 0), (Qt.Key.Key_Down, 1)):
        QTest.keyClick(page.picture, key)
        assert page.row == row


def test_a_table_of_ones_own_is_opened_beside_it_and_left_again(opened, qtbot, tmp_path):
    page, model, _ = opened()
    file = tmp_path / "words.vec"
    file.write_text("3 2\nking 1.0 0.5\nqueen 0.9 0.6\napple -1 0.25\n", "utf-8")
    page.open_table(file)
    qtbot.waitUntil(lambda: page.shown.name == "words.vec")
    assert page.question() is None  # the network is asked nothing
    assert page.shown.words == ("king", "queen", "apple") and "3 × 2 = 6 weights" in page.facts.text()
    page.choose(0)
    cosine = (0.9 + 0.3) / np.sqrt((1 + 0.25) * (0.81 + 0.36))
    assert page.near.texts()[0] == f"queen {cosine:.3f}"
    assert page.back.isVisible()
    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.question() is not None and page.back.isHidden()
    np.testing.assert_array_equal(page.shown.table, weight_of(model))


def test_a_file_that_is_no_table_is_refused_with_its_line(opened, qtbot, tmp_path):
    page, _, _ = opened()
    file = tmp_path / "broken.txt"
    file.write_text("king 1.0 0.5\nqueen 0.9\n", "utf-8")
    page.open_table(file)
    qtbot.waitUntil(page.problem.isVisible)
    assert "broken.txt" in page.problem.text() and "2" in page.problem.text()
    assert page.shown is not None and page.shown.name == ""  # what was there stays


def test_a_network_without_an_embedding_says_why_it_is_empty_and_what_to_choose(qtbot):
    experiment = small(layers=(LSTM(hidden_size=4, output="sequence"), Linear(out_features=1)))
    page = shown(qtbot)
    assert page.question() is None and "Once a run" in page.empty.text()
    page.show_run(experiment)
    answer = page.question()(*model_of(experiment))
    assert isinstance(answer.answer, NoEmbeddingError)
    page.show_answer(answer)
    assert page.empty.isVisible() and "has no Embedding" in page.empty.text() and "counting in Korean" in page.empty.text()
    assert page.open_button.isVisible() and page.area.isHidden()
    page.close_page(5.0)


def test_broken_numbers_are_not_drawn(opened):
    page, model, data = opened()
    with torch.no_grad():
        model[0].weight[2, 3] = float("nan")
    page.show_answer(page.question()(model, data))
    assert "finite" in page.empty.text() and page.empty.isVisible() and page.area.isHidden()
    page.show_answer(None)
    assert page.empty.isVisible()


def test_the_question_stays_the_same_object_until_the_network_is_another(opened):
    page, model, data = opened()
    first = page.question()
    page.show_answer(first(model, data))
    assert page.question() is first and isinstance(first(model, data).answer, EmbeddingAnswer)
    page.show_run(edited(counting(), seed=5))
    assert page.question() is not first
    page.show_run(None)
    assert page.question() is None
    page.show_answer(None)
    assert page.empty.text().startswith("Once a run of a network with an Embedding has begun")
    page.show_run(counting())
    assert page.empty.text() == "The table of word vectors is being read..."


def test_a_large_table_shows_as_many_rows_and_numbers_as_there_is_room_for(qtbot):
    from engine.sequences.embedding_view import looked_up

    picture = LookupPicture()
    qtbot.addWidget(picture)
    picture.resize(400, 300)
    picture.show()
    table = np.random.default_rng(0).normal(size=(1000, 500)).astype(np.float32)
    words = [f"w{k}" for k in range(1000)]
    picture.show_lookup(words, table, looked_up(table, 700))
    assert picture.first <= 700 < picture.first + picture.rows and picture.shown_dimensions < 500
    assert picture.height() >= picture.product_cell(0).bottom()
    assert f"the first {picture.shown_dimensions}" in picture._heads[1]
    chosen = []
    picture.row_chosen.connect(chosen.append)
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_PageDown)
    assert chosen == [700 + picture.rows]
    picture.grab()


@pytest.mark.parametrize("size", [(300, 620), (560, 420), (900, 560)])
def test_it_speaks_korean_at_any_width(opened, size):
    set_language("ko")
    page, _, _ = opened(size=size)
    assert page.title == "임베딩" and "희소 표현" in page.facts.text() and "분산 표현" in page.facts.text()
    lay_out()
    assert page.content.width() <= page.area.width() and page.near.geometry().bottom() <= page.content.height()
    for part in (page.picture, page.map, page.near):
        assert part.height() >= part.minimumSizeHint().height() and part.width() <= page.content.width()
    assert page.facts.height() >= page.facts.heightForWidth(page.facts.width())
