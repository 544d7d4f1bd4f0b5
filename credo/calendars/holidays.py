"""Public holidays by code, as dates. Only publishing asks here; what it got is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from credo.base.errors import Invalid


class UnknownHolidays(Invalid):
    """No public holidays are known under this code; write a country (PT), a region (DE-BE) or an exchange (ECB)."""


def holiday_dates(code: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a country, a region or a financial market in `years`; raises UnknownHolidays."""
    # The library knows 250 countries and takes a third of a second to load, so only who publishes pays for it.
    import holidays

    country, _, region = code.partition("-")
    try:
        if code in holidays.list_supported_financial():
            return frozenset(holidays.financial_holidays(code, years=years))
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=years))
    except NotImplementedError as unknown:
        raise UnknownHolidays(code=code) from unknown


def known_codes() -> list[str]:
    """Every code `holiday_dates` understands, for suggestions."""
    import holidays

    codes = list(holidays.list_supported_financial())
    for country, regions in holidays.list_supported_countries().items():
        codes += [country, *(f"{country}-{region}" for region in regions)]
    return codes
