// SPDX-License-Identifier: Apache-2.0
// @huggingface/hub as a member of the Xet matrix (xet/flow.py): publishes over Xet, or fetches what all have published.
import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commit, createRepo, downloadFile, fileDownloadInfo, modelInfo, uploadFiles } from "@huggingface/hub";
import { digest, Report } from "./checks.mjs";

const MEDIUM_BYTES = 12_000_000;
const EDIT_BYTES = 1000;
const FILES_AT_ONCE = 8;
const IN_PLACE_BYTES = 90_000_000; // more than one xorb
const here = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN };
const published = join(process.env.CLIENT_SHARED_FOLDER, "published.jsonl");

async function fetchFile(name, path, revision, options = {}) {
  const blob = await downloadFile({ ...here, repo: { type: "model", name }, path, revision, ...options });
  return Buffer.from(await blob.arrayBuffer());
}

function edited(content) {
  const middle = content.length >> 1;
  return Buffer.concat([content.subarray(0, middle), randomBytes(EDIT_BYTES), content.subarray(middle + 2 * EDIT_BYTES)]);
}

/** Incompressible bytes, always the same for one seed: how much an edit touches depends on where chunks end. */
function seededBytes(seed, size) {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** Applies edits, which are in order and given in the places of the old content. */
function spliced(content, edits) {
  let at = 0;
  const pieces = edits.flatMap(({ start, end, bytes }) => {
    const kept = content.subarray(at, start);
    at = end;
    return [kept, bytes];
  });
  return Buffer.concat([...pieces, content.subarray(at)]);
}

/**
 * Has the client change a stored file: it asks which windows to read, and cuts and uploads nothing else.
 * Returns the bytes of those windows and of the xorbs that it uploaded.
 */
async function editInPlace(repo, path, edits) {
  let windowBytes = 0;
  let uploadedBytes = 0;
  const watchingFetch = async (url, options) => {
    const answer = await fetch(url, options);
    if (String(url).includes("/file-chunk-hashes/")) {
      assert.equal(answer.status, 200, "file-chunk-hashes");
      const { windows } = await answer.clone().json();
      windowBytes += windows.reduce((sum, { dirtyByteRange: [begin, end] }) => sum + end - begin, 0);
    } else if (String(url).includes("/v1/xorbs/")) {
      uploadedBytes += options.body.size ?? options.body.byteLength;
    }
    return answer;
  };
  const originalContent = await downloadFile({ ...here, repo, path });
  await commit({
    ...here, repo, title: "In place", fetch: watchingFetch,
    operations: [{
      operation: "edit", path, originalContent,
      edits: edits.map(({ start, end, bytes }) => ({ start, end, content: new Blob([bytes]) })),
    }],
  });
  return { windowBytes, uploadedBytes };
}

async function publish() {
  const report = new Report("publish");
  const name = "xet/huggingface-js";
  const repo = { type: "model", name };
  const content = new Map([["small.bin", randomBytes(40_000)], ["medium.bin", randomBytes(MEDIUM_BYTES)]]);
  const upload = (paths) => uploadFiles({
    ...here, repo, useXet: true, files: paths.map((path) => ({ path, content: new Blob([content.get(path)]) })),
  });
  const remember = async () => {
    const { sha } = await modelInfo({ ...here, name, additionalFields: ["sha"] });
    const files = Object.fromEntries([...content].map(([path, bytes]) => [path, digest(bytes)]));
    appendFileSync(published, `${JSON.stringify({ repo: name, commit: sha, files })}\n`);
  };
  const compare = async (path) => assert.equal(digest(await fetchFile(name, path)), digest(content.get(path)), path);

  await report.check("upload", async () => {
    await createRepo({ ...here, repo });
    await upload([...content.keys()]);
    await remember();
  });
  await report.check("is offered over Xet", async () => {
    const info = await fileDownloadInfo({ ...here, repo, path: "medium.bin" });
    assert.match(info.xet?.hash ?? "", /^[0-9a-f]{64}$/);
  });
  await report.check("download whole", async () => {
    await compare("small.bin");
    await compare("medium.bin");
  });
  await report.check("upload edited", async () => {
    content.set("medium.bin", edited(content.get("medium.bin")));
    await upload(["medium.bin"]);
    await compare("medium.bin");
    await remember();
  });
  await report.check("read ranges", async () => {
    const blob = await downloadFile({ ...here, repo, path: "medium.bin" });
    for (const [start, end] of [[0, 1], [65_535, 65_538], [MEDIUM_BYTES >> 1, (MEDIUM_BYTES >> 1) + 300_000]]) {
      const part = Buffer.from(await blob.slice(start, end).arrayBuffer());
      assert.equal(digest(part), digest(content.get("medium.bin").subarray(start, end)), `bytes ${start} to ${end}`);
    }
  });
  await report.check("eight at once", async () => {
    const paths = Array.from({ length: FILES_AT_ONCE }, (_, number) => `at-once/${number}.bin`);
    paths.forEach((path) => content.set(path, randomBytes(MEDIUM_BYTES >> 2)));
    await upload(paths);
    await Promise.all(paths.map(compare));
    await remember();
  });
  await report.check("edit in place", async () => {
    const path = "in-place.bin";
    let bytes = seededBytes(1, IN_PLACE_BYTES);
    await uploadFiles({ ...here, repo, useXet: false, files: [{ path, content: new Blob([bytes]) }] });
    const steps = {
      append: (size) => [{ start: size, end: size, bytes: seededBytes(2, 200_000) }],
      insert: (size) => [{ start: size >> 1, end: size >> 1, bytes: seededBytes(3, 1000) }],
      "delete and overwrite": (size) => [
        { start: 5_000_000, end: 5_400_000, bytes: Buffer.alloc(0) },
        { start: size >> 1, end: (size >> 1) + 5000, bytes: seededBytes(4, 5000) },
      ],
      "both ends": (size) => [
        { start: 0, end: 0, bytes: seededBytes(5, 300) },
        { start: size - 100_000, end: size, bytes: seededBytes(6, 7) },
      ],
    };
    for (const [step, edits] of Object.entries(steps)) {
      const wanted = edits(bytes.length);
      const { windowBytes, uploadedBytes } = await editInPlace(repo, path, wanted);
      assert.ok(windowBytes > 0 && windowBytes < bytes.length, `${step}: windows of ${windowBytes} bytes`);
      assert.ok(uploadedBytes <= windowBytes / 2, `${step}: ${uploadedBytes} bytes uploaded`);
      bytes = spliced(bytes, wanted);
    }
    assert.equal(digest(await fetchFile(name, path)), digest(bytes), path);
    const { sha } = await modelInfo({ ...here, name, additionalFields: ["sha"] });
    appendFileSync(published, `${JSON.stringify({ repo: name, commit: sha, files: { [path]: digest(bytes) } })}\n`);
  });
  return report;
}

async function fetchAll() {
  const report = new Report("fetch");
  for (const line of readFileSync(published, "utf8").trimEnd().split("\n")) {
    const { repo, commit, files } = JSON.parse(line);
    for (const xet of [true, false]) {
      await report.check(`${repo} at ${commit.slice(0, 7)}, ${xet ? "Xet" : "plain"}`, async () => {
        for (const [path, expected] of Object.entries(files)) {
          if (path !== "large.bin") {
            assert.equal(digest(await fetchFile(repo, path, commit, { xet })), expected, path);
          }
        }
      });
    }
  }
  return report;
}

const report = process.env.CLIENT_PHASE === "publish" ? await publish() : await fetchAll();
// With all connections closed, the client still keeps Node from ending when it has changed a file in place.
process.exit(report.failed ? 1 : 0);
