"""What the tables have in common."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db.models import Q

HOUSEHOLD_TIER = 3
NO_HOUSEHOLD = "Camera hộ gia đình không được ghi vào sổ này. Hãy chọn camera tầng 1 hoặc tầng 2."


class NoHousehold(pgtrigger.Trigger):
    """Refuses a row that names a household's camera, whoever writes it: place, line and owner of such a camera are
    the household's own."""

    name = "no_household"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    func = (
        "IF EXISTS (SELECT 1 FROM cameras_camera WHERE id = NEW.camera_id AND tier = 3) THEN "
        "RAISE EXCEPTION 'a household camera stands in no register of the network' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW;"
    )


def refuse_household(camera: object, field: str = "camera") -> None:
    """Raises ValidationError for a household's camera: the sentence for what the trigger refuses."""
    if getattr(camera, "tier", None) == HOUSEHOLD_TIER:
        raise ValidationError({field: NO_HOUSEHOLD})


def ends_after(start: str, end: str) -> Q:
    """The condition that a row ends on the day it began or later, where it ends."""
    from django.db.models import F

    return Q(**{end: None}) | Q(**{f"{end}__gte": F(start)})
