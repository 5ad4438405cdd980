"""The pages that people click through: payment, portal and invoice."""

from html import escape

from services.embedded.stripe.store import Thing

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:16px system-ui;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a}}
button{{font:inherit;padding:.6rem 1.2rem;margin:.3rem .3rem .3rem 0}}aside{{background:#fff4ce;padding:.6rem 1rem}}</style>
<aside>Local payments: no money moves.</aside><h1>{title}</h1>"""
_CARDS = (
    ("good", "4242 4242 4242 4242", "Pay"),
    ("bad", "4000 0000 0000 0341", "Pay with a card that fails at the next renewal"),
    ("declined", "4000 0000 0000 0002", "Pay with a card that is declined"),
)


def checkout(session: Thing, problem: str = "") -> str:
    amount = f"{session['amount_total'] / 100:,.2f} {session['currency'].upper()}"
    days = session["_subscription_data"].get("trial_period_days")
    note = f"<p>Free for {escape(str(days))} days, then:</p>" if days else ""
    buttons = "".join(
        f'<p><button name="card" value="{card}">{escape(words)}</button> <small>{number}</small></p>'
        for card, number, words in _CARDS
    )
    told = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    back = f'<p><a href="{escape(session["cancel_url"] or "", quote=True)}">Back</a></p>'
    return f'{_HEAD.format(title="Checkout")}{told}{note}<p>{amount}</p><form method="post">{buttons}</form>{back}'


def portal(session: Thing, subscriptions: list[Thing]) -> str:
    lines = "".join(
        f"<li>{escape(s['items']['data'][0]['price']['lookup_key'] or 'plan')}: {escape(s['status'])}"
        f"{', ends with the period' if s['cancel_at_period_end'] else ''}</li>"
        for s in subscriptions
    )
    buttons = "".join(
        f'<button name="do" value="{verb}">{words}</button>'
        for verb, words in (
            ("good", "Use a good card"),
            ("bad", "Use a card that fails"),
            ("cancel", "Cancel at the end of the period"),
            ("resume", "Go on after all"),
        )
    )
    back = f'<p><a href="{escape(session["return_url"] or "", quote=True)}">Back</a></p>'
    return f'{_HEAD.format(title="Your subscription")}<ul>{lines}</ul><form method="post">{buttons}</form>{back}'


def invoice(found: Thing) -> str:
    amount = f"{found['total'] / 100:,.2f} {found['currency'].upper()}"
    return f"{_HEAD.format(title='Invoice ' + found['number'])}<p>{amount}: {escape(found['status'])}</p>"
