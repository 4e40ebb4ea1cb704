from admit.core.errors import AppError, Forbidden, TooManyRequests


class RoleTooHigh(Forbidden):
    message = "Nobody can give a role that is above their own."


class LastAdmin(AppError):
    status = 409
    title = "That is the last administrator"
    message = "Somebody must stay who may do everything."
    advice = "Make somebody else an administrator first."


class TooManyInvitations(TooManyRequests):
    message = "That are many invitations for one day."
    advice = "Go on tomorrow, or ask another member of staff."
