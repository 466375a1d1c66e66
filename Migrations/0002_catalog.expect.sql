SELECT wanted.name || ' is missing'
FROM (SELECT 'catalog_object' AS name UNION SELECT 'catalog_current' UNION SELECT 'assignment') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
