-- What happened to invoices, in order: append-only, each body vouched for by the digest of the next
-- (see Settlement, Chain). The columns behind the digest are read out of the body.
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

CREATE INDEX invoice_by_contract ON invoice (contract, month);

-- An invoice and where it stands: in minor units what was credited, paid and is in dispute, the day
-- it is due, and when anything about it last changed.
CREATE VIEW invoice_standing AS
SELECT invoice.*,
  EXISTS (SELECT 1 FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'voided') AS is_void,
  coalesce((SELECT sum(minor) FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'credited'), 0) AS credited,
  coalesce((SELECT sum(minor) FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'paid'), 0) AS paid,
  coalesce((SELECT sum(CASE kind WHEN 'disputed' THEN minor ELSE -minor END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('disputed', 'resolved')), 0) AS held,
  (SELECT day FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'finalised') AS due,
  (SELECT max(sequence) FROM invoice_event AS event WHERE event.invoice = key) AS last_change
FROM invoice;
