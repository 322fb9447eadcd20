"""Every workflow of the product keeps what workflows promise."""

from binhyen.kernel.testing.workflows import WorkflowContract, every
from binhyen.kernel.workflow.registry import workflows


class TestEveryWorkflow(WorkflowContract):
    registered = every(workflows())


def test_the_workflows_of_cases_and_footage_requests_are_found_by_themselves():
    assert {"vu-viec", "yeu-cau-hinh-anh"} <= {each.slug for each in workflows()}
