"""The one error class for what a user can put right."""


class TrailerflowError(Exception):
    """A fault in the set-up, told in one sentence that names the thing and the way out.

    It is not for a single movie's bad input: that is a ``failed`` outcome, and the run goes on.
    """
