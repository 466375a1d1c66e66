-- Caches of the event log, and how far they are complete.

-- What a meter read from a subject's events in a UTC hour. The hour comes first in the key, as in
-- event_place. The sum is units_high * 2^62 + units_low, so that adding never overflows.
CREATE TABLE bucket (
  hour INTEGER NOT NULL,
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  events INTEGER NOT NULL,
  units_high INTEGER NOT NULL,
  units_low INTEGER NOT NULL CHECK (units_low >= 0),
  PRIMARY KEY (hour, meter, subject)
) STRICT, WITHOUT ROWID;

-- For meters that cannot be added up: the samples of the hour that matter to the meter, in the
-- format of SampleSet (Metering). See Documentation/Decisions/0010-samples-beside-buckets.md.
CREATE TABLE bucket_samples (
  hour INTEGER NOT NULL,
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  samples BLOB NOT NULL,
  PRIMARY KEY (hour, meter, subject)
) STRICT, WITHOUT ROWID;

-- A level that holds until the next sample, and a register that rises from reading to reading, need
-- the earlier samples of one subject, however old they are.
CREATE INDEX bucket_samples_by_subject ON bucket_samples (meter, subject, hour);

-- The hours that have buckets or pages: a reader skips all others.
CREATE TABLE hour_seen (
  hour INTEGER PRIMARY KEY
) STRICT;

-- A cache of `bucket`: seven days of a subject in one row, in blocks of six hours, so that a month
-- of a fleet is read in few rows. A block is packed when it has been idle for some commits; the
-- buckets stay. See Documentation/Decisions/0009-blocks-of-hours.md.
CREATE TABLE bucket_shelf (
  shelf INTEGER NOT NULL, -- hour / 168, rounded down
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  changed INTEGER NOT NULL, -- a bit for each block that changed since; its buckets hold the truth
  blocks BLOB NOT NULL, -- each block begins with the total of its hours
  PRIMARY KEY (shelf, meter, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX bucket_shelf_to_renew ON bucket_shelf (shelf) WHERE changed <> 0;

-- For which blocks of a meter all subjects are packed, and how far the others are.
CREATE TABLE block_packed (
  meter INTEGER NOT NULL,
  block INTEGER NOT NULL, -- hour / 6, rounded down
  next INTEGER, -- the subject to continue with; null when all are packed
  PRIMARY KEY (meter, block)
) STRICT, WITHOUT ROWID;

-- How far each version of a meter has been counted. One version is live and answers; a newer one
-- may be counted from the log beside it; the buckets of an older one are deleted.
-- See Documentation/Decisions/0011-counting-meters-beside.md.
CREATE TABLE meter_count (
  meter TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('counting', 'live', 'dropping')),
  -- The last event that was counted; while dropping, the last hour that was deleted.
  through INTEGER NOT NULL,
  -- The text in `name` whose number is the meter of its buckets.
  series TEXT NOT NULL,
  PRIMARY KEY (meter, version)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX meter_count_live ON meter_count (meter) WHERE state = 'live';

CREATE UNIQUE INDEX meter_count_counting ON meter_count (meter) WHERE state = 'counting';
