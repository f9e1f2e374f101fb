"""Let the database refuse changes of the audit log, whatever program asks. domain/events/door.py says who may pass."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION events_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    door text := coalesce(current_setting('slotdesk.audit_door', true), '');
    free text[] := ARRAY['advanced_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF door = 'retention' THEN
            RETURN OLD;
        END IF;
    ELSE
        IF door = 'erasure' THEN
            free := free || ARRAY['actor', 'address', 'data', 'changes'];
        END IF;
        IF to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit log can only be added to.' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_append_only();
"""
BACKWARDS = "DROP TRIGGER event_append_only ON events_event; DROP FUNCTION events_event_append_only();"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_first_tables")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
