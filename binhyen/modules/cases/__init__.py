"""Cases: what an officer works on, under which legal basis, by when; and what its being open allows.

Receipt and deadlines follow the Criminal Procedure Code (BLTTHS 2015, art. 144 to 147); `kinds.json` holds the
legal bases as dated rows that a legal officer must check. A case that is closed opens nothing: every access
that came from it is asked for again at each look.
"""
