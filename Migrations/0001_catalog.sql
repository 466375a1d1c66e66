-- Customers, assets, meters and contracts as documents. Every version is kept.
CREATE TABLE catalog_object (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  document TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (kind, key, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER catalog_object_is_never_changed BEFORE UPDATE ON catalog_object
BEGIN
  SELECT RAISE (ABORT, 'a version never changes; put a new one');
END;

-- The newest version of each object: SQLite takes the bare columns from the row with the maximum.
CREATE VIEW catalog_current AS
SELECT kind, key, max(version) AS version, document, created
FROM catalog_object
GROUP BY kind, key;

-- Which contract an asset serves, and when, from the newest version of the asset's document. Events
-- that no contract covers are found by it.
CREATE TABLE assignment (
  asset TEXT NOT NULL,
  starts INTEGER NOT NULL,
  ends INTEGER NOT NULL, -- exclusive
  contract TEXT NOT NULL,
  PRIMARY KEY (asset, starts)
) STRICT, WITHOUT ROWID;
