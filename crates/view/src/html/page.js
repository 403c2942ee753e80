// The page: its size, and what hands do to it.

const MOST = 4, READABLE = 0.75;

function resize() {
  const bounds = canvas.parentElement.getBoundingClientRect(), ratio = devicePixelRatio || 1;
  map.hidden = boxes.length === 0 || data.width * 0.9 < bounds.width;
  const below = map.hidden ? 0 : MAP;
  view.width = bounds.width;
  view.height = bounds.height - below;
  for (const [which, height] of [[canvas, view.height], [map, MAP]]) {
    which.width = Math.round(bounds.width * ratio);
    which.height = Math.round(height * ratio);
    which.style.width = bounds.width + 'px';
    which.style.height = height + 'px';
  }
  mapPicture = null;
  bound();
  ask();
}

// Keeps something in sight.
function bound() {
  const left = COLUMN / view.scale;
  const least = MARGIN - left - 12 / view.scale, most = Math.max(least, data.width - view.width / view.scale + 40);
  view.x = Math.min(Math.max(view.x, least), most);
  view.y = Math.min(Math.max(view.y, 0), Math.max(0, data.height - view.height / tall() + 20));
}

function zoom(by, x, y) {
  const [atX, atY] = [worldX(x), worldY(y)];
  view.scale = Math.min(MOST, Math.max(Math.min(whole(), READABLE), view.scale * by));
  view.x = atX - x / view.scale;
  view.y = atY - y / tall();
  bound();
  ask();
}

// The scale at which everything is in view.
function whole() {
  const wide = (view.width - COLUMN - 40) / Math.max(data.width - MARGIN, 1), high = view.height / Math.max(data.height, 1);
  return Math.min(wide, high, 1.25);
}

// Shows everything, or, where that is too small to read, the beginning.
function fit(isWhole) {
  const scale = whole(), high = view.height / Math.max(data.height, 1);
  view.scale = isWhole || scale >= READABLE ? scale : Math.max(Math.min(high, 1), READABLE);
  view.x = view.y = -1e9;
  bound();
  ask();
}

// Brings a box to the middle, large enough to read.
function show(number) {
  const box = boxes[number];
  view.scale = Math.max(view.scale, 0.8);
  view.x = box.x + box.w / 2 - (view.width + COLUMN) / 2 / view.scale;
  view.y = box.y + box.h / 2 - view.height / 2 / tall();
  bound();
  ask();
}

const pointers = new Map();
let isDragged = false, pinch = 0;

canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  canvas.focus();
  pointers.set(event.pointerId, event);
  isDragged = false;
  pinch = 0;
});
canvas.addEventListener('pointermove', (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) { hover(event); return; }
  pointers.set(event.pointerId, event);
  if (pointers.size === 2) {
    const [a, b] = [...pointers.values()], wide = Math.hypot(a.offsetX - b.offsetX, a.offsetY - b.offsetY);
    if (pinch) zoom(wide / pinch, (a.offsetX + b.offsetX) / 2, (a.offsetY + b.offsetY) / 2);
    pinch = wide;
    isDragged = true;
    return;
  }
  const x = event.offsetX - before.offsetX, y = event.offsetY - before.offsetY;
  if (!isDragged && Math.hypot(x, y) < 4) { pointers.set(event.pointerId, before); return; }
  isDragged = true;
  canvas.classList.add('moving');
  card.hidden = true;
  view.x -= x / view.scale;
  view.y -= y / tall();
  bound();
  ask();
});
canvas.addEventListener('pointerup', (event) => {
  if (pointers.has(event.pointerId) && !isDragged) select(boxAt(worldX(event.offsetX), worldY(event.offsetY)));
  pointers.delete(event.pointerId);
  canvas.classList.remove('moving');
});
canvas.addEventListener('pointercancel', (event) => pointers.delete(event.pointerId));
canvas.addEventListener('pointerleave', () => { state.hover = -1; card.hidden = true; ask(); });
canvas.addEventListener('wheel', (event) => {
  event.preventDefault();
  const step = event.deltaMode === 1 ? 16 : 1;
  if (event.shiftKey) { view.x += (event.deltaY + event.deltaX) * step / view.scale; bound(); ask(); return; }
  zoom(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * step)) * 0.0018), event.offsetX, event.offsetY);
}, { passive: false });

function hover(event) {
  const number = event.offsetX < COLUMN ? -1 : boxAt(worldX(event.offsetX), worldY(event.offsetY));
  canvas.classList.toggle('over', number >= 0);
  showCard(number, event.offsetX, event.offsetY);
  if (number !== state.hover) { state.hover = number; ask(); }
}

function jump(event) {
  view.x = event.offsetX / map.clientWidth * data.width - (view.width + COLUMN) / 2 / view.scale;
  view.y = event.offsetY / map.clientHeight * data.height - view.height / 2 / tall();
  bound();
  ask();
}
map.addEventListener('pointerdown', (event) => { map.setPointerCapture(event.pointerId); jump(event); });
map.addEventListener('pointermove', (event) => { if (event.buttons) jump(event); });

const [midX, midY] = [() => view.width / 2, () => view.height / 2];
document.getElementById('in').onclick = () => zoom(1.4, midX(), midY());
document.getElementById('out').onclick = () => zoom(1 / 1.4, midX(), midY());
document.getElementById('fit').onclick = () => fit(true);

const keys = {
  '/': () => query.focus(),
  '+': () => zoom(1.4, midX(), midY()),
  '=': () => zoom(1.4, midX(), midY()),
  '-': () => zoom(1 / 1.4, midX(), midY()),
  '0': () => fit(true),
  Escape: () => select(-1),
  ArrowLeft: () => move(-1, 0),
  ArrowRight: () => move(1, 0),
  ArrowUp: () => move(0, -1),
  ArrowDown: () => move(0, 1),
};

// Moves the picture, or along its stream what is selected.
function move(x, y) {
  const box = boxes[state.selected], next = box && x ? (x > 0 ? box.after : box.before) : -1;
  if (next >= 0) { select(next); show(next); return; }
  view.x += x * 120 / view.scale;
  view.y += y * 60 / tall();
  bound();
  ask();
}
addEventListener('keydown', (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});
addEventListener('resize', resize);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { readColours(); makeLegend(); mapPicture = null; ask(); });

function makeLegend() {
  const legend = document.getElementById('legend');
  legend.replaceChildren();
  data.classes.forEach(([name, , , isUsed], index) => {
    if (!isUsed) return;
    const entry = element('span', undefined, legend), sign = element('i', undefined, entry), kind = colours.kinds[index];
    sign.style.background = kind.soft;
    sign.style.borderColor = kind.strong;
    entry.append(name);
  });
}

document.getElementById('title').textContent = data.title;
canvas.setAttribute('aria-label', headings.map((heading) => heading.name + ': ' + heading.summary).join('; '));
readColours();
makeLegend();
resize();
fit(false);
