SELECT wanted.name || ' is missing'
FROM (SELECT 'invoice' AS name UNION SELECT 'number_series'
  UNION SELECT 'invoice_final_never_changes' UNION SELECT 'invoice_final_is_never_deleted') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
