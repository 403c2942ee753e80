// The search box: all that matches is ringed, Enter goes from one to the next.

const query = document.getElementById('query'), found = document.getElementById('found');
let hits = [], current = -1;

function matches(box, wanted) {
  if (box.name.toLowerCase().includes(wanted) || box.label.toLowerCase().includes(wanted)) return true;
  if (colours.kinds[box.kind].name.includes(wanted)) return true;
  for (let i = 1; i < box.attributes.length; i += 2) {
    if (text(box.attributes[i]).toLowerCase().includes(wanted)) return true;
  }
  return ('stream ' + text(box.attributes[3] ?? 0)).toLowerCase().includes(wanted);
}

function search() {
  const wanted = query.value.trim().toLowerCase();
  hits = [];
  current = -1;
  state.matches = null;
  found.textContent = '';
  if (wanted) {
    state.matches = new Uint8Array(boxes.length);
    for (const box of boxes) {
      if (!matches(box, wanted)) continue;
      state.matches[box.number] = 1;
      hits.push(box.number);
    }
    hits.sort((a, b) => boxes[a].x - boxes[b].x || a - b);
    found.textContent = hits.length ? hits.length + ' found' : 'none';
  }
  ask();
}

function step(by) {
  if (!hits.length) return;
  current = (current + by + hits.length) % hits.length;
  found.textContent = (current + 1) + ' / ' + hits.length;
  select(hits[current]);
  show(hits[current]);
}

query.addEventListener('input', search);
query.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') { query.value = ''; search(); canvas.focus(); }
  event.stopPropagation();
});
