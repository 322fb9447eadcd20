"""What addresses of the network name, besides the rows of its registers."""

from binhyen.kernel.testing.examples import Examples

EXAMPLES = Examples(
    by_route={
        ("network-donor", "pk"): lambda things: things.rows["camerasite"].pk,
        ("network-donor-write", "pk"): lambda things: things.rows["camerasite"].pk,
    },
    forms={"network-donor-write": {"name": lambda things: {"donor": "Công ty Ánh Sao"}}},
)
