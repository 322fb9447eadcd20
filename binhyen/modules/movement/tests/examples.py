"""The movement's pages name rows of its registers."""

from binhyen.kernel.testing.examples import Examples

EXAMPLES = Examples(
    by_route={
        ("movement-tasks", "pk"): lambda things: things.rows["meeting"].pk,
        ("movement-citations", "pk"): lambda things: things.rows["nomination"].pk,
        ("movement-adopt", "pk"): lambda things: things.rows["lessoncard"].pk,
    },
)
