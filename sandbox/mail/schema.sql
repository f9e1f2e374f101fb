-- What arrived, byte for byte; kept once however many mailboxes it went to.
CREATE TABLE IF NOT EXISTS source (
    id INTEGER PRIMARY KEY,
    content BLOB NOT NULL
);

-- A mail in one mailbox: three recipients make three rows, each read and deleted on its own.
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES source (id),
    mailbox TEXT NOT NULL,
    received_at TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    snippet TEXT NOT NULL,
    words TEXT NOT NULL,
    size INTEGER NOT NULL,
    attachment_count INTEGER NOT NULL,
    has_invitation INTEGER NOT NULL,
    is_unread INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS message_by_mailbox ON message (mailbox, id);
CREATE INDEX IF NOT EXISTS message_by_source ON message (source_id);

-- Every attempt to deliver, the ones that came to nothing included. Outlives the message.
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    size INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    message INTEGER,
    detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS delivery_by_message_id ON delivery (mailbox, message_id, outcome);
