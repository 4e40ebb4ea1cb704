from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request

from admit.accounts.leaving.holding import Holding


def holdings_of(request: Request) -> Sequence[Holding]:
    """Of every slice; put together where all of them are known."""
    holdings: Sequence[Holding] = request.app.state.holdings
    return holdings


AppHoldings = Annotated[Sequence[Holding], Depends(holdings_of)]
