"""S02 and S06 over every register that the product declares."""

from binhyen.kernel.testing.tampering_contracts import TamperingContracts
from binhyen.kernel.testing.upload_contracts import UploadContracts


class TestTampering(TamperingContracts):
    pass


class TestUploads(UploadContracts):
    pass
