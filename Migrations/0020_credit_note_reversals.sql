-- Credit notes that were taken back, each by a document of its own with a number of the series INV.
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

-- An invoice and where it stands, as before; what credit notes gave back that were taken back
-- counts no more, of a dispute what is still held, and how many lines are in dispute.
DROP VIEW invoice_standing;

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
