"""The named steps that bring a database up to date. A released step is never changed, only followed."""

from __future__ import annotations

from msgspec import Struct


class Migration(Struct, frozen=True):
    """One step.

    Args:
        name: its name, recorded in the database in the same transaction as the step; never reused.
        statements: the SQL, in order.
    """

    name: str
    statements: tuple[str, ...]


MIGRATIONS = (
    Migration(
        "replies",
        (
            """
            CREATE TABLE replies (
                reply TEXT PRIMARY KEY,
                message TEXT NOT NULL,
                server TEXT NOT NULL,
                room TEXT NOT NULL,
                author TEXT,
                form TEXT NOT NULL CHECK (form IN ('full', 'short', 'emergency')),
                caveats TEXT NOT NULL CHECK (json_valid(caveats)),
                sources TEXT NOT NULL CHECK (json_valid(sources)),
                digest TEXT NOT NULL,
                created TEXT NOT NULL,
                withdrawn TEXT
            )
            """,
            "CREATE INDEX replies_by_message ON replies (server, message)",
            "CREATE INDEX replies_by_room ON replies (server, room, created)",
            "CREATE INDEX replies_by_author ON replies (author, server, created)",
            """
            CREATE TABLE findings (
                reply TEXT NOT NULL REFERENCES replies (reply) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                rule TEXT NOT NULL,
                family TEXT NOT NULL,
                stance TEXT NOT NULL,
                score REAL NOT NULL CHECK (score BETWEEN 0 AND 100),
                phrase TEXT NOT NULL,
                matched TEXT,
                because TEXT CHECK (because IS NULL OR json_valid(because)),
                PRIMARY KEY (reply, place)
            ) WITHOUT ROWID
            """,
        ),
    ),
    Migration(
        "votes",
        (
            """
            CREATE TABLE votes (
                reply TEXT NOT NULL REFERENCES replies (reply) ON DELETE CASCADE,
                member TEXT NOT NULL,
                vote TEXT NOT NULL,
                voted TEXT NOT NULL,
                PRIMARY KEY (reply, member)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX votes_by_member ON votes (member)",
        ),
    ),
    Migration(
        "server settings",
        (
            """
            CREATE TABLE server_settings (
                server TEXT PRIMARY KEY,
                settings TEXT NOT NULL CHECK (json_valid(settings) AND json_type(settings) = 'object'),
                saved TEXT NOT NULL
            ) WITHOUT ROWID
            """,
        ),
    ),
    Migration(
        "claimed messages",
        (
            """
            CREATE TABLE claimed_messages (
                message TEXT PRIMARY KEY,
                claimed TEXT NOT NULL
            ) WITHOUT ROWID
            """,
            "CREATE INDEX claimed_messages_by_time ON claimed_messages (claimed)",
        ),
    ),
    Migration(
        "shadow findings",
        (
            """
            CREATE TABLE shadow_findings (
                server TEXT NOT NULL,
                message TEXT NOT NULL,
                place INTEGER NOT NULL,
                room TEXT NOT NULL,
                author TEXT,
                rule TEXT NOT NULL,
                family TEXT NOT NULL,
                stance TEXT NOT NULL,
                score REAL NOT NULL CHECK (score BETWEEN 0 AND 100),
                phrase TEXT NOT NULL,
                matched TEXT,
                because TEXT CHECK (because IS NULL OR json_valid(because)),
                found TEXT NOT NULL,
                PRIMARY KEY (server, message, place)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX shadow_findings_by_author ON shadow_findings (author)",
        ),
    ),
    Migration(
        "rule versions",
        (
            """
            CREATE TABLE rule_versions (
                server TEXT NOT NULL,
                number INTEGER NOT NULL CHECK (number > 0),
                author TEXT,
                saved TEXT NOT NULL,
                why TEXT NOT NULL,
                text TEXT NOT NULL,
                digest TEXT NOT NULL,
                difference TEXT NOT NULL,
                trials TEXT NOT NULL CHECK (json_valid(trials)),
                set_aside TEXT,
                PRIMARY KEY (server, number)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX rule_versions_by_author ON rule_versions (author)",
            """
            CREATE TABLE rule_drafts (
                draft INTEGER PRIMARY KEY AUTOINCREMENT,
                server TEXT NOT NULL,
                member TEXT NOT NULL,
                about TEXT NOT NULL,
                text TEXT NOT NULL,
                problem TEXT NOT NULL,
                saved TEXT NOT NULL
            )
            """,
            "CREATE INDEX rule_drafts_by_member ON rule_drafts (member, server, draft)",
        ),
    ),
    Migration(
        "reviews",
        (
            """
            CREATE TABLE reviews (
                entry INTEGER PRIMARY KEY AUTOINCREMENT,
                reply TEXT NOT NULL UNIQUE REFERENCES replies (reply) ON DELETE CASCADE,
                server TEXT NOT NULL,
                opened TEXT NOT NULL,
                state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'dismissed')),
                decided TEXT,
                decider TEXT,
                version INTEGER,
                CHECK ((state = 'open') = (decided IS NULL))
            )
            """,
            "CREATE INDEX reviews_by_server ON reviews (server, state, entry)",
            "CREATE INDEX reviews_by_decider ON reviews (decider)",
            """
            CREATE TABLE repairs (
                repair INTEGER PRIMARY KEY AUTOINCREMENT,
                server TEXT NOT NULL,
                rules TEXT NOT NULL CHECK (json_valid(rules)),
                member TEXT,
                begun TEXT NOT NULL,
                ended TEXT
            )
            """,
            "CREATE INDEX repairs_by_member ON repairs (member)",
            """
            CREATE TABLE repaired_replies (
                repair INTEGER NOT NULL REFERENCES repairs (repair) ON DELETE CASCADE,
                reply TEXT NOT NULL,
                certain INTEGER NOT NULL CHECK (certain IN (0, 1)),
                fate TEXT CHECK (fate IN ('withdrawn', 'corrected', 'kept', 'gone', 'failed')),
                PRIMARY KEY (repair, reply)
            ) WITHOUT ROWID
            """,
        ),
    ),
    Migration(
        "weekly counts",
        (
            """
            CREATE TABLE weekly_counts (
                server TEXT NOT NULL,
                week TEXT NOT NULL,
                family TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('reply', 'hold', 'shadow')),
                reason TEXT NOT NULL,
                count INTEGER NOT NULL CHECK (count >= 0),
                PRIMARY KEY (server, week, family, kind, reason)
            ) WITHOUT ROWID
            """,
            # What older programs have kept is counted as well; holds they have not kept.
            """
            INSERT INTO weekly_counts (server, week, family, kind, reason, count)
            SELECT server, date(created, 'weekday 0', '-6 days') AS week, family, 'reply', '', COUNT(*)
            FROM replies JOIN findings USING (reply) WHERE place = 0 GROUP BY server, week, family
            """,
            """
            INSERT INTO weekly_counts (server, week, family, kind, reason, count)
            SELECT server, date(found, 'weekday 0', '-6 days') AS week, family, 'shadow', '', COUNT(*)
            FROM shadow_findings AS one WHERE place = (
                SELECT MIN(place) FROM shadow_findings AS other
                WHERE other.server = one.server AND other.message = one.message
                    AND stance IN ('asserts', 'reports', 'asks')
            )
            GROUP BY server, week, family
            """,
        ),
    ),
)
"""All steps, in the order in which they are taken."""
