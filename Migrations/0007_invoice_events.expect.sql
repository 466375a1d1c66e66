SELECT 'invoice.last_event is missing'
WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('invoice') WHERE name = 'last_event');
