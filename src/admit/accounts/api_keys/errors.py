from admit.core.errors import Forbidden, InvalidInput, NotFound


class ScopeNeeded(Forbidden):
    """Told to whoever holds an API key that was not made for this."""

    title = "This key may not do that"
    message = "The API key has not the scope that this needs."
    advice = "Make a key with the scope, or sign in."


class UnknownApiKey(NotFound):
    title = "No such API key"
    message = "You have no API key of that name."
    advice = "Look at the list of your API keys."


class TooManyApiKeys(InvalidInput):
    def __init__(self, most: int) -> None:
        super().__init__({"name": f"You have {most} keys, which is the most. Revoke one first."})
