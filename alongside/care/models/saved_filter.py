from django.db import models

from alongside.access.models import User
from alongside.kernel.ids import new_id
from alongside.kernel.keys import ForceKey, SameForceKey


class SavedFilter(models.Model):
    """A worklist filter that somebody wants back, by name. Codes only: `query` is a query string."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    user = SameForceKey(User)
    name = models.TextField()
    query = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "user", "name"], name="one_filter_of_a_name")]

    def __str__(self) -> str:
        return str(self.pk)
