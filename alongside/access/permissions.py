"""What somebody may be allowed to do: members of staff by their roles, other systems by their tokens."""

from enum import StrEnum


class Permission(StrEnum):
    """What a member of staff may do. Roles (data) are sets of these."""

    VIEW_WORKLIST = "view_worklist"
    VIEW_RECORD = "view_record"
    ADD_EVENT = "add_event"
    VOID_EVENT = "void_event"
    TELL_VICTIM = "tell_victim"
    SET_FACTS = "set_facts"
    ASSIGN_RECORD = "assign_record"
    RESTRICT_RECORD = "restrict_record"
    SHARE_RECORD = "share_record"
    REASSIGN_IN_BULK = "reassign_in_bulk"
    VIEW_PERFORMANCE = "view_performance"
    VIEW_ACCESS_LOG = "view_access_log"
    MANAGE_USERS = "manage_users"
    IMPORT_RECORDS = "import_records"


class TokenScope(StrEnum):
    """What another system may do with its token."""

    WRITE_EVENTS = "events:write"
    READ_RECORDS = "records:read"
    READ_DUTIES = "duties:read"
    READ_RULEBOOK = "rulebook:read"
