SELECT 'table ' || wanted.name || ' is missing'
FROM (SELECT 'name' AS name UNION SELECT 'event_page' UNION SELECT 'event_place'
  UNION SELECT 'event_conflict' UNION SELECT 'bucket' UNION SELECT 'hour_seen') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.type = 'table' AND made.name = wanted.name)
UNION ALL
SELECT 'the log is not append-only'
WHERE (SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event_page') <> 2;
