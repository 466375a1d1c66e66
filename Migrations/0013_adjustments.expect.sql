SELECT wanted.name || ' is missing'
FROM (SELECT 'adjustment' AS name UNION SELECT 'kept_answer'
  UNION SELECT 'adjustment_never_changes' UNION SELECT 'adjustment_is_never_deleted') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
