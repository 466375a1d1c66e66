-- Tokens that are no longer accepted: revoked tokens, and links that have been used. A row may be
-- deleted after the token has expired.
CREATE TABLE denied_token (
  id TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The time that has certainly passed, whatever the clock says: a running service advances it. Rows
-- that may be deleted after a time (revoked tokens, responses) are deleted by this time.
CREATE TABLE passed_time (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  until INTEGER NOT NULL
) STRICT;
