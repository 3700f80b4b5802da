"""The peers' side of `peers`: the same network, data, optimiser and batches, as the users of each would write it to be fast.

A process of its own, started by `tests.bench.peers` with any interpreter that has the peer; nothing of this program is
imported, but for the side that is ours. It reads a number of epochs a line, trains for so many, and answers with the seconds,
and with those in which the processor worked for it; it is ready when it has warmed up. Its arguments: the peer's name, the
work's name, the file with the data, and the batch.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Loop = Callable[[int], object]  # epochs
LR = {"digits-cnn": 3e-3, "adding-lstm": 2e-3}
CLIP = {"digits-cnn": None, "adding-lstm": 1.0}
HIDDEN = 64


def main(peer: str, work: str, file: str, batch: int) -> None:
    with np.load(file) as data:
        x, y = data["x"], data["y"]
    loop = PEERS[peer](work, x, y, batch)
    loop(2)
    print("ready", flush=True)
    for line in sys.stdin:
        began, spent = time.perf_counter(), time.process_time()
        loop(int(line))
        print(time.perf_counter() - began, time.process_time() - spent, flush=True)


def jax_loop(work: str, x: Any, y: Any, batch: int) -> Loop:
    """One jitted step, which gathers its batch; losses are read once an epoch."""
    import jax
    import jax.numpy as jnp

    draw = np.random.default_rng(0)

    def uniform(fan: int, *shape: int) -> Any:
        return jnp.asarray(draw.uniform(-1, 1, shape) / np.sqrt(fan), jnp.float32)

    if work == "digits-cnn":
        x = jnp.asarray(x.transpose(0, 2, 3, 1))
        weights: Any = [
            (uniform(9, 3, 3, 1, 16), uniform(9, 16)),
            (uniform(144, 3, 3, 16, 32), uniform(144, 32)),
            (uniform(128, 128, 10), uniform(128, 10)),
        ]

        def forward(weights: Any, images: Any) -> Any:
            for weight, bias in weights[:2]:
                images = jax.lax.conv_general_dilated(
                    images, weight, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
                )
                images = jax.nn.relu(images + bias)
                images = jax.lax.reduce_window(images, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            return images.reshape(len(images), -1) @ weights[2][0] + weights[2][1]

        def loss(weights: Any, x: Any, y: Any) -> Any:
            logs = jax.nn.log_softmax(forward(weights, x))
            return -jnp.take_along_axis(logs, y[:, None], axis=1).mean()
    else:
        x = jnp.asarray(x)
        size = 4 * HIDDEN
        weights = [
            uniform(HIDDEN, x.shape[2], size),
            uniform(HIDDEN, HIDDEN, size),
            uniform(HIDDEN, size),
            uniform(HIDDEN, HIDDEN, 1),
            uniform(HIDDEN, 1),
        ]

        def loss(weights: Any, x: Any, y: Any) -> Any:
            from_x, from_h, bias, last, last_bias = weights
            given = (x @ from_x + bias).transpose(1, 0, 2)

            def step(state: Any, now: Any) -> Any:
                h, c = state
                i, f, g, o = jnp.split(now + h @ from_h, 4, axis=1)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                h = jax.nn.sigmoid(o) * jnp.tanh(c)
                return (h, c), None

            empty = jnp.zeros((len(x), HIDDEN))
            (h, _), _ = jax.lax.scan(step, (empty, empty), given)
            return ((h @ last + last_bias - y) ** 2).mean()

    y = jnp.asarray(y)
    lr, clip = LR[work], CLIP[work]
    zeros = jax.tree.map(jnp.zeros_like, weights)

    def one_step(state: Any, index: Any) -> Any:
        weights, means, squares, count = state
        value, gradient = jax.value_and_grad(loss)(weights, x[index], y[index])
        if clip is not None:
            length = jnp.sqrt(sum((each**2).sum() for each in jax.tree.leaves(gradient)))
            gradient = jax.tree.map(lambda each: each * jnp.minimum(1.0, clip / (length + 1e-6)), gradient)
        count = count + 1
        means = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, means, gradient)
        squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, gradient)
        step, scale = lr / (1 - 0.9**count), jnp.sqrt(1 - 0.999**count)
        weights = jax.tree.map(lambda w, m, v: w - step * m / (jnp.sqrt(v) / scale + 1e-8), weights, means, squares)
        return (weights, means, squares, count), value

    compiled = jax.jit(one_step, donate_argnums=0)
    kept = [(weights, zeros, jax.tree.map(jnp.zeros_like, weights), jnp.zeros(()))]

    def loop(epochs: int) -> None:
        state = kept[0]
        for _ in range(epochs):
            order = draw.permutation(len(x))
            losses = []
            for start in range(0, len(order), batch):
                state, value = compiled(state, order[start : start + batch])
                losses.append(value)
            float(jnp.stack(losses).mean())
        kept[0] = state

    return loop


def keras_loop(work: str, x: Any, y: Any, batch: int) -> Loop:
    """`fit` on the JAX backend."""
    import os

    os.environ["KERAS_BACKEND"] = "jax"
    import keras
    from keras import layers

    if work == "digits-cnn":
        x = x.transpose(0, 2, 3, 1)
        stack = [
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ]
        loss: Any = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    else:
        stack, loss = [layers.LSTM(HIDDEN), layers.Dense(1)], "mse"
    model = keras.Sequential([keras.Input(x.shape[1:]), *stack])
    model.compile(optimizer=keras.optimizers.Adam(LR[work], global_clipnorm=CLIP[work]), loss=loss, jit_compile=True)
    return lambda epochs: model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0)


def lightning_loop(work: str, x: Any, y: Any, batch: int) -> Loop:
    """Its Trainer with everything switched off that writes."""
    import logging
    import warnings

    import lightning
    import torch
    from torch.nn import functional
    from torch.utils.data import DataLoader, TensorDataset

    warnings.simplefilter("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    torch.set_num_threads(1)

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = _torch_model(work)

        def training_step(self, pair: Any, _number: int) -> Any:
            x, y = pair
            outputs = self.model(x)
            return functional.cross_entropy(outputs, y) if work == "digits-cnn" else functional.mse_loss(outputs, y)

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=LR[work])

    module = Module()
    loader = DataLoader(TensorDataset(torch.from_numpy(x), torch.from_numpy(y)), batch, shuffle=True)

    def loop(epochs: int) -> None:
        trainer = lightning.Trainer(
            max_epochs=epochs,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            gradient_clip_val=CLIP[work],
        )
        trainer.fit(module, loader)

    return loop


def _torch_model(work: str) -> Any:
    from torch import nn

    if work == "digits-cnn":
        return nn.Sequential(
            *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(128, 10)),
        )

    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.linear = nn.LSTM(2, HIDDEN, batch_first=True), nn.Linear(HIDDEN, 1)

        def forward(self, x: Any) -> Any:
            return self.linear(self.lstm(x)[0][:, -1])

    return Last()


def our_loop(work: str, x: Any, _y: Any, batch: int) -> Loop:
    """The steps of a run: losses and accuracies of all go into its history."""
    import torch

    from engine.data import datasets
    from engine.experiments.experiment import preset
    from engine.fields import edited
    from engine.runs.history import History
    from engine.training.trainer import Trainer

    torch.set_num_threads(1)
    experiment = preset(work)
    experiment = edited(experiment, training=edited(experiment.training, batch_size=batch, device="cpu"))
    data = datasets.load(experiment.data, seed=experiment.seed)
    assert len(data.x_train) == len(x)
    trainer = Trainer(experiment, data, torch.device("cpu"), History().append_step)

    def loop(epochs: int) -> None:
        for _ in range(epochs * trainer.steps_per_epoch):
            trainer.step()

    return loop


PEERS: dict[str, Callable[[str, Any, Any, int], Loop]] = {
    "ours": our_loop,
    "jax": jax_loop,
    "keras": keras_loop,
    "lightning": lightning_loop,
}

if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
