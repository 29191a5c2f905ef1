-- One of the program's own alerts stands for one person and kind, whichever program raised it first: that
-- is its identity. Two programs that read the beginning of one deviation seconds apart used to keep two:
-- what somebody has acknowledged stays, else the newest.
WITH standing AS (
    SELECT id, at, row_number() OVER (
        PARTITION BY json_extract(json, '$.agent'), json_extract(json, '$.kind')
        ORDER BY json_extract(json, '$.status') = 'active', json_extract(json, '$.created_at') DESC, id
    ) AS place
    FROM alerts WHERE source = 'floorwatch' AND is_newest AND is_open AND json_valid(json)
)
UPDATE alerts
SET is_open = 0,
    json = json_set(json, '$.status', 'resolved', '$.notes', 'cleared by itself: it is told of already')
WHERE source = 'floorwatch' AND (id, at) IN (SELECT id, at FROM standing WHERE place > 1);

CREATE UNIQUE INDEX own_alerts_standing
    ON alerts (json_extract(json, '$.agent'), json_extract(json, '$.kind'))
    WHERE source = 'floorwatch' AND is_newest AND is_open AND json_valid(json);

-- Who sits in several queues at once has a row for each.
DROP VIEW place_history;
CREATE VIEW place_history AS
    SELECT since, until, read_until, source, agent, name,
           json_extract(json, '$.campaign_id') AS campaign_id,
           json_extract(json, '$.queue_id') AS queue_id, run
    FROM told WHERE track = 2
    UNION ALL
    SELECT told.since, told.until, told.read_until, told.source, told.agent, told.name,
           json_extract(also.value, '$.campaign_id'), json_extract(also.value, '$.queue_id'), told.run
    FROM told, json_each(told.json, '$.also') AS also WHERE told.track = 2;
