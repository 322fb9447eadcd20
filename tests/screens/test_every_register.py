"""The contracts of `kernel/testing`, over every register that the product declares."""

from binhyen.kernel.testing.register_contracts import RegisterContracts


class TestEveryRegister(RegisterContracts):
    pass
