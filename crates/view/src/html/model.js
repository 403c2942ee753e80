// The graphs as the page knows them: flat arrays of boxes and arrows, and which box comes after which.

const data = JSON.parse(document.getElementById('data').textContent);
const text = (number) => data.texts[number];
const MARGIN = 128, ROW = 34, PILL = 22, TURN = 10, ROUND = 8;

const boxes = [], arrows = [], frames = [], captions = [], wires = [], rows = [], headings = [];

for (const section of data.sections) {
  const firstBox = boxes.length, firstRow = rows.length;
  headings.push({ y: section.top, name: text(section.name), summary: text(section.summary), empty: section.items.length === 0 });
  for (const [middle, channel, role, streams] of section.rows) {
    rows.push({ middle, channel, role: text(role), streams: text(streams), boxes: [] });
  }
  for (const [lane, row, x, w, kind, flags, label, detail, name, attributes] of section.items) {
    const number = boxes.length, before = number > firstBox && boxes[number - 1].lane === lane ? number - 1 : -1;
    const at = rows[firstRow + row], h = flags & 1 ? PILL : ROW;
    boxes.push({ number, lane, row: firstRow + row, x, w, h, y: at.middle - h / 2, kind, pill: flags & 1, lost: flags & 2,
      label: text(label), detail: text(detail), name: text(name), attributes, before, after: -1, from: [], to: [] });
    if (before >= 0) boxes[before].after = number;
    at.boxes.push(number);
  }
  for (const [from, to, way, circular] of section.arrows) {
    const a = boxes[firstBox + from], b = boxes[firstBox + to], number = arrows.length;
    const left = Math.min(a.x + a.w, b.x - TURN), right = Math.max(a.x + a.w + TURN, b.x);
    arrows.push({ a: a.number, b: b.number, way, circular, left, right });
    a.to.push(number);
    b.from.push(number);
  }
  for (const [x, y, w, h, title, explanation, exact] of section.frames) {
    frames.push({ x, y, w, h, title: text(title), explanation: text(explanation), exact });
  }
  for (const [label, x, y] of section.captions) captions.push({ label: text(label), x, y });
  for (const [left, right, y] of section.wires) wires.push({ left, right, y });
}
// Streams that share a row come one after the other in it, though not in the order of their numbers.
for (const row of rows) row.boxes.sort((a, b) => boxes[a].x - boxes[b].x);
const WIDEST = boxes.reduce((most, box) => Math.max(most, box.w), 0);

// The place in a row of the first box that ends behind x.
function firstBehind(row, x) {
  const all = row.boxes;
  let low = 0, high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1, box = boxes[all[middle]];
    if (box.x + box.w < x) low = middle + 1; else high = middle;
  }
  return low;
}

// The box at a point.
function boxAt(x, y) {
  for (const row of rows) {
    if (Math.abs(row.middle - y) > ROW / 2) continue;
    const box = boxes[row.boxes[firstBehind(row, x)]];
    if (box && box.x <= x && Math.abs(row.middle - y) <= box.h / 2) return box.number;
  }
  return -1;
}

// The task group around a point, if any.
const frameAt = (x, y) => frames.find((frame) => x >= frame.x && x <= frame.x + frame.w && y >= frame.y && y <= frame.y + frame.h);

// What a box comes directly after, or what comes directly after it.
function neighbours(number, forward) {
  const box = boxes[number], all = [];
  const next = forward ? box.after : box.before;
  if (next >= 0) all.push(next);
  for (const arrow of forward ? box.to : box.from) all.push(forward ? arrows[arrow].b : arrows[arrow].a);
  return all;
}

// Marks everything that a box comes after, or that comes after it.
function mark(number, forward, marks, value) {
  const pending = [number], seen = new Uint8Array(boxes.length);
  seen[number] = 1;
  while (pending.length) {
    for (const next of neighbours(pending.pop(), forward)) {
      if (seen[next]) continue;
      seen[next] = 1;
      marks[next] = value;
      pending.push(next);
    }
  }
}
