"""The view of the data: counts, ranges and pixels are those of the arrays that a run learns from."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from engine.data.datasets import load
from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.experiment import preset
from engine.fields import edited
from gui.labs.training.data.data_view import DataView
from gui.labs.training.state import TrainingState
from gui.shell import language
from tests.engine.data.own.drawn_folders import draw, noise
from tests.gui.labs.training.small_runs import run, small
from tests.gui.layouts import lay_out


@pytest.fixture
def shown(qtbot, lent_lab):
    """A lab with its data on the screen, and their page."""

    def show(experiment=None, *, width=1400, height=900):
        lab = lent_lab(experiment, torch=False)
        lab.resize(width, height)
        lab.show_view("data")
        page = lab.data_page
        wait(qtbot, page)
        return lab, page

    return show


def wait(qtbot, page) -> None:
    qtbot.waitUntil(lambda: not page.feed.busy)
    lay_out()


def on(name: str, stem: str, **options: object):
    experiment = preset(stem)
    return edited(experiment, data=Data(name=name, **options))


def test_bars_count_the_classes_of_both_parts(shown):
    lab, page = shown()
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    for name, y in (("training", data.y_train), ("validation", data.y_validation)):
        counted = Counter(y.tolist())
        bars = page.counts.bars[name].bars
        assert [(bar.name, bar.value) for bar in bars] == [(str(label), counted[label]) for label in range(10)]
    assert page.counts.heads["training"].text() == f"Training {len(data.x_train):,}"
    most = max(range(10), key=lambda label: Counter(data.y_train.tolist())[label])
    share = Counter(data.y_validation.tolist())[most] / len(data.y_validation)
    assert f"Always answering {most} is right in {share:.1%}" in page.counts.note.text()


def test_facts_are_those_of_the_arrays(shown):
    lab, page = shown()
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    facts = dict(page.about.facts.facts())
    assert facts["Samples"] == f"1,797: {len(data.x_train):,} train, {len(data.x_validation)} validate"
    assert facts["A sample"] == "1 × 8 × 8 (C, H, W), grey"
    assert facts["To answer"] == "one of 10 classes"
    x = data.x_train.double().numpy()
    assert facts["Values"] == f"0 to 1, mean {x.mean():.4g}, standard deviation {x.std():.4g}"


def test_each_tile_is_a_sample_of_its_class_pixel_by_pixel(shown):
    lab, page = shown()
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    sheet = page.samples.sheet
    of_class = [[i for i, label in enumerate(data.y_train.tolist()) if label == wanted] for wanted in range(10)]
    for row in range(10):
        shown_places = sheet.shown(row)
        assert len(shown_places) == sheet.columns
        kept = page.contents.train.kept
        assert [int(kept.numbers[place]) for place in shown_places] == of_class[row][: sheet.columns]
    row, column = 7, 2
    expected = np.rint(data.x_train[of_class[row][column], 0].numpy() * 255)
    image = sheet.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    around, side = sheet.place(row, column), sheet.tile_px / 8
    for y in range(8):
        for x in range(8):
            spot = around.topLeft() + QPoint(int((x + 0.5) * side), int((y + 0.5) * side))
            assert image.pixelColor(spot).red() == expected[y, x]


def test_the_validation_part_and_the_next_pages_are_shown(qtbot, shown):
    lab, page = shown()
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    card, sheet = page.samples, page.samples.sheet
    card.part.button("validation").click()
    assert lab.state().data.part == "validation" and not lab.can_undo  # how it is looked at is no step
    of_three = [i for i, label in enumerate(data.y_validation.tolist()) if label == 3]
    numbers = page.contents.validation.kept.numbers
    assert [int(numbers[place]) for place in sheet.shown(3)] == of_three[: sheet.columns]
    card.after.click()
    assert lab.state().data.page == 1
    assert [int(numbers[place]) for place in sheet.shown(3)] == of_three[sheet.columns : 2 * sheet.columns]
    while card.after.isEnabled():
        card.after.click()
    last = [int(numbers[place]) for place in sheet.shown(3)]
    assert last == of_three[sheet.page * sheet.columns :]
    lab.set_state(TrainingState(view="data", data=DataView(part="training", page=1)))
    assert card.part.current == "training" and sheet.page == 1


def test_a_sample_is_seen_large_with_its_class_and_number(qtbot, shown):
    lab, page = shown()
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    card, sheet = page.samples, page.samples.sheet
    sheet.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(sheet, key)
    number = [i for i, label in enumerate(data.y_train.tolist()) if label == 2][1]
    assert card.large.isVisible() and sheet.isHidden()
    assert card.large.caption.text() == f"Training sample {number:,}: 2"
    picture = card.large.picture
    image = picture.grab().toImage()
    area, x = picture.area, data.x_train[number, 0].numpy()
    for row, column in ((0, 0), (3, 4), (7, 7), (5, 2)):
        spot = QPoint(int(area.left() + (column + 0.5) * area.width() / 8), int(area.top() + (row + 0.5) * area.height() / 8))
        assert image.pixelColor(spot).green() == round(float(x[row, column]) * 255)
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    following = [i for i, label in enumerate(data.y_train.tolist()) if label == 2][2]
    assert card.large.caption.text() == f"Training sample {following:,}: 2"
    qtbot.keyClick(picture, Qt.Key.Key_Escape)
    assert sheet.isVisible() and card.large.isHidden()
    assert int(page.contents.train.kept.numbers[sheet.current]) == following
    qtbot.mouseDClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.place(0, 0).center())
    assert card.large.caption.text() == f"Training sample {data.y_train.tolist().index(0):,}: 0"


def test_rows_that_are_read_one_by_one_are_still_pictures(shown):
    _, page = shown(on("digits-rows", "digits-rows-lstm"))
    assert page.samples.kind == "pictures"
    assert dict(page.about.facts.facts())["A sample"] == "8 × 8 (T, F)"


def test_series_are_curves_of_the_very_values(shown):
    lab, page = shown(on("adding", "adding-lstm", samples=300, length=12))
    data = load(lab.experiment().data, seed=lab.experiment().seed)
    assert page.samples.kind == "curves"
    curves = page.samples.samples("curves")
    numbers = page.contents.train.kept.numbers
    for plot, caption, number in zip(curves.plots, curves.captions, numbers, strict=False):
        value, mark = plot.lines
        assert value.values == data.x_train[number, :, 0].tolist() and mark.values == data.x_train[number, :, 1].tolist()
        assert f"Sample {number}" in caption.text() and f"{float(data.y_train[number, 0]):.4g}" in caption.text()
    targets = data.y_train.reshape(-1).tolist()
    assert page.counts.spread.counts.sum() == len(targets)


def test_a_series_of_a_file_is_shown_in_the_file_s_units(shown, tmp_path):
    file = tmp_path / "series.csv"
    values = [100.0 + 10 * ((i * 7) % 13) for i in range(60)]
    file.write_text("price\n" + "\n".join(map(str, values)))
    _, page = shown(on("series", "series-lstm", path=str(file), length=5))
    plot = page.samples.samples("curves").plots[0]
    assert plot.lines[0].name == "price"
    np.testing.assert_allclose(plot.lines[0].values, values[:5], rtol=1e-6)
    assert page.about.title == "Series: series.csv"


def test_text_is_read_and_answered_a_character_later(shown, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("ab ab\nab " * 30)
    _, page = shown(on("text", "text-lstm", path=str(file), length=6))
    assert page.samples.kind == "text"
    texts = page.samples.samples("text")
    assert texts.texts[0].text() == "reads ab␣ab↵\nanswers b␣ab↵a"
    counted = Counter(("ab ab\nab " * 30)[: page.contents.train.samples * 6])
    bars = {bar.name: bar.value for bar in page.counts.bars["training"].bars}
    assert bars == {"a": counted["a"], "b": counted["b"], "␣": counted[" "], "↵": counted["\n"]}
    assert [bar.value for bar in page.counts.bars["training"].bars] == sorted(counted.values(), reverse=True)


def test_data_are_read_only_while_they_are_looked_at_and_never_in_the_window_s_thread(qtbot, make_lab, monkeypatch):
    import threading

    from engine.data import contents as looked_at
    from gui.labs.training.data import data_feed

    threads = []

    def watched(data, seed):
        threads.append(threading.current_thread().name)
        return looked_at.contents(data, seed)

    monkeypatch.setattr(data_feed, "contents", watched)
    lab = make_lab(small(), torch=False)
    lab.show_view("data")
    wait(qtbot, lab.data_page)
    lab.show_view("run")
    lab.open_experiment(edited(lab.experiment(), seed=3))
    lay_out()
    assert threads == ["data-contents"]
    lab.show_view("data")
    wait(qtbot, lab.data_page)
    lab.show_view("run")
    lab.show_view("data")
    wait(qtbot, lab.data_page)
    assert threads == ["data-contents"] * 2  # the same data are not read again


def test_another_seed_is_another_split(qtbot, shown):
    lab, page = shown()
    lab.panel.seed.box.setFocus()
    lab.panel._seed_edited(11)
    wait(qtbot, page)
    data = load(lab.experiment().data, seed=11)
    assert page.contents.train.kept.y.tolist()[:5] == data.y_train[page.contents.train.kept.numbers[:5]].tolist()
    assert page.contents.seed == 11


def test_data_that_are_gone_are_a_sentence_with_a_way_to_choose_again(qtbot, shown, tmp_path):
    file = tmp_path / "gone.txt"
    lab, page = shown(on("text", "text-lstm", path=str(file)))
    assert page.trouble.isVisible() and str(file) in page.trouble.problem.text()
    assert page.trouble.again.isVisible() and lab.panel.again.isVisible()
    assert page.samples.isHidden() and page.counts.isHidden()
    language.set_language("ko")
    qtbot.waitUntil(lambda: "없" in page.trouble.problem.text())


def test_all_that_was_done_to_pictures_is_said(shown, tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    kinds = {
        "deep.png": (noise(channels=1).astype(np.uint16) * 257, {}),
        "turned.jpg": (noise(), {"exif": exif}),
        "clear.png": (noise(channels=4), {}),
        "cmyk.jpg": (Image.fromarray(noise()).convert("CMYK"), {}),
        "palette.gif": (Image.fromarray(noise()).convert("P"), {}),
        "bits.png": (Image.fromarray(noise(channels=1)).convert("1"), {}),
    }
    for name, (picture, options) in kinds.items():
        for group in ("a", "b"):
            draw(tmp_path / "own" / group / name, picture, **options)
    experiment = on("folder", "digits-cnn", path=str(tmp_path / "own"))
    _, page = shown(experiment)
    info = describe(experiment.data)
    assert len(info.notes) == 8
    assert page.about.notes.text().splitlines() == [info.reading.say(), *(note.say() for note in info.notes)]


def test_the_view_leaves_a_run_in_peace(qtbot, make_lab):
    lab = make_lab(small())
    run(qtbot, lab)
    lab.show_view("data")
    wait(qtbot, lab.data_page)
    assert lab.timeline.isHidden() and lab.panel.isVisible()
    qtbot.keyClick(lab.data_page, Qt.Key.Key_Backspace)
    assert lab.control.status() is not None  # Backspace ends no run that is not looked at


@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_in_a_narrow_window_everything_is_in_one_column_and_nothing_is_cut(qtbot, shown, tongue):
    language.set_language(tongue)
    lab, page = shown(width=840, height=560)
    left = {part.mapTo(page, QPoint()).x() for part in (page.about, page.samples, page.counts)}
    assert len(left) == 1
    for part in (page.about, page.samples, page.counts):
        assert part.mapTo(page, QPoint(part.width(), 0)).x() <= page.width()
    for button in (*page.about.own.buttons.values(), *lab.panel.own.buttons.values()):
        assert button.width() >= button.sizeHint().width(), (tongue, button.text())
