-- What a telephony system last said of an agent's adherence, one row a window. The row of the window's
-- sums stays as it was read first: they are what the day is counted from.
CREATE TABLE adherence (
    agent INTEGER NOT NULL,
    since INTEGER NOT NULL,
    as_of INTEGER NOT NULL, -- since when it has said nothing else
    said  TEXT NOT NULL,
    PRIMARY KEY (agent, since)
) STRICT, WITHOUT ROWID;
