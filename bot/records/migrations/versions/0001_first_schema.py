"""The first schema: every table of the clinic, as tables.py had it at version 0.1."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    _create_alarm()
    _create_heartbeat()
    _create_number()
    _create_pace()
    _create_patient()
    _create_appointment()
    _create_consent()
    _create_inbound()
    _create_escalation()
    _create_message()
    _create_receipt()


def downgrade() -> None:
    """Drop them again, with all they hold."""
    for table in (
        "receipt",
        "message",
        "escalation",
        "inbound",
        "consent",
        "appointment",
        "patient",
        "pace",
        "number",
        "heartbeat",
        "alarm",
    ):
        op.drop_table(table)


def _create_alarm() -> None:
    op.create_table(
        "alarm",
        _words("kind", primary_key=True),
        _words("words"),
        _instant("raised_at"),
        _instant("cleared_at", nullable=True),
        _instant("holds_until", nullable=True),
        _number("rounds"),
    )


def _create_heartbeat() -> None:
    op.create_table(
        "heartbeat",
        _words("worker", primary_key=True),
        _instant("beaten_at"),
        _instant("started_at"),
    )


def _create_number() -> None:
    op.create_table(
        "number",
        _words("phone", primary_key=True),
        _instant("opted_out_at", nullable=True),
        _words("opt_out_words", nullable=True),
        _words("opt_out_via", nullable=True),
        _instant("opted_in_at", nullable=True),
        _instant("last_inbound_at", nullable=True),
        _instant("last_outbound_at", nullable=True),
    )


def _create_pace() -> None:
    op.create_table(
        "pace",
        _words("name", primary_key=True),
        _instant("free_at"),
    )


def _create_patient() -> None:
    op.create_table(
        "patient",
        _words("id", primary_key=True),
        _words("name"),
        _words("name_key"),
        _words("phone"),
        _words("timezone", nullable=True),
        _instant("created_at"),
        sa.UniqueConstraint("phone", "name_key"),
    )
    op.create_index("ix_patient_phone", "patient", ["phone"])


def _create_appointment() -> None:
    op.create_table(
        "appointment",
        _words("id", primary_key=True),
        _words("external_id"),
        _words("patient_id", sa.ForeignKey("patient.id")),
        _words("treatment"),
        _instant("booked_at"),
        _instant("starts_at"),
        _instant("ends_at"),
        _instant("ended_at", nullable=True),
        _words("status"),
        _instant("confirmed_at", nullable=True),
        _json("flags"),
        _number("revision"),
        _instant("created_at"),
        _instant("updated_at"),
        sa.UniqueConstraint("external_id"),
    )
    op.create_index("ix_appointment_ends_at", "appointment", ["ends_at"])
    op.create_index("ix_appointment_patient_id", "appointment", ["patient_id"])
    op.create_index("ix_appointment_starts_at", "appointment", ["starts_at"])


def _create_consent() -> None:
    op.create_table(
        "consent",
        _words("id", primary_key=True),
        _words("patient_id", sa.ForeignKey("patient.id")),
        _words("method"),
        _instant("given_at"),
        _instant("recorded_at"),
    )
    op.create_index("ix_consent_patient_id", "consent", ["patient_id"])


def _create_inbound() -> None:
    op.create_table(
        "inbound",
        _words("id", primary_key=True),
        _words("sid"),
        _words("from_phone"),
        _words("to_phone"),
        _words("body", nullable=True),
        _number("media_count"),
        _words("opt_out_type", nullable=True),
        _words("patient_id", sa.ForeignKey("patient.id"), nullable=True),
        _words("via"),
        _instant("sent_at"),
        _instant("received_at"),
        _json("reading", nullable=True),
        _words("outcome", nullable=True),
        _instant("handled_at", nullable=True),
        _words("answer_xml", nullable=True),
        sa.UniqueConstraint("sid"),
    )
    op.create_index("ix_inbound_from_phone", "inbound", ["from_phone"])
    op.create_index("ix_inbound_patient_id", "inbound", ["patient_id"])


def _create_escalation() -> None:
    op.create_table(
        "escalation",
        _number("id", primary_key=True),
        _words("patient_id", sa.ForeignKey("patient.id"), nullable=True),
        _words("phone", nullable=True),
        _words("inbound_id", sa.ForeignKey("inbound.id"), nullable=True),
        _words("urgency"),
        _words("reason"),
        _json("signs"),
        _words("state"),
        _instant("opened_at"),
        _instant("climb_at", nullable=True),
        _number("climbs"),
        _instant("acknowledged_at", nullable=True),
        _words("acknowledged_by", nullable=True),
        _instant("resolved_at", nullable=True),
        _words("resolved_by", nullable=True),
        _words("note", nullable=True),
    )
    op.create_index("ix_escalation_patient_id", "escalation", ["patient_id"])
    op.create_index("ix_escalation_phone", "escalation", ["phone"])
    op.create_index("ix_escalation_state", "escalation", ["state"])


def _create_message() -> None:
    op.create_table(
        "message",
        _words("id", primary_key=True),
        _words("kind"),
        _words("to_phone"),
        _words("patient_id", sa.ForeignKey("patient.id"), nullable=True),
        _words("appointment_id", sa.ForeignKey("appointment.id"), nullable=True),
        _words("inbound_id", sa.ForeignKey("inbound.id"), nullable=True),
        _number("escalation_id", sa.ForeignKey("escalation.id"), nullable=True),
        _words("step"),
        _number("occurrence"),
        _number("position"),
        _number("revision"),
        _json("carries"),
        _json("details"),
        _json("said"),
        _words("body", nullable=True),
        _number("segments", nullable=True),
        _number("priority"),
        _instant("due_at"),
        _instant("planned_for"),
        _instant("useful_until", nullable=True),
        _words("state"),
        _words("reason", nullable=True),
        _words("rule", nullable=True),
        _words("claimed_by", nullable=True),
        _instant("lease_until", nullable=True),
        _number("attempts"),
        _instant("attempted_at", nullable=True),
        _instant("sent_at", nullable=True),
        _instant("settled_at", nullable=True),
        _instant("look_up_at", nullable=True),
        _words("sid", nullable=True),
        _number("error_code", nullable=True),
        _instant("created_at"),
        _instant("updated_at"),
        sa.UniqueConstraint("appointment_id", "revision", "step", "occurrence", name="uq_message_key"),
        sa.UniqueConstraint("sid"),
    )
    op.create_index("ix_message_appointment_id", "message", ["appointment_id"])
    op.create_index("ix_message_escalation_id", "message", ["escalation_id"])
    op.create_index("ix_message_inbound_id", "message", ["inbound_id"])
    op.create_index("ix_message_look_up", "message", ["look_up_at"])
    op.create_index("ix_message_patient_id", "message", ["patient_id"])
    op.create_index("ix_message_state_due", "message", ["state", "due_at"])
    op.create_index("ix_message_state_priority_due", "message", ["state", "priority", "due_at"])
    op.create_index("ix_message_to_attempted", "message", ["to_phone", "attempted_at"])


def _create_receipt() -> None:
    op.create_table(
        "receipt",
        _words("id", primary_key=True),
        _words("message_id", sa.ForeignKey("message.id"), nullable=True),
        _words("sid"),
        _words("status"),
        _number("error_code", nullable=True),
        _instant("received_at"),
        sa.UniqueConstraint("sid", "status"),
    )
    op.create_index("ix_receipt_message_id", "receipt", ["message_id"])


def _words(name: str, *constraints: sa.ForeignKey, **settings: bool) -> sa.Column:
    return sa.Column(name, sa.String(), *constraints, **{"nullable": False} | settings)


def _instant(name: str, *constraints: sa.ForeignKey, **settings: bool) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), *constraints, **{"nullable": False} | settings)


def _number(name: str, *constraints: sa.ForeignKey, **settings: bool) -> sa.Column:
    return sa.Column(name, sa.Integer(), *constraints, **{"nullable": False} | settings)


def _json(name: str, *constraints: sa.ForeignKey, **settings: bool) -> sa.Column:
    return sa.Column(name, sa.JSON(), *constraints, **{"nullable": False} | settings)
