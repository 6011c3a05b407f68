from django.db import models

from alongside.access.models import User
from alongside.kernel.ids import new_id


class DemoLink(models.Model):
    """A single-use address that signs somebody in to a demonstration force. Only a hash of it is kept.

    Not under row-level security: a visitor is nobody yet, and there is nothing here about a victim or a
    witness. This app is not installed in production.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False)
    role = models.TextField()
    token_hash = models.TextField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)
