// SPDX-License-Identifier: Apache-2.0
// compare.mjs <folder with node_modules> <xet_probe>: is what xet_probe says of files what xet-core says of them?
// @huggingface/hub carries xet-core compiled to WebAssembly, which is run here as it is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TARGET_CHUNK_BYTES = 65536;
const PIECE_BYTES = 1 << 20;

async function loadXetCore(modules) {
  const folder = join(modules, "node_modules/@huggingface/hub/src/vendor/xet-chunk");
  // The package does not say that this file is a module, so it is imported from a copy that does.
  const source = readFileSync(join(folder, "chunker_wasm_bg.js"));
  const core = await import(`data:text/javascript;base64,${source.toString("base64")}`);
  const text = readFileSync(join(folder, "chunker_wasm_bg.wasm.base64.ts"), "utf8");
  const [, base64] = text.match(/`([A-Za-z0-9+/=\s]+)`/);
  core.initSync({ module: Buffer.from(base64, "base64") });
  return core;
}

/** Numbers from 0 to 2^32 - 1, the same for the same seed (xorshift). */
function numbers(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

function randomBytes(seed, size, values = 256) {
  const next = numbers(seed);
  return Buffer.from(Uint8Array.from({ length: size }, () => (next() >>> 8) % values));
}

/** Cuts, repeats and overwrites runs of `bytes`. */
function edited(bytes, seed) {
  const next = numbers(seed);
  for (let edit = 0; edit < 8; ++edit) {
    const at = next() % bytes.length;
    const end = at + (next() % 20_000);
    const middle = [Buffer.alloc(0), bytes.subarray(at, end), randomBytes(seed + edit, 5000)][next() % 3];
    bytes = Buffer.concat([bytes.subarray(0, at), middle, next() % 2 ? middle : Buffer.alloc(0), bytes.subarray(end)]);
  }
  return bytes;
}

function* inputs() {
  for (const size of [0, 1, 8127, 8128, 8191, 8192, 8193, 131072, 131073]) {
    yield [`${size} random bytes`, randomBytes(size, size)];
  }
  for (let seed = 1; seed <= 6; ++seed) {
    yield [`random ${seed}`, randomBytes(seed, 2_000_000 + seed * 100_003)];
    yield [`edited ${seed}`, edited(randomBytes(1, 3_000_000), seed)];
  }
  for (const values of [1, 2, 3, 4, 7, 16, 60]) {
    yield [`${values} values`, randomBytes(values, 1_500_000, values)];
  }
  yield ["runs", Buffer.concat([Buffer.alloc(400_000, 17), randomBytes(9, 300_000), Buffer.alloc(400_000)])];
}

function expected(core, bytes) {
  const chunker = new core.Chunker(TARGET_CHUNK_BYTES);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    chunks.push(...chunker.add_data(bytes.subarray(at, at + PIECE_BYTES)));
  }
  chunks.push(...chunker.finish());
  const key = Array.from({ length: 4 }, (_, word) =>
    Array.from({ length: 8 }, (_, byte) => (8 * word + 7 - byte).toString(16).padStart(2, "0")).join("")).join("");
  return {
    file: core.compute_file_hash(chunks),
    xorb: core.compute_xorb_hash(chunks),
    ...(chunks.length > 0 && {
      range: core.compute_verification_hash(chunks.map((chunk) => chunk.hash)),
      hidden: core.compute_hmac(chunks[0].hash, key),
    }),
    chunks: chunks.map((chunk) => [chunk.hash, Number(chunk.length)]),
  };
}

const [modules, probe] = process.argv.slice(2);
const core = await loadXetCore(modules);
const folder = mkdtempSync(join(tmpdir(), "hublet-xet-"));
let chunks = 0;
let files = 0;
try {
  for (const [name, bytes] of inputs()) {
    const path = join(folder, "input");
    writeFileSync(path, bytes);
    const { cpuSeconds, range, ...said } = JSON.parse(execFileSync(probe, [path], { maxBuffer: 1 << 26 }));
    // A range without chunks does not exist; xet-core is not asked about it.
    assert.deepEqual({ ...said, ...(bytes.length > 0 && { range }) }, expected(core, bytes), name);
    chunks += said.chunks.length;
    ++files;
  }
} finally {
  rmSync(folder, { recursive: true });
}
assert.ok(files > 20 && chunks > 500);
console.log(`${files} files, ${chunks} chunks: the same`);
