"""How a customer's card behaves: the ones that Stripe has for tests, by a name of what they do."""

from dataclasses import dataclass

from services.embedded.stripe.desk import Refused
from services.embedded.stripe.store import Thing


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    words: str


CARDS = {
    "good": Card("4242 4242 4242 4242", "works"),
    "bad": Card("4000 0000 0000 0341", "works today, and fails at every later payment"),
    "declined": Card("4000 0000 0000 0002", "is declined"),
    "funds": Card("4000 0000 0000 9995", "is declined: insufficient funds"),
    "delayed": Card("DE89 3704 0044 0532 0130 00", "a bank account, from which the money comes days later"),
}
_REFUSALS = {"declined": "Your card was declined.", "funds": "Your card has insufficient funds."}


def accept(card: str) -> None:
    """As somebody gives it. Raises Refused."""
    if card not in CARDS:
        raise Refused("Choose one of the cards.", "incorrect_number", 402)
    if card in _REFUSALS:
        raise Refused(_REFUSALS[card], "card_declined", 402)


def works(customer: Thing) -> bool:
    """Whether a payment that nobody is there to confirm goes through."""
    return customer.get("_card") in ("good", "delayed")
