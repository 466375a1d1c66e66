-- Seven days of a subject in one row, in blocks of six hours, instead of a row for each block: a month
-- of a fleet is read in a twelfth of the rows. What was packed before is packed anew, beside what is
-- stored from now on.
DROP TABLE bucket_block;
DELETE FROM block_packed;

CREATE TABLE bucket_shelf (
  shelf INTEGER NOT NULL, -- hour / 168, rounded down
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  changed INTEGER NOT NULL, -- the blocks that have changed since, a bit each: the buckets say them
  blocks BLOB NOT NULL,
  PRIMARY KEY (shelf, meter, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX bucket_shelf_to_renew ON bucket_shelf (shelf) WHERE changed <> 0;
