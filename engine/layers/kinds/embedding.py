"""Embedding: a learned vector for every token."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias

from engine.fields import setting
from engine.layers.axes import LIMIT
from engine.layers.base import Derivation, Layer, Refusal, Shape

Vocabulary: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(2, 10_000), scale="log")]
Vector: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 512), scale="log")]


class Embedding(Layer, frozen=True, kw_only=True):
    """Looks up row t of its weight for token t; the weight is vocabulary × dimension."""

    GROUP: ClassVar[str] = "recurrent"
    reads_tokens: ClassVar[bool] = True

    num_embeddings: Vocabulary
    embedding_dim: Vector
    padding_idx: Annotated[int, setting(-LIMIT, LIMIT, slider=(0, 10))] | None = None  # a token whose vector stays 0

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(num_embeddings=100, embedding_dim=16)

    def output_shape(self, shape: Shape) -> Shape:
        size = self.num_embeddings
        if self.padding_idx is not None and not -size <= self.padding_idx < size:
            raise Refusal("no_such_token", field="padding_idx", token=self.padding_idx, low=-size, high=size - 1)
        return (*shape, self.embedding_dim)

    def parameters(self, shape: Shape) -> int:
        return self.num_embeddings * self.embedding_dim

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        symbols = (("V", "vocabulary", self.num_embeddings), ("E", "embedding_size", self.embedding_dim))
        return (
            Derivation("parameters", "{V}×{E}", symbols, self.parameters(shape)),
            Derivation("macs", "0", (), 0),  # looked up, not multiplied
        )
