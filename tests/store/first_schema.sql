-- The tables of the first schema as SQLite holds them (see test_database.py).
CREATE TABLE alarm (
    kind VARCHAR(32) NOT NULL,
    about VARCHAR(255) NOT NULL,
    message TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    PRIMARY KEY (kind, about)
);
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    PRIMARY KEY (version_num)
);
CREATE TABLE alias (
    identity TEXT NOT NULL,
    story_id VARCHAR(32) NOT NULL,
    PRIMARY KEY (identity)
)
 WITHOUT ROWID;
CREATE TABLE announced (
    topic VARCHAR(80) NOT NULL,
    etag VARCHAR(64) NOT NULL,
    PRIMARY KEY (topic)
)
 WITHOUT ROWID;
CREATE TABLE attempt (
    delivery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    started_us BIGINT NOT NULL,
    ended_us BIGINT,
    state VARCHAR(16),
    status INTEGER,
    bytes BIGINT,
    detail TEXT,
    next_us BIGINT,
    PRIMARY KEY (delivery_id, number)
)
 WITHOUT ROWID;
CREATE TABLE copy (
    seq INTEGER NOT NULL,
    story TEXT NOT NULL,
    PRIMARY KEY (seq)
);
CREATE TABLE counter (
    name VARCHAR(16) NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE delivery (
    id INTEGER NOT NULL,
    endpoint VARCHAR(64) NOT NULL,
    lane VARCHAR(80) NOT NULL,
    story_id VARCHAR(80) NOT NULL,
    seq BIGINT NOT NULL,
    version BIGINT NOT NULL,
    action VARCHAR(16) NOT NULL,
    format VARCHAR(100) NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    priority INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL,
    due_us BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    done_us BIGINT,
    reason TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE document (
    seq INTEGER NOT NULL,
    format VARCHAR(100) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    suffix VARCHAR(16) NOT NULL,
    losses TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (seq, format)
);
CREATE TABLE endpoint (
    id VARCHAR(64) NOT NULL,
    configured INTEGER NOT NULL,
    disabled TEXT,
    held TEXT,
    paused_until_us BIGINT NOT NULL,
    probe_lane VARCHAR(80),
    paced_until_us BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    recent BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    succeeded_us BIGINT,
    failed_us BIGINT,
    failing_us BIGINT,
    failure TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE endpoint_order (
    id INTEGER NOT NULL,
    endpoint VARCHAR(64) NOT NULL,
    at_us BIGINT NOT NULL,
    who VARCHAR(64) NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE facet (
    kind VARCHAR(16) NOT NULL,
    value VARCHAR(255) NOT NULL,
    PRIMARY KEY (kind, value)
)
 WITHOUT ROWID;
CREATE TABLE feed_member (
    feed VARCHAR(64) NOT NULL,
    set_id BIGINT NOT NULL,
    PRIMARY KEY (feed, set_id)
)
 WITHOUT ROWID;
CREATE TABLE feed_set (
    id INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    feeds TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (sha256)
);
CREATE VIRTUAL TABLE found USING fts5(words, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0');
CREATE TABLE handing (
    once_key VARCHAR(330) NOT NULL,
    who VARCHAR(64) NOT NULL,
    how VARCHAR(64) NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (once_key)
)
 WITHOUT ROWID;
CREATE TABLE history (
    id INTEGER NOT NULL,
    story_id VARCHAR(32) NOT NULL,
    at_us BIGINT NOT NULL,
    who VARCHAR(64) NOT NULL,
    what TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE intake (
    id INTEGER NOT NULL,
    sha256 VARCHAR(64),
    source VARCHAR(255) NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    arrived_us BIGINT NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    item_count INTEGER NOT NULL,
    duplicate_of BIGINT,
    once_key VARCHAR(330),
    PRIMARY KEY (id),
    UNIQUE (once_key)
);
CREATE TABLE intent (
    endpoint VARCHAR(64) NOT NULL,
    mode VARCHAR(16) NOT NULL,
    topic VARCHAR(80) NOT NULL,
    callback TEXT NOT NULL,
    host VARCHAR(255) NOT NULL,
    secret TEXT,
    lease_s INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    due_us BIGINT NOT NULL,
    PRIMARY KEY (endpoint)
)
 WITHOUT ROWID;
CREATE TABLE lane (
    id VARCHAR(80) NOT NULL,
    endpoint VARCHAR(64) NOT NULL,
    holder VARCHAR(64),
    lease_until_us BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE likeness (
    story_id VARCHAR(32) NOT NULL,
    first_id VARCHAR(32) NOT NULL,
    similarity FLOAT,
    PRIMARY KEY (story_id)
)
 WITHOUT ROWID;
CREATE TABLE meta (
    "key" VARCHAR(64) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
);
CREATE TABLE notice (
    channel VARCHAR(16) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    about VARCHAR(255) NOT NULL,
    message TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    is_over INTEGER NOT NULL,
    PRIMARY KEY (channel, kind, about)
);
CREATE TABLE pace (
    source VARCHAR(255) NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    arrivals BIGINT NOT NULL,
    longest_s FLOAT NOT NULL,
    PRIMARY KEY (source)
);
CREATE TABLE push (
    key_sha256 VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    answer TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (key_sha256)
)
 WITHOUT ROWID;
CREATE TABLE quarantine (
    intake_id INTEGER NOT NULL,
    item INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    PRIMARY KEY (intake_id, item)
);
CREATE TABLE raw (
    intake_id INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (intake_id)
);
CREATE TABLE revision (
    seq INTEGER NOT NULL,
    story_id VARCHAR(32) NOT NULL,
    intake_id BIGINT,
    item INTEGER NOT NULL,
    version BIGINT NOT NULL,
    action VARCHAR(16) NOT NULL,
    standing VARCHAR(16) NOT NULL,
    reason TEXT NOT NULL,
    headline TEXT,
    slugline TEXT,
    language VARCHAR(35),
    urgency INTEGER,
    accepted_us BIGINT NOT NULL,
    published_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    revised_us BIGINT NOT NULL,
    told VARCHAR(32) NOT NULL,
    release_us BIGINT,
    feed_set BIGINT NOT NULL,
    PRIMARY KEY (seq)
);
CREATE TABLE session (
    token_sha256 VARCHAR(64) NOT NULL,
    name VARCHAR(64) NOT NULL,
    stamp VARCHAR(32) NOT NULL,
    until_us BIGINT NOT NULL,
    PRIMARY KEY (token_sha256)
)
 WITHOUT ROWID;
CREATE TABLE sketch (
    story_id VARCHAR(32) NOT NULL,
    sketch BLOB NOT NULL,
    PRIMARY KEY (story_id)
)
 WITHOUT ROWID;
CREATE TABLE sketch_key (
    "key" INTEGER NOT NULL,
    story_id VARCHAR(32) NOT NULL,
    PRIMARY KEY ("key")
);
CREATE TABLE story (
    id VARCHAR(32) NOT NULL,
    identity TEXT NOT NULL,
    guid TEXT NOT NULL,
    source VARCHAR(255) NOT NULL,
    seq BIGINT NOT NULL,
    version BIGINT NOT NULL,
    stated_version BIGINT,
    stated_status VARCHAR(16) NOT NULL,
    stated_embargo_us BIGINT,
    version_created_us BIGINT,
    content_sha256 VARCHAR(64) NOT NULL,
    standing VARCHAR(16) NOT NULL,
    first_published_us BIGINT,
    release_us BIGINT,
    due_us BIGINT,
    by_hand TEXT,
    feed_set BIGINT,
    PRIMARY KEY (id),
    UNIQUE (identity)
);
CREATE TABLE subscription (
    endpoint VARCHAR(64) NOT NULL,
    topic VARCHAR(80) NOT NULL,
    callback TEXT NOT NULL,
    host VARCHAR(255) NOT NULL,
    secret TEXT,
    lease_until_us BIGINT NOT NULL,
    PRIMARY KEY (endpoint)
)
 WITHOUT ROWID;
CREATE TABLE withdrawal (
    set_id BIGINT NOT NULL,
    published_us BIGINT NOT NULL,
    story_id VARCHAR(32) NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (set_id, published_us, story_id)
)
 WITHOUT ROWID;
CREATE INDEX delivery_queue ON delivery (lane, state, priority, due_us, id) WHERE state IN ('due', 'sending');
CREATE INDEX delivery_story ON delivery (story_id, endpoint);
CREATE INDEX delivery_unsent ON delivery (endpoint, state) WHERE state IN ('dead', 'superseded');
CREATE INDEX ix_history_story_id ON history (story_id);
CREATE INDEX ix_likeness_first_id ON likeness (first_id);
CREATE INDEX ix_intent_host ON intent (host);
CREATE INDEX ix_subscription_host ON subscription (host);
CREATE INDEX ix_subscription_topic ON subscription (topic);
CREATE INDEX ix_withdrawal_story_id ON withdrawal (story_id);
CREATE INDEX revision_story ON revision (story_id, seq);
CREATE INDEX story_due ON story (due_us) WHERE due_us IS NOT NULL;
CREATE INDEX story_placed ON story (feed_set, first_published_us, id) WHERE feed_set IS NOT NULL;
CREATE INDEX story_published ON story (first_published_us);
CREATE INDEX story_seq ON story (seq);
INSERT INTO alembic_version VALUES ('0001');
