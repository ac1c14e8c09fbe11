CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
  path BLOB PRIMARY KEY,
  place INTEGER NOT NULL,
  digest TEXT NOT NULL,
  graph TEXT NOT NULL,
  quads INTEGER NOT NULL,
  keys TEXT NOT NULL,
  problems TEXT NOT NULL,
  loaded INTEGER NOT NULL,
  clash TEXT NOT NULL
);
CREATE INDEX files_by_graph ON files (graph);
CREATE INDEX sizes ON files (loaded, quads);
CREATE INDEX troubles ON files (place) WHERE problems <> '' OR clash <> '';
CREATE TABLE keys (key TEXT NOT NULL, path BLOB NOT NULL, PRIMARY KEY (key, path)) WITHOUT ROWID;
CREATE INDEX keys_by_path ON keys (path)
