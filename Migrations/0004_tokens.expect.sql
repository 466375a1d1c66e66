SELECT 'denied_token is missing'
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'denied_token');
