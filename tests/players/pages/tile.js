const tile = document.createElement('by-live-tile');
for (const [name, value] of new URLSearchParams(location.search)) tile.setAttribute(name, value);
document.body.append(tile);
