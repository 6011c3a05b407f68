from django.db import models

from alongside.kernel.ids import new_id
from alongside.kernel.keys import ForceKey


class ReadFile(models.Model):
    """A file that was imported, so that an old release read again is not taken for a newer one.

    Without it, reading a folder of every release each month would set each crime back to its first outcome
    and forward again, and the timeline can not be cleaned of that.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    # Of where the file lay, when it was last written, and every byte of it.
    fingerprint = models.BinaryField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "fingerprint"], name="one_reading_of_a_file")]

    def __str__(self) -> str:
        return str(self.pk)
