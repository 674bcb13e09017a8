"""The tables of `cases.db`. Plain is only what the clock and the lists need; everything else is sealed.

A `mark` is keyed: it can be compared, and says nothing without the master key.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("cases")


@migrations()
def keep_keys(db: Database) -> None:
    """What the master key wraps beside the cases' own keys, and a check value that tells a wrong key."""
    db.execute("create table keyring (name text primary key, sealed blob not null)")


@migrations()
def keep_cases(db: Database) -> None:
    """Cases, and what has happened in each."""
    db.execute(
        "create table cases (id text primary key, reference text not null unique, organisation text not null,"
        " kind text not null, state text not null, urgent integer not null, opened text not null, due text,"
        " step integer not null, version integer not null, ended text, reporter_mark text not null,"
        " submission_mark text not null unique, key blob not null, facts blob not null, head blob not null)"
    )
    db.execute("create index cases_by_state on cases (organisation, state)")
    db.execute("create index cases_by_due on cases (due)")
    db.execute("create index cases_by_reporter on cases (reporter_mark)")
    db.execute(
        "create table entries (case_id text not null references cases (id), number integer not null,"
        " sealed blob not null, primary key (case_id, number))"
    )


@migrations()
def keep_notices(db: Database) -> None:
    """The outbox. `state` is waiting, sent, dead, cancelled, recall, gone or damaged."""
    db.execute(
        "create table notices (id integer primary key, mark text not null unique,"
        " case_id text not null references cases (id), step text not null, recipient_mark text not null,"
        " sealed blob not null, state text not null, due text not null, tries integer not null default 0,"
        " claimed_by text, claimed_until text, uncertain integer not null default 0, sent_at text, place blob,"
        " place_mark text, unique (case_id, step, recipient_mark))"
    )
    db.execute("create index notices_by_state on notices (state, due)")
    db.execute("create index notices_by_recipient on notices (recipient_mark, sent_at)")
    db.execute("create index notices_by_place on notices (place_mark)")


@migrations()
def keep_audit_trail(db: Database) -> None:
    """The audit trail, which the database itself refuses to change: rows are added at its end, one after another."""
    db.execute(
        "create table audit (number integer primary key, at text not null, organisation text not null,"
        " act text not null, actor text not null, case_id text not null, detail text not null,"
        " previous text not null, hash text not null)"
    )
    for verb in ("update", "delete"):
        db.execute(
            f"create trigger audit_refuses_{verb} before {verb} on audit"
            " begin select raise(abort, 'the audit trail is append-only'); end"
        )
    # "insert or replace" deletes without a word to the trigger above
    db.execute(
        "create trigger audit_refuses_replace before insert on audit"
        " when new.number <> (select coalesce(max(number), 0) + 1 from audit)"
        " begin select raise(abort, 'the audit trail is append-only'); end"
    )


@migrations()
def keep_shown_views(db: Database) -> None:
    """Which case, or a list of them, stands in which of Slack's views, before whom."""
    db.execute(
        "create table shown (id integer primary key autoincrement, view text not null unique, case_id text not null,"
        " viewer_mark text not null, taken integer not null default 0)"
    )
    db.execute("create index shown_by_viewer on shown (viewer_mark, case_id)")
