"""Makes hangul.npz beside itself: the 14 basic consonants ㄱ to ㅎ, 250 images of each, drawn from Noto Sans KR, the font that
the program brings along, each with its own weight, size, slant, rotation and place.

    python assets/data/make_hangul_letters.py

The same font and the same Pillow and numpy give the same file, byte for byte.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
EACH = 250
SIDE, FINER = 28, 8  # pixels; each is the mean of FINER × FINER finer ones
LETTER = 16  # pixels: about the longer side of an upright letter
LEVELS = 16  # of grey, which keep the file small


def letter(draws: np.random.Generator, consonant: str, font: ImageFont.FreeTypeFont) -> NDArray[np.uint8]:
    """One image (SIDE, SIDE), 0 the ground, 255 the pen."""
    whole = SIDE * FINER
    weight = int(draws.integers(0, 9))  # finer pixels that the pen is broader, on either side
    canvas = Image.new("L", (whole, whole), 0)
    ImageDraw.Draw(canvas).text((whole / 4, 0), consonant, fill=255, font=font, stroke_width=weight)
    left, top, right, bottom = canvas.getbbox() or (0, 0, whole, whole)

    turn = np.radians(draws.uniform(-14, 14))
    slant = draws.uniform(-0.22, 0.22)
    grown = LETTER * FINER / max(right - left, bottom - top) * draws.uniform(0.85, 1.15)
    wide, high = grown * draws.uniform(0.88, 1.12), grown * draws.uniform(0.88, 1.12)
    shift = FINER * draws.uniform(-1.6, 1.6, 2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    forward = rotation @ np.array([[1.0, slant], [0.0, 1.0]]) @ np.diag([wide, high])
    back = np.linalg.inv(forward)  # Pillow asks where a pixel comes from
    drawn = np.array([left + right, top + bottom]) / 2  # whose middle comes to that of the image, and is shifted
    offset = drawn - back @ (np.full(2, whole / 2) + shift)
    numbers = (back[0, 0], back[0, 1], offset[0], back[1, 0], back[1, 1], offset[1])
    moved = canvas.transform((whole, whole), Image.Transform.AFFINE, numbers, Image.Resampling.BILINEAR)

    shares = np.asarray(moved, np.float64).reshape(SIDE, FINER, SIDE, FINER).mean(axis=(1, 3)) / 255
    return (np.rint(shares * (LEVELS - 1)) * 255 / (LEVELS - 1)).astype(np.uint8)


def main() -> None:
    font = ImageFont.truetype(str(files("pylopdf_fonts_ko") / "NotoSansKR-Regular.otf"), LETTER * FINER)
    draws = np.random.default_rng(0)
    images = np.stack([letter(draws, consonant, font) for consonant in CONSONANTS for _ in range(EACH)])
    labels = np.repeat(np.arange(len(CONSONANTS), dtype=np.uint8), EACH)
    order = draws.permutation(len(labels))
    target = Path(__file__).with_name("hangul.npz")
    np.savez_compressed(target, images=images[order], labels=labels[order])
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
