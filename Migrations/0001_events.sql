-- Texts that repeat (sources, types, subjects, meters) are kept once and named by a number.
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- The log: append-only, in order of admission. Times are microseconds since 1970 in UTC.
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES name (id),
  id TEXT NOT NULL,
  type INTEGER NOT NULL REFERENCES name (id),
  subject INTEGER REFERENCES name (id),
  occurred INTEGER NOT NULL,
  received INTEGER NOT NULL,
  attributes TEXT, -- members of a JSON object, without its braces
  data TEXT, -- a JSON value, as it was sent
  doubt TEXT, -- why no meter could read it, where none could
  UNIQUE (source, id) -- counted once, for ever
) STRICT;

CREATE INDEX event_by_subject ON event (subject, occurred);
CREATE INDEX event_by_type ON event (type, sequence);
CREATE INDEX event_in_doubt ON event (sequence) WHERE doubt IS NOT NULL;

CREATE TRIGGER event_is_never_changed
BEFORE UPDATE OF sequence, source, id, type, subject, occurred, received, attributes, data ON event
BEGIN
  SELECT RAISE (ABORT, 'an event never changes');
END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN
  SELECT RAISE (ABORT, 'an event is never deleted');
END;

-- A second payload under the same source and id: the first stands, this one is shown.
CREATE TABLE event_conflict (
  sequence INTEGER PRIMARY KEY,
  event INTEGER NOT NULL REFERENCES event (sequence),
  type INTEGER NOT NULL REFERENCES name (id),
  subject INTEGER REFERENCES name (id),
  occurred INTEGER NOT NULL,
  received INTEGER NOT NULL,
  attributes TEXT,
  data TEXT
) STRICT;

CREATE INDEX event_conflict_by_event ON event_conflict (event);

-- A cache of the log: what a meter read from a subject's events in one UTC hour.
-- The sum is units_high * 2^62 + units_low, so that adding never leaves the integers.
CREATE TABLE bucket (
  meter INTEGER NOT NULL REFERENCES name (id),
  subject INTEGER NOT NULL REFERENCES name (id),
  hour INTEGER NOT NULL,
  events INTEGER NOT NULL,
  units_high INTEGER NOT NULL,
  units_low INTEGER NOT NULL CHECK (units_low >= 0),
  PRIMARY KEY (meter, subject, hour)
) STRICT, WITHOUT ROWID;
