SELECT wanted.name || ' is missing'
FROM (SELECT 'invoice_standing' AS name UNION SELECT 'adjustment_withdrawal'
  UNION SELECT 'adjustment_withdrawal_never_changes'
  UNION SELECT 'adjustment_withdrawal_is_never_deleted') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
