"""Pictures by file, drop and paste; and everything that is not one."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.pictures import PATTERNS, SAMPLES, PictureError, pattern
from gui.shell import language
from gui.widgets.pictures.numbers_dialog import NumbersDialog
from gui.widgets.pictures.picture_files import KEPT_PASTES, LoadedPicture, image_of, picture_from, read_picture, sample
from gui.widgets.pictures.picture_picker import PicturePicker


def photograph(width: int, height: int) -> QImage:
    """Red at the left, blue at the right."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, QColor("blue"))
    return image


def png_of(width: int, height: int, depth: int = 8) -> bytes:
    """A PNG file that says how large it is, and holds a single line of it."""
    parts = [
        b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0),
        b"IDAT" + zlib.compress(bytes(1 + 3 * width)),
    ]
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an EXIF block that holds nothing but how the camera was held."""
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + b"\x00" * 4
    exif = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


@pytest.fixture
def picker(qtbot: QtBot, tmp_path: Path) -> PicturePicker:
    made = PicturePicker(tmp_path / "pictures")
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_reader(2.0))
    made.loaded.connect(made.show_picture)
    made.show()
    made.load("china")
    return made


def took(qtbot: QtBot, picker: PicturePicker, mime: QMimeData) -> LoadedPicture:
    with qtbot.waitSignal(picker.loaded) as found:
        picker.take(mime)
    assert found.args is not None
    loaded = found.args[0]
    assert isinstance(loaded, LoadedPicture)
    return loaded


# --- reading


@pytest.mark.parametrize(("name", "shape"), [("china", (3, 224, 224)), ("flower", (3, 224, 224)), ("digit", (1, 28, 28))])
def test_samples(name: str, shape: tuple[int, ...]) -> None:
    assert sample(name).shape == shape
    assert 0 <= sample(name).values_CHW.min() < 0.1 and 0.9 < sample(name).values_CHW.max() <= 1


def test_a_large_picture_is_brought_to_its_working_size(tmp_path: Path) -> None:
    photograph(1200, 600).save(str(tmp_path / "wide.png"))
    picture = read_picture(tmp_path / "wide.png")
    assert picture.shape == (3, 256, 512) and picture.original == (1200, 600) and picture.scaled
    np.testing.assert_allclose(picture.values_CHW[:, 100, 10], [1, 0, 0], atol=0.01)
    np.testing.assert_allclose(picture.values_CHW[:, 100, 500], [0, 0, 1], atol=0.01)


def test_pixels_come_through_exactly(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    image = QImage(values.tobytes(), 5, 7, 15, QImage.Format.Format_RGB888)
    image.save(str(tmp_path / "five.png"))
    picture = read_picture(tmp_path / "five.png")
    np.testing.assert_array_equal(np.rint(picture.values_CHW * 255).transpose(1, 2, 0), values)
    again = picture_from(image_of(picture), "again")
    np.testing.assert_array_equal(again.values_CHW, picture.values_CHW)


def test_a_photograph_stands_upright(tmp_path: Path) -> None:
    plain, turned = tmp_path / "plain.jpg", tmp_path / "turned.jpg"
    photograph(64, 32).save(str(plain), quality=95)
    turned.write_bytes(with_orientation(plain.read_bytes(), 6))  # held so that it has to be turned clockwise
    picture = read_picture(turned)
    assert picture.shape == (3, 64, 32) and picture.original == (32, 64)
    assert picture.values_CHW[0, 4, 16] > 0.9 and picture.values_CHW[2, 60, 16] > 0.9  # red above, blue below


def test_grey_is_one_channel_and_transparency_lies_on_white(tmp_path: Path) -> None:
    grey = QImage(9, 6, QImage.Format.Format_Grayscale8)
    grey.fill(51)
    grey.save(str(tmp_path / "grey.png"))
    picture = read_picture(tmp_path / "grey.png")
    assert picture.shape == (1, 6, 9) and picture.values_CHW[0, 3, 3] == pytest.approx(0.2)
    for kind in (QImage.Format.Format_Mono, QImage.Format.Format_Indexed8, QImage.Format.Format_RGBA64):
        image = QImage(9, 6, kind)
        image.setColorTable([0xFF000000, 0xFF333333])
        image.fill(QColor(51, 51, 51) if kind == QImage.Format.Format_RGBA64 else 1)
        assert picture_from(image, "grey").values_CHW[:, 3, 3] == pytest.approx([0.2])
    clear = QImage(4, 4, QImage.Format.Format_ARGB32)
    clear.fill(QColor(255, 0, 0, 0))
    clear.setPixelColor(0, 0, QColor(255, 0, 0, 255))
    clear.save(str(tmp_path / "clear.png"))
    values = read_picture(tmp_path / "clear.png").values_CHW
    assert values[:, 2, 2].tolist() == [1, 1, 1] and values[:, 0, 0].tolist() == [1, 0, 0]


def refusal(path: Path) -> str:
    with pytest.raises(PictureError) as found:
        read_picture(path)
    return found.value.code


def test_what_is_no_picture(tmp_path: Path) -> None:
    text, empty = tmp_path / "text.png", tmp_path / "empty.jpg"
    text.write_text("not a picture", "utf-8")
    empty.write_bytes(b"")
    assert refusal(text) == refusal(empty) == "not_a_picture"
    assert refusal(tmp_path) == refusal(tmp_path / "gone.png") == "missing"


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    huge.write_bytes(png_of(40_000, 40_000))
    assert refusal(huge) == "too_large"


def encoded(image: QImage, ending: str, *, progressive: bool = False) -> bytes:
    """The content of a picture's file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, ending.encode())
    writer.setProgressiveScanWrite(progressive)
    assert writer.write(image)
    return bytes(content.data())


def drawing(side: int = 40) -> bytes:
    """An SVG, which Qt would paint if it were asked to."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"><rect width="9" height="9"/></svg>'.encode()


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "webp", "ppm", "tif"])
def test_a_picture_ends_where_it_ends(tmp_path: Path, ending: str) -> None:
    """Phones put a clip behind their photographs, and cameras further ones."""
    whole = encoded(photograph(48, 32), ending)
    path, longer = tmp_path / f"whole.{ending}", tmp_path / f"longer.{ending}"
    path.write_bytes(whole)
    for after in (b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\x0c" * 500, bytes(70_000), whole, b"<svg"):
        longer.write_bytes(whole + after)
        np.testing.assert_array_equal(read_picture(longer).values_CHW, read_picture(path).values_CHW)


@pytest.mark.parametrize("name", ["drawing.svg", "drawing.png", "drawing.jpg", "drawing", "drawing.svgz"])
def test_the_content_decides_what_is_decoded(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(drawing()) if name.endswith("z") else drawing())
    assert refusal(path) == ("not_a_picture" if name.endswith("z") else "no_pixels")
    path.write_bytes(encoded(photograph(8, 8), "png"))
    assert read_picture(path).shape == (3, 8, 8)


def test_what_decoding_takes_is_known_before(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(png_of(8_000, 8_001, 16))
    assert refusal(path) == "too_large"
    path.write_bytes(png_of(6_000, 6_000, 16))  # 36 megapixels
    assert refusal(path) == "too_much"
    path.write_bytes(encoded(photograph(64, 48), "jpg", progressive=True))
    assert read_picture(path).shape == (3, 48, 64)
    content = bytearray(path.read_bytes())
    frame = content.index(b"\xff\xc2")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 8_000, 8_000)
    path.write_bytes(content)
    with pytest.raises(PictureError) as found:
        read_picture(path)
    assert (found.value.code, found.value.values["needed"]) == ("too_much", "610 MiB")


READ = """
import resource, sys
from io import BytesIO
from pathlib import Path
from PySide6.QtGui import QImage, QImageReader
from engine.rasters import SHALLOW_BITS, needed_bytes
from gui.widgets.pictures.picture_files import read_picture
path, kind = Path(sys.argv[1]), sys.argv[2]
reader = QImageReader(str(path))
bits = max(SHALLOW_BITS, QImage.toPixelFormat(reader.imageFormat()).bitsPerPixel())
needed = needed_bytes(kind, BytesIO(path.read_bytes()), reader.size().width(), reader.size().height(), bits)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read_picture(path)
print(needed / 2**20, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the most memory is told in other units")
@pytest.mark.parametrize(("ending", "kind", "deep"), [("png", "png", True), ("tif", "tiff", True), ("bmp", "bmp", False)])
def test_decoding_takes_no_more_than_was_known(tmp_path: Path, ending: str, kind: str, deep: bool) -> None:
    image = QImage(1_800, 1_800, QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3, 200 if deep else 255))
    (tmp_path / f"x.{ending}").write_bytes(encoded(image, ending))
    given = [sys.executable, "-c", READ, str(tmp_path / f"x.{ending}"), kind]
    told = subprocess.run(given, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True).stdout.split()
    needed, taken = map(float, told)
    assert taken <= needed + 8, f"{taken:.0f} MiB instead of {needed:.0f}"


def test_sixteen_bits_are_decoded(tmp_path: Path) -> None:
    deep = QImage(6, 4, QImage.Format.Format_RGBA64)
    deep.fill(QColor.fromRgba64(0x3333, 0x6666, 0xFFFF, 0xFFFF))
    for ending in ("png", "tif"):
        (tmp_path / f"deep.{ending}").write_bytes(encoded(deep, ending))
        values = read_picture(tmp_path / f"deep.{ending}").values_CHW
        assert values[:, 1, 1] == pytest.approx([0.2, 0.4, 1.0], abs=0.003)


def test_names_print_without_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\t\u202egnp.\u200bx\x1b[31m.png"
    path.write_bytes(encoded(photograph(8, 8), "png"))
    name = read_picture(path).name
    assert name == "a�b��gnp.�x�[31m.png" and name.isprintable()
    path.write_bytes(b"words")
    with pytest.raises(PictureError) as found:
        read_picture(path)
    assert found.value.values["file"] == name


@pytest.mark.qt_log_ignore(".*")
def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    image = QImage(noise.tobytes(), 200, 200, 600, QImage.Format.Format_RGB888)
    for ending in ("jpg", "png", "bmp", "webp", "ppm", "tif"):
        path = tmp_path / f"cut.{ending}"
        image.save(str(path))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert refusal(path) == "damaged"


# --- choosing


def test_a_dropped_file_is_taken(qtbot: QtBot, picker: PicturePicker, tmp_path: Path) -> None:
    photograph(1000, 500).save(str(tmp_path / "own.png"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "own.png"))])
    assert picker.offers(mime)
    loaded = took(qtbot, picker, mime)
    assert loaded.key == str(tmp_path / "own.png") and loaded.picture.shape == (3, 256, 512)
    assert picker.shown is loaded and picker.warning == ""


def test_a_pasted_picture_is_kept_for_the_next_start(qtbot: QtBot, picker: PicturePicker, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setImageData(photograph(30, 20))
    loaded = took(qtbot, picker, mime)
    assert loaded.picture.shape == (3, 20, 30)
    np.testing.assert_array_equal(read_picture(Path(loaded.key)).values_CHW, loaded.picture.values_CHW)
    for side in range(31, 31 + KEPT_PASTES + 3):
        mime.setImageData(photograph(side, 20))
        took(qtbot, picker, mime)
    assert len(list((tmp_path / "pictures").iterdir())) == KEPT_PASTES


def test_a_pasted_file_is_decoded_as_a_file_is(qtbot: QtBot, picker: PicturePicker) -> None:
    """Other programs put the content of a file on the clipboard."""
    mime = QMimeData()
    mime.setData("image/svg+xml", drawing())
    mime.setData("image/png", encoded(photograph(14, 9), "png"))
    assert took(qtbot, picker, mime).picture.shape == (3, 9, 14)
    mime.setData("image/png", png_of(40_000, 40_000))
    with qtbot.waitSignal(picker.failed):
        picker.take(mime)
    assert "40000×40000" in picker.warning


def test_a_drawing_is_refused_in_every_way_in(
    qtbot: QtBot, picker: PicturePicker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "drawing.png"
    path.write_bytes(drawing())
    dropped, copied = QMimeData(), QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    copied.setData("image/svg", drawing())
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    for way in (
        lambda: picker.take(dropped),
        lambda: picker.take(copied),
        lambda: picker.load(str(path)),
        picker.open_button.click,
    ):
        picker.load("digit")
        assert not picker.warning
        with qtbot.waitSignal(picker.failed):
            way()
        assert "SVG" in picker.warning


def test_the_dialog_offers_what_can_be_read(picker: PicturePicker, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (asked.append(given[3]), ("", ""))[1])
    picker.open_button.click()
    assert "*.jpg" in asked[0] and "*.webp" in asked[0] and "svg" not in asked[0]


def test_paste_takes_the_clipboard(qtbot: QtBot, picker: PicturePicker) -> None:
    QGuiApplication.clipboard().setImage(photograph(12, 10))
    with qtbot.waitSignal(picker.loaded):
        picker.paste()
    QGuiApplication.clipboard().setText("only words")
    with qtbot.waitSignal(picker.failed):
        picker.paste()
    assert picker.warning == "The clipboard holds no picture and no numbers."


def test_copied_numbers_are_a_picture_and_what_is_wrong_with_them_is_said(qtbot: QtBot, picker: PicturePicker) -> None:
    language.set_language("en")
    QGuiApplication.clipboard().setText("-1\t2.5\n30\t4\n")  # cells of a table
    with qtbot.waitSignal(picker.loaded) as found:
        picker.paste()
    loaded = found.args[0]
    assert loaded.key == "numbers -1 2.5; 30 4" and loaded.picture.values_CHW.tolist() == [[[-1.0, 2.5], [30.0, 4.0]]]
    picker.show_picture(loaded)
    assert picker._about.text() == "Own numbers\n1 × 2 × 2" and picker.thumb("").isChecked()
    image = image_of(loaded.picture)
    assert [image.pixelColor(x, y).red() for y in (0, 1) for x in (0, 1)] == [
        0,
        round(255 * 3.5 / 31),
        255,
        round(255 * 5 / 31),
    ]
    QGuiApplication.clipboard().setText("1 2 3\n4 5")
    with qtbot.waitSignal(picker.failed):
        picker.paste()
    assert picker.warning.startswith("Row 2 has 2 numbers and the first one 3")


def test_numbers_are_typed_with_their_size_or_their_fault_below(qtbot: QtBot, picker: PicturePicker) -> None:
    language.set_language("en")
    picker.show_picture(LoadedPicture("course", sample("course")))
    picker.numbers_button.click()
    dialog = picker.findChild(NumbersDialog)
    assert dialog.text.toPlainText().startswith("2  4  9  1  4\n2  1") and dialog.said.text() == "1 × 5 × 5"
    for text, said in {
        "1 2\nx 3": '"x" is no number.',
        "": "",
        "[[1,2],[3,4]": "A bracket is missing, or one too many.",
    }.items():
        dialog.text.setPlainText(text)
        assert dialog.said.text() == said and not dialog.take_button.isEnabled()
    dialog.text.setPlainText("[[1,2,3,0],[0,1,2,3],[3,0,1,2],[2,3,0,1]]")
    with qtbot.waitSignal(picker.loaded) as found:
        dialog.take_button.click()
    assert found.args[0].key == "numbers 1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1"
    with qtbot.waitSignal(picker.loaded):
        picker.load(found.args[0].key)  # as a restored state does
    with qtbot.waitSignal(picker.failed):
        picker.load("numbers 1 2; 3")  # of an edited file


def test_an_empty_clipboard_holds_no_picture(qtbot: QtBot, picker: PicturePicker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt hands out no data at all where nothing has been copied."""
    monkeypatch.setattr(type(QGuiApplication.clipboard()), "mimeData", lambda *_: None)
    with qtbot.waitSignal(picker.failed):
        picker.paste()
    assert picker.warning == "The clipboard holds no picture and no numbers."


def test_a_wrong_file_is_said_in_place_and_the_picture_stays(
    qtbot: QtBot, picker: PicturePicker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = picker.shown
    wrong = tmp_path / "notes.txt"
    wrong.write_text("words", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wrong), ""))
    with qtbot.waitSignal(picker.failed):
        picker.open_button.click()
    assert "notes.txt is not a picture" in picker.warning and picker.shown is before
    language.set_language("ko")
    qtbot.waitUntil(lambda: "읽을 수 있는 그림이 아닙니다: notes.txt" in picker.warning)
    picker.load("digit")
    assert picker.warning == ""


def test_a_picture_from_a_web_page_is_refused_with_a_way_out(qtbot: QtBot, picker: PicturePicker) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    with qtbot.waitSignal(picker.failed):
        picker.take(mime)
    assert "paste" in picker.warning


def test_the_last_of_several_files_wins(qtbot: QtBot, picker: PicturePicker, tmp_path: Path) -> None:
    for number in range(6):
        photograph(400 + number, 300).save(str(tmp_path / f"{number}.png"))
        picker.load(str(tmp_path / f"{number}.png"))
    qtbot.waitUntil(lambda: not picker.busy())
    assert picker.shown is not None and picker.shown.key == str(tmp_path / "5.png")
    picker.load(str(tmp_path / "0.png"))
    picker.load("flower")  # a sample is there at once, and nothing older comes after it
    qtbot.waitUntil(lambda: not picker.busy())
    assert picker.shown.key == "flower"


# --- patterns


def test_a_pattern_is_chosen_and_its_shape_set(qtbot: QtBot, picker: PicturePicker) -> None:
    assert not picker.patterns.sizes.isVisible()
    picker.thumb("stripes").click()
    assert picker.shown is not None and picker.shown.key == "stripes 1x28x28"
    assert picker.thumb("stripes").isChecked() and picker.patterns.sizes.isVisible()
    for box, value in zip(picker.patterns.boxes, (3, 32, 16), strict=True):
        box.setValue(value)
    assert picker.shown.key == "stripes 3x32x16" and picker.shown.picture.shape == (3, 32, 16)
    picker.thumb("hangul").click()  # another pattern keeps the shape
    assert picker.shown.key == "hangul 3x32x16"
    picker.load("china")
    assert not picker.patterns.sizes.isVisible() and picker.thumb("china").isChecked()


def test_the_boxes_reach_no_shape_that_is_refused(qtbot: QtBot, picker: PicturePicker) -> None:
    picker.load("step 8x1024x1024")  # 2**23 numbers: computed in the reading thread
    qtbot.waitUntil(lambda: not picker.busy())
    assert [box.maximum() for box in picker.patterns.boxes] == [8, 1024, 1024]
    picker.load("step 1x1x1")
    assert [box.maximum() for box in picker.patterns.boxes] == [512, 2048, 2048]


def test_a_pattern_that_cannot_be_is_refused_in_place(qtbot: QtBot, picker: PicturePicker) -> None:
    before = picker.shown
    with qtbot.waitSignal(picker.failed):
        picker.load("stripes 3x9999x1")
    assert "3×9999×1" in picker.warning and picker.shown is before


def test_many_channels_are_painted_as_their_first() -> None:
    picture = pattern("gradient 192x5x5")
    image = image_of(picture)
    assert [image.pixelColor(x, 0).red() for x in range(5)] == [0, 64, 128, 191, 255]
    assert image_of(pattern("ramp 1x1x5")).pixelColor(4, 0).red() == 255


def test_a_large_picture_is_painted_small_from_every_so_many_th_cell() -> None:
    large = pattern("ramp 3x90x200")
    whole, small = image_of(large), image_of(large, 64)
    assert (whole.width(), whole.height()) == (200, 90) and (small.width(), small.height()) == (67, 30)
    assert small.pixelColor(5, 7) == whole.pixelColor(15, 21)
    assert image_of(large, 200) == whole


def test_every_control_has_a_name(picker: PicturePicker) -> None:
    for name in (*SAMPLES, *PATTERNS):
        assert picker.thumb(name).accessibleName()
