"""The library of classical filters: each by its formula, at any size along one, two or three axes.

At 3×3 they are those of every textbook. For larger sizes most books print tables; here the same formula is used. Most are
made of two parts, both integers over powers of two, so that sums stay exact:

* the smoothing `binomial(K)`, 1 2 1 / 4 at three cells: the Gaussian of variance (K − 1) / 4,
* the slope `slope(K)`, −1 0 1 at three cells: smoothed differences of neighbours.

A signal has one axis, so both Sobel filters are its slope. In a clip, smoothing also goes over the planes, and a Gabor filter
is a wave that moves one cell with each plane. No torch. Called by `filters`, which assigns the filters to channels.
"""

from __future__ import annotations

from functools import cache
from math import comb, cos, pi, prod, sin
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Library: TypeAlias = Literal[
    "all", "identity", "box", "gaussian", "sharpen", "sobel_x", "sobel_y", "laplacian", "emboss", "gabor", "course", "zeros"
]
FilterName: TypeAlias = Literal[
    "identity", "box", "gaussian", "sharpen", "sobel_x", "sobel_y", "laplacian", "emboss", "gabor", "course", "zeros"
]
FilterValues: TypeAlias = NDArray[np.float64]

COURSE_FILTER = ((1, 2, 3), (-4, 7, 4), (2, -5, 1))  # the example that courses work by hand; its picture is `pictures.course`
UNDIVIDED = ("course", "zeros")  # the same for every input channel; the others are divided by the number of channels
GABOR_KERNEL = 7  # a smaller one contains no whole wave
USUAL_KERNEL = 3
FOR_ANY_KERNEL = ("all", "identity", "box", "gaussian", "zeros")


def every_name(axes: int) -> tuple[FilterName, ...]:
    """The filters that "all" assigns to output channels 0, 1, 2, ... of a layer over `axes` axes; later channels have Gabor
    filters."""
    slopes: tuple[FilterName, ...] = ("sobel_x",) if axes == 1 else ("sobel_x", "sobel_y")
    return ("identity", "box", "gaussian", "sharpen", *slopes, "laplacian", "emboss", "gabor")


def name_of(library: Library, axes: int, output: int) -> FilterName:
    """The name of output channel `output`'s filter."""
    if library != "all":
        return library
    names = every_name(axes)
    return names[min(output, len(names) - 1)]


def natural_kernel(library: Library, axes: int) -> tuple[int, ...]:
    """The usual size of a filter of the library."""
    return ((GABOR_KERNEL if library == "gabor" else USUAL_KERNEL),) * axes


def kernel_for(library: Library, kernel: tuple[int, ...]) -> tuple[int, ...]:
    """The size to set when `library` is chosen for a filter of size `kernel`: its usual size, or `kernel` if that is as
    good."""
    natural = natural_kernel(library, len(kernel))
    fits = library in FOR_ANY_KERNEL and min(kernel) >= USUAL_KERNEL
    return kernel if fits or library == "zeros" else natural


def library_filter(library: Library, kernel: tuple[int, ...], output: int) -> FilterValues:
    """The filter of output channel `output`, of shape `kernel`, for one input channel. It must not be written to."""
    name = name_of(library, len(kernel), output)
    if name == "gabor":
        return gabor(kernel, output - (len(every_name(len(kernel))) - 1 if library == "all" else 0))
    return _fixed(name, kernel)


@cache
def _fixed(name: FilterName, kernel: tuple[int, ...]) -> FilterValues:
    match name:
        case "identity":
            return identity(kernel)
        case "box":
            return np.full(kernel, 1 / prod(kernel))
        case "gaussian":
            return _product(*map(binomial, kernel))
        case "sharpen":
            return identity(kernel) - laplacian(kernel)
        case "sobel_x":
            return sobel(kernel, len(kernel) - 1)
        case "sobel_y":
            return sobel(kernel, max(0, len(kernel) - 2))
        case "laplacian":
            return laplacian(kernel)
        case "emboss":
            return emboss(kernel)
        case "course":
            return fitted_to(np.array(COURSE_FILTER, np.float64), kernel)
        case _:
            return np.zeros(kernel)


def fitted_to(values: NDArray[Any], kernel: tuple[int, ...], *, leading: int = 0) -> NDArray[Any]:
    """`values` (along the axes after the first `leading` ones) in the middle of a kernel of another size: cut if the kernel is
    smaller, with zeros around them if it is larger. For fewer axes the middle row is taken, for more they are the middle
    plane."""
    while values.ndim - leading > len(kernel):
        values = values.take(middle(values.shape[leading]), axis=leading)
    before, own = values.shape[:leading], values.shape[leading:]
    own = (1,) * (len(kernel) - len(own)) + own
    result = np.zeros(before + kernel, values.dtype)
    source, goal = [slice(None)] * leading, [slice(None)] * leading
    for have, want in zip(own, kernel, strict=True):
        first = middle(have) - middle(want)  # the cell of `values` at the kernel's first cell
        source.append(slice(max(0, first), min(have, first + want)))
        goal.append(slice(max(0, -first), min(want, have - first)))
    result[tuple(goal)] = values.reshape(before + own)[tuple(source)]
    return result


def middle(length: int) -> int:
    """The kernel's cell that reads the output cell's own position with `same` padding, which adds an odd cell after the
    input."""
    return (length - 1) // 2


def identity(kernel: tuple[int, ...]) -> FilterValues:
    """1 in the middle: with `same` padding the output is the input."""
    result = np.zeros(kernel)
    result[tuple(map(middle, kernel))] = 1
    return result


def binomial(length: int) -> FilterValues:
    """Row K − 1 of Pascal's triangle divided by its sum, 2^(K − 1): the Gaussian of variance (K − 1) / 4, with a sum of 1."""
    return np.array([comb(length - 1, i) / 2 ** (length - 1) for i in range(length)])


def slope(length: int) -> FilterValues:
    """Smoothed differences of neighbours: −1 0 1 at three cells, −1 −2 0 2 1 over 4 at five. The result on a ramp that rises by
    1 per cell is 2. A kernel of one cell has no slope."""
    return np.zeros(1) if length == 1 else 2 * np.convolve((-1, 1), binomial(length - 1))


def sobel(kernel: tuple[int, ...], axis: int) -> FilterValues:
    """The slope along `axis`, smoothed along the other axes. At 5×5 it is the usual table over 16, so that its result on a ramp
    is the same as at 3×3."""
    smoothed = (min(4, 2 ** (length - 1)) * binomial(length) for length in kernel)
    return _product(*(slope(kernel[axis]) if i == axis else part for i, part in enumerate(smoothed)))


def laplacian(kernel: tuple[int, ...]) -> FilterValues:
    """The sum of the second differences 1 −2 1 along each axis: 0 1 0, 1 −4 1, 0 1 0 at 3×3. At larger sizes it is that of the
    smoothed picture (Marr and Hildreth 1980). An axis of fewer than three cells has no second difference."""
    result = np.zeros(kernel)
    inner = [binomial(length - 2) if length >= USUAL_KERNEL else binomial(length) for length in kernel]
    for axis, length in enumerate(kernel):
        if length >= USUAL_KERNEL:
            second = np.convolve((1, -2, 1), inner[axis])
            parts = [second if i == axis else np.pad(part, (kernel[i] - len(part)) // 2) for i, part in enumerate(inner)]
            result += _product(*parts)
    return result


def emboss(kernel: tuple[int, ...]) -> FilterValues:
    """The picture plus its slope from corner to corner, −2 −1 0, −1 1 1, 0 1 2 at 3×3: it looks lit from that corner."""
    result = identity(kernel)
    for axis in range(max(0, len(kernel) - 2), len(kernel)):
        across = [np.full(length, min(3, length) / length) for length in kernel]
        if len(kernel) > 2:
            across[0] = np.full(kernel[0], 1 / kernel[0])  # a clip's planes: their mean
        across[axis] = slope(kernel[axis])
        result += _product(*across)
    return result


@cache
def gabor(kernel: tuple[int, ...], number: int) -> FilterValues:
    """A wave under a bell curve: exp(−(x'² + γ²y'²) / 2σ²) cos(2πx'/λ), with x' and y' rotated by θ (Daugman 1985), λ half the
    kernel, σ = 0.56 λ (a bandwidth of one octave), γ = 0.5. Its mean is subtracted, so that a constant picture gives 0, and it
    is scaled to a sum of absolute values of 2.

    θ is 0, 90, 45, 135, 22.5, ... degrees for number 0, 1, 2, ...: always the angle farthest from those before. Over one axis
    the phase of the wave is shifted by the angle instead; over three the wave moves one cell with each plane."""
    turned = pi * _halved(number)
    wave = max(2.0, max(kernel[-2:]) / 2)
    width = 0.56 * wave
    places = np.meshgrid(*(np.arange(length) - (length - 1) / 2 for length in kernel), indexing="ij")
    if len(kernel) == 1:
        values = np.exp(-(places[0] ** 2) / (2 * width**2)) * np.cos(2 * pi * places[0] / wave + turned)
    else:
        *planes, y, x = places
        along, beside = x * cos(turned) + y * sin(turned), y * cos(turned) - x * sin(turned)
        distance = along**2 + (beside / 2) ** 2
        phase = along
        for plane in planes:
            distance, phase = distance + plane**2, phase - plane
        values = np.exp(-distance / (2 * width**2)) * np.cos(2 * pi * phase / wave)
    values -= values.mean()
    size = float(np.abs(values).sum())
    result: FilterValues = values * (2 / size) if size > 1e-9 else np.zeros(kernel)  # one cell contains no wave
    return result


def _halved(number: int) -> float:
    """0, 1/2, 1/4, 3/4, 1/8, ...: the number's binary digits after the point in reverse order (van der Corput)."""
    result, part = 0.0, 0.5
    while number:
        result += part * (number & 1)
        number, part = number >> 1, part / 2
    return result


def _product(*factors: FilterValues) -> FilterValues:
    """The outer product, one axis for each factor."""
    result = np.ones(())
    for factor in factors:
        result = np.multiply.outer(result, factor)
    return result
