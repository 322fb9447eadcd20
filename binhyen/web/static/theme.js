/*
 * Loaded before anything is painted: text size, contrast and light or dark, as this person last chose them here.
 * Choices live in localStorage (`by-text`, `by-contrast`, `by-theme`); a page may insist on a theme (the wall is dark).
 */
(() => {
  const root = document.documentElement;
  const remembered = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage may be forbidden; the page then looks as designed
    }
  };
  const systemDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const wanted = root.dataset.pageTheme || remembered('by-theme') || (systemDark ? 'dark' : 'light');
  root.dataset.bsTheme = wanted === 'dark' ? 'dark' : 'light';
  root.dataset.text = remembered('by-text') || '0';
  const more = remembered('by-contrast') ?? (matchMedia('(prefers-contrast: more)').matches ? 'more' : 'normal');
  root.dataset.contrast = more;
})();
