"""What each department of the demo organisation says about itself and offers to visitors."""

from shadowing.demo.content.acreg import ACREG
from shadowing.demo.content.comms import COMMS
from shadowing.demo.content.doctoral import DOCTORAL
from shadowing.demo.content.estates import ESTATES
from shadowing.demo.content.hse import HSE
from shadowing.demo.content.intl import INTL
from shadowing.demo.content.its import ITS
from shadowing.demo.content.lib import LIB
from shadowing.demo.content.regoff import REGOFF
from shadowing.demo.content.srma import SRMA
from shadowing.demo.content.strat import STRAT

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
