"""A network's shape, as far as its memory depends on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Figures of a checkpoint's config.json; `parameters` counts every weight once.

    `kv_heads` heads of `head_dim` are kept per token and layer. The token embeddings are
    `vocabulary` x `hidden`; unless `tied_embeddings`, the output has as many weights again.
    """

    parameters: int
    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    tied_embeddings: bool

    @property
    def embedding_parameters(self) -> int:
        """Weights of the token embeddings and of the output, which no quantization touches."""
        tables = 1 if self.tied_embeddings else 2
        return tables * self.vocabulary * self.hidden
