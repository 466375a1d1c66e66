-- Why a draft is to be looked at (a list, see Settlement, HoldReason), which of these reasons somebody
-- has released, and whether one that holds it is left: beside the document, which is a function of
-- events and agreements alone. What usage and fees came to, for later periods to be held against.
ALTER TABLE invoice ADD COLUMN reasons TEXT;
ALTER TABLE invoice ADD COLUMN released TEXT;
ALTER TABLE invoice ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invoice ADD COLUMN charges TEXT;

CREATE INDEX invoice_held ON invoice (key) WHERE is_held;

CREATE TRIGGER invoice_held_gets_no_number BEFORE UPDATE ON invoice
WHEN NEW.is_held AND NEW.status = 'final'
BEGIN
  SELECT RAISE (ABORT, 'a held draft gets no number');
END;
