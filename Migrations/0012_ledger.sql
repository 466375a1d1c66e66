-- The ledger: append-only, each entry vouched for by the digest of the next (see Settlement, Chain).
-- What an entry moves stands in its body, and once more in its postings, which are written before
-- it: the entry itself is only taken where they are in balance.
CREATE TABLE ledger_entry (
  sequence INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  digest TEXT NOT NULL,
  invoice TEXT GENERATED ALWAYS AS (body ->> '$.invoice') VIRTUAL,
  customer TEXT GENERATED ALWAYS AS (body ->> '$.customer') VIRTUAL
) STRICT;

CREATE INDEX ledger_entry_by_invoice ON ledger_entry (invoice);

-- In minor units. The reference is checked at the end of the transaction: none stays without entry.
CREATE TABLE ledger_posting (
  entry INTEGER NOT NULL REFERENCES ledger_entry (sequence) DEFERRABLE INITIALLY DEFERRED,
  account TEXT NOT NULL,
  debit INTEGER NOT NULL CHECK (debit >= 0),
  credit INTEGER NOT NULL CHECK (credit >= 0),
  PRIMARY KEY (entry, account),
  CHECK ((debit = 0) <> (credit = 0))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_entry_is_in_balance BEFORE INSERT ON ledger_entry
WHEN (SELECT coalesce(sum(debit) - sum(credit), 0) FROM ledger_posting
  WHERE entry = NEW.sequence) <> 0
BEGIN
  SELECT RAISE (ABORT, 'the debits of an entry equal its credits');
END;

CREATE TRIGGER ledger_posting_is_before_its_entry BEFORE INSERT ON ledger_posting
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE sequence = NEW.entry)
BEGIN
  SELECT RAISE (ABORT, 'an entry of the ledger is closed');
END;

CREATE TRIGGER ledger_entry_never_changes BEFORE UPDATE ON ledger_entry
BEGIN
  SELECT RAISE (ABORT, 'an entry of the ledger never changes');
END;

CREATE TRIGGER ledger_entry_is_never_deleted BEFORE DELETE ON ledger_entry
BEGIN
  SELECT RAISE (ABORT, 'an entry of the ledger is never deleted');
END;

CREATE TRIGGER ledger_posting_never_changes BEFORE UPDATE ON ledger_posting
BEGIN
  SELECT RAISE (ABORT, 'a posting never changes');
END;

CREATE TRIGGER ledger_posting_is_never_deleted BEFORE DELETE ON ledger_posting
BEGIN
  SELECT RAISE (ABORT, 'a posting is never deleted');
END;
