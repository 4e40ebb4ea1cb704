from admit.core.errors import AppError, NotFound


class PasskeyRefused(AppError):
    status = 422
    title = "That passkey did not work"
    message = "The passkey could not be used here. It may have been removed, or it took too long."
    advice = "Try once more, or sign in another way."
    way_on = ("Back to sign in", "/sign-in")


class NoPasskeysHere(NotFound):
    """The site has an address and no name."""

    message = "Passkeys need a site with a name."


class TooManyPasskeys(AppError):
    status = 409
    title = "You have many passkeys"
    message = "An account holds twenty passkeys at most."
    advice = "Remove one that you no longer use."
    way_on = ("Your passkeys", "/account/passkeys")


class KnownPasskey(AppError):
    status = 409
    title = "You have that one already"
    message = "This passkey belongs to an account here already."
    advice = "Use another device or security key."
    way_on = ("Your passkeys", "/account/passkeys")
