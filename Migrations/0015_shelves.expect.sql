SELECT wanted.name || ' is missing'
FROM (SELECT 'bucket_shelf' AS name UNION SELECT 'bucket_shelf_to_renew') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name)
UNION ALL
SELECT 'bucket_block is still there' FROM sqlite_schema WHERE name = 'bucket_block';
