-- Files of the content store (core/store/README.md). kind 0: a blob, holds one content; kind 1: a pack, holds many.
CREATE TABLE stored_file (
    id {id},
    kind BIGINT NOT NULL,
    name {bytes} NOT NULL,
    size BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    UNIQUE (kind, name)
);

-- Where the bytes of a content are: one run inside one file. verified_ms: when they were last hashed, 0 = known to be damaged.
-- unreferenced_since_ms: when a sweep first found that nothing refers to it.
CREATE TABLE content (
    sha256 {bytes} NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    file BIGINT NOT NULL REFERENCES stored_file (id),
    offset_bytes BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    verified_ms BIGINT NOT NULL,
    unreferenced_since_ms BIGINT
);
CREATE INDEX content_by_file ON content (file, offset_bytes, sha256);
CREATE INDEX content_by_verified ON content (verified_ms, sha256);

-- Numbers that the store remembers: 'reconciled_file' = the newest stored_file that was seen on disk by a start-up check.
CREATE TABLE store_mark (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
