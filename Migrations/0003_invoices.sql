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
  UNIQUE (series, sequence),
  CHECK ((status = 'final') = (sequence IS NOT NULL AND series IS NOT NULL AND finalised IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX invoice_by_customer ON invoice (customer, month);

CREATE TRIGGER invoice_final_never_changes BEFORE UPDATE ON invoice WHEN OLD.status = 'final'
BEGIN
  SELECT RAISE (ABORT, 'a final invoice never changes');
END;

CREATE TRIGGER invoice_final_is_never_deleted BEFORE DELETE ON invoice WHEN OLD.status = 'final'
BEGIN
  SELECT RAISE (ABORT, 'a final invoice is never deleted');
END;

-- The last number given in each series: numbers have no gaps.
CREATE TABLE number_series (
  series TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
