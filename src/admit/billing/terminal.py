"""What the commands about money share: each refusal is told in plain words, with exit code 1."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import typer

if TYPE_CHECKING:
    from admit.billing.context import Billing


class WithBilling(Protocol):
    """Runs a coroutine with the money side of a process of its own."""

    def __call__(self, work: Callable[["Billing"], Awaitable[Any]]) -> Any: ...


def answered(run: Callable[[Any], Any], work: Callable[..., Awaitable[Any]]) -> Any:
    """What `work` returns; `run` gives it what it needs."""
    from admit.billing.connection.key import UnfitKey
    from admit.billing.errors import OtherStripeAccount
    from admit.billing.gateway import GatewayRefused, GatewayUnavailable
    from admit.core.errors import AppError

    try:
        return run(work)
    except UnfitKey as unfit:
        refuse(*unfit.problems)
    except OtherStripeAccount as other:
        refuse(str(other), other.mend)
    except GatewayUnavailable:
        refuse("Stripe does not answer. Nothing is half-done: run the command again.")
    except GatewayRefused as refusal:
        refuse(f"Stripe refuses this: {refusal.reason}")
    except AppError as error:
        refuse(error.message)


def refuse(*lines: str) -> NoReturn:
    for line in lines:
        typer.secho(line, fg="red", err=True)
    raise typer.Exit(1) from None
