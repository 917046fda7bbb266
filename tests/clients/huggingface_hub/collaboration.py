# SPDX-License-Identifier: Apache-2.0
"""Pull requests, discussions, settings, moving and deleting."""

import huggingface_hub
from huggingface_hub import CommitOperationAdd, HfApi

from checks import raises, same, true
from contents import compare
from context import VERSION, Context, RepositoryNotFoundError, http_errors


def commit_as_pull_request(context: Context) -> None:
    before = context.head()
    info = context.api.create_commit(
        **context.repo, operations=[CommitOperationAdd("proposed.txt", b"please\n")],
        commit_message="Propose a file", commit_description="It is needed.", create_pr=True,
    )
    context.pull_request = info.pr_num
    same(info.pr_revision, f"refs/pr/{info.pr_num}", "revision")
    true(info.pr_url.endswith(f"{context.repo_id}/discussions/{info.pr_num}"), f"url {info.pr_url}")
    same(context.head(), before, "head of main")


def read_pull_request(context: Context) -> None:
    revision = f"refs/pr/{context.pull_request}"
    compare(context.snapshot(revision), context.expected | {"proposed.txt": b"please\n"})
    same(context.download("proposed.txt", revision), b"please\n", "single file")
    context.api.upload_file(
        **context.repo, path_or_fileobj=b"pretty please\n", path_in_repo="proposed.txt", revision=revision
    )
    same(context.download("proposed.txt", revision), b"pretty please\n", "after another commit")
    if VERSION >= (0, 20):
        refs = context.api.list_repo_refs(**context.repo, include_pull_requests=True)
        same([ref.ref for ref in refs.pull_requests], [revision], "pull requests among refs")


def discuss(context: Context) -> None:
    api, repo = context.api, context.repo
    number = api.create_discussion(**repo, title="A question", description="Why?").num
    comment = api.comment_discussion(**repo, discussion_num=number, comment="Because.")
    api.rename_discussion(**repo, discussion_num=number, new_title="An answer")
    api.edit_discussion_comment(**repo, discussion_num=number, comment_id=comment.id, new_content="Because of that.")
    details = api.get_discussion_details(**repo, discussion_num=number)
    same((details.title, details.status, details.is_pull_request), ("An answer", "open", False), "discussion")
    same(details.author, context.user, "author")
    same([event.content for event in details.events if event.type == "comment"], ["Why?", "Because of that."], "comments")
    api.change_discussion_status(**repo, discussion_num=number, new_status="closed", comment="Done.")
    same(api.get_discussion_details(**repo, discussion_num=number).status, "closed", "status")
    api.hide_discussion_comment(**repo, discussion_num=number, comment_id=comment.id)
    listed = {found.num: found for found in api.get_repo_discussions(**repo)}
    same(sorted(listed), sorted([number, context.pull_request]), "numbers")
    true(listed[context.pull_request].is_pull_request, "the pull request is one")


def merge_pull_request(context: Context) -> None:
    api, repo = context.api, context.repo
    details = api.get_discussion_details(**repo, discussion_num=context.pull_request)
    same((details.title, details.target_branch), ("Propose a file", "main"), "pull request")
    true("+pretty please" in details.diff, f"diff {details.diff!r}")
    true(not details.conflicting_files, f"no conflicts: {details.conflicting_files!r}")
    if details.status == "draft":
        api.change_discussion_status(**repo, discussion_num=context.pull_request, new_status="open")
    api.merge_pull_request(**repo, discussion_num=context.pull_request, comment="Thanks.")
    details = api.get_discussion_details(**repo, discussion_num=context.pull_request)
    same(details.status, "merged", "status")
    same(details.merge_commit_oid, context.head(), "merge commit")
    context.expected["proposed.txt"] = b"pretty please\n"
    context.compare_main()


def open_pull_request_without_changes(context: Context) -> None:
    opened = context.api.create_pull_request(**context.repo, title="Later", description="not yet")
    same(opened.status, "draft", "status")
    same(context.head(revision=f"refs/pr/{opened.num}", **context.repo), context.head(), "starts at main")
    context.api.change_discussion_status(**context.repo, discussion_num=opened.num, new_status="closed")


def make_private_and_public(context: Context) -> None:
    def set_private(value: bool) -> None:
        if hasattr(context.api, "update_repo_settings"):
            context.api.update_repo_settings(**context.repo, private=value)
        else:
            same(context.api.update_repo_visibility(**context.repo, private=value)["private"], value, "answer")

    set_private(True)
    same(context.api.repo_info(**context.repo).private, True, "private")
    raises(RepositoryNotFoundError, lambda: HfApi(token=False).repo_info(**context.repo))
    set_private(False)
    HfApi(token=False).repo_info(**context.repo)


def gate_and_open(context: Context) -> None:
    gate = context.offered("update_repo_settings")
    from huggingface_hub.errors import GatedRepoError

    gate(**context.repo, gated="auto")
    same(context.api.repo_info(**context.repo).gated, "auto", "gated")
    raises(GatedRepoError, lambda: context.download("config.json", token=False))
    gate(**context.repo, gated=False)
    same(context.download("config.json", token=False), context.expected["config.json"], "opened again")


def move_repository(context: Context) -> None:
    old, new = context.repo, context.named("moved")
    context.api.move_repo(from_id=old["repo_id"], to_id=new["repo_id"], repo_type=context.repo_type)
    same(context.api.repo_info(**new).id, new["repo_id"], "id under the new name")
    same(context.api.repo_info(**old).id, new["repo_id"], "id when asked for by the old name")
    same(context.download("config.json", repo=old), context.expected["config.json"], "file by the old name")
    compare(context.snapshot("main", repo=old), context.expected)
    context.api.create_repo(**context.named("another"))
    raises(http_errors(), lambda: context.api.move_repo(
        from_id=context.named("another")["repo_id"], to_id=new["repo_id"], repo_type=context.repo_type))
    context.api.delete_repo(**context.named("another"))
    context.repo, context.repo_id = new, new["repo_id"]


def publish_without_creating(context: Context) -> None:
    """A package unknown so far comes into being by an upload (create on deploy)."""
    repo = context.named("deployed")
    context.api.upload_file(**repo, path_or_fileobj=b"at once\n", path_in_repo="file.txt")
    same(context.download("file.txt", repo=repo), b"at once\n", "file")
    context.api.delete_repo(**repo)


def delete_repository(context: Context) -> None:
    context.api.delete_repo(**context.repo)
    true(not context.api.repo_exists(**context.repo), "repo_exists is False")
    raises(RepositoryNotFoundError, lambda: context.api.repo_info(**context.repo))
    raises(RepositoryNotFoundError, lambda: huggingface_hub.hf_hub_download(
        **context.repo, filename="config.json", cache_dir=context.work / "gone"))
    raises(RepositoryNotFoundError, lambda: context.api.delete_repo(**context.repo))
    context.api.delete_repo(**context.repo, missing_ok=True)
    context.api.create_repo(**context.repo)
    same(context.api.list_repo_files(**context.repo), [".gitattributes"], "files of a new one under the same name")
