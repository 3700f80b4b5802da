"""Numbers as people read them. Called by labs and widgets that show figures."""

from __future__ import annotations

DECIMALS = 4  # of a number that is rounded for reading
MINUS = "−"
_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def binary_size(count: int) -> str:
    """Bytes in binary units, in three figures, or whole: 875 B, 3.06 MiB, 1,011 KiB."""
    if count < 1024:
        return f"{count} B"
    power = min((count.bit_length() - 1) // 10, len(_UNITS))
    value = count / 1024**power
    return f"{value:,.0f} {_UNITS[power - 1]}" if value >= 999.5 else f"{value:.3g} {_UNITS[power - 1]}"


def with_minus(text: str) -> str:
    """A number's text with a minus sign, as wide as a plus, for the hyphen that programs write."""
    return text.replace("-", MINUS)
