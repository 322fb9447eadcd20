"""What is promised, and when each promise was last tried: the page “Cam kết”.

`promises.json` has the promises; codes never change their meaning. `passes.json` has, by the name of each test that
carries a code, the day on which it last passed; `script/test --promises` writes it before a release. Nothing else of
a test run is shipped.
"""

from binhyen.web.promises.reading import KINDS, Promise, Tried, promises, tried_promises

__all__ = ["KINDS", "Promise", "Tried", "promises", "tried_promises"]
