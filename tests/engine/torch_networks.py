"""Four networks as plain torch modules, from their papers and what torchvision's documentation says of its versions;
nothing of the engine is in them. They are what `engine.experiments.famous` is held against."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def conv_bn(
    i: int, o: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1, eps: float = 1e-5
) -> list[nn.Module]:
    return [nn.Conv2d(i, o, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(o, eps=eps)]


class Inception(nn.Module):
    """GoogLeNet's block. Szegedy et al., 2014, table 1 gives the columns #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5 and pool
    proj; torchvision puts 3×3 where the paper has 5×5, and normalises each convolution (eps 0.001)."""

    def __init__(self, i: int, one: int, reduce3: int, three: int, reduce5: int, five: int, pool: int) -> None:
        super().__init__()

        def unit(i: int, o: int, kernel: int) -> list[nn.Module]:
            return [*conv_bn(i, o, kernel, padding=kernel // 2, eps=0.001), nn.ReLU()]

        self.one = nn.Sequential(*unit(i, one, 1))
        self.three = nn.Sequential(*unit(i, reduce3, 1), *unit(reduce3, three, 3))
        self.five = nn.Sequential(*unit(i, reduce5, 1), *unit(reduce5, five, 3))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), *unit(i, pool, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((self.one(x), self.three(x), self.five(x), self.pool(x)), 1)


def googlenet() -> nn.Module:
    """Szegedy et al., "Going Deeper with Convolutions", 2014, table 1."""
    pool = (3, 2, 0, 1, False, True)
    return nn.Sequential(
        *conv_bn(3, 64, 7, 2, 3, eps=0.001), nn.ReLU(), nn.MaxPool2d(*pool),
        *conv_bn(64, 64, 1, eps=0.001), nn.ReLU(), *conv_bn(64, 192, 3, 1, 1, eps=0.001), nn.ReLU(), nn.MaxPool2d(*pool),
        Inception(192, 64, 96, 128, 16, 32, 32), Inception(256, 128, 128, 192, 32, 96, 64), nn.MaxPool2d(*pool),
        Inception(480, 192, 96, 208, 16, 48, 64), Inception(512, 160, 112, 224, 24, 64, 64),
        Inception(512, 128, 128, 256, 24, 64, 64), Inception(512, 112, 144, 288, 32, 64, 64),
        Inception(528, 256, 160, 320, 32, 128, 128), nn.MaxPool2d(2, 2, ceil_mode=True),
        Inception(832, 256, 160, 320, 32, 128, 128), Inception(832, 384, 192, 384, 48, 128, 128),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1024, 1000),
    )  # fmt: skip


class Bottleneck(nn.Module):
    """He et al., 2015, figure 5 right; the stride stands in the 3×3, as torchvision has it."""

    def __init__(self, i: int, width: int, stride: int) -> None:
        super().__init__()
        o = 4 * width
        self.one, self.one_bn = conv_bn(i, width, 1)
        self.three, self.three_bn = conv_bn(width, width, 3, stride, 1)
        self.last, self.last_bn = conv_bn(width, o, 1)
        self.relu = nn.ReLU()
        self.downsample = nn.Sequential(*conv_bn(i, o, 1, stride)) if stride != 1 or i != o else None

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.one_bn(self.one(x)))
        y = self.relu(self.three_bn(self.three(y)))
        y = self.last_bn(self.last(y))
        y = y + (x if self.downsample is None else self.downsample(x))
        return self.relu(y)


def resnet_50() -> nn.Module:
    """He et al., "Deep Residual Learning for Image Recognition", 2015, table 1."""
    layers: list[nn.Module] = [*conv_bn(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for width, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            layers.append(Bottleneck(channels, width, stride if block == 0 else 1))
            channels = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


class Fire(nn.Module):
    """Iandola et al., 2016, figure 1: squeeze, then 1×1 and 3×3 side by side."""

    def __init__(self, i: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Sequential(nn.Conv2d(i, squeeze, 1), nn.ReLU())
        self.one = nn.Sequential(nn.Conv2d(squeeze, expand, 1), nn.ReLU())
        self.three = nn.Sequential(nn.Conv2d(squeeze, expand, 3, padding=1), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x)
        return torch.cat((self.one(x), self.three(x)), 1)


def squeezenet() -> nn.Module:
    """Iandola et al., "SqueezeNet", 2016, table 1; poolings round up, as torchvision has them."""

    def pool() -> nn.Module:
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    return nn.Sequential(
        nn.Conv2d(3, 96, 7, 2), nn.ReLU(), pool(),
        Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), pool(),
        Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), pool(),
        Fire(512, 64, 256),
        nn.Dropout(), nn.Conv2d(512, 1000, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
    )  # fmt: skip


class InvertedResidual(nn.Module):
    """Sandler et al., 2018, table 1: expand, depthwise, project without activation; added where size and channels stay."""

    def __init__(self, i: int, o: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = i * expansion
        expand = [] if expansion == 1 else [*conv_bn(i, hidden, 1), nn.ReLU6()]
        depthwise = [*conv_bn(hidden, hidden, 3, stride, 1, groups=hidden), nn.ReLU6()]
        self.body = nn.Sequential(*expand, *depthwise, *conv_bn(hidden, o, 1))
        self.adds = stride == 1 and i == o

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.body(x)
        return x + y if self.adds else y


def mobilenet_v2() -> nn.Module:
    """Sandler et al., "MobileNetV2", 2018, table 2: t, c, n, s."""
    table = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    layers: list[nn.Module] = [*conv_bn(3, 32, 3, 2, 1), nn.ReLU6()]
    channels = 32
    for expansion, out, times, stride in table:
        for time in range(times):
            layers.append(InvertedResidual(channels, out, stride if time == 0 else 1, expansion))
            channels = out
    layers += [*conv_bn(320, 1280, 1), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2)]
    return nn.Sequential(*layers, nn.Linear(1280, 1000))
