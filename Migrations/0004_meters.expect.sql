WITH wanted (object) AS (
  VALUES
    ('table bucket'),
    ('table bucket_samples'),
    ('index bucket_samples_by_subject on bucket_samples'),
    ('table hour_seen'),
    ('table bucket_shelf'),
    ('index bucket_shelf_to_renew on bucket_shelf'),
    ('table block_packed'),
    ('table meter_count'),
    ('index meter_count_live on meter_count'),
    ('index meter_count_counting on meter_count')
), made (object) AS (
  SELECT type || ' ' || name || iif(name = tbl_name, '', ' on ' || tbl_name) FROM sqlite_schema
)
SELECT object || ' is missing' FROM wanted
EXCEPT SELECT object || ' is missing' FROM made
UNION ALL
SELECT 'meter ' || key || ' is not counted'
FROM (SELECT DISTINCT key FROM catalog_object WHERE kind = 'meter') AS put
WHERE NOT EXISTS (
  SELECT 1 FROM meter_count WHERE meter = put.key AND state IN ('counting', 'live'));
