package sqlitelog

// tables makes an empty store. Shapes are promises: a later format adds, and has a number.
const tables = `
CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an event. The primary key is the compare-and-set: no version is written twice.
-- at is in nanoseconds since 1970, NULL for no time. sum is over all other columns (see checksum).
CREATE TABLE event (
	district TEXT    NOT NULL,
	seq      INTEGER NOT NULL,
	at       INTEGER,
	kind     TEXT    NOT NULL,
	by       TEXT    NOT NULL,
	via      TEXT    NOT NULL,
	command  TEXT    NOT NULL,
	must     INTEGER NOT NULL,
	sum      INTEGER NOT NULL,
	data     TEXT    NOT NULL,
	PRIMARY KEY (district, seq)
) STRICT, WITHOUT ROWID;

-- The first result of each command id, for the one that is sent again.
CREATE TABLE command (
	district TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	version  INTEGER NOT NULL,
	events   INTEGER NOT NULL,
	PRIMARY KEY (district, id)
) STRICT, WITHOUT ROWID;

-- The last claim of each key; the row stays, for its epoch. until is 0 when nobody holds it.
CREATE TABLE claim (
	district TEXT    NOT NULL,
	key      TEXT    NOT NULL,
	holder   TEXT    NOT NULL,
	epoch    INTEGER NOT NULL,
	until    INTEGER NOT NULL,
	done     INTEGER NOT NULL,
	PRIMARY KEY (district, key)
) STRICT, WITHOUT ROWID;
` + textTable + textIndexes + keepTable + keepIndexes

// The tables that people are deleted from are made again after a deletion (see scrub), hence
// stand apart.
const (
	textTable = `
CREATE TABLE text (
	district TEXT NOT NULL,
	key      TEXT NOT NULL,
	kind     TEXT NOT NULL,
	subject  TEXT NOT NULL,
	author   TEXT NOT NULL,
	class    TEXT NOT NULL,
	body     TEXT NOT NULL
) STRICT;
`
	textIndexes = `
CREATE UNIQUE INDEX text_key     ON text (district, key);
CREATE        INDEX text_kind    ON text (district, kind, key);
CREATE        INDEX text_subject ON text (district, subject);
`
	// until is in nanoseconds since 1970, 0 for ever.
	keepTable = `
CREATE TABLE keep (
	district TEXT    NOT NULL,
	key      TEXT    NOT NULL,
	value    BLOB    NOT NULL,
	until    INTEGER NOT NULL,
	subject  TEXT    NOT NULL
) STRICT;
`
	keepIndexes = `
CREATE UNIQUE INDEX keep_key     ON keep (district, key);
CREATE        INDEX keep_subject ON keep (district, subject) WHERE subject <> '';
CREATE        INDEX keep_until   ON keep (until) WHERE until <> 0;
`
)

// scrubText and scrubKeep copy what is left of a table into a new one and drop the old.
//
// PRAGMA secure_delete zeroes deleted rows and freed pages, but when SQLite moves rows between
// pages (they filled, they emptied) the old copy stays in the slack of a page that lives on, and
// is not zeroed when the row is deleted later. Dropping the table frees, and so zeroes, every
// page of it. TestScrub shows the copies. VACUUM would do too, at the price of copying all
// events, and not within the transaction that deletes.
const (
	scrubText = `
ALTER TABLE text RENAME TO old;
` + textTable + `
INSERT INTO text SELECT * FROM old ORDER BY district, key;
DROP TABLE old;
` + textIndexes

	scrubKeep = `
ALTER TABLE keep RENAME TO old;
` + keepTable + `
INSERT INTO keep SELECT * FROM old ORDER BY district, key;
DROP TABLE old;
` + keepIndexes
)
