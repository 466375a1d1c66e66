-- Texts that repeat (sources, types, subjects, meters) are kept once and named by a number.
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- The log: append-only, in order of admission, some hundred events a row. How a page is written
-- is said in Documentation/Decisions/0005-pages-of-events.md. Times are microseconds since 1970
-- in UTC. The events of a page are numbered first, first + 1, ... without gaps.
CREATE TABLE event_page (
  first INTEGER PRIMARY KEY,
  events INTEGER NOT NULL CHECK (events > 0),
  received INTEGER NOT NULL,
  earliest INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  doubtful INTEGER NOT NULL, -- whether one of them may be unmatched; a hint, recomputed on change
  checksum INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE INDEX event_page_in_doubt ON event_page (first) WHERE doubtful;

CREATE TRIGGER event_is_never_changed
BEFORE UPDATE OF first, events, received, earliest, latest, checksum, body ON event_page
BEGIN
  SELECT RAISE (ABORT, 'an event never changes');
END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event_page
BEGIN
  SELECT RAISE (ABORT, 'an event is never deleted');
END;

-- Which pages hold events of a subject in one UTC hour. By hour first: what is posted now lands
-- on a few neighbouring leaves, however many subjects there are.
CREATE TABLE event_place (
  hour INTEGER NOT NULL,
  subject INTEGER NOT NULL, -- zero for events without one
  page INTEGER NOT NULL,
  PRIMARY KEY (hour, subject, page)
) STRICT, WITHOUT ROWID;

-- A second payload under the same source and id: the first stands, this one is shown.
CREATE TABLE event_conflict (
  sequence INTEGER PRIMARY KEY,
  event INTEGER NOT NULL, -- the sequence number of the one that stands
  type INTEGER NOT NULL REFERENCES name (id),
  subject INTEGER REFERENCES name (id),
  occurred INTEGER NOT NULL,
  received INTEGER NOT NULL,
  attributes TEXT, -- members of a JSON object, without its braces
  data TEXT -- a JSON value, as it was sent
) STRICT;

CREATE INDEX event_conflict_by_event ON event_conflict (event);

-- A cache of the log: what a meter read from a subject's events in one UTC hour, by hour first as
-- above. The sum is units_high * 2^62 + units_low, so that adding never leaves the integers.
CREATE TABLE bucket (
  hour INTEGER NOT NULL,
  meter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  events INTEGER NOT NULL,
  units_high INTEGER NOT NULL,
  units_low INTEGER NOT NULL CHECK (units_low >= 0),
  PRIMARY KEY (hour, meter, subject)
) STRICT, WITHOUT ROWID;

-- The hours that buckets or pages have, so that nobody looks for the others.
CREATE TABLE hour_seen (
  hour INTEGER PRIMARY KEY
) STRICT;
