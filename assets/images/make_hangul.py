"""Writes `hangul.pgm`: the syllable 한, white on black, 256×256, from Noto Sans KR (the font the program brings along).

Run it from the repository's root: `QT_QPA_PLATFORM=offscreen python assets/images/make_hangul.py`. A PGM is a line of text and
the plain bytes, so that the engine reads it without a decoder.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QImage, QPainter, QPainterPath

SIDE, MARGIN = 256, 24  # pixels; the margin as in MNIST, where a digit fills 20 of 28


def main() -> None:
    app = QGuiApplication([])
    number = QFontDatabase.addApplicationFont(str(files("pylopdf_fonts_ko") / "NotoSansKR-Regular.otf"))
    font = QFont(QFontDatabase.applicationFontFamilies(number))
    font.setPixelSize(SIDE)
    outline = QPainterPath()
    outline.addText(QPointF(0, 0), font, "한")
    bounds = outline.boundingRect()
    scale = (SIDE - 2 * MARGIN) / max(bounds.width(), bounds.height())
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(SIDE / 2, SIDE / 2)
    painter.scale(scale, scale)
    painter.translate(-bounds.center())
    painter.fillPath(outline, Qt.GlobalColor.white)
    painter.end()
    image.save(str(Path(__file__).with_name("hangul.pgm")), "PGM")
    del app


if __name__ == "__main__":
    main()
