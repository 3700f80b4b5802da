#!/bin/sh
# Guess:   Image.resize(size, filter, box) scales "the source image region" `box`: whatever lies outside of the box has no part
#          in it, so the picture is that of crop(box).resize(size, filter).
# Happens: where a picture is enlarged, the filter reads over the edges of the box: with black around a white region, its
#          outermost pixels come out grey. crop before resize keeps them white. Where it is made smaller by whole numbers with
#          BOX, both are the same.
# Version: Pillow 13.0.0
# Date:    2026-11-30
# Guards:  tests/engine/data/own/test_picture_pixels.py (test_it_is_cut_in_the_middle_to_the_proportions)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pillow==${PILLOW:-13.0.0}"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import PIL
from PIL import Image

print("Pillow", PIL.__version__)
black = Image.new("L", (6, 6), 0)
black.paste(255, (2, 2, 4, 4))
region = (2, 2, 4, 4)  # all white
as_described = True
for name in ("BILINEAR", "BICUBIC", "LANCZOS"):
    kind = Image.Resampling[name]
    by_box = black.resize((4, 4), kind, region).tobytes()
    cropped = black.crop(region).resize((4, 4), kind).tobytes()
    print(f"{name}: enlarged by the box {min(by_box)} to {max(by_box)}, cropped first {min(cropped)} to {max(cropped)}")
    as_described &= min(by_box) < 255 and min(cropped) == 255
smaller = Image.linear_gradient("L")
same = smaller.resize((8, 8), Image.Resampling.BOX, (64, 64, 192, 192)).tobytes()
as_described &= same == smaller.crop((64, 64, 192, 192)).resize((8, 8), Image.Resampling.BOX).tobytes()
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
