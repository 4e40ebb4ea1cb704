"""The tables. Objects are kept as the JSON that the API answers with."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (
  name TEXT PRIMARY KEY, value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  created INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, deleted, seq);
CREATE TABLE IF NOT EXISTS refs (
  kind TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (kind, field, value, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timers (
  what TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (what, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS timers_by_time ON timers (at, seq);
CREATE TABLE IF NOT EXISTS clock_timers (
  clock TEXT NOT NULL, what TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
  seq INTEGER NOT NULL, PRIMARY KEY (clock, what, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS secrets (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS card_plans (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  customer TEXT NOT NULL, outcome TEXT NOT NULL, remaining INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL, body BLOB NOT NULL, request_id TEXT NOT NULL, wall REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meter_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  meter TEXT NOT NULL, customer TEXT NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL,
  identifier TEXT NOT NULL UNIQUE, received INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS meter_events_by_customer ON meter_events (meter, customer, at);
CREATE TABLE IF NOT EXISTS deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL, endpoint TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS pending_by_time ON deliveries (next_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS pending_in_order ON deliveries (seq) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS pending_of_event ON deliveries (event) WHERE status = 'pending';
DROP INDEX IF EXISTS deliveries_due;
DROP INDEX IF EXISTS deliveries_of_event;
CREATE TABLE IF NOT EXISTS attempts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery INTEGER NOT NULL, wall REAL NOT NULL, simulated INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL, status INTEGER, response TEXT NOT NULL, error TEXT
);
CREATE INDEX IF NOT EXISTS attempts_of_delivery ON attempts (delivery, seq);
"""

TABLES = (
    "meta",
    "counters",
    "objects",
    "refs",
    "timers",
    "clock_timers",
    "secrets",
    "card_plans",
    "idempotency",
    "meter_events",
    "deliveries",
    "attempts",
)
