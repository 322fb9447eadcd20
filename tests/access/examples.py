"""Things that addresses name, for every unit: those of the kernel here, each module's in its `tests/examples.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.timezone import localdate, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.models import Device
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import ESCALATED
from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.models import Export, Import
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.testing.examples import Examples, Form, Setting, Things
from binhyen.kernel.testing.registers import make_example, person_for
from binhyen.kernel.testing.world import SINCE, World, make_person, make_unit
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role

MIDDLE = (21.63, 105.64)
SCOPES = ("own", "other", "closed")


@dataclass
class Stage:
    """Everything that may be asked for. `people` by role serve commune A and served the closed unit."""

    people: dict[Role, User]
    own: Things
    other: Things
    closed: Things


def make_stage(world: World) -> Stage:
    """Build it; runs across units."""
    closing = make_unit("X99003", "Công an xã Cũ", Unit.Level.COMMUNE, below=world.province)
    guests = {role: make_person(f"c.{role}", f"Lê {role.label} C", role, closing) for role in Role}
    for role, user in world.people.items():
        Membership.objects.create(user=user, unit=closing, role=role, valid_from=SINCE)
    stage = Stage(
        people=world.people,
        own=_things(world.commune_a, world.people, "AN", 0.0),
        other=_things(world.commune_b, world.outsiders, "BI", 0.2),
        closed=_things(closing, guests, "CU", 0.4),
    )
    closing.valid_until = localdate()
    closing.save()
    return stage


def _things(unit: Unit, people: Mapping[Role, User], mark: str, east: float) -> Things:
    things = Things({name: row for screens in all_screens() for name, row in _register(screens, unit, people)})
    setting = Setting(unit, people, mark, (MIDDLE[0], MIDDLE[1] + east), things)
    for examples in every_example():
        vars(things).update(examples.make(setting))
    return things


def _register(screens: Screens, unit: Unit, people: Mapping[Role, User]) -> list[tuple[str, Any]]:
    officer = person_for(people, screens, Action.BRING_IN) or people[Role.CHIEF]
    file = Import.objects.create(screens=screens.name, by=officer, file_name="thu.csv", line_count=0, state="ready")
    return [(screens.name, make_example(screens, unit)), (f"{screens.name}-import", file)]


def _of_kernel(setting: Setting) -> dict[str, Any]:
    """What people have of their own: all three are the investigator's."""
    officer = setting.people[Role.INVESTIGATOR]
    return {
        "message": send(ESCALATED, to=officer, subject=f"Cần xử lý: {setting.mark}", url="/hom-nay/")[0],
        "device": Device.objects.create(
            user=officer, endpoint_key=setting.mark, sealed=b"", label="Chrome", added_at=now()
        ),
        "export": Export.objects.create(screens="thu", by=officer, kind="csv", query="", row_count=1),
    }


KERNEL = Examples(
    make=_of_kernel,
    by_route={
        ("export", "pk"): lambda things: things.export.pk,
        ("export-file", "pk"): lambda things: things.export.pk,
        ("notice", "pk"): lambda things: things.message.pk,
        ("notice_read", "pk"): lambda things: things.message.pk,
        ("notice_device_remove", "pk"): lambda things: things.device.pk,
        ("notice_device_try", "pk"): lambda things: things.device.pk,
    },
    constants={
        ("notice_off", "token"): "khong-phai-cua-chung-toi",
        ("notice_browser_file", "name"): "nhan-tin",
    },
)


def every_example() -> list[Examples]:
    """The kernel's, then those of modules that brought some, in the order of modules."""
    names = [f"{config.name}.tests.examples" for config in apps.get_app_configs() if ".modules." in config.name]
    brought = [import_module(name) for name in names if find_spec(name.rpartition(".")[0]) and find_spec(name)]
    return [KERNEL, *(each.EXAMPLES for each in brought)]


def things_for(route_name: str, parameters: tuple[str, ...], stage: Stage) -> dict[str, dict[str, Any]]:
    """Values of a route's parameters for each thing to try: `-` alone where it has none.

    Raises LookupError for a parameter that nobody has given an example for.
    """
    known = _first(route_name, parameters, "constants")
    named = [name for name in parameters if name not in known]
    if not named:
        return {"-": known}
    found = {
        scope: known | {name: _example(route_name, name)(getattr(stage, scope)) for name in named} for scope in SCOPES
    }
    if "code" in named:
        found["home"] = found["own"] | {"code": stage.own.neighbour.code}
    return found


def _first(route_name: str, parameters: tuple[str, ...], table: str) -> dict[str, Any]:
    """Of `parameters`, those that a module's `table` has an entry for under this route."""
    entries: dict[tuple[str, str], Any] = {}
    for examples in every_example():
        entries |= getattr(examples, table)
    return {name: entries[route_name, name] for name in parameters if (route_name, name) in entries}


def _example(route_name: str, parameter: str) -> Any:
    own = _first(route_name, (parameter,), "by_route").get(parameter) or _of_register(route_name)
    if own is not None:
        return own
    meant = [examples.parameters[parameter] for examples in every_example() if parameter in examples.parameters]
    if not meant:
        raise LookupError(f"route {route_name!r}: no module's tests/examples.py says what {parameter!r} names")
    return meant[0]


def _of_register(route_name: str) -> Any:
    """The example of the register whose page this is: its row, or its file."""
    register, page = register_of(route_name), route_name.partition("-")[2]
    if register is None:
        return None
    thing = f"{register.name}-import" if page.startswith("import-") else register.name
    return lambda things: things.rows[thing].pk


def register_of(route_name: str) -> Screens | None:
    """The register whose page this is; the API names its operations with an underscore."""
    known = {screens.name: screens for screens in all_screens()}
    return known.get(route_name.partition("-")[0]) or known.get(route_name.partition("_")[0])


def forms_for(route_name: str, things: Things) -> dict[str, Form]:
    """What to send to a route besides the empty form, by the method's name in the table."""
    return {
        f"POST:{word}": make(things)
        for examples in every_example()
        for word, make in examples.forms.get(route_name, {}).items()
    }
