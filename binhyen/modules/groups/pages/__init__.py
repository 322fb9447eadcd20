"""Pages of groups that no register gives: a group, rotas, patrols, the page for a telephone."""
