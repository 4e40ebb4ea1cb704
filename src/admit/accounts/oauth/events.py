from typing import ClassVar

from admit.core.events import Event


class PictureOffered(Event):
    """A provider names a picture of somebody that we have not looked at yet."""

    name: ClassVar[str] = "accounts.picture_offered"
    identity_id: str
