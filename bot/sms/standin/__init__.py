"""A Twilio of our own on the loopback: real HTTP, real signatures, scripted trouble. It must not serve outsiders.

Everything that production code does with Twilio it does here in the same way, so that code needs no branch for tests.
"""

from bot.sms.standin.faults import Fault, Faults
from bot.sms.standin.inbound import InboundResult
from bot.sms.standin.ledger import Bubble, Change, Message
from bot.sms.standin.life import Ending, Pace
from bot.sms.standin.opt_outs import OptOuts
from bot.sms.standin.serving import running
from bot.sms.standin.standin import StandIn

__all__ = [
    "Bubble",
    "Change",
    "Ending",
    "Fault",
    "Faults",
    "InboundResult",
    "Message",
    "OptOuts",
    "Pace",
    "StandIn",
    "running",
]
