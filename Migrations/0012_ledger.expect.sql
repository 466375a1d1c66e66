SELECT wanted.name || ' is missing'
FROM (SELECT 'ledger_entry' AS name UNION SELECT 'ledger_posting'
  UNION SELECT 'ledger_entry_is_in_balance' UNION SELECT 'ledger_posting_is_before_its_entry'
  UNION SELECT 'ledger_entry_never_changes' UNION SELECT 'ledger_entry_is_never_deleted'
  UNION SELECT 'ledger_posting_never_changes' UNION SELECT 'ledger_posting_is_never_deleted') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.name = wanted.name);
