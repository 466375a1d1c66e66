-- A cache of `bucket`, twelve hours of a subject in one row: a month of a fleet is then read in some
-- hundred places, not in one an hour and asset. A block is packed once nothing has been added to
-- it for a while; the buckets stay. Sixteen blocks of a subject lie side by side, on a shelf.
CREATE TABLE bucket_block (
  shelf INTEGER NOT NULL, -- block / 16, rounded down
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  block INTEGER NOT NULL, -- hour / 12, rounded down
  hours BLOB, -- nothing where something has changed since: then the buckets say it
  PRIMARY KEY (shelf, meter, subject, block)
) STRICT, WITHOUT ROWID;

CREATE INDEX bucket_block_to_renew ON bucket_block (block) WHERE hours IS NULL;

-- The blocks of a meter of which every subject is packed, and those on the way to it.
CREATE TABLE block_packed (
  meter INTEGER NOT NULL,
  block INTEGER NOT NULL,
  next INTEGER, -- the subject to go on with; nothing where all are done
  PRIMARY KEY (meter, block)
) STRICT, WITHOUT ROWID;
