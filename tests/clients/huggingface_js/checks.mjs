// SPDX-License-Identifier: Apache-2.0
// Runs check functions in order and appends one JSON line for each to the file that CLIENT_RESULTS names.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";

export class Report {
  failed = false;

  constructor(group) {
    this.group = group;
  }

  async check(name, action) {
    const started = performance.now();
    let outcome = "passed";
    let detail = "";
    try {
      await action();
    } catch (error) {
      outcome = "failed";
      detail = `${error?.stack ?? error}${error?.cause ? `\ncaused by ${error.cause}` : ""}`;
      this.failed = true;
    }
    const seconds = (performance.now() - started) / 1000;
    const line = JSON.stringify({ check: `${this.group}: ${name}`, outcome, seconds, detail });
    appendFileSync(process.env.CLIENT_RESULTS, `${line}\n`);
  }
}

/** Compares two maps from path to Buffer, and says which path differs without printing contents. */
export function sameFiles(actual, expected) {
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [path, content] of expected) {
    assert.equal(digest(actual.get(path)), digest(content), `content of ${path}`);
  }
}

export function digest(content) {
  return createHash("sha256").update(content).digest("hex");
}

export async function readFolder(folder) {
  const files = new Map();
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) {
      files.set(name, await readFile(path));
    }
  }
  return files;
}

export async function emptyFolder(name) {
  const folder = join(process.env.CLIENT_WORK_FOLDER, name);
  await mkdir(folder, { recursive: true });
  return folder;
}
