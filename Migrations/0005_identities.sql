-- Which (source, id) are stored already. The log itself has no index over them: random keys touch
-- pages all over a B-tree, and that costs more than everything else together. Instead, the
-- fingerprints of older events lie in sorted runs that are written once and merged four to one;
-- those of the newest are held in memory, and found again in the log's tail after a start.
CREATE TABLE identity_run (
  run INTEGER PRIMARY KEY,
  level INTEGER NOT NULL CHECK (level >= 0), -- 4^level flushes
  state TEXT NOT NULL CHECK (state IN ('building', 'live', 'dropping')),
  through INTEGER NOT NULL -- the last event it covers
) STRICT;

-- place = run * 2^32 + chunk. Entries of 9 bytes, sorted: 32 bits of the fingerprint, 40 bits of the
-- sequence number, both big-endian.
CREATE TABLE identity_chunk (
  place INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

-- place = run * 2^32 + part: the Bloom filters of 64 chunks.
CREATE TABLE identity_filter (
  place INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
) STRICT;

-- The secret of the fingerprints: nobody can choose ids that collide.
CREATE TABLE identity_secret (
  secret BLOB NOT NULL CHECK (length(secret) = 16)
) STRICT;

INSERT INTO identity_secret (secret) VALUES (randomblob(16));
