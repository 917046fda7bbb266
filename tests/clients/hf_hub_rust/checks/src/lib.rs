// SPDX-License-Identifier: Apache-2.0
//! Runs check functions in order and appends one JSON line for each to the file that CLIENT_RESULTS names.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub type Outcome = Result<(), Box<dyn Error>>;
pub type Files = BTreeMap<String, Vec<u8>>;

/// A repository that the harness has published, and the same files on disk.
pub struct Published {
    pub repo_type: String,
    pub repo_id: String,
    pub commit: String,
    pub files: Files,
}

impl Published {
    /// From the arguments `<type> <id> <commit> <folder>`.
    pub fn from_arguments() -> Result<Self, Box<dyn Error>> {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let [repo_type, repo_id, commit, folder] = words.try_into().map_err(|_| "four arguments are needed")?;
        Ok(Self { repo_type, repo_id, commit, files: read_folder(Path::new(&folder))? })
    }
}

pub struct Report {
    group: String,
    failed: bool,
}

impl Report {
    pub fn new(group: &str) -> Self {
        Self { group: group.to_owned(), failed: false }
    }

    pub fn check(&mut self, name: &str, action: impl FnOnce() -> Outcome) {
        let started = Instant::now();
        let (outcome, detail) = match action() {
            Ok(()) => ("passed", String::new()),
            Err(error) => {
                self.failed = true;
                ("failed", describe(error.as_ref()))
            }
        };
        let line = serde_json::json!({
            "check": format!("{}: {name}", self.group),
            "outcome": outcome,
            "seconds": started.elapsed().as_secs_f64(),
            "detail": detail,
        });
        let path = std::env::var("CLIENT_RESULTS").expect("CLIENT_RESULTS names the file of results");
        let mut file = OpenOptions::new().create(true).append(true).open(path).expect("results can be written");
        writeln!(file, "{line}").expect("results can be written");
    }

    /// Ends the program with 1 when a check has failed.
    pub fn finish(self) {
        if self.failed {
            std::process::exit(1);
        }
    }
}

fn describe(error: &dyn Error) -> String {
    let mut text = format!("{error}\n{error:?}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text += &format!("\ncaused by: {inner}");
        cause = inner.source();
    }
    text
}

pub fn same<T: PartialEq + std::fmt::Debug>(actual: T, expected: T, what: &str) -> Outcome {
    if actual == expected {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, got {actual:?}").into())
    }
}

pub fn ensure(condition: bool, what: &str) -> Outcome {
    if condition {
        Ok(())
    } else {
        Err(what.into())
    }
}

/// Compares without printing contents.
pub fn same_bytes(actual: &[u8], expected: &[u8], what: &str) -> Outcome {
    ensure(actual == expected, &format!("{what}: {} bytes differ from the {} expected", actual.len(), expected.len()))
}

pub fn same_files(actual: &Files, expected: &Files) -> Outcome {
    same(actual.keys().collect::<Vec<_>>(), expected.keys().collect(), "paths")?;
    for (path, content) in expected {
        same_bytes(&actual[path], content, path)?;
    }
    Ok(())
}

/// Every file below a folder by its path, links followed; `.cache` is a client's own.
pub fn read_folder(folder: &Path) -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    let mut pending = vec![PathBuf::from(folder)];
    while let Some(current) = pending.pop() {
        for entry in fs::read_dir(&current)? {
            let path = entry?.path();
            if path.is_dir() {
                if !path.ends_with(".cache") {
                    pending.push(path);
                }
            } else {
                let name = path.strip_prefix(folder)?.to_str().ok_or("a name is not UTF-8")?.to_owned();
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}
