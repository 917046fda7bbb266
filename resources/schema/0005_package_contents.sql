-- The contents of a package: for a repository's quota, and when packages are deleted.
CREATE INDEX package_content_by_package ON package_content (package, sha256);
