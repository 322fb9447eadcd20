"""Backups: taking one while the station works, checking it, and bringing it back onto an empty folder.

A backup is one ZIP without compression of its own (footage does not shrink, the dump is compressed already):

    manifest.json   what is in it: every file with size and SHA-256, rows of every table, last line of the log
    keys.sealed     the folder `keys`, sealed with a passphrase and bound to exactly this manifest; may be missing
    database.dump   pg_dump's own format, of one snapshot
    erasures        the journal of erasures at the end of the backup
    data/…          packages and other files, footage that a case holds, settings of the station
"""
