# SPDX-License-Identifier: Apache-2.0
"""What must be refused, and the exception that each refusal becomes."""

from huggingface_hub import CommitOperationDelete, HfApi

from checks import NotOffered, raises, same, true
from context import (
    VERSION,
    Context,
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
    http_errors,
)

WRONG_TOKEN = "hf_" + "x" * 34


def miss_repository(context: Context) -> None:
    missing = context.named("missing")
    true(not context.api.repo_exists(**missing), "repo_exists is False")
    true(not context.api.file_exists(**missing, filename="config.json"), "file_exists is False")
    raises(RepositoryNotFoundError, lambda: context.api.repo_info(**missing))
    raises(RepositoryNotFoundError, lambda: context.download("config.json", repo=missing))
    raises(RepositoryNotFoundError, lambda: context.snapshot(repo=missing))
    raises(RepositoryNotFoundError, lambda: context.api.list_repo_refs(**missing))
    raises(RepositoryNotFoundError, lambda: HfApi(token=False).repo_info(**missing))
    raises(RepositoryNotFoundError, lambda: context.api.delete_repo(**missing))


def miss_single_segment_repository(context: Context) -> None:
    """A name without an organisation must not fall through to a listing."""
    if context.repo_type == "model":
        raises(RepositoryNotFoundError, lambda: context.api.model_info("repo-that-does-not-exist"))
    true(not context.api.repo_exists("repo-that-does-not-exist", repo_type=context.repo_type), "repo_exists is False")


def miss_revision(context: Context) -> None:
    raises(RevisionNotFoundError, lambda: context.head("nowhere"))
    raises(RevisionNotFoundError, lambda: context.head("f" * 40))
    raises(RevisionNotFoundError, lambda: context.head("refs/pr/99"))
    raises(RevisionNotFoundError, lambda: context.download("config.json", "nowhere"))
    raises(RevisionNotFoundError, lambda: context.snapshot("nowhere"))
    raises(RevisionNotFoundError, lambda: list(context.api.list_repo_commits(**context.repo, revision="nowhere")))
    if VERSION < (0, 20):
        raise NotOffered("HfApi.revision_exists")
    true(context.api.revision_exists(**context.repo, revision="main"), "revision_exists is True")
    true(not context.api.revision_exists(**context.repo, revision="nowhere"), "revision_exists is False")


def miss_entry(context: Context) -> None:
    true(context.api.file_exists(**context.repo, filename="with space.txt"), "file_exists is True")
    true(not context.api.file_exists(**context.repo, filename="not there.txt"), "file_exists is False")
    raises(EntryNotFoundError, lambda: context.download("not there.txt"))
    raises(EntryNotFoundError, lambda: context.download("weights"))
    if hasattr(context.api, "list_repo_tree"):
        raises(EntryNotFoundError, lambda: list(context.api.list_repo_tree(**context.repo, path_in_repo="not there")))


def refuse_deleting_what_is_missing(context: Context) -> None:
    before = context.head()
    raises(EntryNotFoundError, lambda: context.api.delete_file("not there.txt", **context.repo))
    raises(EntryNotFoundError, lambda: context.api.create_commit(
        **context.repo, operations=[CommitOperationDelete("no folder/")], commit_message="Delete"))
    same(context.head(), before, "head")


def refuse_wrong_token(context: Context) -> None:
    api = HfApi(token=WRONG_TOKEN)
    raises(http_errors(), api.whoami)
    error = raises(HfHubHTTPError, lambda: api.repo_info(**context.repo), 401)
    if VERSION >= (0, 24):
        true(not isinstance(error, RepositoryNotFoundError), f"a wrong token is not a missing repository: {error!r}")
    raises(HfHubHTTPError, lambda: api.create_repo(**context.named("refused")), 401)


def refuse_writing_without_token(context: Context) -> None:
    before = context.head()
    api = HfApi(token=False)
    # 0.19 refuses by itself, with errors of its own.
    errors = (HfHubHTTPError, OSError, ValueError) if VERSION < (0, 24) else HfHubHTTPError
    raises(errors, lambda: api.create_repo(**context.named("refused")))
    raises(errors, lambda: api.upload_file(**context.repo, path_or_fileobj=b"x", path_in_repo="refused.txt"))
    raises(errors, lambda: api.delete_repo(**context.repo))
    same(context.head(), before, "head")


def refuse_broken_card(context: Context) -> None:
    if VERSION < (0, 21):
        raise NotOffered("validate-yaml before a commit")
    broken = b"---\nlicense: [unclosed\n---\n"
    raises(ValueError, lambda: context.api.upload_file(**context.repo, path_or_fileobj=broken, path_in_repo="README.md"))
    same(context.download("README.md"), context.expected["README.md"], "card")


def refuse_bad_reference_names(context: Context) -> None:
    for name in ("refs/pr/5", "with space", "two..dots", "ends.lock"):
        raises(HfHubHTTPError, lambda: context.api.create_branch(**context.repo, branch=name), 400)
    raises(HfHubHTTPError, lambda: context.api.create_tag(**context.repo, tag="invalid tag"), 400)
