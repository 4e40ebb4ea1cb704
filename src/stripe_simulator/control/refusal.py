class Refused(Exception):
    """A control call that makes no sense: answered with 400 and this sentence."""
