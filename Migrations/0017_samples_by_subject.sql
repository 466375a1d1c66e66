-- What holds until the next word, or rises from reading to reading, asks for the samples of one subject
-- however long ago they are: by subject, not by hour.
CREATE INDEX bucket_samples_by_subject ON bucket_samples (meter, subject, hour);
