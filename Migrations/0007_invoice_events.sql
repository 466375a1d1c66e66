-- The last event that was in the log when the invoice was rated; null where that was not noted yet.
-- Whatever came later, an event or a correction, the invoice does not rest on it.
ALTER TABLE invoice ADD COLUMN last_event INTEGER;
