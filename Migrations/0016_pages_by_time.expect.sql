SELECT wanted.name || ' is missing'
FROM (SELECT 'event_page_by_time' AS name) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
