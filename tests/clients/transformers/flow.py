# SPDX-License-Identifier: Apache-2.0
"""transformers: configuration and tokenizer, published and loaded by the repository's name."""

import os
import sys
from pathlib import Path

import huggingface_hub
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import AutoConfig, AutoTokenizer, BertConfig, GenerationConfig, PreTrainedTokenizerFast

from checks import raises, run_checks, same, true
from contents import read_folder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world", "##s"]
SENTENCE = "Hello worlds, unknown"


class Context:
    def __init__(self):
        self.repo_id = f"{os.environ['CLIENT_ORGANISATION']}/bert-tiny"
        self.caches = Path(os.environ["CLIENT_WORK_FOLDER"], "caches")
        words = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
        words.normalizer = normalizers.Lowercase()
        words.pre_tokenizer = pre_tokenizers.Whitespace()
        self.tokenizer = PreTrainedTokenizerFast(
            tokenizer_object=words, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
            mask_token="[MASK]")
        self.config = BertConfig(vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
                                 intermediate_size=16)

    def cache(self) -> dict[str, str]:
        """An empty cache for every load."""
        return {"cache_dir": str(self.caches / str(len(list(self.caches.glob("*"))) if self.caches.exists() else 0))}

    def check_load(self, **options) -> None:
        config = AutoConfig.from_pretrained(self.repo_id, **self.cache(), **options)
        same(type(config), BertConfig, "type of the configuration")
        same(config.hidden_size, self.config.hidden_size, "hidden_size")
        tokenizer = AutoTokenizer.from_pretrained(self.repo_id, **self.cache(), **options)
        same(tokenizer(SENTENCE).input_ids, self.tokenizer(SENTENCE).input_ids, "token ids")


def push(context: Context) -> None:
    """Each creates the repository where it is missing, writes a card, and commits."""
    context.config.push_to_hub(context.repo_id)
    context.tokenizer.push_to_hub(context.repo_id, commit_message="Add the tokenizer")
    names = set(huggingface_hub.HfApi().list_repo_files(context.repo_id))
    true({"config.json", "tokenizer.json", "tokenizer_config.json"} <= names, f"files {names}")


def load_main(context: Context) -> None:
    context.check_load()


def load_without_token(context: Context) -> None:
    context.check_load(token=False)


def load_a_tag_a_commit_and_a_pull_request(context: Context) -> None:
    api = huggingface_hub.HfApi()
    api.create_tag(context.repo_id, tag="v1")
    commit = api.model_info(context.repo_id).sha
    BertConfig(hidden_size=24, num_attention_heads=2).push_to_hub(context.repo_id)
    same(AutoConfig.from_pretrained(context.repo_id, **context.cache()).hidden_size, 24, "hidden_size of main")
    for revision in ("v1", commit, commit[:8]):
        context.check_load(revision=revision)
    BertConfig(hidden_size=32, num_attention_heads=2).push_to_hub(context.repo_id, create_pr=True)
    proposed = AutoConfig.from_pretrained(context.repo_id, revision="refs/pr/1", **context.cache())
    same(proposed.hidden_size, 32, "hidden_size of the pull request")


def load_from_the_cache_again(context: Context) -> None:
    cache = context.cache()
    for _ in range(2):
        AutoTokenizer.from_pretrained(context.repo_id, **cache)
    cached = read_folder(Path(cache["cache_dir"]))
    true(any(path.endswith("tokenizer.json") for path in cached), "tokenizer.json is cached")


def generation_config(context: Context) -> None:
    raises(OSError, lambda: GenerationConfig.from_pretrained(context.repo_id, **context.cache()))
    GenerationConfig(max_length=77).push_to_hub(context.repo_id)
    same(GenerationConfig.from_pretrained(context.repo_id, **context.cache()).max_length, 77, "max_length")


def miss(context: Context) -> None:
    error = raises(OSError, lambda: AutoConfig.from_pretrained(context.repo_id + "-missing"))
    true("not a valid model identifier" in str(error), f"message {error}")
    error = raises(OSError, lambda: AutoConfig.from_pretrained(context.repo_id, revision="nowhere", **context.cache()))
    true("not a valid git identifier" in str(error), f"message {error}")


CHECKS = [push, load_main, load_without_token, load_from_the_cache_again, load_a_tag_a_commit_and_a_pull_request,
          generation_config, miss]

if __name__ == "__main__":
    sys.exit(0 if run_checks(CHECKS, Context(), "model") else 1)
