from django.apps import AppConfig


class Demo(AppConfig):
    """Installed in demonstrations and tests, never in production (alongside/config/settings.py)."""

    name = "demo"
