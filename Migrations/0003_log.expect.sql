WITH wanted (object) AS (
  VALUES
    ('table name'),
    ('trigger name_never_changes on name'),
    ('table event_page'),
    ('index event_page_in_doubt on event_page'),
    ('index event_page_by_time on event_page'),
    ('trigger event_is_never_deleted on event_page'),
    ('trigger event_is_never_changed on event_page'),
    ('table event_place'),
    ('table event_conflict'),
    ('index event_conflict_by_event on event_conflict'),
    ('table event_correction'),
    ('index event_correction_by_target on event_correction'),
    ('table event_amended'),
    ('index event_amended_by_subject on event_amended'),
    ('column event_page.digest'),
    ('column event_conflict.author')
), made (object) AS (
  SELECT type || ' ' || name || iif(name = tbl_name, '', ' on ' || tbl_name) FROM sqlite_schema
  UNION ALL SELECT 'column event_page.' || name FROM pragma_table_info('event_page')
  UNION ALL SELECT 'column event_conflict.' || name FROM pragma_table_info('event_conflict')
)
SELECT object || ' is missing' FROM wanted
EXCEPT SELECT object || ' is missing' FROM made
UNION ALL
SELECT 'event_page has the unknown trigger ' || name
FROM sqlite_schema
WHERE type = 'trigger' AND tbl_name = 'event_page'
  AND name NOT IN ('event_is_never_changed', 'event_is_never_deleted');
