SELECT 'bucket_samples_by_subject is missing'
WHERE NOT EXISTS (
  SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'bucket_samples_by_subject');
