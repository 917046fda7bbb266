# SPDX-License-Identifier: Apache-2.0
"""datasets: push_to_hub, and loading of parquet, csv and jsonl, whole and streamed."""

import io
import json
import os
import sys
from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet
from datasets import Dataset, DatasetDict, get_dataset_config_names, get_dataset_split_names, load_dataset
from datasets.exceptions import DatasetNotFoundError
from huggingface_hub import CommitOperationAdd, HfApi

from checks import raises, run_checks, same, true
from contents import card, random_bytes
from storage import storage

ROWS = 5000
SHARDS = 3
ROW_BYTES = 2000
GROWING_ROWS = 10_000
APPENDED_ROWS = 500


def rows(seed: int, count: int = ROWS) -> list[dict]:
    return [{"id": i, "text": f"row {i} of {seed} caf\u00e9 \U0001f917", "value": i * 0.5 + seed} for i in range(count)]


class Context:
    def __init__(self):
        self.organisation = os.environ["CLIENT_ORGANISATION"]
        self.api = HfApi()
        self.caches = 0

    def name(self, name: str) -> str:
        return f"{self.organisation}/{name}"

    def load(self, name: str, *words, **options):
        """Through an empty cache unless it is streamed."""
        self.caches += 1
        cache = Path(os.environ["CLIENT_WORK_FOLDER"], f"datasets-{self.caches}")
        return load_dataset(self.name(name), *words, cache_dir=str(cache), **options)

    def publish(self, name: str, files: dict[str, bytes]) -> None:
        self.api.create_repo(self.name(name), repo_type="dataset")
        self.api.create_commit(
            self.name(name), [CommitOperationAdd(path, content) for path, content in files.items()],
            commit_message="Publish", repo_type="dataset")

    def check(self, name: str) -> None:
        for split, seed in (("train", 1), ("test", 2)):
            same(self.load(name, split=split).to_list(), rows(seed), f"{split} of {name}")
            same(list(self.load(name, split=split, streaming=True)), rows(seed), f"{split} of {name}, streamed")


def parquet(data: list[dict]) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(data), sink)
    return sink.getvalue()


def csv(data: list[dict]) -> bytes:
    sink = io.BytesIO()
    pyarrow.csv.write_csv(pyarrow.Table.from_pylist(data), sink)
    return sink.getvalue()


def jsonl(data: list[dict]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in data).encode()


def load_parquet(context: Context) -> None:
    context.publish("parquet", {"README.md": card("parquet"), "data/train-00000-of-00001.parquet": parquet(rows(1)),
                                "data/test-00000-of-00001.parquet": parquet(rows(2))})
    context.check("parquet")


def load_csv(context: Context) -> None:
    context.publish("csv", {"train.csv": csv(rows(1)), "test.csv": csv(rows(2))})
    context.check("csv")


def load_jsonl(context: Context) -> None:
    context.publish("jsonl", {"nested/train/part 1.jsonl": jsonl(rows(1)), "nested/test/part 1.jsonl": jsonl(rows(2))})
    context.check("jsonl")


def load_by_url(context: Context) -> None:
    files = f"hf://datasets/{context.name('parquet')}/data/train-*.parquet"
    loaded = load_dataset("parquet", data_files=files, split="train")
    same(loaded.to_list(), rows(1), "rows")


def push(context: Context) -> None:
    pushed = DatasetDict(train=Dataset.from_list(rows(1)), test=Dataset.from_list(rows(2)))
    pushed.push_to_hub(context.name("pushed"), num_shards={"train": SHARDS, "test": 1})
    context.check("pushed")
    names = context.api.list_repo_files(context.name("pushed"), repo_type="dataset")
    same(sum(name.startswith("data/train-") for name in names), SHARDS, "shards")
    same(sorted(get_dataset_split_names(context.name("pushed"))), ["test", "train"], "splits")


def push_another_configuration(context: Context) -> None:
    Dataset.from_list(rows(3)).push_to_hub(context.name("pushed"), "other")
    same(sorted(get_dataset_config_names(context.name("pushed"))), ["default", "other"], "configurations")
    same(context.load("pushed", "other", split="train").to_list(), rows(3), "rows")
    context.check("pushed")


def push_again(context: Context) -> None:
    """Fewer shards than before: the old ones go in the same commit. The former state stays readable by its id."""
    before = context.api.dataset_info(context.name("pushed")).sha
    Dataset.from_list(rows(4)).push_to_hub(context.name("pushed"), split="train")
    same(context.load("pushed", split="train").to_list(), rows(4), "rows now")
    same(context.load("pushed", split="train", revision=before).to_list(), rows(1), "rows before")


def push_to_a_branch_and_a_pull_request(context: Context) -> None:
    data = Dataset.from_list(rows(5))
    data.push_to_hub(context.name("pushed"), "branched", revision="experiment")
    same(context.load("pushed", "branched", split="train", revision="experiment").to_list(), rows(5), "rows of the branch")
    data.push_to_hub(context.name("pushed"), "proposed", create_pr=True)
    same(context.load("pushed", "proposed", split="train", revision="refs/pr/1").to_list(), rows(5), "rows proposed")
    true("proposed" not in get_dataset_config_names(context.name("pushed")), "main has no such configuration")


def skip_and_shuffle_a_stream(context: Context) -> None:
    stream = context.load("parquet", split="test", streaming=True)
    same([row["id"] for row in stream.skip(ROWS - 2)], [ROWS - 2, ROWS - 1], "last rows")
    same(sorted(row["id"] for row in stream.shuffle(seed=1, buffer_size=100)), list(range(ROWS)), "shuffled rows")


def load_without_token(context: Context) -> None:
    same(context.load("parquet", split="train", token=False).to_list(), rows(1), "rows")


def miss(context: Context) -> None:
    raises(DatasetNotFoundError, lambda: context.load("missing"))
    raises(DatasetNotFoundError, lambda: context.load("parquet", revision="nowhere"))


def append_rows(context: Context) -> str:
    """Parquet written as this library writes it: a file that has grown shares what it had before."""
    name = context.name("growing")
    context.api.create_repo(name, repo_type="dataset")

    def publish(count: int):
        data = [{"id": i, "text": random_bytes(ROW_BYTES // 2, f"{name} {i}").hex()} for i in range(count)]
        before = storage()
        Dataset.from_list(data).push_to_hub(name)
        same(context.load("growing", split="train").to_list(), data, "rows")
        return storage() - before

    first, second = publish(GROWING_ROWS), publish(GROWING_ROWS + APPENDED_ROWS)
    true(second.stored < first.stored / 2, f"first {first}, then {second}")
    return f"{APPENDED_ROWS} rows appended to {GROWING_ROWS}: first {first}, then {second}"


CHECKS = [load_parquet, load_csv, load_jsonl, load_by_url, push, push_another_configuration, push_again,
          push_to_a_branch_and_a_pull_request, skip_and_shuffle_a_stream, load_without_token, miss,
          append_rows]

if __name__ == "__main__":
    sys.exit(0 if run_checks(CHECKS, Context(), "dataset") else 1)
