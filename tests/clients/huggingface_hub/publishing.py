# SPDX-License-Identifier: Apache-2.0
"""Identity, creating repositories, and every way to change what main holds."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete

import checks
from checks import NotOffered, same, true
from contents import card, random_bytes, write_folder
from context import VERSION, Context, HfHubHTTPError

COMMIT_ID = re.compile(r"[0-9a-f]{40}")


def whoami(context: Context) -> None:
    me = context.api.whoami()
    same(me["name"], context.user, "name")
    same(me["type"], "user", "type")
    true(me["auth"]["accessToken"]["role"] in ("read", "write", "fineGrained", "god"), f"role in {me['auth']}")
    true(isinstance(me["orgs"], list), "orgs is a list")


def create_repository(context: Context) -> None:
    first = context.api.create_repo(**context.repo)
    second = context.api.create_repo(**context.repo, exist_ok=True)
    for url in (first, second):
        same(url.repo_id, context.repo_id, "repo_id")
        same(url.repo_type, context.repo_type, "repo_type")
    checks.raises(HfHubHTTPError, lambda: context.api.create_repo(**context.repo), 409)
    true(context.api.repo_exists(**context.repo), "repo_exists")


def start_with_gitattributes(context: Context) -> None:
    same(context.api.list_repo_files(**context.repo), [".gitattributes"], "files")
    commits = context.api.list_repo_commits(**context.repo)
    same([commit.title for commit in commits], ["initial commit"], "titles")
    context.expected[".gitattributes"] = context.download(".gitattributes")
    true(b"*.bin filter=lfs" in context.expected[".gitattributes"], "binaries are LFS by default")


def upload_folder(context: Context) -> None:
    folder = write_folder(context.work / "folder", context.files)
    context.api.upload_folder(
        **context.repo, folder_path=str(folder), commit_message="Publish the folder", commit_description="all of it"
    )
    context.expected |= context.files
    context.expected[".gitattributes"] = context.download(".gitattributes")
    context.first_files = dict(context.expected)
    context.first_commit = context.head()
    true(COMMIT_ID.fullmatch(context.first_commit), f"sha is 40 digits: {context.first_commit}")
    same(sorted(context.api.list_repo_files(**context.repo)), sorted(context.expected), "files")


def large_text_is_in_gitattributes(context: Context) -> None:
    """It is LFS for its size alone, so the server names it there, and a git clone finds its content."""
    lines = context.expected[".gitattributes"].decode().splitlines()
    same([line for line in lines if line.startswith("data/")], ["data/large.txt filter=lfs diff=lfs merge=lfs -text"], "lines")


def large_files_are_lfs(context: Context) -> None:
    siblings = {s.rfilename: s for s in context.api.repo_info(**context.repo, files_metadata=True).siblings}
    for path, content in context.files.items():
        same(siblings[path].size, len(content), f"size of {path}")
    for path in ("weights/large.bin", "data/large.txt", "small.bin"):
        true(siblings[path].lfs, f"{path} is LFS")
        same(siblings[path].lfs["size"], len(context.files[path]), f"LFS size of {path}")
    true(not siblings["README.md"].lfs, "README.md is regular")


def upload_unchanged_folder(context: Context) -> None:
    """From 0.24 on unchanged files are dropped and nothing is committed. Not for models below 1.2, which the server
    keeps from it (hub-api 1.4), and from 1.20 on not for large files as long as they travel inline."""
    def blob_ids() -> dict[str, str]:
        siblings = context.api.repo_info(**context.repo, files_metadata=True).siblings
        return {sibling.rfilename: sibling.blob_id for sibling in siblings}

    before = blob_ids()
    context.api.upload_folder(**context.repo, folder_path=str(context.work / "folder"), commit_message="Nothing new")
    same(blob_ids(), before, "blob ids")
    drops_unchanged = (0, 24) if context.repo_type == "dataset" else (1, 2)
    if drops_unchanged <= VERSION < (1, 20):
        same(context.head(), context.first_commit, "head")


def upload_single_files(context: Context) -> None:
    new = {
        "added/from path.txt": b"from a path\n",
        "added/from bytes.txt": b"from bytes\n",
        "added/from object.bin": random_bytes(300_000, context.seed + " object"),
    }
    path = context.work / "single.txt"
    path.write_bytes(new["added/from path.txt"])
    for source, name in (
        (str(path), "added/from path.txt"),
        (new["added/from bytes.txt"], "added/from bytes.txt"),
        (io.BytesIO(new["added/from object.bin"]), "added/from object.bin"),
    ):
        context.api.upload_file(**context.repo, path_or_fileobj=source, path_in_repo=name)
    context.expected |= new
    context.compare_main()


def change_and_delete_in_one_commit(context: Context) -> None:
    changed = {
        "config.json": b'{"hidden_size": 8}\n',
        "small.bin": random_bytes(2000, context.seed + " changed"),
        "README.md": card("changed"),
    }
    operations = [CommitOperationAdd(path, content) for path, content in changed.items()]
    operations += [CommitOperationDelete("crlf.txt"), CommitOperationDelete("twins/")]
    info = context.api.create_commit(
        **context.repo, operations=operations, commit_message="Change and delete", commit_description="in one go"
    )
    same(info.oid, context.head(), "oid of the commit")
    context.expected |= changed
    for path in ("crlf.txt", "twins/one.bin", "twins/two.bin"):
        del context.expected[path]
    context.compare_main()


def delete_file_and_folder(context: Context) -> None:
    context.api.delete_file("data/part-2.txt", **context.repo)
    context.api.delete_folder("deep", **context.repo)
    context.expected = {
        path: content for path, content in context.expected.items()
        if path != "data/part-2.txt" and not path.startswith("deep/")
    }
    context.compare_main()


def delete_by_pattern(context: Context) -> None:
    folder = write_folder(context.work / "replacement", {"only.txt": b"the only one\n"})
    context.api.upload_folder(
        **context.repo, folder_path=str(folder), path_in_repo="refs/pr/1", delete_patterns="*",
        commit_message="Replace a folder",
    )
    del context.expected["refs/pr/1/confusing.txt"]
    context.expected["refs/pr/1/only.txt"] = b"the only one\n"
    context.compare_main()


def copy_large_file(context: Context) -> None:
    operations = [
        CommitOperationCopy("weights/large.bin", "copies/large copy.bin"),
        CommitOperationCopy("small.bin", "copies/old small.bin", src_revision=context.first_commit),
    ]
    context.api.create_commit(**context.repo, operations=operations, commit_message="Copy")
    context.expected["copies/large copy.bin"] = context.expected["weights/large.bin"]
    context.expected["copies/old small.bin"] = context.first_files["small.bin"]
    same(context.download("copies/large copy.bin"), context.expected["copies/large copy.bin"], "copy")
    same(context.download("copies/old small.bin"), context.expected["copies/old small.bin"], "copy of an older file")


def copy_regular_file(context: Context) -> None:
    if VERSION < (0, 24):
        raise NotOffered("CommitOperationCopy of a regular file")
    operations = [CommitOperationCopy("config.json", "copies/config.json")]
    context.api.create_commit(**context.repo, operations=operations, commit_message="Copy a regular file")
    context.expected["copies/config.json"] = context.expected["config.json"]
    same(context.download("copies/config.json"), context.expected["config.json"], "copy")


def rename_by_copy_and_delete(context: Context) -> None:
    operations = [
        CommitOperationCopy("copies/large copy.bin", "copies/renamed.bin"),
        CommitOperationDelete("copies/large copy.bin"),
    ]
    context.api.create_commit(**context.repo, operations=operations, commit_message="Rename")
    context.expected["copies/renamed.bin"] = context.expected.pop("copies/large copy.bin")
    context.compare_main()


def ignore_what_gitignore_names(context: Context) -> None:
    if VERSION < (0, 20):
        raise NotOffered("shouldIgnore of preupload")
    context.api.upload_file(**context.repo, path_or_fileobj=b"*.ignored\n", path_in_repo=".gitignore")
    context.expected[".gitignore"] = b"*.ignored\n"
    folder = write_folder(context.work / "ignoring", {"a.ignored": b"no\n", "b.kept": b"yes\n"})
    context.api.upload_folder(**context.repo, folder_path=str(folder))
    context.expected["b.kept"] = b"yes\n"
    same(sorted(context.api.list_repo_files(**context.repo)), sorted(context.expected), "files")


def upload_large_folder(context: Context) -> None:
    """Worker threads that upload and commit on their own; what is done already is not done twice."""
    upload = context.offered("upload_large_folder")
    new = {f"many/{number}.bin": random_bytes(30_000, f"{context.seed} many {number}") for number in range(30)}
    new["many/notes.txt"] = b"notes\n"
    folder = write_folder(context.work / "large folder", new)
    for _ in range(2):
        upload(**context.repo, folder_path=str(folder), num_workers=4, print_report=False)
    context.expected |= new
    context.compare_main()


def upload_from_two_threads(context: Context) -> None:
    """Neither upload may be lost, whichever commit comes first."""
    new = {
        f"parallel/{thread}/{number}.bin": random_bytes(50_000, f"{context.seed} {thread} {number}")
        for thread in ("one", "two") for number in range(10)
    }
    folder = write_folder(context.work / "parallel", new)

    def upload(thread: str) -> None:
        context.api.upload_folder(
            **context.repo, folder_path=str(folder / "parallel" / thread), path_in_repo=f"parallel/{thread}"
        )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(upload, ("one", "two")))
    context.expected |= new
    context.compare_main()
