-- Tokens that are no longer accepted: revoked ones, and links that have been used.
-- A row may go once the token has expired anyway.
CREATE TABLE denied_token (
  id TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
