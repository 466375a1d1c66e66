SELECT 'block_packed is missing'
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'block_packed' AND type = 'table');
