const player = document.createElement('by-player');
for (const [name, value] of new URLSearchParams(location.search)) player.setAttribute(name, value);
if (player.hasAttribute('theme')) document.documentElement.dataset.bsTheme = player.getAttribute('theme');
window.told = [];
for (const name of ['by-time', 'by-marks', 'by-snapshot', 'by-refused', 'by-ready']) {
  document.addEventListener(name, (event) => window.told.push([name, event.detail]));
}
document.body.append(player);
