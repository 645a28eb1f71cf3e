"""A witness inside the database: triggers that number what was committed in the order of the locks.

It notes every hand-over, opt-out, change of an appointment, text taken in and due time that a plan gave. The clocks of
the processes disagree, so their times prove no order; this does. It changes nothing that it watches.
"""

from sqlalchemy import Engine, text

POSTGRES = (
    """CREATE TABLE audit (seq bigserial PRIMARY KEY, what text, id text, phone text, revision int,
       standing text, at timestamptz DEFAULT clock_timestamp())""",
    """CREATE FUNCTION audit_message() RETURNS trigger AS $$ BEGIN
       IF NEW.state = 'unknown' AND (TG_OP = 'INSERT' OR OLD.state <> 'unknown') THEN
         INSERT INTO audit (what, id, phone, revision) VALUES ('attempt', NEW.id, NEW.to_phone, NEW.revision);
       END IF;
       IF TG_OP = 'INSERT' OR OLD.revision <> NEW.revision THEN
         INSERT INTO audit (what, id, standing) VALUES ('planned', NEW.id, NEW.due_at::text);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    """CREATE FUNCTION audit_number() RETURNS trigger AS $$ BEGIN
       IF (NEW.opted_out_at IS NULL) <> (OLD.opted_out_at IS NULL) THEN
         INSERT INTO audit (what, phone) VALUES
           (CASE WHEN NEW.opted_out_at IS NULL THEN 'start' ELSE 'stop' END, NEW.phone);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    """CREATE FUNCTION audit_appointment() RETURNS trigger AS $$ BEGIN
       IF NEW.revision <> OLD.revision THEN
         INSERT INTO audit (what, id, revision, standing) VALUES ('change', NEW.id, NEW.revision, json_build_object(
           'starts_at', NEW.starts_at, 'ends_at', NEW.ends_at, 'ended_at', NEW.ended_at, 'status', NEW.status,
           'flags', NEW.flags, 'phone', (SELECT phone FROM patient WHERE id = NEW.patient_id))::text);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    """CREATE FUNCTION audit_inbound() RETURNS trigger AS $$ BEGIN
       IF NEW.handled_at IS NOT NULL AND OLD.handled_at IS NULL THEN
         INSERT INTO audit (what, id, phone) VALUES ('handled', NEW.sid, NEW.from_phone);
       END IF; RETURN NULL; END $$ LANGUAGE plpgsql""",
    "CREATE TRIGGER a AFTER INSERT OR UPDATE ON message FOR EACH ROW EXECUTE FUNCTION audit_message()",
    "CREATE TRIGGER a AFTER UPDATE ON number FOR EACH ROW EXECUTE FUNCTION audit_number()",
    "CREATE TRIGGER a AFTER UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION audit_appointment()",
    "CREATE TRIGGER a AFTER UPDATE ON inbound FOR EACH ROW EXECUTE FUNCTION audit_inbound()",
)
ATTEMPT = """BEGIN INSERT INTO audit (what, id, phone, revision)
             VALUES ('attempt', NEW.id, NEW.to_phone, NEW.revision); END"""
SQLITE = (
    """CREATE TABLE audit (seq integer PRIMARY KEY AUTOINCREMENT, what text, id text, phone text, revision int,
       standing text, at text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')))""",
    f"CREATE TRIGGER a1 AFTER INSERT ON message WHEN NEW.state = 'unknown' {ATTEMPT}",
    f"CREATE TRIGGER a2 AFTER UPDATE ON message WHEN NEW.state = 'unknown' AND OLD.state <> 'unknown' {ATTEMPT}",
    """CREATE TRIGGER a6 AFTER INSERT ON message
       BEGIN INSERT INTO audit (what, id, standing) VALUES ('planned', NEW.id, NEW.due_at); END""",
    """CREATE TRIGGER a7 AFTER UPDATE ON message WHEN NEW.revision <> OLD.revision
       BEGIN INSERT INTO audit (what, id, standing) VALUES ('planned', NEW.id, NEW.due_at); END""",
    """CREATE TRIGGER a3 AFTER UPDATE ON number WHEN (NEW.opted_out_at IS NULL) <> (OLD.opted_out_at IS NULL)
       BEGIN INSERT INTO audit (what, phone) VALUES
         (CASE WHEN NEW.opted_out_at IS NULL THEN 'start' ELSE 'stop' END, NEW.phone); END""",
    """CREATE TRIGGER a4 AFTER UPDATE ON appointment WHEN NEW.revision <> OLD.revision
       BEGIN INSERT INTO audit (what, id, revision, standing) VALUES ('change', NEW.id, NEW.revision, json_object(
         'starts_at', NEW.starts_at, 'ends_at', NEW.ends_at, 'ended_at', NEW.ended_at, 'status', NEW.status,
         'flags', json(NEW.flags), 'phone', (SELECT phone FROM patient WHERE id = NEW.patient_id))); END""",
    """CREATE TRIGGER a5 AFTER UPDATE ON inbound WHEN NEW.handled_at IS NOT NULL AND OLD.handled_at IS NULL
       BEGIN INSERT INTO audit (what, id, phone) VALUES ('handled', NEW.sid, NEW.from_phone); END""",
)


def install(engine: Engine) -> None:
    """Begin to watch this database."""
    with engine.begin() as connection:
        for command in POSTGRES if engine.dialect.name == "postgresql" else SQLITE:
            connection.execute(text(command))
