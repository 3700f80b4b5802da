"""Where the program shows the experiments of the books that stand on no board: a text that one of the labs opens.

A text is a file under `assets`: its folder, and its name without the ending. The boards of the foundations lab name theirs
themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

# the experiment's key -> folder and name
SHOWN: Mapping[str, tuple[str, str]] = {
    "1.6": ("books", "1-6"),
    "1.14": ("books", "1-14"),
    "1.28": ("books", "1-28"),  # to be swept over learning rate and weight decay
    "1.29": ("convolution", "book-4x4"),
    "1.30": ("convolution", "seven-filters"),
    "1.31": ("convolution", "max-pooling"),
    "1.32": ("books", "1-32"),
    "1.33": ("books", "1-32"),
    "1.34": ("convolution", "edges"),
    "1.36": ("books", "1-36"),
    "1.37": ("books", "1-32"),
    "1.39": ("books", "1-39"),
    "1.40": ("books", "1-40"),
    "2.11": ("books", "2-11"),
    "2.13": ("presets", "adding-lstm"),
    "2.14": ("presets", "adding-lstm"),
    "2.15": ("books", "2-15"),
    "2.16": ("books", "2-16"),
    "2.17": ("books", "2-17"),
    "2.18": ("presets", "text-lstm"),
    "2.19": ("presets", "addition-lstm"),
    "2.20": ("presets", "addition-lstm"),
}
