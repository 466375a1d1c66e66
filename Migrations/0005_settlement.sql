-- Draft and final invoices. The document depends on events and agreements alone; number, days and
-- what people decided about the invoice are in columns beside it.
CREATE TABLE invoice (
  key TEXT PRIMARY KEY,
  contract TEXT NOT NULL,
  customer TEXT NOT NULL,
  month TEXT NOT NULL,
  period_end INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'final')),
  currency TEXT NOT NULL,
  total TEXT NOT NULL,
  document TEXT NOT NULL,
  rated INTEGER NOT NULL,
  series TEXT,
  sequence INTEGER,
  finalised INTEGER,
  -- The last event in the log when the invoice was rated. The invoice does not include any later
  -- event or correction.
  last_event INTEGER,
  reasons TEXT, -- why a person must look at the draft: a list of HoldReason (Settlement)
  released TEXT, -- which of these reasons a person has released
  is_held INTEGER NOT NULL DEFAULT 0, -- whether a reason that holds the draft is not released
  charges TEXT, -- what usage and fees came to; later periods are compared with it
  UNIQUE (series, sequence),
  CHECK (
    (status = 'final') = (sequence IS NOT NULL AND series IS NOT NULL AND finalised IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX invoice_by_customer ON invoice (customer, month);

CREATE INDEX invoice_by_contract ON invoice (contract, month);

CREATE INDEX invoice_held ON invoice (key) WHERE is_held;

CREATE TRIGGER invoice_final_never_changes BEFORE UPDATE ON invoice WHEN OLD.status = 'final'
BEGIN
  SELECT RAISE (ABORT, 'a final invoice never changes');
END;

CREATE TRIGGER invoice_final_is_never_deleted BEFORE DELETE ON invoice WHEN OLD.status = 'final'
BEGIN
  SELECT RAISE (ABORT, 'a final invoice is never deleted');
END;

CREATE TRIGGER invoice_held_gets_no_number BEFORE UPDATE ON invoice
WHEN NEW.is_held AND NEW.status = 'final'
BEGIN
  SELECT RAISE (ABORT, 'a held draft gets no number');
END;

-- The last number given in each series. Numbers have no gaps.
CREATE TABLE number_series (
  series TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to invoices, in order. Append-only, and a hash chain: each digest covers the body
-- and the digest before it (see Chain in Settlement). The columns after the digest are read from
-- the body.
CREATE TABLE invoice_event (
  sequence INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  digest TEXT NOT NULL,
  invoice TEXT GENERATED ALWAYS AS (body ->> '$.invoice') VIRTUAL,
  kind TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL,
  minor INTEGER GENERATED ALWAYS AS (body ->> '$.minor') VIRTUAL,
  day TEXT GENERATED ALWAYS AS (body ->> '$.day') VIRTUAL
) STRICT;

CREATE INDEX invoice_event_by_invoice ON invoice_event (invoice, kind);

CREATE TRIGGER invoice_event_never_changes BEFORE UPDATE ON invoice_event
BEGIN
  SELECT RAISE (ABORT, 'what happened never changes');
END;

CREATE TRIGGER invoice_event_is_never_deleted BEFORE DELETE ON invoice_event
BEGIN
  SELECT RAISE (ABORT, 'what happened is never deleted');
END;

-- Credit notes, by their number in the series CN.
CREATE TABLE credit_note (
  sequence INTEGER PRIMARY KEY,
  invoice TEXT NOT NULL REFERENCES invoice (key),
  issued INTEGER NOT NULL,
  total TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE INDEX credit_note_by_invoice ON credit_note (invoice);

CREATE TRIGGER credit_note_never_changes BEFORE UPDATE ON credit_note
BEGIN
  SELECT RAISE (ABORT, 'a credit note never changes');
END;

CREATE TRIGGER credit_note_is_never_deleted BEFORE DELETE ON credit_note
BEGIN
  SELECT RAISE (ABORT, 'a credit note is never deleted');
END;

-- Reversed credit notes. Each reversal is a separate document with a number of the series INV.
CREATE TABLE credit_note_reversal (
  sequence INTEGER PRIMARY KEY,
  credit_note INTEGER NOT NULL UNIQUE REFERENCES credit_note (sequence),
  issued INTEGER NOT NULL,
  total TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TRIGGER credit_note_reversal_never_changes BEFORE UPDATE ON credit_note_reversal
BEGIN
  SELECT RAISE (ABORT, 'what takes a credit note back never changes');
END;

CREATE TRIGGER credit_note_reversal_is_never_deleted BEFORE DELETE ON credit_note_reversal
BEGIN
  SELECT RAISE (ABORT, 'what takes a credit note back is never deleted');
END;

-- Each invoice with its state: the amounts credited, paid and disputed in minor units (without what
-- was reversed, returned, released or resolved), the number of disputed lines, the due day, and the
-- event that changed it last.
CREATE VIEW invoice_standing AS
SELECT invoice.*,
  EXISTS (SELECT 1 FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'voided') AS is_void,
  coalesce((SELECT sum(CASE kind WHEN 'credited' THEN minor ELSE -minor END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('credited', 'creditVoided')), 0) AS credited,
  coalesce((SELECT sum(CASE kind WHEN 'paid' THEN minor ELSE -minor END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('paid', 'returned')), 0) AS paid,
  coalesce((SELECT sum(CASE kind WHEN 'disputed' THEN minor ELSE -minor END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('disputed', 'disputeReduced', 'resolved')), 0) AS held,
  coalesce((SELECT sum(CASE kind WHEN 'disputed' THEN 1 ELSE -1 END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('disputed', 'resolved')), 0) AS disputes,
  (SELECT day FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'finalised') AS due,
  (SELECT max(sequence) FROM invoice_event AS event WHERE event.invoice = key) AS last_change
FROM invoice;

-- The ledger: append-only, and a hash chain like invoice_event. The body of an entry says what the
-- entry moves; its postings say the same in columns. The postings are written first: an entry is
-- refused if they do not balance.
CREATE TABLE ledger_entry (
  sequence INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  digest TEXT NOT NULL,
  invoice TEXT GENERATED ALWAYS AS (body ->> '$.invoice') VIRTUAL,
  customer TEXT GENERATED ALWAYS AS (body ->> '$.customer') VIRTUAL
) STRICT;

CREATE INDEX ledger_entry_by_invoice ON ledger_entry (invoice);

-- Amounts are in minor units. The reference is checked when the transaction ends: no posting stays
-- without its entry.
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

-- Amounts agreed beside what the clauses charge. The next billing run of the month includes them.
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

-- Adjustments that finance withdrew before a final invoice included them.
CREATE TABLE adjustment_withdrawal (
  adjustment INTEGER PRIMARY KEY REFERENCES adjustment (sequence),
  reason TEXT NOT NULL,
  author TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TRIGGER adjustment_withdrawal_never_changes BEFORE UPDATE ON adjustment_withdrawal
BEGIN
  SELECT RAISE (ABORT, 'what was taken back stays so; make another adjustment');
END;

CREATE TRIGGER adjustment_withdrawal_is_never_deleted BEFORE DELETE ON adjustment_withdrawal
BEGIN
  SELECT RAISE (ABORT, 'what was taken back stays so; make another adjustment');
END;

-- Proofs of rows that never change after they are stored and are in no other chain: final invoices,
-- credit notes and their reversals, adjustments and their withdrawals, agreements, quarantined
-- events. A body names its row and holds the digests of its columns. Append-only, and a hash chain
-- like invoice_event.
CREATE TABLE row_proof (
  sequence INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  digest TEXT NOT NULL,
  proven TEXT GENERATED ALWAYS AS (body ->> '$.row') VIRTUAL
) STRICT;

CREATE INDEX row_proof_by_row ON row_proof (proven);

CREATE TRIGGER row_proof_never_changes BEFORE UPDATE ON row_proof
BEGIN
  SELECT RAISE (ABORT, 'a proof never changes');
END;

CREATE TRIGGER row_proof_is_never_deleted BEFORE DELETE ON row_proof
BEGIN
  SELECT RAISE (ABORT, 'a proof is never deleted');
END;

-- The responses to requests with an idempotency key, so that a repeated request is carried out
-- once. Each is written in the transaction of its request. A row may be deleted when no client
-- retries the request any more.
CREATE TABLE kept_answer (
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL, -- the digest of the request
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;
