"""The command in this process, against the simulator as if it were Stripe."""

from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner, Result

from admit.cli import app
from tests.engines.simulators import StripeSide

PUBLIC_URL = "https://members.example.com"
HOOK = f"{PUBLIC_URL}/webhooks/stripe"


@dataclass(frozen=True)
class Terminal:
    """A key of an account in test mode: nothing here knows that a simulator answers."""

    database_url: str
    directory: Path
    stripe: StripeSide

    def types(self, *words: str, **settings: str) -> Result:
        environment = {
            "DATABASE_URL": self.database_url,
            "ADMIT_DATA_DIR": str(self.directory),
            "ADMIT_PUBLIC_URL": PUBLIC_URL,
            "STRIPE_SECRET_KEY": "sk_test_of_the_shop",
            "STRIPE_API_BASE": self.stripe.url,
            "STRIPE_WEBHOOK_SECRET": "whsec_not_known_yet",
            **settings,
        }
        return CliRunner().invoke(app, words, env=environment)

    def lines(self, *words: str, **settings: str) -> list[str]:
        """Of a command that must succeed."""
        result = self.types(*words, **settings)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output.splitlines()

    def wrong(self, **settings: str) -> list[str]:
        """What the doctor would have mended."""
        lines = self.types("doctor", **settings).output.splitlines()
        return [line for line in lines if line.startswith("✗")]
