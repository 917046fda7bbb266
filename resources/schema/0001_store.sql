-- Files of the content store (core/store/README.md). A blob holds one content, a pack many.
CREATE TABLE stored_file (
    id {id},
    kind BIGINT NOT NULL,
    name {bytes} NOT NULL,
    size BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    UNIQUE (kind, name)
);

-- Where the bytes of a content are: one run inside one file.
CREATE TABLE content (
    sha256 {bytes} NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    file BIGINT NOT NULL REFERENCES stored_file (id),
    offset_bytes BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    verified_ms BIGINT NOT NULL,
    unreferenced_since_ms BIGINT
);
CREATE INDEX content_by_file ON content (file, offset_bytes);
CREATE INDEX content_by_verified ON content (verified_ms);
CREATE INDEX content_unreferenced ON content (unreferenced_since_ms) WHERE unreferenced_since_ms IS NOT NULL;
