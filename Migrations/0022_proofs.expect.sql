SELECT wanted.name || ' is missing'
FROM (SELECT 'row_proof' AS name UNION SELECT 'row_proof_never_changes'
  UNION SELECT 'row_proof_is_never_deleted' UNION SELECT 'event_is_never_changed'
  UNION SELECT 'name_never_changes') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name)
UNION ALL SELECT 'event_page.digest is missing'
WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info ('event_page') WHERE name = 'digest');
