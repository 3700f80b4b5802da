"""Well-known networks as descriptions, for tests: their totals are known to the digit."""

from __future__ import annotations

from engine.layers.base import Layer
from engine.layers.catalog import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    Residual,
    Tanh,
)

PIPELINE = (
    Conv2d(out_channels=64, kernel_size=3, padding=1),
    ReLU(),
    MaxPool2d(kernel_size=2),
    Flatten(),
    Linear(out_features=10),
)

LENET_5 = (
    Conv2d(out_channels=6, kernel_size=5, padding=2),
    Tanh(),
    AvgPool2d(kernel_size=2),
    Conv2d(out_channels=16, kernel_size=5),
    Tanh(),
    AvgPool2d(kernel_size=2),
    Flatten(),
    Linear(out_features=120),
    Tanh(),
    Linear(out_features=84),
    Tanh(),
    Linear(out_features=10),
)

CLASSIFIER = (
    Flatten(),
    Dropout(),
    Linear(out_features=4096),
    ReLU(),
    Dropout(),
    Linear(out_features=4096),
    ReLU(),
    Linear(out_features=1000),
)

ALEXNET_ONE_TOWER = (
    Conv2d(out_channels=64, kernel_size=11, stride=4, padding=2),
    ReLU(),
    MaxPool2d(kernel_size=3, stride=2),
    Conv2d(out_channels=192, kernel_size=5, padding=2),
    ReLU(),
    MaxPool2d(kernel_size=3, stride=2),
    Conv2d(out_channels=384, kernel_size=3, padding=1),
    ReLU(),
    Conv2d(out_channels=256, kernel_size=3, padding=1),
    ReLU(),
    Conv2d(out_channels=256, kernel_size=3, padding=1),
    ReLU(),
    MaxPool2d(kernel_size=3, stride=2),
    *CLASSIFIER,
)

ALEXNET_2012 = (
    Conv2d(out_channels=96, kernel_size=11, stride=4),
    ReLU(),
    LocalResponseNorm(size=5, k=2.0),
    MaxPool2d(kernel_size=3, stride=2),
    Conv2d(out_channels=256, kernel_size=5, padding=2, groups=2),
    ReLU(),
    LocalResponseNorm(size=5, k=2.0),
    MaxPool2d(kernel_size=3, stride=2),
    Conv2d(out_channels=384, kernel_size=3, padding=1),
    ReLU(),
    Conv2d(out_channels=384, kernel_size=3, padding=1, groups=2),
    ReLU(),
    Conv2d(out_channels=256, kernel_size=3, padding=1, groups=2),
    ReLU(),
    MaxPool2d(kernel_size=3, stride=2),
    *CLASSIFIER,
)


def vgg(*blocks: int) -> tuple[Layer, ...]:
    """VGG with that many 3x3 convolutions in each of its five blocks."""
    layers: list[Layer] = []
    for convolutions, channels in zip(blocks, (64, 128, 256, 512, 512), strict=True):
        for _ in range(convolutions):
            layers += [Conv2d(out_channels=channels, kernel_size=3, padding=1), ReLU()]
        layers.append(MaxPool2d(kernel_size=2))
    return (*layers, *CLASSIFIER)


VGG_11, VGG_13 = vgg(1, 1, 2, 2, 2), vgg(2, 2, 2, 2, 2)
VGG_16, VGG_19 = vgg(2, 2, 3, 3, 3), vgg(2, 2, 4, 4, 4)


def _normed(channels: int, kernel_size: int, stride: int, padding: int) -> tuple[Layer, ...]:
    convolution = Conv2d(out_channels=channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=False)
    return convolution, BatchNorm2d()


def resnet(*blocks: int) -> tuple[Layer, ...]:
    """ResNet of basic blocks, that many in each of its four stages."""
    layers: list[Layer] = [*_normed(64, 7, 2, 3), ReLU(), MaxPool2d(kernel_size=3, stride=2, padding=1)]
    for stage, (count, channels) in enumerate(zip(blocks, (64, 128, 256, 512), strict=True)):
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            main = (*_normed(channels, 3, stride, 1), ReLU(), *_normed(channels, 3, 1, 1))
            shortcut = _normed(channels, 1, stride, 0) if stride == 2 else ()
            layers += [Residual(main=main, shortcut=shortcut), ReLU()]
    return (*layers, AdaptiveAvgPool2d(output_size=1), Flatten(), Linear(out_features=1000))


RESNET_18, RESNET_34 = resnet(2, 2, 2, 2), resnet(3, 4, 6, 3)
