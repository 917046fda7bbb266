-- Users, groups, tokens and permissions. core/access reads all of it into memory at start and after each change.
-- "folded" is the name in lower case. Actions are comma-separated names as in actionName(), lists are lines.

CREATE TABLE access_user (
    id {id},
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    admin BIGINT NOT NULL,
    password TEXT NOT NULL,
    hub_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

CREATE TABLE access_group (
    id {id},
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    auto_join BIGINT NOT NULL,
    hub_id TEXT NOT NULL
);

CREATE TABLE access_membership (
    group_id BIGINT NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES access_user (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX access_membership_user ON access_membership (user_id);

-- The token itself is not stored, only its SHA-256 and its first characters.
CREATE TABLE access_token (
    id {id},
    user_id BIGINT NOT NULL REFERENCES access_user (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    repository TEXT,
    prefix TEXT NOT NULL,
    digest {bytes} NOT NULL UNIQUE,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT,
    last_used_ms BIGINT
);
CREATE INDEX access_token_user ON access_token (user_id);

CREATE TABLE access_permission (
    id {id},
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    repositories TEXT NOT NULL,
    includes TEXT NOT NULL,
    excludes TEXT NOT NULL,
    anonymous_read BIGINT NOT NULL
);

CREATE TABLE access_user_grant (
    permission_id BIGINT NOT NULL REFERENCES access_permission (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES access_user (id) ON DELETE CASCADE,
    actions TEXT NOT NULL,
    PRIMARY KEY (permission_id, user_id)
);
CREATE INDEX access_user_grant_user ON access_user_grant (user_id);

CREATE TABLE access_group_grant (
    permission_id BIGINT NOT NULL REFERENCES access_permission (id) ON DELETE CASCADE,
    group_id BIGINT NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
    actions TEXT NOT NULL,
    PRIMARY KEY (permission_id, group_id)
);
CREATE INDEX access_group_grant_group ON access_group_grant (group_id);

CREATE TABLE access_setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Everybody reads, nobody writes, until an administrator says otherwise.
INSERT INTO access_setting (name, value) VALUES ('anonymous', 'on');
INSERT INTO access_group (name, folded, description, auto_join, hub_id)
    VALUES ('everyone', 'everyone', 'All users', 1, '65766572796f6e6500000000');
INSERT INTO access_permission (name, folded, repositories, includes, excludes, anonymous_read)
    VALUES ('everyone-reads', 'everyone-reads', 'ANY', '**', '', 1);
INSERT INTO access_group_grant (permission_id, group_id, actions)
    SELECT access_permission.id, access_group.id, 'READ' FROM access_permission, access_group;
