# SPDX-License-Identifier: Apache-2.0
"""Branches, tags, releases, history, and reading any of them."""

import hashlib
import os

from huggingface_hub import CommitOperationAdd, HfApi

import checks
from checks import same, true
from contents import compare, write_folder
from context import Context, HfHubHTTPError, RevisionNotFoundError

BRANCH = "feature/one"
TAG = "v1.0"
SHORT_ID_DIGITS = 8
RELEASE_FILES = 300  # huggingface_hub 1.20 and newer commit 250 at first


def create_branch_and_tag(context: Context) -> None:
    api = context.api
    api.create_branch(**context.repo, branch=BRANCH)
    api.create_branch(**context.repo, branch=BRANCH, exist_ok=True)
    checks.raises(HfHubHTTPError, lambda: api.create_branch(**context.repo, branch=BRANCH), 409)
    api.create_branch(**context.repo, branch="from-commit", revision=context.first_commit)
    api.create_tag(**context.repo, tag=TAG, tag_message="the first", revision=context.first_commit)
    api.create_tag(**context.repo, tag=TAG, exist_ok=True)
    checks.raises(HfHubHTTPError, lambda: api.create_tag(**context.repo, tag=TAG), 409)
    checks.raises(RevisionNotFoundError, lambda: api.create_tag(**context.repo, tag="new", revision="nowhere"))
    checks.raises(RevisionNotFoundError, lambda: api.create_branch(**context.repo, branch="new", revision="nowhere"))


def list_refs(context: Context) -> None:
    refs = context.api.list_repo_refs(**context.repo)
    branches = {ref.name: ref for ref in refs.branches}
    same(sorted(branches), sorted(["main", BRANCH, "from-commit"]), "branches")
    same(refs.branches[0].name, "main", "first branch")
    same(branches[BRANCH].ref, f"refs/heads/{BRANCH}", "ref")
    same(branches["from-commit"].target_commit, context.first_commit, "commit of a branch")
    same([(tag.name, tag.ref, tag.target_commit) for tag in refs.tags],
         [(TAG, f"refs/tags/{TAG}", context.first_commit)], "tags")


def commit_to_branch(context: Context) -> None:
    before = context.head()
    context.api.upload_file(
        **context.repo, path_or_fileobj=b"only here\n", path_in_repo="branch.txt", revision=BRANCH
    )
    same(context.head(), before, "head of main")
    same(context.download("branch.txt", BRANCH), b"only here\n", "file of the branch")


def snapshot_of_every_kind_of_revision(context: Context) -> None:
    context.compare_main()
    compare(context.snapshot(), context.expected)
    branch = context.first_files | {"branch.txt": b"only here\n"}
    compare(context.snapshot(BRANCH), branch)
    for revision in (TAG, "from-commit", context.first_commit, context.first_commit[:SHORT_ID_DIGITS]):
        compare(context.snapshot(revision), context.first_files)


def single_file_of_every_kind_of_revision(context: Context) -> None:
    for revision in (TAG, "from-commit", context.first_commit, context.first_commit[:SHORT_ID_DIGITS]):
        same(context.download("config.json", revision), context.first_files["config.json"], f"config.json at {revision}")
    same(context.download("config.json"), context.expected["config.json"], "config.json at main")


def list_commits(context: Context) -> None:
    commits = context.api.list_repo_commits(**context.repo)
    same(commits[0].commit_id, context.head(), "newest commit")
    same(commits[-1].title, "initial commit", "oldest title")
    published = next(commit for commit in commits if commit.commit_id == context.first_commit)
    true(published.title.startswith("Publish the folder"), f"title {published.title!r}")
    same(published.authors, [context.user], "authors")
    dates = [commit.created_at for commit in commits]
    same(dates, sorted(dates, reverse=True), "order by date")
    formatted = context.api.list_repo_commits(**context.repo, formatted=True)
    true(formatted[0].formatted_title, "formatted title")
    ids = [commit.commit_id for commit in commits]
    tagged = [commit.commit_id for commit in context.api.list_repo_commits(**context.repo, revision=TAG)]
    same(tagged, ids[ids.index(context.first_commit):], "commits of the tag")


def refuse_moved_parent(context: Context) -> None:
    def commit(parent: str):
        return context.api.create_commit(
            **context.repo, operations=[CommitOperationAdd("parent.txt", b"x\n")], commit_message="On a parent",
            parent_commit=parent,
        )

    checks.raises(HfHubHTTPError, lambda: commit(context.first_commit), 412)
    commit(context.head())
    context.expected["parent.txt"] = b"x\n"
    same(context.download("parent.txt"), b"x\n", "file committed on the right parent")


def upload_to_unknown_revision_makes_release(context: Context) -> None:
    """A revision unknown so far comes into being with exactly the uploaded files."""
    files = {"release.txt": b"of a release\n", "sub/release.bin": bytes(range(256)) * 100}
    folder = write_folder(context.work / "release", files)
    context.api.upload_folder(**context.repo, folder_path=str(folder), revision="r2.5")
    snapshot = context.snapshot("r2.5")
    snapshot.pop(".gitattributes", None)
    compare(snapshot, files)


def upload_release_in_several_commits(context: Context) -> None:
    """Newer versions send a large folder as several commits; who may only write can publish a release so."""
    files = {f"part-{number:03}.txt": f"part {number}\n".encode() for number in range(RELEASE_FILES)}
    folder = write_folder(context.work / "large-release", files)
    HfApi(token=os.environ["CLIENT_WRITER_TOKEN"]).upload_folder(**context.repo, folder_path=str(folder), revision="r3.0")
    snapshot = context.snapshot("r3.0")
    snapshot.pop(".gitattributes", None)
    compare(snapshot, files)


def delete_branch_and_tag(context: Context) -> None:
    api = context.api
    api.delete_branch(**context.repo, branch="from-commit")
    api.delete_tag(**context.repo, tag=TAG)
    checks.raises(RevisionNotFoundError, lambda: api.delete_tag(**context.repo, tag=TAG))
    checks.raises(HfHubHTTPError, lambda: api.delete_branch(**context.repo, branch="from-commit"), 404)
    checks.raises(HfHubHTTPError, lambda: api.delete_branch(**context.repo, branch="main"), 403)
    refs = api.list_repo_refs(**context.repo)
    same(refs.tags, [], "tags")
    true("from-commit" not in [ref.name for ref in refs.branches], "branch is gone")
    compare(context.snapshot(context.first_commit), context.first_files)


def delete_large_file_everywhere(context: Context) -> None:
    """The content goes from every revision; nothing else does."""
    delete = context.offered("permanently_delete_lfs_files")
    path = "added/from object.bin"
    oid = hashlib.sha256(context.expected[path]).hexdigest()
    delete(**context.repo, lfs_files=[file for file in context.api.list_lfs_files(**context.repo) if file.oid == oid])
    true(oid not in [file.oid for file in context.api.list_lfs_files(**context.repo)], "it is listed no more")
    true(not context.api.file_exists(**context.repo, filename=path), "its path is gone")
    del context.expected[path]
    context.compare_main()


def squash_history(context: Context) -> None:
    squash = context.offered("super_squash_history")
    squash(**context.repo, branch=BRANCH, commit_message="Squashed")
    commits = context.api.list_repo_commits(**context.repo, revision=BRANCH)
    same([commit.title for commit in commits], ["Squashed"], "titles")
    compare(context.snapshot(BRANCH), context.first_files | {"branch.txt": b"only here\n"})
