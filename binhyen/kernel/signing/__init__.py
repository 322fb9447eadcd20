"""Ed25519 signatures that a stranger checks with `minisign`: of evidence packages, of reports.

`minisign` is free of Django and of every other part of Bình Yên, so that a verifier starts fast and stands alone;
`station` finds this installation's keys.
"""
