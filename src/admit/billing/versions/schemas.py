from pydantic import BaseModel


class Versions(BaseModel):
    versions: dict[str, int]
    """How often each list has changed, the caller's own and everybody's; one that never did is
    left out. Only equality means something."""
