WITH wanted (object) AS (
  VALUES
    ('table catalog_object'),
    ('trigger catalog_object_is_never_changed on catalog_object'),
    ('view catalog_current'),
    ('table assignment')
), made (object) AS (
  SELECT type || ' ' || name || iif(name = tbl_name, '', ' on ' || tbl_name) FROM sqlite_schema
)
SELECT object || ' is missing' FROM wanted
EXCEPT SELECT object || ' is missing' FROM made;
