"""Who signs in: one user model; signing in itself is django-allauth's, with a second factor."""
