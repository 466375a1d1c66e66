-- How far each version of a meter has been counted. One is live and serves; a newer one may be counted from
-- the log beside it; an older one goes.
CREATE TABLE meter_count (
  meter TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('counting', 'live', 'dropping')),
  -- The last event that was counted; of one that goes, the last hour that is gone.
  through INTEGER NOT NULL,
  -- The name whose number its buckets bear.
  series TEXT NOT NULL,
  PRIMARY KEY (meter, version)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX meter_count_live ON meter_count (meter) WHERE state = 'live';

CREATE UNIQUE INDEX meter_count_counting ON meter_count (meter) WHERE state = 'counting';

-- Until now every meter was counted when it was put.
INSERT INTO meter_count (meter, version, state, through, series)
SELECT key, version, 'live', 0, key FROM catalog_current WHERE kind = 'meter';
