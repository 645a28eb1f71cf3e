"""A witness inside the database: triggers that number every hand-over, opt-out and change in the order of their locks.

The clocks of the processes disagree, so their times prove no order; this does. It changes nothing that it watches.
"""

from sqlalchemy import Engine, text

POSTGRES = (
    """CREATE TABLE audit (seq bigserial PRIMARY KEY, what text, id text, phone text, revision int,
       at timestamptz DEFAULT clock_timestamp())""",
    """CREATE FUNCTION audit_message() RETURNS trigger AS $$ BEGIN
       IF NEW.state = 'unknown' AND (TG_OP = 'INSERT' OR OLD.state <> 'unknown') THEN
         INSERT INTO audit (what, id, phone, revision) VALUES ('attempt', NEW.id, NEW.to_phone, NEW.revision);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    """CREATE FUNCTION audit_number() RETURNS trigger AS $$ BEGIN
       IF (NEW.opted_out_at IS NULL) <> (OLD.opted_out_at IS NULL) THEN
         INSERT INTO audit (what, phone) VALUES
           (CASE WHEN NEW.opted_out_at IS NULL THEN 'start' ELSE 'stop' END, NEW.phone);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    """CREATE FUNCTION audit_appointment() RETURNS trigger AS $$ BEGIN
       IF NEW.revision <> OLD.revision THEN
         INSERT INTO audit (what, id, revision) VALUES ('change', NEW.id, NEW.revision);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    "CREATE TRIGGER a AFTER INSERT OR UPDATE ON message FOR EACH ROW EXECUTE FUNCTION audit_message()",
    "CREATE TRIGGER a AFTER UPDATE ON number FOR EACH ROW EXECUTE FUNCTION audit_number()",
    "CREATE TRIGGER a AFTER UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION audit_appointment()",
)
ATTEMPT = """BEGIN INSERT INTO audit (what, id, phone, revision)
             VALUES ('attempt', NEW.id, NEW.to_phone, NEW.revision); END"""
SQLITE = (
    """CREATE TABLE audit (seq integer PRIMARY KEY AUTOINCREMENT, what text, id text, phone text, revision int,
       at text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')))""",
    f"CREATE TRIGGER a1 AFTER INSERT ON message WHEN NEW.state = 'unknown' {ATTEMPT}",
    f"CREATE TRIGGER a2 AFTER UPDATE ON message WHEN NEW.state = 'unknown' AND OLD.state <> 'unknown' {ATTEMPT}",
    """CREATE TRIGGER a3 AFTER UPDATE ON number WHEN (NEW.opted_out_at IS NULL) <> (OLD.opted_out_at IS NULL)
       BEGIN INSERT INTO audit (what, phone) VALUES
         (CASE WHEN NEW.opted_out_at IS NULL THEN 'start' ELSE 'stop' END, NEW.phone); END""",
    """CREATE TRIGGER a4 AFTER UPDATE ON appointment WHEN NEW.revision <> OLD.revision
       BEGIN INSERT INTO audit (what, id, revision) VALUES ('change', NEW.id, NEW.revision); END""",
)


def install(engine: Engine) -> None:
    """Begin to watch this database."""
    with engine.begin() as connection:
        for command in POSTGRES if engine.dialect.name == "postgresql" else SQLITE:
            connection.execute(text(command))
