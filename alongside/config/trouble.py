"""The one kind of error that ends a command with a sentence instead of a stack trace."""


class Trouble(Exception):
    """Something about this installation prevents the command. The message says what, and what to do."""
