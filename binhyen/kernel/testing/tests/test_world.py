from django.db import connection

from binhyen.kernel.testing.world import make_person, make_world
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role


def test_a_world_begins_in_an_empty_database_whatever_was_left_in_it(world):
    left = make_person("con.lai", "Người còn lại", Role.CHIEF, world.commune_b)
    connection.check_constraints()  # as committed rows have been
    again = make_world()
    assert [unit.code for unit in Unit.objects.order_by("code")] == ["T99", "X99001", "X99002"]
    assert Membership.objects.count() == 2 * len(Role)
    assert left.username not in {user.username for user in [*again.people.values(), *again.outsiders.values()]}
