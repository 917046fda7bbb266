// SPDX-License-Identifier: Apache-2.0
// @huggingface/hub: the life of a model and of a dataset.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  checkRepoAccess, commit, countCommits, createBranch, createRepo, datasetInfo, deleteBranch, deleteFiles, deleteRepo,
  downloadFile, fileDownloadInfo, fileExists, HubApiError, listCommits, listDatasets, listFiles, listModels, modelInfo,
  pathsInfo, repoExists, snapshotDownload, uploadFile, uploadFiles, whoAmI,
} from "@huggingface/hub";
import { digest, emptyFolder, readFolder, Report, sameFiles } from "./checks.mjs";

const hubUrl = process.env.HF_ENDPOINT;
const accessToken = process.env.HF_TOKEN;
const access = { hubUrl, accessToken };
const useXet = process.env.CLIENT_USE_XET !== "false";

// The client puts paths into URLs without encoding them, so %, # and ? in names never reach the server as they are.
const NAMES = [
  "with space.txt", "deep/er/and deeper/a file.json", "a+b=c&d.txt", "it's.txt", "quoted \"twice\".txt",
  "trailing dots...", "caf\u00e9 composed.txt", "cafe\u0301 decomposed.txt", "\u65e5\u672c\u8a9e/\u6a21\u578b.txt",
  "emoji \u{1f917}.txt", ".hidden", "resolve/main/confusing.txt",
];

function makeFiles() {
  const files = new Map(NAMES.map((name) => [name, Buffer.from(`content of ${name}\n`)]));
  files.set("README.md", Buffer.from("---\nlicense: mit\n---\n# By JavaScript\n"));
  files.set("empty.txt", Buffer.alloc(0));
  files.set("config.json", Buffer.from('{"hidden_size": 4}\n'));
  files.set("weights/large.bin", randomBytes(50_000_000));
  files.set("data/large.txt", Buffer.from("a line of text\n".repeat(800_000)));
  return files;
}

const blobs = (files) => [...files].map(([path, content]) => ({ path, content: new Blob([content]) }));

async function collect(generator) {
  const items = [];
  for await (const item of generator) {
    items.push(item);
  }
  return items;
}

async function rejectsWith(status, action) {
  await assert.rejects(action, (error) => error instanceof HubApiError && error.statusCode === status);
}

async function checkType(type) {
  const report = new Report(type);
  const name = `${process.env.CLIENT_ORGANISATION}/js-${type}`;
  const repo = { type, name };
  const here = { repo, ...access };
  const files = makeFiles();
  const expected = new Map(files);
  const info = type === "model" ? modelInfo : datasetInfo;
  const snapshots = [];
  const snapshot = async (revision) => {
    snapshots.push(revision);
    const folder = await snapshotDownload({ ...here, revision, cacheDir: await emptyFolder(`cache-${type}-${snapshots.length}`) });
    return readFolder(folder);
  };
  let first;

  await report.check("whoami", async () => {
    assert.equal((await whoAmI(access)).name, process.env.CLIENT_USER);
    await rejectsWith(401, () => whoAmI({ hubUrl, accessToken: `hf_${"x".repeat(34)}` }));
  });
  await report.check("create", async () => {
    const created = await createRepo({ ...here, license: "mit", files: [{ path: "first.txt", content: new Blob(["first\n"]) }] });
    assert.equal(created.repoUrl, `${hubUrl}/${type === "model" ? "" : "datasets/"}${name}`);
    assert.equal(await repoExists(here), true);
    await rejectsWith(409, () => createRepo(here));
    const made = await collect(listFiles(here));
    assert.deepEqual(made.map((entry) => entry.path).sort(), [".gitattributes", "README.md", "first.txt"]);
    expected.set("first.txt", Buffer.from("first\n"));
    expected.set(".gitattributes", Buffer.from(await (await downloadFile({ ...here, path: ".gitattributes" })).arrayBuffer()));
  });
  await report.check("upload files", async () => {
    const result = await uploadFiles({ ...here, files: blobs(files), commitTitle: "Publish", useXet });
    first = result.commit.oid;
    assert.match(first, /^[0-9a-f]{40}$/);
    assert.ok(result.commit.url.endsWith(`${name}/commit/${first}`), result.commit.url);
    // A file sent as LFS whose name no pattern covers is added to .gitattributes by the server.
    expected.set(".gitattributes", Buffer.from(await (await downloadFile({ ...here, path: ".gitattributes" })).arrayBuffer()));
  });
  await report.check("list files", async () => {
    const entries = await collect(listFiles({ ...here, recursive: true }));
    assert.deepEqual(entries.filter((entry) => entry.type === "file").map((entry) => entry.path).sort(), [...expected.keys()].sort());
    const large = entries.find((entry) => entry.path === "weights/large.bin");
    assert.equal(large.lfs.oid, digest(files.get("weights/large.bin")));
    const expanded = await collect(listFiles({ ...here, path: "data", expand: true }));
    assert.ok(expanded[0].lastCommit.id);
  });
  await report.check("download single files", async () => {
    for (const [path, content] of expected) {
      const blob = await downloadFile({ ...here, path });
      assert.equal(digest(Buffer.from(await blob.arrayBuffer())), digest(content), path);
      assert.equal((await fileDownloadInfo({ ...here, path })).size, content.length, `size of ${path}`);
    }
    assert.equal(await downloadFile({ ...here, path: "not there.txt" }), null);
    assert.equal(await fileExists({ ...here, path: "config.json" }), true);
    assert.equal(await fileExists({ ...here, path: "not there.txt" }), false);
    const pointer = await downloadFile({ ...here, path: "weights/large.bin", raw: true });
    assert.match(await pointer.text(), /^version https:\/\/git-lfs/);
  });
  await report.check("branches", async () => {
    await createBranch({ ...here, branch: "feature/js" });
    await rejectsWith(409, () => createBranch({ ...here, branch: "feature/js" }));
    await createBranch({ ...here, branch: "feature/js", overwrite: true, revision: first });
    await createBranch({ ...here, branch: "empty", empty: true });
    assert.deepEqual(await collect(listFiles({ ...here, revision: "empty" })), []);
    await deleteBranch({ ...here, branch: "empty" });
    await uploadFile({ ...here, file: { path: "branch.txt", content: new Blob(["only here\n"]) }, branch: "feature/js" });
  });
  await report.check("change, delete, edit", async () => {
    const head = (await info({ name, ...access, additionalFields: ["sha"] })).sha;
    const large = files.get("weights/large.bin");
    await commit({
      ...here, title: "Change", parentCommit: head, useXet,
      operations: [
        { operation: "addOrUpdate", path: "config.json", content: new Blob(["changed\n"]) },
        { operation: "delete", path: "it's.txt" },
        { operation: "edit", path: "weights/large.bin", originalContent: new Blob([large]), edits: [{ start: 0, end: 4, content: new Blob(["EDIT"]) }] },
      ],
    });
    expected.set("config.json", Buffer.from("changed\n"));
    expected.delete("it's.txt");
    expected.set("weights/large.bin", Buffer.concat([Buffer.from("EDIT"), large.subarray(4)]));
    await deleteFiles({ ...here, paths: [".hidden", "emoji \u{1f917}.txt"] });
    expected.delete(".hidden");
    expected.delete("emoji \u{1f917}.txt");
    await rejectsWith(412, () => commit({
      ...here, title: "On an old parent", parentCommit: first,
      operations: [{ operation: "addOrUpdate", path: "late.txt", content: new Blob(["late\n"]) }],
    }));
  });
  await report.check("pull request", async () => {
    const result = await uploadFile({ ...here, file: { path: "proposed.txt", content: new Blob(["please\n"]) }, isPullRequest: true });
    assert.ok(result.pullRequestUrl.endsWith("/discussions/1"), result.pullRequestUrl);
    const listed = await collect(listFiles({ ...here, revision: "refs/pr/1", recursive: true }));
    assert.ok(listed.some((entry) => entry.path === "proposed.txt"));
    const history = await collect(listCommits({ ...here, revision: "refs/pr/1" }));
    assert.ok(history.length > 0);
    assert.equal(await (await downloadFile({ ...here, path: "proposed.txt", revision: "refs/pr/1" })).text(), "please\n");
  });
  await report.check("snapshots", async () => {
    sameFiles(await snapshot("main"), expected);
    const old = await snapshot(first);
    assert.equal(digest(old.get("weights/large.bin")), digest(files.get("weights/large.bin")));
    assert.ok((await snapshot("feature/js")).has("branch.txt"));
    assert.ok((await snapshot("refs/pr/1")).has("proposed.txt"));
  });
  await report.check("history", async () => {
    const commits = await collect(listCommits(here));
    assert.equal(await countCommits(here), commits.length);
    assert.deepEqual(commits.slice(-2).map((entry) => entry.title), ["Publish", "initial commit"]);
  });
  await report.check("info and lists", async () => {
    const found = await pathsInfo({ ...here, paths: ["config.json", "not there", "data"], expand: true });
    assert.deepEqual(found.map((entry) => entry.path).sort(), ["config.json", "data"]);
    const listing = type === "model" ? listModels : listDatasets;
    const listed = await collect(listing({ ...access, search: { owner: process.env.CLIENT_ORGANISATION }, limit: 5 }));
    assert.deepEqual(listed.map((entry) => entry.name), [name]);
    await checkRepoAccess(here);
    assert.equal((await info({ name, hubUrl })).name, name);
  });
  await report.check("what is missing", async () => {
    const missing = { type, name: `${process.env.CLIENT_ORGANISATION}/missing` };
    assert.equal(await repoExists({ repo: missing, ...access }), false);
    await rejectsWith(404, () => checkRepoAccess({ repo: missing, ...access }));
    await rejectsWith(401, () => checkRepoAccess({ repo: missing, hubUrl }));
    await rejectsWith(404, () => collect(listFiles({ ...here, revision: "nowhere" })));
  });
  await report.check("delete", async () => {
    await deleteRepo(here);
    assert.equal(await repoExists(here), false);
  });
  return report.failed;
}

const failures = [await checkType("model"), await checkType("dataset")];
process.exit(failures.includes(true) ? 1 : 0);
