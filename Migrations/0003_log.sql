-- Texts that repeat (sources, types, subjects, authors, meters) are stored once; other tables refer
-- to them by number.
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER name_never_changes BEFORE UPDATE ON name
BEGIN
  SELECT RAISE (ABORT, 'a name never changes');
END;

-- The event log: append-only, in order of admission, up to 256 events a row. For the format of a
-- page see Documentation/Decisions/0005-pages-of-events.md. The events of a page have the sequence
-- numbers first, first + 1, ... without gaps. As in all tables, times are microseconds since 1970
-- in UTC, and an hour is the number of hours since then.
CREATE TABLE event_page (
  first INTEGER PRIMARY KEY,
  events INTEGER NOT NULL CHECK (events > 0),
  received INTEGER NOT NULL,
  earliest INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  -- Whether an event may be unmatched, corrected or a correction: a hint, recomputed on change.
  doubtful INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  body BLOB NOT NULL,
  -- A hash chain: the digest covers all pages before this one, and all texts up to number `names`,
  -- the last one when the page was written. A final invoice stores the digest of the page on which
  -- it rests.
  names INTEGER NOT NULL DEFAULT 0,
  digest BLOB NOT NULL DEFAULT x''
) STRICT;

CREATE INDEX event_page_in_doubt ON event_page (first) WHERE doubtful;

-- A search for the events of many subjects goes by time; without this index it would read every
-- page of earlier years.
CREATE INDEX event_page_by_time ON event_page (latest, earliest);

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event_page
BEGIN
  SELECT RAISE (ABORT, 'an event is never deleted');
END;

-- All columns except `doubtful`.
CREATE TRIGGER event_is_never_changed
BEFORE UPDATE OF first, events, received, earliest, latest, checksum, body, names, digest
ON event_page
BEGIN
  SELECT RAISE (ABORT, 'an event never changes');
END;

-- Which pages hold events of a subject in a UTC hour. The hour comes first in the key, so that new
-- events land on a few neighbouring leaves, however many subjects there are.
CREATE TABLE event_place (
  hour INTEGER NOT NULL,
  subject INTEGER NOT NULL, -- zero for events without a subject
  page INTEGER NOT NULL,
  PRIMARY KEY (hour, subject, page)
) STRICT, WITHOUT ROWID;

-- The quarantine: events with the source and id of a stored event and a different payload. The
-- stored event is kept, and these are listed.
CREATE TABLE event_conflict (
  sequence INTEGER PRIMARY KEY,
  event INTEGER NOT NULL, -- the sequence number of the stored event
  type INTEGER NOT NULL REFERENCES name (id),
  subject INTEGER REFERENCES name (id),
  occurred INTEGER NOT NULL,
  received INTEGER NOT NULL,
  attributes TEXT, -- members of a JSON object, without its braces
  data TEXT, -- a JSON value, as it was sent
  author INTEGER REFERENCES name (id) -- who posted it, by the name in the token; null if unknown
) STRICT;

CREATE INDEX event_conflict_by_event ON event_conflict (event);

-- Which event each correction names.
CREATE TABLE event_correction (
  sequence INTEGER PRIMARY KEY, -- of the correction, which is an event itself
  source INTEGER NOT NULL REFERENCES name (id),
  id TEXT NOT NULL,
  event INTEGER -- the sequence number of the named event; null until that event is stored
) STRICT;

CREATE INDEX event_correction_by_target ON event_correction (source, id);

-- The current content of each corrected event: a cache of the log.
CREATE TABLE event_amended (
  event INTEGER PRIMARY KEY,
  correction INTEGER NOT NULL, -- the correction that holds
  subject INTEGER,
  hour INTEGER NOT NULL,
  received INTEGER NOT NULL,
  checksum INTEGER NOT NULL, -- of the body, as in event_page
  body BLOB -- a page of one record; null if the event was retracted
) STRICT;

CREATE INDEX event_amended_by_subject ON event_amended (subject, hour);
