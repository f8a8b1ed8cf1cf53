"""What each department of the demo organisation says about itself and offers to visitors."""

from demo.content.acreg import ACREG
from demo.content.comms import COMMS
from demo.content.doctoral import DOCTORAL
from demo.content.estates import ESTATES
from demo.content.hse import HSE
from demo.content.intl import INTL
from demo.content.its import ITS
from demo.content.lib import LIB
from demo.content.regoff import REGOFF
from demo.content.srma import SRMA
from demo.content.strat import STRAT

DEPARTMENTS = (
    REGOFF,
    ACREG,
    ITS,
    LIB,
    COMMS,
    INTL,
    SRMA,
    ESTATES,
    STRAT,
    HSE,
    DOCTORAL,
)

__all__ = ["DEPARTMENTS"]
