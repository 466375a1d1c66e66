SELECT 'event_conflict.author is missing'
WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info ('event_conflict') WHERE name = 'author');
