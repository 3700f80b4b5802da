"""What people type is read as what they mean, in whole numbers and in fractions, and refused where it could mean two things."""

from __future__ import annotations

from math import inf

import pytest

from engine.figures import in_digits
from engine.typed_numbers import TypedError, read_number
from engine.words import LANGUAGES


@pytest.mark.parametrize(
    ("text", "fraction", "whole"),
    [
        ("64", 64, 64),
        (" 64 ", 64, 64),
        ("６４", 64, 64),
        ("0,01", 0.01, "not_whole"),
        ("０，０１", 0.01, "not_whole"),
        ("0,001", 0.001, "not_whole"),
        (",5", 0.5, "not_whole"),
        ("-0,5", -0.5, "not_whole"),
        ("−0.5", -0.5, "not_whole"),
        ("1e-3", 0.001, "not_whole"),
        ("1E3", 1000, 1000),
        ("12.", 12, 12),
        ("12,", 12, 12),
        ("+3", 3, 3),
        ("1/9", 1 / 9, "not_whole"),
        ("6/3", 2, 2),
        ("1×10⁻⁷", 1e-7, "not_whole"),
        ("1,000", "two_ways", 1000),
        ("1.000", 1, "two_ways"),
        ("512,000", "two_ways", 512_000),
        ("1,000,000", 1_000_000, 1_000_000),
        ("1,234.5", 1234.5, "not_whole"),
        ("1.234,5", 1234.5, "not_whole"),
        ("1 000", 1000, 1000),
        ("1e999", inf, inf),
        ("1e-30", 1e-30, "not_whole"),
        ("1e-31", "too_small", "too_small"),
        ("-1e-999", "too_small", "too_small"),  # no number that a float can hold, and not 0
        ("1/1e31", "too_small", "too_small"),
        ("0e5", 0, 0),
        ("0.000", 0, 0),
        ("9" * 390, inf, inf),
        *((text, "not_a_number", "not_a_number") for text in (
            "", " ", "-", ".", "e3", "12abc", "abc", "nan", "inf", "0x10", "1_000", "1,2,3", "1,00,000", "10²", "½",
            "1/0", "1e999/1e999", "1//2", "9" * 401, "一",
        )),
    ],
)  # fmt: skip
def test_what_a_text_means(text: str, fraction: float | str, whole: float | str) -> None:
    for meant, asks_whole in ((fraction, False), (whole, True)):
        if isinstance(meant, str):
            with pytest.raises(TypedError) as error:
                read_number(text, whole=asks_whole)
            assert error.value.code == meant
            assert all(len(error.value.message(language)) < 120 for language in LANGUAGES)
        else:
            value = read_number(text, whole=asks_whole)
            assert value == meant and (not asks_whole or value == inf or isinstance(value, int))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3e-3, "0.003"),
        (1e-5, "0.00001"),
        (1.2e-5, "0.000012"),
        (0.1 + 0.2, "0.3"),
        (-0.25, "-0.25"),
        (0.0, "0"),
        (12.5, "12.5"),
        (100.0, "100"),
        (123456.0, "123456"),
        (1e6, "1000000"),
        (1e-7, "1×10⁻⁷"),
    ],
)
def test_a_number_stands_in_its_box_as_it_is_typed(value: float, text: str) -> None:
    assert in_digits(value) == text
    assert read_number(text) == pytest.approx(value, rel=1e-12)
