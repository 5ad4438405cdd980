"""Amounts as people write them, and in the minor units that the contract counts in. Digits after the point: ISO 4217."""

from decimal import Decimal, InvalidOperation

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
DIGITS = dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_THREE.split(), 3) | dict.fromkeys(_FOUR.split(), 4)
USUAL_DIGITS = 2
# Far beyond what the contract allows; keeps `1e999999` from being written out.
MOST_DIGITS = 18


def minor_units(amount: str | int | Decimal, currency: str) -> int:
    """`60000.5`, `EUR` → 6000050. Raises ValueError, saying what to write instead."""
    try:
        value = Decimal(amount.strip() if isinstance(amount, str) else amount)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError("is not an amount; write digits, with a point before cents: 60000 or 60000.50")
    if value < 0:
        raise ValueError("is less than nothing; write an amount of at least 0")
    if value.adjusted() > MOST_DIGITS:
        raise ValueError("is too much; check the amount")
    digits = DIGITS.get(currency, USUAL_DIGITS)
    units = value.scaleb(digits)
    if units != units.to_integral_value():
        raise ValueError(f"has a finer part than {currency} has; write at most {digits} digits after the point")
    return int(units)


def major_units(units: int, currency: str) -> int | float:
    """6000050, `EUR` → 60000.5, as a number of JSON; exact for all amounts of the contract."""
    value = Decimal(units).scaleb(-DIGITS.get(currency, USUAL_DIGITS))
    return int(value) if value == value.to_integral_value() else float(value)
