-- How many spells say each content: what none says any more is forgotten, without a search for who
-- might. Counted by the file itself, since several programs write it.
ALTER TABLE contents ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;
UPDATE contents SET uses = counted.uses
    FROM (SELECT content, count(*) AS uses FROM spells GROUP BY content) AS counted
    WHERE counted.content = contents.id;
CREATE INDEX contents_unused ON contents (id) WHERE uses = 0;

CREATE TRIGGER spell_begun AFTER INSERT ON spells BEGIN
    UPDATE contents SET uses = uses + 1 WHERE id = new.content;
END;
CREATE TRIGGER spell_gone AFTER DELETE ON spells BEGIN
    UPDATE contents SET uses = uses - 1 WHERE id = old.content;
END;
CREATE TRIGGER spell_changed AFTER UPDATE OF content ON spells WHEN new.content <> old.content BEGIN
    UPDATE contents SET uses = uses + 1 WHERE id = new.content;
    UPDATE contents SET uses = uses - 1 WHERE id = old.content;
END;
