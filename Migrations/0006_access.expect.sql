WITH wanted (object) AS (
  VALUES
    ('table denied_token'),
    ('table passed_time')
), made (object) AS (
  SELECT type || ' ' || name || iif(name = tbl_name, '', ' on ' || tbl_name) FROM sqlite_schema
)
SELECT object || ' is missing' FROM wanted
EXCEPT SELECT object || ' is missing' FROM made;
