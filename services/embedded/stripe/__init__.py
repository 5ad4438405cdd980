"""A Stripe for this machine: what the embedded stack and tests pay at. No money moves, and no service knows that it is not the real one.

It has the part of Stripe's API that the billing service uses, in the shapes of version 2026-10-28: customers, products, prices, coupons,
checkout sessions with a page to click through, subscriptions with proration, invoices, charges, refunds, disputes, the portal, events,
webhooks that are signed and repeated, idempotency keys, a clock that can be set forward, and faults on demand.

From outside, with the stack's own `stripe_key` as bearer token: `POST /local/faults` with shares by name (`hangs_up=0.2&fails=0.1`), until
it is told otherwise, and `POST /local/advance` with `days`.

Where it is simpler: a renewal is charged at once, and not an hour after its invoice; a card that fails is not tried again; a share of tax
is the same for everybody.
"""
