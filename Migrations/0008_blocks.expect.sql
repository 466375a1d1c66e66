SELECT wanted.name || ' is missing'
FROM (SELECT 'block_packed' AS name) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.type = 'table' AND made.name = wanted.name);
