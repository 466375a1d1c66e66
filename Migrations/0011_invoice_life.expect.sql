SELECT wanted.name || ' is missing'
FROM (SELECT 'invoice_event' AS name UNION SELECT 'credit_note' UNION SELECT 'invoice_standing'
  UNION SELECT 'invoice_event_never_changes' UNION SELECT 'invoice_event_is_never_deleted'
  UNION SELECT 'credit_note_never_changes' UNION SELECT 'credit_note_is_never_deleted') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
