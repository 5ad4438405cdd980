"""A Stripe for this machine: what the embedded stack and tests pay at. No money moves, and no service knows that it is not the real one.

It has the part of Stripe's API that the billing service uses, in the shapes of version 2026-10-28: customers, products, prices, coupons,
checkout sessions with a page to click through, subscriptions with proration, invoices, charges, refunds, disputes, the portal, events,
webhooks that are signed and repeated, idempotency keys, a clock that can be set forward, and faults on demand.

Where it is simpler: a renewal is charged at once, and not an hour after its invoice; a card that fails is not tried again; a share of tax
is the same for everybody.
"""
