-- Where the pages about some hours are: whoever wants the events of many subjects looks by time, and
-- must not pass every page of the years before.
CREATE INDEX event_page_by_time ON event_page (latest, earliest);
