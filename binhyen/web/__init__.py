"""The shell that modules show themselves in: base templates, menu, static files, gateway to the media plane."""
