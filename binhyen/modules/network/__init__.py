"""What cameras stand on and hang at: clusters, sites, devices, lines; certificates, the security checklist, outages.

A household's camera is in none of it: here such cameras are counted, nothing more.
"""
