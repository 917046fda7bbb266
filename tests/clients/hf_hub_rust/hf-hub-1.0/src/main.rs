// SPDX-License-Identifier: Apache-2.0
//! hf-hub 1.0: reads a published repository, then publishes one of its own and reads that.

use std::error::Error;
use std::fs;

use checks::{ensure, read_folder, same, same_bytes, same_files, Files, Outcome, Published, Report};
use hf_hub::repository::{AddSource, CommitOperation, RepoTreeEntry, RepoType, RepoTypeDataset, RepoTypeModel};
use hf_hub::{split_id, HFClientSync, HFRepositorySync};

const BRANCH: &str = "feature/rust";
const TAG: &str = "rust-1";

fn file_paths(entries: Vec<RepoTreeEntry>) -> Vec<String> {
    let mut paths: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| match entry {
            RepoTreeEntry::File { path, .. } => Some(path),
            RepoTreeEntry::Directory { .. } => None,
        })
        .collect();
    paths.sort();
    paths
}

fn snapshot<T: RepoType>(repo: &HFRepositorySync<T>, revision: &str) -> Result<Files, Box<dyn Error>> {
    read_folder(&repo.snapshot_download().revision(revision).send()?)
}

fn read_published<T: RepoType>(repo: &HFRepositorySync<T>, published: &Published, report: &mut Report) {
    report.check("list the tree", || {
        let entries = repo.list_tree().recursive(true).send()?;
        same(file_paths(entries), published.files.keys().cloned().collect(), "paths")
    });
    report.check("snapshot of main, a commit and a pull request", || {
        for revision in ["main", &published.commit, "refs/pr/1"] {
            same_files(&snapshot(repo, revision)?, &published.files)?;
        }
        Ok(())
    });
    report.check("single files and ranges", || {
        for (path, content) in &published.files {
            let file = repo.download_file().filename(path.as_str()).send()?;
            same_bytes(&fs::read(file)?, content, path)?;
        }
        let range = repo.download_file_to_bytes().filename("weights/large.bin").range(1000..3000).send()?;
        same_bytes(&range, &published.files["weights/large.bin"][1000..3000], "range")
    });
    report.check("metadata and paths info", || {
        let metadata = repo.get_file_metadata().filepath("weights/large.bin").send()?;
        same(metadata.commit_hash.as_str(), published.commit.as_str(), "commit")?;
        let found = repo.get_paths_info().paths(vec!["data".into(), "to?.txt".into(), "not there".into()]).send()?;
        same(found.len(), 2, "found paths")
    });
    report.check("what is missing", || {
        ensure(repo.file_exists().filename("to?.txt").send()?, "a file exists")?;
        ensure(!repo.file_exists().filename("not there.txt").send()?, "a file does not exist")?;
        ensure(!repo.revision_exists().revision("nowhere").send()?, "a revision does not exist")
    });
}

fn publish<T: RepoType + Copy>(client: &HFClientSync, kind: T, repo_id: &str, files: &Files, report: &mut Report) {
    let (owner, name) = split_id(repo_id);
    let repo = client.repository(kind, owner, name);
    let expected = || -> Result<Files, Box<dyn Error>> {
        let mut expected = files.clone();
        let attributes = repo.download_file_to_bytes().filename(".gitattributes").send()?;
        expected.insert(".gitattributes".to_owned(), attributes.to_vec());
        Ok(expected)
    };
    report.check("create", || {
        client.create_repository().repo_id(repo_id).repo_type(kind).send()?;
        client.create_repository().repo_id(repo_id).repo_type(kind).exist_ok(true).send()?;
        ensure(repo.exists().send()?, "exists")
    });
    report.check("upload a folder", || -> Outcome {
        let folder = std::env::temp_dir().join(format!("upload-{name}"));
        for (path, content) in files {
            let target = folder.join(path);
            fs::create_dir_all(target.parent().ok_or("a file has a folder")?)?;
            fs::write(target, content)?;
        }
        repo.upload_folder().folder_path(folder).commit_message("Publish").send()?;
        same_files(&snapshot(&repo, "main")?, &expected()?)
    });
    report.check("branches, tags and history", || {
        repo.create_branch().branch(BRANCH).send()?;
        repo.create_tag().tag(TAG).message("of this test").send()?;
        let refs = repo.list_refs().send()?;
        ensure(refs.branches.iter().any(|found| found.name == BRANCH), "the branch is listed")?;
        ensure(refs.tags.iter().any(|found| found.name == TAG), "the tag is listed")?;
        let titles: Vec<_> = repo.list_commits().send()?.into_iter().map(|commit| commit.title).collect();
        same(titles, vec!["Publish".to_owned(), "initial commit".to_owned()], "titles")
    });
    report.check("change, delete and a pull request", || {
        let source = AddSource::bytes(b"changed\n".to_vec());
        repo.upload_file().source(source).path_in_repo("config.json").send()?;
        repo.delete_file().path_in_repo("crlf.txt").send()?;
        repo.delete_folder().path_in_repo("deep").send()?;
        let operations = vec![CommitOperation::add_bytes("proposed.txt", b"please\n".to_vec())];
        repo.create_commit().operations(operations).commit_message("Propose").create_pr(true).send()?;
        let proposed = repo.download_file_to_bytes().filename("proposed.txt").revision("refs/pr/1").send()?;
        same_bytes(&proposed, b"please\n", "proposed file")?;
        let mut main = expected()?;
        main.insert("config.json".to_owned(), b"changed\n".to_vec());
        main.retain(|path, _| path != "crlf.txt" && !path.starts_with("deep/"));
        same_files(&snapshot(&repo, "main")?, &main)?;
        same_files(&snapshot(&repo, TAG)?, &expected()?)?;
        same_files(&snapshot(&repo, BRANCH)?, &expected()?)
    });
    report.check("move and delete", || {
        let moved = format!("{repo_id}-moved");
        client.move_repository().from_id(repo_id).to_id(&moved).repo_type(kind).send()?;
        let config = repo.download_file_to_bytes().filename("config.json").send()?;
        same_bytes(&config, b"changed\n", "a file by the old name")?;
        client.delete_repository().repo_id(&moved).repo_type(kind).send()?;
        client.delete_repository().repo_id(&moved).repo_type(kind).missing_ok(true).send()?;
        let (owner, name) = split_id(&moved);
        ensure(!client.repository(kind, owner, name).exists().send()?, "gone")
    });
}

fn run<T: RepoType + Copy>(client: &HFClientSync, kind: T, published: &Published, report: &mut Report) {
    let (owner, name) = split_id(&published.repo_id);
    read_published(&client.repository(kind, owner, name), published, report);
    let mut files = published.files.clone();
    files.remove(".gitattributes");
    publish(client, kind, &format!("{}-by-rust", published.repo_id), &files, report);
}

fn main() -> Result<(), Box<dyn Error>> {
    let published = Published::from_arguments()?;
    let client = HFClientSync::new()?;
    let mut report = Report::new(&published.repo_type);
    report.check("whoami", || {
        same(client.whoami().send()?.username, std::env::var("CLIENT_USER")?, "name")
    });
    match published.repo_type.as_str() {
        "model" => run(&client, RepoTypeModel, &published, &mut report),
        _ => run(&client, RepoTypeDataset, &published, &mut report),
    }
    report.finish();
    Ok(())
}
