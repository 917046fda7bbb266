# SPDX-License-Identifier: Apache-2.0
"""Sentence embeddings of a BERT model in numpy: enough to show that two copies of a model are the same model."""

import json
import math
from pathlib import Path

import numpy
from safetensors.numpy import load_file
from tokenizers import Tokenizer


class SentenceEncoder:
    """A folder in the layout of sentence-transformers: mean pooling, then the unit length."""

    def __init__(self, folder: Path):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()

    def encode(self, sentence: str) -> numpy.ndarray:
        encoding = self.tokenizer.encode(sentence)
        hidden = self._embed(encoding.ids)
        for layer in range(self.config["num_hidden_layers"]):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        mean = hidden.mean(axis=0)
        return mean / numpy.linalg.norm(mean)

    def _embed(self, ids: list[int]) -> numpy.ndarray:
        total = (self.weights["embeddings.word_embeddings.weight"][ids]
                 + self.weights["embeddings.position_embeddings.weight"][: len(ids)]
                 + self.weights["embeddings.token_type_embeddings.weight"][0])
        return self._normalise("embeddings.LayerNorm", total)

    def _layer(self, name: str, hidden: numpy.ndarray) -> numpy.ndarray:
        attended = self._linear(f"{name}.attention.output.dense", self._attend(f"{name}.attention.self", hidden))
        hidden = self._normalise(f"{name}.attention.output.LayerNorm", hidden + attended)
        inner = gelu(self._linear(f"{name}.intermediate.dense", hidden))
        return self._normalise(f"{name}.output.LayerNorm", hidden + self._linear(f"{name}.output.dense", inner))

    def _attend(self, name: str, hidden: numpy.ndarray) -> numpy.ndarray:
        heads = self.config["num_attention_heads"]
        count, size = hidden.shape
        query, key, value = (
            self._linear(f"{name}.{part}", hidden).reshape(count, heads, size // heads).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(size // heads)
        weights = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ value).transpose(1, 0, 2).reshape(count, size)

    def _linear(self, name: str, hidden: numpy.ndarray) -> numpy.ndarray:
        return hidden @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _normalise(self, name: str, hidden: numpy.ndarray) -> numpy.ndarray:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        deviation = numpy.sqrt(centred.var(axis=-1, keepdims=True) + self.config["layer_norm_eps"])
        return centred / deviation * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def gelu(values: numpy.ndarray) -> numpy.ndarray:
    error_function = numpy.vectorize(math.erf, otypes=[values.dtype])
    return values * 0.5 * (1.0 + error_function(values / math.sqrt(2.0)))
