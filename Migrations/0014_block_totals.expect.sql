SELECT wanted.name || ' is missing'
FROM (SELECT 'bucket_block' AS name UNION SELECT 'block_packed') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
