"""The beginning of a process that loads. Imports nothing that needs Django: this is what makes it ready."""

import os


def prepare() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings")
    django.setup()
