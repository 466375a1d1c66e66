-- What vouches for rows that never change once they are kept and are not in a chain already: final
-- invoices, credit notes and what takes them back, adjustments, agreements, payloads that were kept
-- aside. Append-only, and a chain like the ledger (see Settlement, Chain). A body names its row and
-- has the digests of its columns.
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

-- Each page of the log vouches for all before it, and for the texts that had a number when it was
-- written: the last of these, and the digest. Final invoices note it where they rest on the page.
ALTER TABLE event_page ADD COLUMN names INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event_page ADD COLUMN digest BLOB NOT NULL DEFAULT x'';

DROP TRIGGER event_is_never_changed;
CREATE TRIGGER event_is_never_changed
BEFORE UPDATE OF first, events, received, earliest, latest, checksum, body, names, digest
ON event_page
BEGIN
  SELECT RAISE (ABORT, 'an event never changes');
END;

CREATE TRIGGER name_never_changes BEFORE UPDATE ON name
BEGIN
  SELECT RAISE (ABORT, 'a name never changes');
END;
