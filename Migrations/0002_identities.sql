-- Which pairs of source and id are stored. The log has no index on them: random keys would touch
-- pages all over a B-tree, which costs more than all other work together. Instead, the fingerprints
-- of older events are in sorted segments, which are written once and merged four to one. The
-- fingerprints of the newest events are in memory; a start reads them from the end of the log.
CREATE TABLE identity_run (
  run INTEGER PRIMARY KEY,
  level INTEGER NOT NULL CHECK (level >= 0), -- the segment holds 4^level flushes
  state TEXT NOT NULL CHECK (state IN ('building', 'live', 'dropping')),
  through INTEGER NOT NULL -- the sequence number of the last event it covers
) STRICT;

-- place = run * 2^32 + chunk. Sorted entries of 9 bytes: 32 bits of the fingerprint, then 40 bits
-- of the sequence number, both big-endian.
CREATE TABLE identity_chunk (
  place INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

-- place = run * 2^32 + part. A part holds the Bloom filters of 64 chunks.
CREATE TABLE identity_filter (
  place INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
) STRICT;

-- The secret key of the fingerprints, so that nobody can choose ids that collide.
CREATE TABLE identity_secret (
  secret BLOB NOT NULL CHECK (length(secret) = 16)
) STRICT;

INSERT INTO identity_secret (secret) VALUES (randomblob(16));
