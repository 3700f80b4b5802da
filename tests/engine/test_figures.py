"""Numbers as people read them: by hand, and what must hold for every number."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from math import inf, isfinite, nan
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.figures import (
    MINUS,
    beside_one,
    binary_size,
    bracketed,
    fixed,
    full_count,
    in_decimals,
    measured,
    percent,
    percent_in,
    raised,
    ratio,
    round_percent,
    shape_text,
    short_count,
    to_figures,
    typeset,
    whole_percent,
)
from engine.words import readable

COUNTS = st.integers(0, 10**22)
VALUES = st.floats(-1e300, 1e300)
UNITS = {unit: 1000**power for power, unit in enumerate(["", "k", "M", "G", "T", "P", "E"])}
UNITS |= {unit: 1024**power for power, unit in enumerate(["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])}
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read(text: str) -> float:
    """The number that a reader takes from a text."""
    number, _, unit = text.replace(",", "").replace(MINUS, "-").partition(" ")
    mantissa, times, power = number.partition("×10")
    return float(f"{mantissa}e{power.translate(LOWERED)}" if times else mantissa) * UNITS[unit]


@pytest.mark.parametrize(
    ("count", "full", "short"),
    [
        (0, "0", "0"),
        (9_408, "9,408", "9,408"),
        (9_999, "9,999", "9,999"),
        (10_000, "10,000", "10 k"),
        (23_296, "23,296", "23.3 k"),
        (999_499, "999,499", "999 k"),
        (999_500, "999,500", "1 M"),
        (61_100_840, "61,100,840", "61.1 M"),
        (714_188_480, "714,188,480", "714 M"),  # AlexNet's
        (1_814_073_344, "1,814,073,344", "1.81 G"),  # ResNet-18's
        (19_632_062_464, "19,632,062,464", "19.6 G"),  # VGG-19's
        (3 * 10**21, "3,000,000,000,000,000,000,000", "3,000 E"),
    ],
)
def test_a_count_is_written_in_full_or_in_three_figures(count: int, full: str, short: str) -> None:
    assert (full_count(count), short_count(count)) == (full, short)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (875, "875 B"),
        (1023, "1,023 B"),
        (1024, "1 KiB"),
        (774_400, "756 KiB"),
        (1024 * 1011, "1,011 KiB"),
        (2**20 - 1, "1 MiB"),
        (3_211_264, "3.06 MiB"),  # 16 × 224 × 224 floats
        (50_331_648, "48 MiB"),
        (2 * 10**9, "1.86 GiB"),
        (3 * 2**50, "3 PiB"),
        (5000 * 2**60, "5,000 EiB"),
    ],
)
def test_bytes_have_one_unit_everywhere(count: int, text: str) -> None:
    assert binary_size(count) == text


@pytest.mark.parametrize(
    ("value", "figures", "text"),
    [
        (0.0, 4, "0"),
        (-0.0, 4, "0"),
        (0.5, 4, "0.5"),
        (-0.25, 4, "−0.25"),
        (12.3456, 4, "12.35"),
        (12_345.6, 4, "12,346"),
        (0.01234, 3, "0.0123"),
        (0.0001, 3, "0.0001"),
        (0.00009999, 3, "0.0001"),
        (0.0000123, 3, "1.23×10⁻⁵"),
        (1.5e-300, 4, "1.5×10⁻³⁰⁰"),
        (999_999.4, 6, "999,999"),
        (1e6, 4, "1×10⁶"),
        (-2.5e30, 4, "−2.5×10³⁰"),
        (1.7976931348623157e308, 4, "1.798×10³⁰⁸"),
        (inf, 4, "∞"),
        (-inf, 4, "−∞"),
        (nan, 4, "NaN"),
    ],
)
def test_a_measured_value_has_no_e(value: float, figures: int, text: str) -> None:
    assert measured(value, figures) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1.0003, "1.0003"),
        (0.99996, "0.99996"),
        (0.9996, "0.9996"),
        (1.00000004, "> 1"),
        (0.99999999, "< 1"),
        (1.01, "1.01"),
        (13.98, "14"),
        (inf, "∞"),
        (nan, "NaN"),
    ],
)
def test_a_value_beside_1_is_never_rounded_to_it(value: float, text: str) -> None:
    assert beside_one(value, 3) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (0.5, "0.5000"),
        (2.302585, "2.3026"),
        (-0.001, "−0.0010"),
        (0.00096, "0.00096"),
        (3.2e-7, "3.2×10⁻⁷"),
        (999.5, "999.5000"),
        (12_345.6, "12,346"),
        (inf, "∞"),
        (nan, "NaN"),
    ],
)
def test_a_value_that_changes_keeps_its_width(value: float, text: str) -> None:
    assert fixed(value) == text


@pytest.mark.parametrize(
    ("share", "text", "fine"),
    [
        (0.0, "0.0%", "0.0%"),
        (1e-9, "< 0.1%", "< 0.001%"),
        (0.00001, "< 0.1%", "0.00100%"),
        (0.0004, "< 0.1%", "0.0400%"),
        (0.0005, "0.1%", "0.0500%"),
        (0.00101, "0.1%", "0.101%"),
        (0.00998, "1.0%", "0.998%"),
        (0.123, "12.3%", "12.3%"),
        (0.983, "98.3%", "98.3%"),
        (0.9994, "99.9%", "99.9%"),
        (0.99999, "> 99.9%", "> 99.9%"),
        (1.0, "100.0%", "100.0%"),
        (12.34, "1,234.0%", "1,234.0%"),
    ],
)
def test_a_share_is_never_nothing_or_all_by_rounding(share: float, text: str, fine: str) -> None:
    assert (percent(share), percent(share, fine=True)) == (text, fine)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.125, 2, "0.13"),
        (0.375, 2, "0.38"),
        (-0.125, 2, "−0.13"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (1.005, 2, "1.01"),  # as a float a little less
        (-1.225, 2, "−1.23"),
        ((2.7 - 1.7 - 2.3 - 3.6) / 4, 2, "−1.23"),  # its last bits are rounding
        (0.12499999, 2, "0.12"),
        (0.12500001, 2, "0.13"),
        (-0.001, 2, "0.00"),
        (999.995, 2, "1000.00"),
        (nan, 2, "NaN"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert in_decimals(value, decimals) == text


def test_a_half_is_rounded_away_from_zero_by_every_function() -> None:
    assert (measured(0.125, 2), measured(0.625, 2), measured(12_344.5, 4), measured(1.225e-7, 3)) == (
        *("0.13", "0.63", "12,345", "1.23×10⁻⁷"),
    )
    assert (fixed(0.125, 2), fixed(-4.125, 2)) == ("0.13", "−4.13")
    assert (percent(0.0125), percent(0.0085), whole_percent(0.125), whole_percent(0.985)) == ("1.3%", "0.9%", "13%", "99%")
    assert (to_figures(0.125, 2), to_figures(-2.5, 1)) == (0.13, -3.0)
    assert (ratio(2.125), ratio(26.25), ratio(1000.5)) == ("2.13", "26.3", "1,001")
    assert (short_count(12_250), binary_size(1024 * 1024 + 128 * 1024)) == ("12.3 k", "1.13 MiB")


def test_a_negative_number_behind_a_sign_is_in_parentheses() -> None:
    assert [bracketed(measured(value)) for value in (0.5, 0.0, -0.64)] == ["0.5", "0", "(−0.64)"]


def test_shapes_have_one_cross_and_vectors_their_thousands() -> None:
    assert shape_text((64, 55, 55)) == "64 × 55 × 55"
    assert shape_text([3, 1080, 1920], tight=True) == "3×1080×1920"
    assert shape_text((9216,)) == shape_text((9216,), tight=True) == "9,216"
    assert shape_text(None) == "–"


def test_a_programs_number_is_typeset() -> None:
    assert [typeset(text) for text in ("-1.2e-05", "1e+30", "-7", "0.5")] == ["−1.2×10⁻⁵", "1×10³⁰", "−7", "0.5"]
    assert [typeset(text) for text in ("nan", "inf", "-inf", "-Infinity")] == ["NaN", "∞", "−∞", "−∞"]


@given(COUNTS)
def test_a_full_count_is_read_back_as_it_was(count: int) -> None:
    assert int(full_count(count).replace(",", "")) == count


@given(COUNTS)
def test_a_short_count_and_a_size_are_true_in_three_figures(count: int) -> None:
    for text in (short_count(count), binary_size(count)):
        assert read(text) == pytest.approx(count, rel=0.005)


@given(VALUES, st.integers(1, 9))
@example(5e-324, 4)
def test_a_measured_value_is_true_in_its_figures(value: float, figures: int) -> None:
    assert read(measured(value, figures)) == pytest.approx(value, rel=0.501 * 10.0 ** (1 - figures), abs=0)


@given(VALUES)
def test_a_fixed_value_is_true(value: float) -> None:
    assert read(fixed(value)) == pytest.approx(value, rel=0.051, abs=0)


@given(st.one_of(VALUES, st.floats(-1e7, 1e7)), COUNTS, st.floats(0, 1))
def test_nothing_is_written_with_an_e(value: float, count: int, share: float) -> None:
    texts = (measured(value), fixed(value), typeset(str(value)), short_count(count), binary_size(count))
    assert not any(re.search(r"\de|-", text) for text in (*texts, percent(share), percent(share, fine=True)))


@given(COUNTS, COUNTS)
@example(999_499, 999_500)
def test_a_larger_count_is_never_shown_smaller(first: int, second: int) -> None:
    low, high = sorted((first, second))
    assert read(short_count(low)) <= read(short_count(high)) and read(binary_size(low)) <= read(binary_size(high))


@given(VALUES, VALUES, st.integers(1, 9))
@example(0.000999999, 0.001, 4)
@example(999_999.0, 1e6, 3)
def test_a_larger_value_is_never_shown_smaller(first: float, second: float, figures: int) -> None:
    low, high = sorted((first, second))
    assert read(measured(low, figures)) <= read(measured(high, figures)) and read(fixed(low)) <= read(fixed(high))


@given(st.floats(0, 2), st.floats(0, 2), st.booleans())
def test_a_larger_share_is_never_shown_smaller(first: float, second: float, fine: bool) -> None:
    low, high = (percent(share, fine=fine) for share in sorted((first, second)))
    rank = {"<": -1e-9, ">": 1e-9}  # just below, just above the number behind the sign
    shown = [float(text.strip("<> %").replace(",", "")) + rank.get(text[0], 0) for text in (low, high)]
    assert shown[0] <= shown[1]


@given(VALUES)
def test_typeset_changes_no_number(value: float) -> None:
    assert isfinite(value) and read(typeset(repr(value))) == value


def test_percentages_of_an_axis_have_no_zeros_at_their_end() -> None:
    assert [round_percent(share) for share in (0.0, 0.005, 0.2, 3 * 0.2, 1.0)] == ["0%", "0.5%", "20%", "60%", "100%"]
    assert round_percent(1e-9) == "1×10⁻⁷%"
    assert [round_percent(share, 1) for share in (-0.0, 0.005, -0.2)] == ["0.0%", "0.5%", "−20.0%"]


def test_whole_percentages_are_0_and_1_only_where_the_share_is() -> None:
    assert [whole_percent(share) for share in (0.0, 1e-9, 0.004, 0.006, 0.5, 0.994, 0.996, 1.0)] == [
        *("0%", "<1%", "<1%", "1%", "50%", "99%", ">99%", "100%"),
    ]


def test_a_sentence_writes_no_number_with_an_e() -> None:
    assert readable(1e-05) == "1×10⁻⁵" and readable((5, 1e-7)) == "5×1×10⁻⁷" and readable(0.01) == "0.01"


# --- the whole house

ROOT = Path(__file__).parents[2]
# What a program reads again, what a user types, and round amounts of a menu.
FOR_PROGRAMS = ("gui/plots/save.py", "gui/labs/convolution/maps/wall_menu.py", "gui/widgets/forms/", "gui/widgets/grids/")
ROUND_AMOUNTS = ("gui/plots/curve_card.py", "gui/plots/curves.py")


def test_numbers_of_so_many_figures() -> None:
    assert [to_figures(value, 2) for value in (0.012345, 9876.0, -3.14159, 0.0, 9.96)] == [0.012, 9900.0, -3.1, 0.0, 10.0]
    assert raised(200) == "²⁰⁰" and raised(-3) == "⁻³"
    assert percent_in(0.36769, 4) == "36.77%" and percent_in(1.0, 4) == "100%"


def test_the_window_leaves_percentages_and_powers_of_ten_to_this_module() -> None:
    """No format of its own with %, e or g: those write 4.13e-11 % where people read < 0.1%."""
    found = set()
    for path in (ROOT / "gui").rglob("*.py"):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                if ast.unparse(node.format_spec).strip("f'\"")[-1:] in {"e", "E", "g", "G", "%"}:
                    found.add(where)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if any(before is None and str(after or "").lstrip().startswith("%") for before, after in pairwise(parts)):
                    found.add(where)
    kept = (*FOR_PROGRAMS, *ROUND_AMOUNTS, "gui/labs/network/maps/class_bars.py")  # the last: the round end of an axis
    assert {where for where in found if not where.startswith(kept)} == set()


def test_no_sentence_has_a_space_before_its_percent_sign() -> None:
    texts = [*(ROOT / "assets/words").glob("*.toml"), *(ROOT / "assets/translations").glob("*.ts")]
    assert len(texts) > 20
    spaced = [path.name for path in texts if re.search(r"[\d}]\s%(?!\s*[\d{])", path.read_text("utf-8"))]
    assert spaced == []
