SELECT wanted.name || ' is missing'
FROM (SELECT 'event_correction' AS name UNION SELECT 'event_amended') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.type = 'table' AND made.name = wanted.name);
