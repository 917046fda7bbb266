-- Through which repository a content was uploaded (its key in lower case): a token that is limited to one repository makes use
-- of no upload to another. Empty for uploads of the time before, which only tokens without such a limit may use.
CREATE TABLE upload_claim_new (
    sha256 {bytes} NOT NULL,
    user_id BIGINT NOT NULL,
    repository TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (sha256, user_id, repository)
);
INSERT INTO upload_claim_new (sha256, user_id, repository, expires_ms)
    SELECT sha256, user_id, '', expires_ms FROM upload_claim;
DROP TABLE upload_claim;
ALTER TABLE upload_claim_new RENAME TO upload_claim;
CREATE INDEX upload_claim_by_expiry ON upload_claim (expires_ms);
