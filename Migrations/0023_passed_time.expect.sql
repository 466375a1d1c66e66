SELECT 'passed_time is missing'
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'passed_time');
