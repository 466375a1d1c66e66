-- What corrections say: which event they name, and its number once it is there.
CREATE TABLE event_correction (
  sequence INTEGER PRIMARY KEY, -- of the correction, which is an event itself
  source INTEGER NOT NULL REFERENCES name (id),
  id TEXT NOT NULL,
  event INTEGER
) STRICT;

CREATE INDEX event_correction_by_target ON event_correction (source, id);

-- What stands in the place of a corrected event, as the log and its corrections say it.
CREATE TABLE event_amended (
  event INTEGER PRIMARY KEY,
  correction INTEGER NOT NULL, -- the one that stands
  subject INTEGER,
  hour INTEGER NOT NULL,
  received INTEGER NOT NULL,
  checksum INTEGER NOT NULL, -- of the body, as in event_page
  body BLOB -- a page of one record; nothing where the event was retracted
) STRICT;

CREATE INDEX event_amended_by_subject ON event_amended (subject, hour);
