"""Augmentation: the images of a batch flipped, turned, shifted and made noisy, in this order, each image by its own draws.

Layouts: N batch, C channels, H height, W width. All is drawn from one generator on the CPU, so that a run on a GPU sees the
same images. Cells that come from outside of an image are 0, the ground of the data. A shift and a flip move cells and change no
value; a turn is about the image's centre and interpolates between the four nearest cells.

Called by the trainer and by the window's preview; the exported script says the same.
"""

from __future__ import annotations

from math import pi

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, pad

from engine.experiments.augmentation import Augmentation


def augmented(
    x_NCHW: Tensor, how: Augmentation, generator: torch.Generator, *, whole: int | None = None, part: slice = slice(None)
) -> Tensor:
    """A changed copy of the images. Draws only what is on, in the order above. `whole`: the images are only the `part` of a
    batch of so many, and each has the draws that it has there."""
    count, _, height, width = x_NCHW.shape
    drawn = count if whole is None else whole
    device = x_NCHW.device
    if how.flip:
        flipped = torch.rand(drawn, generator=generator)[part].to(device) < 0.5
        x_NCHW = torch.where(flipped.reshape(-1, 1, 1, 1), x_NCHW.flip(3), x_NCHW)
    if how.rotate > 0.0:
        angle = ((2.0 * torch.rand(drawn, generator=generator)[part] - 1.0) * (how.rotate * pi / 180.0)).to(device)
        zero, cos, sin = torch.zeros_like(angle), angle.cos(), angle.sin()
        rows = (cos, -sin * height / width, zero, sin * width / height, cos, zero)  # the grid's axes run from -1 to 1
        theta = torch.stack(rows, 1).reshape(-1, 2, 3)
        grid = affine_grid(theta, list(x_NCHW.shape), align_corners=False)
        x_NCHW = grid_sample(x_NCHW, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    if how.shift > 0:
        by = torch.randint(-how.shift, how.shift + 1, (2, drawn, 1), generator=generator)[:, part].to(device)
        rows_NH = torch.arange(height, device=device) + how.shift - by[0]
        columns_NW = torch.arange(width, device=device) + how.shift - by[1]
        padded = pad(x_NCHW, (how.shift,) * 4)
        samples, channels = torch.arange(count, device=device), torch.arange(x_NCHW.shape[1], device=device)
        x_NCHW = padded[
            samples[:, None, None, None], channels[None, :, None, None], rows_NH[:, None, :, None], columns_NW[:, None, None, :]
        ]
    if how.noise > 0.0:
        x_NCHW = x_NCHW + how.noise * torch.randn((drawn, *x_NCHW.shape[1:]), generator=generator)[part].to(device)
    return x_NCHW
