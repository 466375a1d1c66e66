-- Beside a bucket, for meters that cannot just add up: the samples of that UTC hour that matter to the
-- meter, as Core/Metering/SampleSet writes them. A cache of the log, like the bucket.
CREATE TABLE bucket_samples (
  hour INTEGER NOT NULL,
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  samples BLOB NOT NULL,
  PRIMARY KEY (hour, meter, subject)
) STRICT, WITHOUT ROWID;
