-- Who posted a payload that is kept aside, by the name its token gave; unknown where it came before.
-- Of the events of the log the pages say it.
ALTER TABLE event_conflict ADD COLUMN author INTEGER REFERENCES name (id);
