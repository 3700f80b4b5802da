"""Numbers as people read them. Called by labs and widgets that show figures."""

from __future__ import annotations

from collections.abc import Sequence

DECIMALS = 4  # of a number that is rounded for reading
MINUS = "−"
_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_THOUSANDS = ("k", "M", "G", "T", "P", "E")


def binary_size(count: int) -> str:
    """Bytes in binary units, in three figures, or whole: 875 B, 3.06 MiB, 1,011 KiB."""
    if count < 1024:
        return f"{count} B"
    power = min((count.bit_length() - 1) // 10, len(_UNITS))
    value = count / 1024**power
    return f"{value:,.0f} {_UNITS[power - 1]}" if value >= 999.5 else f"{value:.3g} {_UNITS[power - 1]}"


def short_count(count: int) -> str:
    """A count in four figures, or whole below ten thousand: 9,999, 70.28 M, 714.2 M, 19.63 G."""
    if count < 10_000:
        return f"{count:,}"
    power = min((len(str(count)) - 1) // 3, len(_THOUSANDS))
    value = count / 1000**power
    decimals = 2 if value < 99.995 else 1
    if value >= 999.95 and power < len(_THOUSANDS):
        power, value, decimals = power + 1, value / 1000, 2
    return f"{value:,.{decimals}f} {_THOUSANDS[power - 1]}"


def spaced(shape: Sequence[int] | None) -> str:
    """64 × 55 × 55; a dash for a shape that is not known."""
    return "–" if shape is None else " × ".join(map(str, shape))


def with_minus(text: str) -> str:
    """A number's text with a minus sign, as wide as a plus, for the hyphen that programs write."""
    return text.replace("-", MINUS)
