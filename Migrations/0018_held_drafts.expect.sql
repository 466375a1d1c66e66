SELECT wanted.name || ' is missing'
FROM (SELECT 'invoice_held' AS name UNION SELECT 'invoice_held_gets_no_number') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name)
UNION ALL SELECT 'invoice.' || wanted.name || ' is missing'
FROM (SELECT 'reasons' AS name UNION SELECT 'released' UNION SELECT 'is_held'
  UNION SELECT 'charges') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('invoice') WHERE name = wanted.name);
