SELECT 'event_page_by_time is missing'
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'event_page_by_time');
