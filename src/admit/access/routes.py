"""The API's description of access. Requests are answered by `hot_road` before they come here;
these say the same, so that the description cannot drift from a working endpoint.
"""

from fastapi import APIRouter

from admit.access.errors import UnknownFeature
from admit.access.hot_road import hot_road
from admit.access.schemas import AllFeatures, OneFeature, all_features, one_feature
from admit.access.service import access_of
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import SignedIn, open_to_keys
from admit.core.db import ReadDb
from admit.core.http.state import AppClock

__all__ = ["hot_road", "router"]

router = APIRouter(prefix="/api/v1", tags=["access"])
READS_ACCESS = [open_to_keys(Scope.access_read)]


@router.get("/access", operation_id="list_access", dependencies=READS_ACCESS)
async def list_access(person: SignedIn, db: ReadDb, clock: AppClock) -> AllFeatures:
    """Every feature, and whether it is open to the signed-in person."""
    return all_features(await access_of(db, person.id, clock.business()))


@router.get("/access/{feature}", operation_id="get_access", dependencies=READS_ACCESS)
async def get_access(feature: str, person: SignedIn, db: ReadDb, clock: AppClock) -> OneFeature:
    """May the signed-in person use this feature, why, and until when?

    Answered from memory. A change is honoured at once in the process that made it, and within
    two seconds in every other one.
    """
    access = await access_of(db, person.id, clock.business())
    if feature not in access.decisions:
        raise UnknownFeature
    return one_feature(feature, access.decisions[feature])
