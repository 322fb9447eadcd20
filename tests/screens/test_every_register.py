"""The contracts of `kernel/testing`, over every register that the product declares."""

from binhyen.kernel.testing.register_contracts import RegisterContracts
from binhyen.kernel.testing.tampering_contracts import TamperingContracts


class TestEveryRegister(RegisterContracts):
    pass


class TestTampering(TamperingContracts):
    pass
