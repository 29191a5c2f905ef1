-- The floor's history. Instants are milliseconds since 1970, in our clock: there are millions of them.
-- The views at the end show them as text, for whoever opens the file by hand.

CREATE TABLE agents (
    id     INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    agent  TEXT NOT NULL,
    name   TEXT, -- none until the source has shown one
    alias  TEXT, -- the id by which the roster knows them at this source, where it is another
    UNIQUE (source, agent)
) STRICT;

-- Each start of the program that kept something.
CREATE TABLE runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    operator   TEXT NOT NULL,
    host       TEXT NOT NULL,
    pid        INTEGER NOT NULL
) STRICT;

-- From when until when a run has read a source: what it saw go on ends there.
CREATE TABLE reads (
    run    INTEGER NOT NULL,
    source TEXT NOT NULL,
    layer  TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (run, source, layer)
) STRICT, WITHOUT ROWID;

-- What a spell says, once for all spells that say it.
CREATE TABLE contents (
    id   INTEGER PRIMARY KEY,
    json TEXT NOT NULL UNIQUE
) STRICT;

-- What an agent did, where it sat and what was scheduled for it: one track each. Everything is asked
-- for agent by agent, so the key is the only index; a second one would be a third of the file.
CREATE TABLE spells (
    agent   INTEGER NOT NULL,
    track   INTEGER NOT NULL, -- 0 what the log says, 1 what the readings showed, 2 queue, 3 schedule
    since   INTEGER NOT NULL,
    until   INTEGER, -- none: goes on as far as its run has read (track 0: until the next)
    content INTEGER NOT NULL,
    run     INTEGER NOT NULL,
    PRIMARY KEY (agent, track, since)
) STRICT, WITHOUT ROWID;

-- What the schedule file wanted of a person.
CREATE TABLE plans (
    person    TEXT NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    scheduled TEXT NOT NULL,
    PRIMARY KEY (person, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX plans_until ON plans (until);

-- What a telephony system had summed up before we began to watch, one row a window.
CREATE TABLE sums (
    agent INTEGER NOT NULL,
    since INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    kpi   TEXT NOT NULL,
    PRIMARY KEY (agent, since)
) STRICT, WITHOUT ROWID;

-- Queues whose calls were counted.
CREATE TABLE counted (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,
    campaign_id TEXT NOT NULL, -- empty where it is not known
    queue_id    TEXT NOT NULL,
    name        TEXT NOT NULL,
    campaign    TEXT,
    UNIQUE (source, campaign_id, queue_id)
) STRICT;

-- Every change of a queue's counters.
CREATE TABLE calls (
    queue          INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    calls          INTEGER,
    answered       INTEGER,
    dropped        INTEGER,
    dialable_leads INTEGER,
    PRIMARY KEY (queue, at)
) STRICT, WITHOUT ROWID;

-- The newest counters of each of the vendor's days: kept longer, since campaigns are judged by windows of
-- thirty days that are counted from their first.
CREATE TABLE call_days (
    queue          INTEGER NOT NULL,
    day            TEXT NOT NULL,
    at             INTEGER NOT NULL,
    calls          INTEGER,
    answered       INTEGER,
    dropped        INTEGER,
    dialable_leads INTEGER,
    PRIMARY KEY (queue, day)
) STRICT, WITHOUT ROWID;

-- Every change of an alert; the newest row of each is how it stands.
CREATE TABLE alerts (
    source    TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    is_newest INTEGER NOT NULL,
    is_open   INTEGER NOT NULL,
    listed    INTEGER NOT NULL,
    json      TEXT NOT NULL,
    PRIMARY KEY (source, id, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_at ON alerts (at);
CREATE INDEX alerts_open ON alerts (at) WHERE is_newest AND is_open;

CREATE VIEW told AS
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', s.since / 1000.0, 'unixepoch') AS since,
           strftime('%Y-%m-%dT%H:%M:%fZ', s.until / 1000.0, 'unixepoch') AS until,
           CASE WHEN s.until IS NULL THEN
               (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', r.until / 1000.0, 'unixepoch') FROM reads r
                WHERE r.run = s.run AND r.source = a.source AND r.layer = 'watched')
           END AS read_until,
           a.source, a.agent, a.name, s.track, s.run, c.json
    FROM spells s JOIN agents a ON a.id = s.agent JOIN contents c ON c.id = s.content;

CREATE VIEW history AS
    SELECT since, until, read_until, source, agent, name,
           CASE track WHEN 0 THEN 'recorded' ELSE 'watched' END AS layer,
           CASE json_type(json, '$.activity') WHEN 'object' THEN 'away'
               ELSE json_extract(json, '$.activity') END AS activity,
           coalesce(json_extract(json, '$.activity.away.other'),
                    json_extract(json, '$.activity.away')) AS reason,
           json_extract(json, '$.evidence') AS evidence,
           json_extract(json, '$.raw') AS raw,
           json_extract(json, '$.doubt') AS doubt,
           run
    FROM told WHERE track IN (0, 1);

CREATE VIEW place_history AS
    SELECT since, until, read_until, source, agent, name,
           json_extract(json, '$.campaign_id') AS campaign_id,
           json_extract(json, '$.queue_id') AS queue_id, run
    FROM told WHERE track = 2;

CREATE VIEW schedule_history AS
    SELECT since, until, read_until, source, agent, name, json AS schedule, run
    FROM told WHERE track = 3;

CREATE VIEW queue_history AS
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', c.at / 1000.0, 'unixepoch') AS at,
           k.source, k.campaign_id, k.campaign, k.queue_id, k.name,
           c.calls, c.answered, c.dropped, c.dialable_leads
    FROM calls c JOIN counted k ON k.id = c.queue;

CREATE VIEW alert_history AS
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, source, id,
           json_extract(json, '$.status') AS status, listed,
           json_extract(json, '$.agent') AS agent, json_extract(json, '$.name') AS name,
           json_extract(json, '$.message') AS message
    FROM alerts;
