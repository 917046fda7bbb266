# SPDX-License-Identifier: Apache-2.0
"""Every way to read: single files, metadata, listings, the file system view, without a token."""

import hashlib
from pathlib import PurePosixPath

import huggingface_hub
from huggingface_hub import HfApi, HfFileSystem, hf_hub_url

from checks import NotOffered, same, true
from contents import AWKWARD_NAMES, compare, read_folder
from context import VERSION, Context

TOUCHED_BYTES = 1000


def git_blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def download_every_awkward_name(context: Context) -> None:
    for name in [*AWKWARD_NAMES, "empty.txt", "nested/empty.bin", "weights/large.bin"]:
        same(hashlib.sha256(context.download(name)).hexdigest(),
             hashlib.sha256(context.expected[name]).hexdigest(), f"sha256 of {name}")


def download_into_local_folder(context: Context) -> None:
    folder = context.work / "local"
    for _ in range(2):  # the second time everything is there already
        huggingface_hub.snapshot_download(**context.repo, local_dir=folder, revision=context.first_commit)
        compare(read_folder(folder), context.first_files)


def download_chosen_patterns(context: Context) -> None:
    found = context.snapshot(context.first_commit, allow_patterns=["*.txt"], ignore_patterns=["data/*"])
    wanted = {path: content for path, content in context.first_files.items()
              if path.endswith(".txt") and not path.startswith("data/")}
    compare(found, wanted)


def read_file_metadata(context: Context) -> None:
    for path in ("config.json", "weights/large.bin", "to?.txt", "empty.txt"):
        content = context.first_files[path]
        url = hf_hub_url(**context.repo, filename=path, revision=context.first_commit)
        metadata = huggingface_hub.get_hf_file_metadata(url)
        is_lfs = path.endswith(".bin")
        same(metadata.commit_hash, context.first_commit, "commit")
        same(metadata.size, len(content), "size")
        same(metadata.etag, hashlib.sha256(content).hexdigest() if is_lfs else git_blob_id(content), "etag")


def read_repository_info(context: Context) -> None:
    info = context.api.repo_info(**context.repo, files_metadata=True)
    same(info.id, context.repo_id, "id")
    same(info.private, False, "private")
    true("license:apache-2.0" in info.tags, f"licence among the tags {info.tags}")
    true("matrix" in info.tags, f"tag of the card among {info.tags}")
    siblings = {sibling.rfilename: sibling for sibling in info.siblings}
    same(sorted(siblings), sorted(context.expected), "siblings")
    for path in ("config.json", "with space.txt"):
        same(siblings[path].blob_id, git_blob_id(context.expected[path]), f"blob id of {path}")
    large = siblings["weights/large.bin"].lfs
    same(large["sha256"], hashlib.sha256(context.expected["weights/large.bin"]).hexdigest(), "LFS id")


def list_tree(context: Context) -> None:
    tree = {entry.path: entry for entry in context.offered("list_repo_tree")(**context.repo, recursive=True)}
    files = {path for path in tree if hasattr(tree[path], "blob_id")}
    same(sorted(files), sorted(context.expected), "files")
    folders = {parent.as_posix() for path in context.expected for parent in PurePosixPath(path).parents} - {"."}
    same(sorted(tree.keys() - files), sorted(folders), "folders")
    same([entry.path for entry in context.api.list_repo_tree(**context.repo, path_in_repo="weights")],
         ["weights/large.bin"], "one folder")
    expanded = list(context.api.list_repo_tree(**context.repo, path_in_repo="data", expand=True))
    true(all(entry.last_commit and entry.last_commit.oid for entry in expanded), "last commit of each")


def get_paths_info(context: Context) -> None:
    wanted = ["with space.txt", "data", "not there", "weights/large.bin", "cafe\u0301 decomposed.txt"]
    infos = context.offered("get_paths_info")(**context.repo, paths=wanted)
    same(sorted(info.path for info in infos), sorted(set(wanted) - {"not there"}), "paths")


def use_file_system(context: Context) -> None:
    root = context.repo_id if context.repo_type == "model" else f"datasets/{context.repo_id}"
    files = HfFileSystem(skip_instance_cache=True)
    top = {path.split("/")[0] for path in context.expected}
    same(sorted(files.ls(root, detail=False)), sorted(f"{root}/{name}" for name in top), "ls")
    same(sorted(files.glob(f"{root}/data/*.txt")), sorted(
        f"{root}/{path}" for path in context.expected if path.startswith("data/")), "glob")
    # 0.19 puts folder names into addresses without encoding them: what follows a # is lost.
    lost = "tags#1/" if VERSION < (0, 24) else None
    same(sorted(files.find(root)),
         sorted(f"{root}/{path}" for path in context.expected if not lost or not path.startswith(lost)), "find")
    info = files.info(f"{root}/weights/large.bin")
    content = context.expected["weights/large.bin"]
    same((info["type"], info["size"]), ("file", len(content)), "info")
    with files.open(f"{root}/weights/large.bin", "rb") as file:
        for position in (0, len(content) // 2, len(content) - TOUCHED_BYTES):
            file.seek(position)
            same(file.read(TOUCHED_BYTES) == content[position:position + TOUCHED_BYTES], True, f"range at {position}")
    same(files.cat_file(f"{root}/to?.txt"), context.expected["to?.txt"], "awkward name")
    same(files.read_text(f"{root}@{context.first_commit}/config.json"),
         context.first_files["config.json"].decode(), "file at a commit")
    true(not files.exists(f"{root}/not there"), "exists is False")


def write_through_file_system(context: Context) -> None:
    root = context.repo_id if context.repo_type == "model" else f"datasets/{context.repo_id}"
    files = HfFileSystem(skip_instance_cache=True)
    with files.open(f"{root}/written.txt", "w") as file:
        file.write("through the file system\n")
    same(context.download("written.txt"), b"through the file system\n", "written file")
    files.cp_file(f"{root}/written.txt", f"{root}/written copy.txt")
    same(context.download("written copy.txt"), b"through the file system\n", "copied file")
    files.rm(f"{root}/written copy.txt")
    files.rm(f"{root}/written.txt")
    same(sorted(context.api.list_repo_files(**context.repo)), sorted(context.expected), "files")


def find_in_listing(context: Context) -> None:
    listing = context.api.list_models if context.repo_type == "model" else context.api.list_datasets
    same([repo.id for repo in listing(author=context.organisation)], [context.repo_id], "by author")
    same([repo.id for repo in listing(search=context.repo_id.split("/")[1], author=context.organisation)],
         [context.repo_id], "by name")
    same([repo.id for repo in listing(filter="matrix", author=context.organisation)], [context.repo_id], "by tag")
    same(list(listing(search="no such name anywhere")), [], "by an unknown name")


def verify_checksums(context: Context) -> None:
    folder = context.work / "verified"
    verify = context.offered("verify_repo_checksums")
    huggingface_hub.snapshot_download(**context.repo, local_dir=folder)
    result = verify(**context.repo, local_dir=folder)
    same(result.mismatches, [], "mismatches")
    same(sorted(result.missing_paths), [], "missing")
    same(result.checked_count, len(context.expected), "checked files")


def resolve_revision(context: Context) -> None:
    resolved = context.offered("resolve_revision")(**context.repo, revision="main")
    true(context.head() in repr(resolved), f"head in {resolved!r}")


def read_without_token(context: Context) -> None:
    compare(context.snapshot("main", token=False), context.expected)
    same(context.download("config.json", token=False), context.expected["config.json"], "config.json")
    same(HfApi(token=False).repo_info(**context.repo).sha, context.head(), "sha")


def ask_for_access(context: Context) -> None:
    context.offered("auth_check")(context.repo_id, repo_type=context.repo_type)


def list_lfs_files(context: Context) -> None:
    if VERSION < (0, 27):
        raise NotOffered("HfApi.list_lfs_files")
    listed = {file.oid: file for file in context.api.list_lfs_files(**context.repo)}
    content = context.expected["weights/large.bin"]
    large = listed[hashlib.sha256(content).hexdigest()]
    same(large.size, len(content), "size")
