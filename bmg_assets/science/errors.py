"""The root of the platform's own errors."""


class BmgError(Exception):
    """Something a user can fix; the message says what was found, what was expected and what to do.

    Commands print the message alone. Any other exception is a fault of the platform and keeps its traceback.
    """
