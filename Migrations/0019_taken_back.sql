-- What finance takes back by an act of its own: payments, and adjustments that no final invoice has.

-- What was paid is less what was taken back of it; all else is as it was.
DROP VIEW invoice_standing;

CREATE VIEW invoice_standing AS
SELECT invoice.*,
  EXISTS (SELECT 1 FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'voided') AS is_void,
  coalesce((SELECT sum(minor) FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'credited'), 0) AS credited,
  coalesce((SELECT sum(CASE kind WHEN 'paid' THEN minor ELSE -minor END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('paid', 'returned')), 0) AS paid,
  coalesce((SELECT sum(CASE kind WHEN 'disputed' THEN minor ELSE -minor END)
    FROM invoice_event AS event
    WHERE event.invoice = key AND kind IN ('disputed', 'resolved')), 0) AS held,
  (SELECT day FROM invoice_event AS event
    WHERE event.invoice = key AND kind = 'finalised') AS due,
  (SELECT max(sequence) FROM invoice_event AS event WHERE event.invoice = key) AS last_change
FROM invoice;

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
