-- Repositories and packages. `folded` is the lower-case name that look-ups use.
CREATE TABLE repository (
    id {id},
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    class TEXT NOT NULL,
    layout TEXT NOT NULL,
    description TEXT NOT NULL,
    xet BIGINT NOT NULL,
    create_on_deploy BIGINT NOT NULL,
    strict_revision_names BIGINT NOT NULL,
    quota_bytes BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);

-- head, total_size, file_count, card, tags, pipeline_tag and library_name say what lies at main; tags are lines.
CREATE TABLE package (
    id {id},
    repository BIGINT NOT NULL REFERENCES repository (id),
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    namespace_folded TEXT NOT NULL,
    hub_id TEXT NOT NULL,
    is_private BIGINT NOT NULL,
    gating TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    creator TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    modified_ms BIGINT NOT NULL,
    head {bytes},
    total_size BIGINT NOT NULL,
    file_count BIGINT NOT NULL,
    downloads BIGINT NOT NULL,
    card TEXT NOT NULL,
    tags TEXT NOT NULL,
    pipeline_tag TEXT NOT NULL,
    library_name TEXT NOT NULL,
    UNIQUE (repository, type, folded)
);
CREATE INDEX package_by_modified ON package (modified_ms, id);

CREATE TABLE package_tag (
    package BIGINT NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (package, tag)
);

-- Where a package lay before it was moved.
CREATE TABLE package_redirect (
    repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    folded TEXT NOT NULL,
    package BIGINT NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    PRIMARY KEY (repository, type, folded)
);
CREATE INDEX package_redirect_by_package ON package_redirect (package);

-- Git trees, each once for all packages and commits. The entries of a tree are in pages; `pages` is the list of them.
-- `oid` is git's id. It is not the identity: the same git id can mean an LFS file here and a regular file with the text of
-- a pointer there, so `digest` covers what git does not see as well.
CREATE TABLE tree (
    id {id},
    digest {bytes} NOT NULL UNIQUE,
    oid {bytes} NOT NULL,
    pages {bytes} NOT NULL,
    file_count BIGINT NOT NULL,
    total_size BIGINT NOT NULL
);

-- `git` is git's own encoding of the entries, `facts` what git does not know about each.
CREATE TABLE tree_page (
    id {id},
    digest {bytes} NOT NULL UNIQUE,
    git {bytes} NOT NULL,
    facts {bytes} NOT NULL
);

-- `generation` counts the commits from here back along first parents; `parents` are git ids, 20 bytes each.
CREATE TABLE commit_object (
    id {id},
    package BIGINT NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    oid {bytes} NOT NULL,
    tree BIGINT NOT NULL REFERENCES tree (id),
    parents {bytes} NOT NULL,
    first_parent BIGINT,
    generation BIGINT NOT NULL,
    author TEXT NOT NULL,
    email TEXT NOT NULL,
    time_ms BIGINT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    request_digest {bytes},
    UNIQUE (package, oid)
);
CREATE INDEX commit_object_by_tree ON commit_object (tree);
CREATE INDEX commit_object_by_request ON commit_object (package, request_digest) WHERE request_digest IS NOT NULL;

CREATE TABLE package_ref (
    id {id},
    package BIGINT NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    commit_row BIGINT NOT NULL REFERENCES commit_object (id) ON DELETE CASCADE,
    message TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    UNIQUE (package, full_name)
);
CREATE INDEX package_ref_by_commit ON package_ref (commit_row);

-- One publication of a commit under a ref. No two of one package have the same time.
CREATE TABLE deployment (
    id {id},
    package BIGINT NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    full_name TEXT NOT NULL,
    commit_row BIGINT NOT NULL REFERENCES commit_object (id) ON DELETE CASCADE,
    publisher TEXT NOT NULL,
    published_ms BIGINT NOT NULL,
    UNIQUE (package, published_ms)
);
CREATE INDEX deployment_by_ref ON deployment (package, full_name, published_ms);
CREATE INDEX deployment_by_commit ON deployment (commit_row);

-- Every content that some commit of a package holds: what the sweep of the store keeps and who may name a content again.
-- No foreign keys: checking them would need further indexes on the largest table of all.
CREATE TABLE package_content (
    sha256 {bytes} NOT NULL,
    package BIGINT NOT NULL,
    added_ms BIGINT NOT NULL,
    PRIMARY KEY (sha256, package)
);

-- Bytes of the small files that the catalog itself reads: README.md, .gitattributes, .gitignore.
CREATE TABLE small_text (
    sha256 {bytes} NOT NULL PRIMARY KEY,
    body {bytes} NOT NULL
);

-- Who uploaded a content lately; keeps it from the sweep until a commit names it.
CREATE TABLE upload_claim (
    sha256 {bytes} NOT NULL,
    user_id BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (sha256, user_id)
);
CREATE INDEX upload_claim_by_expiry ON upload_claim (expires_ms);

CREATE TABLE discussion (
    id {id},
    package BIGINT NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    is_pull_request BIGINT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    author TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    base_branch TEXT NOT NULL,
    merge_commit {bytes},
    UNIQUE (package, number)
);

CREATE TABLE discussion_event (
    id {id},
    discussion BIGINT NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    hub_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    body TEXT NOT NULL,
    former_body TEXT NOT NULL,
    commit_oid {bytes},
    edited BIGINT NOT NULL,
    hidden BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX discussion_event_by_discussion ON discussion_event (discussion, id);
