"""How Vietnamese is written: letters and marks (`folding`), syllables (`syllables`), figures (`numbers`)."""
