"""Text → a vector of 384 numbers. Importing this loads no model."""

from services.ai.embedding.encoder import DIMENSIONS, Encoder, Vector, cosine
from services.ai.embedding.minilm import MiniLM
from services.ai.embedding.sentence_transformer import SentenceTransformerEncoder

__all__ = ["DIMENSIONS", "Encoder", "MiniLM", "SentenceTransformerEncoder", "Vector", "cosine"]
