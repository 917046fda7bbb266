-- Content as slices of xorbs (core/store/README.md). A stored_file of kind 2 is a xorb, named by its xorb hash.
-- touched_ms: last uploaded, referred to or shown to a client. verified_ms: when its chunks were last hashed, 0 = some are
-- damaged. dying_since_ms: nothing refers to it, it is shown to nobody any more, and its file goes next.
CREATE TABLE xorb (
    file BIGINT NOT NULL PRIMARY KEY REFERENCES stored_file (id),
    chunk_count BIGINT NOT NULL,
    raw_bytes BIGINT NOT NULL,
    touched_ms BIGINT NOT NULL,
    verified_ms BIGINT NOT NULL,
    dying_since_ms BIGINT
);
CREATE INDEX xorb_by_verified ON xorb (verified_ms, file);

-- Every chunk of every xorb that may be used again. prefix is the first word of the chunk's hash; the whole hash is in the
-- xorb's own index. No foreign keys: checking them would need a further index on the largest table of all.
CREATE TABLE xorb_chunk (
    prefix BIGINT NOT NULL,
    xorb BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (prefix, xorb, position)
) {clustered};

-- Chunks whose bytes do not match their hash any more.
CREATE TABLE damaged_chunk (
    xorb BIGINT NOT NULL REFERENCES xorb (file) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (xorb, position)
) {clustered};

-- A file as Xet names it. One SHA-256 may have several: clients cut content by different rules.
CREATE TABLE xet_file (
    id {id},
    hash {bytes} NOT NULL UNIQUE,
    sha256 {bytes} NOT NULL,
    size BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    touched_ms BIGINT NOT NULL
);
CREATE INDEX xet_file_by_sha256 ON xet_file (sha256, id);

-- The bytes of a xet_file, in order: runs of chunks, and where their bytes lie in the xorb.
CREATE TABLE xet_term (
    xet_file BIGINT NOT NULL REFERENCES xet_file (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    xorb BIGINT NOT NULL REFERENCES xorb (file),
    chunk_start BIGINT NOT NULL,
    chunk_end BIGINT NOT NULL,
    raw_start BIGINT NOT NULL,
    raw_bytes BIGINT NOT NULL,
    PRIMARY KEY (xet_file, position)
) {clustered};
CREATE INDEX xet_term_by_xorb ON xet_term (xorb, raw_start, raw_bytes);

-- Where the bytes of a content are: one run inside one file, or the terms of a xet_file.
CREATE TABLE content_new (
    sha256 {bytes} NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    file BIGINT REFERENCES stored_file (id),
    offset_bytes BIGINT,
    xet_file BIGINT REFERENCES xet_file (id),
    created_ms BIGINT NOT NULL,
    verified_ms BIGINT NOT NULL,
    unreferenced_since_ms BIGINT,
    CHECK ((file IS NULL) = (offset_bytes IS NULL) AND (file IS NULL) <> (xet_file IS NULL))
);
INSERT INTO content_new (sha256, size, file, offset_bytes, created_ms, verified_ms, unreferenced_since_ms)
    SELECT sha256, size, file, offset_bytes, created_ms, verified_ms, unreferenced_since_ms FROM content;
DROP TABLE content;
ALTER TABLE content_new RENAME TO content;
CREATE INDEX content_by_file ON content (file, offset_bytes, sha256);
CREATE INDEX content_by_verified ON content (verified_ms, sha256);
CREATE INDEX content_by_xet_file ON content (xet_file);

-- Which store this is, one row: clients remember what they uploaded by these two. A new epoch begins when they must forget.
CREATE TABLE store_identity (
    uuid TEXT NOT NULL,
    epoch BIGINT NOT NULL
);
