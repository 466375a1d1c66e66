-- Amounts that were agreed on beside what clauses make: the next run of the month includes them.
CREATE TABLE adjustment (
  sequence INTEGER PRIMARY KEY,
  contract TEXT NOT NULL,
  month TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'goodwill'),
  clause TEXT,
  currency TEXT NOT NULL,
  amount TEXT NOT NULL,
  reason TEXT NOT NULL,
  author TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE INDEX adjustment_by_contract ON adjustment (contract, month);

CREATE TRIGGER adjustment_never_changes BEFORE UPDATE ON adjustment
BEGIN
  SELECT RAISE (ABORT, 'an adjustment never changes; make another one');
END;

CREATE TRIGGER adjustment_is_never_deleted BEFORE DELETE ON adjustment
BEGIN
  SELECT RAISE (ABORT, 'an adjustment is never deleted; make another one');
END;

-- The answers to requests that had an idempotency key, so that the same request is carried out once.
-- Written in the transaction of what they answer. A row may go once nobody asks again.
CREATE TABLE kept_answer (
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL, -- the digest of what was asked
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;
