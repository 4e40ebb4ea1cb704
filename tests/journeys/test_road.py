"""One person, the real processes, both databases."""

from pathlib import Path

from tests.engines.simulators import StripeSide
from tests.engines.site import running_site
from tests.journeys.road import Traveller
from tests.journeys.story import walk_the_road


def test_ada_pays_is_let_in_renews_cancels_and_loses_access_at_the_end(
    tmp_path: Path, database_url: str
) -> None:
    with (
        running_site(tmp_path, settings={"DATABASE_URL": database_url}) as site,
        StripeSide(site.simulator_url) as stripe,
        Traveller(site.url) as ada,
    ):
        walk_the_road(ada, stripe)
        assert site.stop() == 0
