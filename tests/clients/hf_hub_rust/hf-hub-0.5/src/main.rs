// SPDX-License-Identifier: Apache-2.0
//! hf-hub 0.5, which only reads: info and single files of a published repository, at main and at a commit.

use std::error::Error;
use std::fs;

use checks::{ensure, same, same_bytes, Published, Report};
use hf_hub::api::sync::{Api, ApiBuilder, ApiRepo};
use hf_hub::{Repo, RepoType};

/// This version puts file names into URLs as they are, so a name with one of these never reaches the server.
const UNENCODED: &[char] = &['%', '#', '?', ' ', '"', '<', '>', '[', ']', '{', '}', '|', '\\', '^', '`'];

fn open(published: &Published, revision: &str) -> Result<(Api, ApiRepo), Box<dyn Error>> {
    let api = ApiBuilder::from_env().with_token(std::env::var("HF_TOKEN").ok()).with_progress(false).build()?;
    let kind = if published.repo_type == "model" { RepoType::Model } else { RepoType::Dataset };
    let repo = api.repo(Repo::with_revision(published.repo_id.clone(), kind, revision.to_owned()));
    Ok((api, repo))
}

fn main() -> Result<(), Box<dyn Error>> {
    let published = Published::from_arguments()?;
    let mut report = Report::new(&published.repo_type);

    report.check("info", || {
        for revision in ["main", &published.commit, &published.commit[..8], "refs/pr/1"] {
            let info = open(&published, revision)?.1.info()?;
            if revision != "refs/pr/1" {
                same(info.sha.as_str(), published.commit.as_str(), "sha")?;
            }
            let mut listed: Vec<_> = info.siblings.into_iter().map(|sibling| sibling.rfilename).collect();
            listed.sort();
            same(listed, published.files.keys().cloned().collect(), "siblings")?;
        }
        Ok(())
    });

    report.check("download every file", || {
        let (_, repo) = open(&published, "main")?;
        for (path, content) in &published.files {
            if !path.is_ascii() || path.contains(UNENCODED) {
                continue;
            }
            same_bytes(&fs::read(repo.download(path).map_err(|error| format!("{path}: {error}"))?)?, content, path)?;
        }
        Ok(())
    });

    report.check("download at a commit, then from the cache", || {
        let (_, repo) = open(&published, &published.commit)?;
        for _ in 0..2 {
            same_bytes(&fs::read(repo.get("weights/large.bin")?)?, &published.files["weights/large.bin"], "large.bin")?;
        }
        Ok(())
    });

    report.check("metadata", || {
        let (api, repo) = open(&published, "main")?;
        let metadata = api.metadata(&repo.url("weights/large.bin"))?;
        same(metadata.commit_hash(), published.commit.as_str(), "commit")?;
        same(metadata.size(), published.files["weights/large.bin"].len(), "size")?;
        same(metadata.etag().len(), 64, "digits of the SHA-256")
    });

    report.check("what is missing fails", || {
        ensure(open(&published, "main")?.1.download("not there.txt").is_err(), "a file")?;
        ensure(open(&published, "nowhere")?.1.info().is_err(), "a revision")
    });

    report.finish();
    Ok(())
}
