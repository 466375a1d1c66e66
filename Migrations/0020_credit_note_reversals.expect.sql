SELECT wanted.name || ' is missing'
FROM (SELECT 'credit_note_reversal' AS name UNION SELECT 'invoice_standing'
  UNION SELECT 'credit_note_reversal_never_changes'
  UNION SELECT 'credit_note_reversal_is_never_deleted') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
