"""A window that slides along one axis: the number of outputs, the cells that it never reads, and the formula of the output
size.

Every convolution and pooling is this arithmetic, once per axis, and only `Slide` computes it. Called by convolution.py,
pooling.py and by the screens that show whether a stride fits.
"""

from __future__ import annotations

from math import gcd
from typing import Literal, NamedTuple, TypeAlias

from engine.layers.axes import AXIS_LETTERS
from engine.layers.base import Derivation, Refusal, Window
from engine.words import Phrase

WindowName: TypeAlias = Literal["filter", "window"]  # a convolution has filters, a pooling has none
SYMBOLS = {"filter": "kernel", "window": "window"}  # the beginning of the meaning of its size in a formula


class Slide(NamedTuple):
    """A window of `kernel` cells, `dilation` apart, moved by `stride` over `length` cells with padding before and after."""

    length: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def span(self) -> int:
        """Cells from the window's first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        return self.before + self.length + self.after

    @property
    def outputs(self) -> int:
        """⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1, as documented for torch.nn.Conv2d; less than 1 if the window does not fit.

        `ceil_mode` rounds up instead, and drops a last window that would start in the padding after the input.
        """
        if not self.ceil_mode:
            return (self.padded - self.span) // self.stride + 1
        return self._rounded_up - self._dropped

    @property
    def _rounded_up(self) -> int:
        return -((self.span - self.padded) // self.stride) + 1

    @property
    def _dropped(self) -> int:
        return int((self._rounded_up - 1) * self.stride >= self.before + self.length)

    @property
    def fits(self) -> bool:
        """Whether the stride fits, as courses define it: (W + 2P − K) / S is a whole number. If it is not, torch rounds."""
        return self.padded >= self.span and (self.padded - self.span) % self.stride == 0

    def unread(self) -> tuple[int, ...]:
        """The input cells that no window reads, counted from 0: the rest at the end, and those that stride or dilation skip."""
        # Window i reads the cells i·S + k·D − P. The longer of the two loops, over i or over k, is a slice.
        (few, far), (many, near) = sorted(((self.kernel, self.dilation), (self.outputs, self.stride)))
        read = bytearray(self.length)
        for index in range(few):
            first = index * far - self.before
            cells = range(first if first >= 0 else first % near, min(first + many * near, self.length), near)
            if cells:  # else all are in the padding, and a negative end would count from the end
                read[cells.start : cells.stop : near] = b"\1" * len(cells)
        return tuple(cell for cell in range(self.length) if not read[cell])

    def cells(self, output: int) -> range:
        """The cells that window number `output` reads: 0 is the input's first cell, negative ones are in the padding before
        it."""
        first = output * self.stride - self.before
        return range(first, first + self.span, self.dilation)

    def tap(self, number: int) -> range:
        """The cells that cell `number` of the window reads, window by window."""
        first = number * self.dilation - self.before
        return range(first, first + self.outputs * self.stride, self.stride)

    @property
    def window(self) -> Window:
        return Window(kernel=self.span, stride=self.stride, padding=self.before)


def readers(slide: Slide, place: int) -> tuple[range, range]:
    """The windows that read `place` of the padded input: (numbers of the cell in the window, numbers of the window), in pairs.

    Cell k of window i is at i·S + k·D − P. With g = gcd(S, D), i·(S/g) + k·(D/g) = (place + P)/g has solutions only if the
    right side is whole. Their k increase by S/g while their i decrease by D/g."""
    common = gcd(slide.stride, slide.dilation)
    distance, rest = divmod(place + slide.before, common)
    if rest:
        return range(0), range(0)
    step, back = slide.stride // common, slide.dilation // common
    first = distance * pow(back, -1, step) % step
    # 0 ≤ (distance − k·back) / step < outputs bounds k further than the window does
    low = max(first, -(((slide.outputs - 1) * step - distance) // back))
    first += -(-(low - first) // step) * step
    taps = range(first, min(slide.kernel, distance // back + 1), step)
    start = (distance - first * back) // step
    return taps, range(start, start - len(taps) * back, -back)


def same_padding(kernel: int, dilation: int) -> tuple[int, int]:
    """Cells before and after the input that keep the size at stride 1. An odd one is added after it, as in torch."""
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2


def counted(slides: tuple[Slide, ...], name: WindowName) -> tuple[int, ...]:
    """The outputs along each axis. Raises Refusal if a window is larger than the padded input; its code says whether the window
    is dilated and the input padded along such an axis. `name` is what the kind calls its window."""
    outputs = tuple(slide.outputs for slide in slides)
    if min(outputs) < 1:
        tight = [slide for slide in slides if slide.outputs < 1]
        dilated = any(slide.span > slide.kernel for slide in tight)
        padded = any(slide.padded > slide.length for slide in tight)
        sizes: dict[str, object] = {"kernel": tuple(slide.span for slide in slides)}
        sizes |= {"input": tuple(slide.padded for slide in slides), "window": Phrase("axes", f"the_{name}")}
        if dilated and padded:
            raise Refusal("dilated_kernel_larger_than_padded_input", field="kernel_size", **sizes)
        if dilated:
            raise Refusal("dilated_kernel_larger_than_input", field="kernel_size", **sizes)
        if padded:
            raise Refusal("kernel_larger_than_padded_input", field="kernel_size", **sizes)
        raise Refusal("kernel_larger_than_input", field="kernel_size", **sizes)
    return outputs


def output_derivation(axis: str, slide: Slide, name: WindowName, *, dilates: bool = True) -> Derivation:
    """The formula of the output size along `axis` (height, width, length, depth). `name` is what the kind calls its window;
    `dilates`: it has a dilation."""
    letter = AXIS_LETTERS[axis]
    symbols = [(letter, f"input_{axis}", slide.length)]
    if slide.before == slide.after:
        padding = "2·{P}"
        symbols.append(("P", "padding", slide.before))
    else:
        padding = "{P}"
        symbols.append(("P", "padding_total", slide.before + slide.after))
    if dilates:
        symbols.append(("D", "dilation", slide.dilation))
    symbols += [("K", f"{SYMBOLS[name]}_{axis}", slide.kernel), ("S", "stride", slide.stride)]
    window = "{D}·({K} − 1) − 1" if dilates else "{K}"
    quotient = f"({{{letter}}} + {padding} − {window}) / {{S}}"
    template = f"⌈{quotient}⌉ + 1" if slide.ceil_mode else f"⌊{quotient}⌋ + 1"
    if slide.ceil_mode and slide.outputs < slide._rounded_up:
        template += " − {X}"
        symbols.append(("X", "windows_in_padding", slide._rounded_up - slide.outputs))
    return Derivation(f"output_{axis}", template, tuple(symbols), slide.outputs)
