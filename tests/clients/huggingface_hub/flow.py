# SPDX-License-Identifier: Apache-2.0
"""huggingface_hub, any version: the life of a model and of a dataset, from creating it to deleting it."""

import sys

import collaboration
import publishing
import reading
import refusals
import revisions
from checks import run_checks
from context import Context

CHECKS = [
    publishing.whoami,
    publishing.create_repository,
    publishing.start_with_gitattributes,
    publishing.upload_folder,
    publishing.large_files_are_lfs,
    publishing.large_text_is_in_gitattributes,
    reading.download_every_awkward_name,
    reading.read_file_metadata,
    publishing.upload_unchanged_folder,
    revisions.create_branch_and_tag,
    revisions.list_refs,
    publishing.upload_single_files,
    publishing.change_and_delete_in_one_commit,
    publishing.delete_file_and_folder,
    publishing.delete_by_pattern,
    publishing.copy_large_file,
    publishing.copy_regular_file,
    publishing.rename_by_copy_and_delete,
    revisions.commit_to_branch,
    revisions.snapshot_of_every_kind_of_revision,
    revisions.single_file_of_every_kind_of_revision,
    revisions.list_commits,
    revisions.refuse_moved_parent,
    collaboration.commit_as_pull_request,
    collaboration.read_pull_request,
    collaboration.discuss,
    collaboration.merge_pull_request,
    collaboration.open_pull_request_without_changes,
    publishing.ignore_what_gitignore_names,
    publishing.upload_large_folder,
    publishing.upload_from_two_threads,
    reading.download_into_local_folder,
    reading.download_chosen_patterns,
    reading.read_repository_info,
    reading.list_tree,
    reading.get_paths_info,
    reading.use_file_system,
    reading.write_through_file_system,
    reading.find_in_listing,
    reading.verify_checksums,
    reading.resolve_revision,
    reading.read_without_token,
    reading.ask_for_access,
    reading.list_lfs_files,
    refusals.miss_repository,
    refusals.miss_single_segment_repository,
    refusals.miss_revision,
    refusals.miss_entry,
    refusals.refuse_deleting_what_is_missing,
    refusals.refuse_wrong_token,
    refusals.refuse_writing_without_token,
    refusals.refuse_broken_card,
    refusals.refuse_bad_reference_names,
    revisions.upload_to_unknown_revision_makes_release,
    revisions.upload_release_in_several_commits,
    revisions.squash_history,
    revisions.delete_branch_and_tag,
    revisions.delete_large_file_everywhere,
    collaboration.make_private_and_public,
    collaboration.gate_and_open,
    collaboration.move_repository,
    collaboration.publish_without_creating,
    collaboration.delete_repository,
]

if __name__ == "__main__":
    outcomes = [run_checks(CHECKS, Context(repo_type), repo_type) for repo_type in ("model", "dataset")]
    sys.exit(0 if all(outcomes) else 1)
