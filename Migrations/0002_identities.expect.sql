WITH wanted (object) AS (
  VALUES
    ('table identity_run'),
    ('table identity_chunk'),
    ('table identity_filter'),
    ('table identity_secret')
), made (object) AS (
  SELECT type || ' ' || name || iif(name = tbl_name, '', ' on ' || tbl_name) FROM sqlite_schema
)
SELECT object || ' is missing' FROM wanted
EXCEPT SELECT object || ' is missing' FROM made
UNION ALL
SELECT 'identity_secret has ' || held.secrets || ' rows, not 1'
FROM (SELECT count(*) AS secrets FROM identity_secret) AS held
WHERE held.secrets <> 1;
