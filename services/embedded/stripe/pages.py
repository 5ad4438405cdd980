"""The pages that people click through: payment, portal and invoice. Plain HTML: they work without a line of JavaScript."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from services.embedded.stripe.cards import CARDS
from services.embedded.stripe.sessions import TAX_PERCENT
from services.embedded.stripe.store import Thing

STYLE = Path(__file__).with_name("style.css").read_text("utf-8")
# Currencies without smaller coins.
WHOLE = ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
_EVERY = {"month": "a month", "year": "a year"}
_STATUS = {"trialing": "in its trial", "active": "active", "past_due": "not paid", "canceled": "ended"}


def money(amount: int, currency: str) -> str:
    """`amount` in minor units."""
    shown = f"{amount:,}" if currency in WHOLE else f"{amount / 100:,.2f}"
    return f"{shown} {currency.upper()}"


def checkout(session: Thing, problem: str = "") -> str:
    """`problem`: why a payment did not go through."""
    back = _link(session["cancel_url"], "Give up and go back")
    if session["status"] != "open":
        return _page("Checkout", f"{_alert(problem or 'This page is over.')}{back}")
    form = f'<form method="post">{_cards(later=session["mode"] == "payment")}<button>{_verb(session)}</button></form>'
    return _page("Checkout", _alert(problem) + _bill(session) + form + back)


def _verb(session: Thing) -> str:
    return "Start the trial" if _days(session) else f"Pay {money(session['amount_total'], session['currency'])}"


def _days(session: Thing) -> int:
    return int(session["_subscription_data"].get("trial_period_days", 0))


def _bill(session: Thing) -> str:
    (line,), currency, days = session["_lines"], session["currency"], _days(session)
    recurring = line["price"]["recurring"]
    every = f" {_EVERY[recurring['interval']]}" if recurring else ""
    name = escape(line["name"]) + (f" × {line['quantity']}" if line["quantity"] > 1 else "")
    rows = [(name, money(line["amount"], currency) + every)]
    if off := line["amount"] - session["_first"]:
        rows.append(("Discount, on the first payment", money(-off, currency)))
    if days:
        rows.append(("Trial", f"{days} days free"))
        rows.append(("First payment, after the trial", money(session["_first"], currency)))
    rows.append((_tax_words(session), money(session["total_details"]["amount_tax"], currency)))
    total = f'<tr class="total"><th scope="row">Due today</th><td>{money(session["amount_total"], currency)}</td></tr>'
    return f"<table>{_rows(rows)}{total}</table>"


def _tax_words(session: Thing) -> str:
    return f"Tax in it ({TAX_PERCENT} %)" if session["automatic_tax"]["enabled"] else "Tax (not worked out)"


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows)


def _cards(later: bool = False) -> str:
    """`later`: also what pays days after the page is left."""
    choices = "".join(
        f'<label><input type="radio" name="card" value="{name}" required{" checked" if name == "good" else ""}>'
        f"{card.number}<span>{escape(card.words)}</span></label>"
        for name, card in CARDS.items()
        if later or name != "delayed"
    )
    return f"<fieldset><legend>Pay with</legend>{choices}</fieldset>"


def portal(session: Thing, subscriptions: list[Thing], problem: str = "") -> str:
    plans = "".join(_plan(one) for one in subscriptions) or "<p>Nothing is paid for.</p>"
    card = f'<form method="post">{_cards()}<button name="do" value="card" class="second">Use this from now on</button></form>'
    return _page("Your subscription", _alert(problem) + plans + card + _link(session["return_url"], "Back"))


def _plan(subscription: Thing) -> str:
    (item,) = subscription["items"]["data"]
    price = item["price"]
    rows = [
        (
            "Price",
            f"{money(price['unit_amount'] * item['quantity'], price['currency'])} {_EVERY[price['recurring']['interval']]}",
        ),
        ("Status", _STATUS[subscription["status"]]),
    ]
    name = escape(str(price["product"]).removeprefix("skillsync_").capitalize())
    if subscription["status"] == "canceled":
        return f"<h2>{name}</h2><table>{_rows(rows)}</table>"
    ends = subscription["cancel_at"]
    rows.append(("Ends on" if ends else "Renews on", _day(ends or item["current_period_end"])))
    verb, words = ("resume", "Go on after all") if ends else ("cancel", "Cancel at the end of the period")
    button = f'<form method="post"><button name="do" value="{verb}">{words}</button></form>'
    return f"<h2>{name}</h2><table>{_rows(rows)}</table>{button}"


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def invoice(found: Thing) -> str:
    currency = found["currency"]
    rows = [("Total", money(found["total"], currency)), ("Paid", money(found["amount_paid"], currency))]
    return _page(f"Invoice {found['number']}", f"<table>{_rows([*rows, ('Status', found['status'])])}</table>")


def missing(words: str) -> str:
    return _page("Not here", _alert(words))


def _link(url: str | None, words: str) -> str:
    return f'<a href="{escape(url, quote=True)}">{words}</a>' if url else ""


def _alert(words: str) -> str:
    return f'<p role="alert">{escape(words)}</p>' if words else ""


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css">'
        "<aside>Local payments: no money moves. These cards exist for trying things out.</aside>"
        f"<main><h1>{escape(title)}</h1>{body}</main></html>"
    )
