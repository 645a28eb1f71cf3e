"""Telephone numbers: makes sure each has a row, locks them, records opt-outs. Sends nothing and suppresses nothing."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from bot.records.tables import Number


def ensure_numbers(session: Session, phones: Collection[str]) -> None:
    """Give each number a row, so that sending and STOP have one thing to lock."""
    if not phones:
        return
    known = set(session.exec(select(Number.phone).where(col(Number.phone).in_(phones))).all())
    missing = sorted(set(phones) - known)
    if missing:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.exec(insert(Number).values([{"phone": phone} for phone in missing]).on_conflict_do_nothing())


def lock_numbers(session: Session, phones: Collection[str]) -> dict[str, Number]:
    """The numbers by phone, locked until the transaction ends; always the first lock a transaction takes."""
    wanted = select(Number).where(col(Number.phone).in_(phones)).order_by(col(Number.phone))
    locked = session.exec(wanted.with_for_update(key_share=True).execution_options(populate_existing=True))
    return {number.phone: number for number in locked.all()}


def record_opt_out(session: Session, phone: str, *, at: datetime, words: str | None, via: str) -> bool:
    """Remember that a number opted out, when, in which words and how we know; False: it had already."""
    ensure_numbers(session, [phone])
    done = session.exec(
        update(Number)
        .where(col(Number.phone) == phone, col(Number.opted_out_at).is_(None))
        .values(opted_out_at=at, opt_out_words=words, opt_out_via=via)
    )
    return done.rowcount == 1


def record_opt_in(session: Session, phone: str, *, at: datetime) -> bool:
    """Remember that a number may be texted again; False: it was never opted out."""
    done = session.exec(
        update(Number)
        .where(col(Number.phone) == phone, col(Number.opted_out_at).is_not(None))
        .values(opted_out_at=None, opt_out_words=None, opt_out_via=None, opted_in_at=at)
    )
    return done.rowcount == 1


def note_outbound(session: Session, phones: Collection[str], *, at: datetime) -> None:
    """Remember when we last texted these numbers; they must be locked already."""
    if phones:
        session.exec(update(Number).where(col(Number.phone).in_(phones)).values(last_outbound_at=at))
