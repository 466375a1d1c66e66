-- The time that has surely passed, whatever the clock says: a service counts it on while it lives.
-- What may be forgotten after a time (denied tokens, kept answers) is forgotten by this one.
CREATE TABLE passed_time (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  until INTEGER NOT NULL
) STRICT;
