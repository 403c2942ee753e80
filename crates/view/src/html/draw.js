// Drawing: only what is in view, with less detail the smaller it is.

const canvas = document.getElementById('picture'), context = canvas.getContext('2d');
const map = document.getElementById('map'), mapContext = map.getContext('2d');
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const COLUMN = 116, MAP = 46;
const view = { x: 0, y: 0, scale: 1, width: 0, height: 0 };
const state = { hover: -1, selected: -1, marks: null, matches: null };
let colours = {}, mapPicture = null, isAsked = false;

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches ? 1 : 0;
  for (const name of ['page', 'text', 'soft', 'line', 'panel', 'accent', 'row', 'wire', 'arrow', 'circle', 'frame', 'find']) {
    colours[name] = style.getPropertyValue('--' + name).trim();
  }
  colours.kinds = data.classes.map(([name, strong, soft]) => ({ name, strong: strong[dark], soft: soft[dark] }));
}

// Rows stay as tall as there is room for, so that the whole of a long graph is more than a line.
const tall = () => Math.max(view.scale, Math.min(0.42, view.height / Math.max(data.height, 1)));
const screenX = (x) => (x - view.x) * view.scale, screenY = (y) => (y - view.y) * tall();
const worldX = (x) => x / view.scale + view.x, worldY = (y) => y / tall() + view.y;

function inPixels() {
  const ratio = devicePixelRatio || 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

function inPicture() {
  const x = (devicePixelRatio || 1) * view.scale, y = (devicePixelRatio || 1) * tall();
  context.setTransform(x, 0, 0, y, -view.x * x, -view.y * y);
}

// Strokes the path that was made in the picture; lines are as thick in all directions.
function stroke(colour, width) {
  inPixels();
  context.strokeStyle = colour;
  context.lineWidth = width * Math.min(Math.max(view.scale, 0.4), 2);
  context.stroke();
  inPicture();
}

function ask() {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => { isAsked = false; draw(); });
}

// 0 for what stands in the background while something is selected.
const isLit = (number) => !state.marks || state.marks[number] > 0;

function draw() {
  inPixels();
  context.fillStyle = colours.page;
  context.fillRect(0, 0, view.width, view.height);
  inPicture();
  const area = { left: worldX(0), right: worldX(view.width), top: worldY(0), bottom: worldY(view.height) };
  const visible = rows.filter((row) => row.middle + ROW > area.top && row.middle - ROW < area.bottom);
  context.fillStyle = colours.row;
  for (const row of visible) context.fillRect(area.left, row.middle - ROW / 2, area.right - area.left, ROW);
  drawFrames(area);
  context.beginPath();
  for (const wire of wires) {
    if (wire.y < area.top || wire.y > area.bottom) continue;
    context.moveTo(Math.max(wire.left, area.left), wire.y);
    context.lineTo(Math.min(wire.right, area.right), wire.y);
  }
  stroke(colours.wire, 2);
  drawArrows(area);
  for (const row of visible) drawRow(row, area);
  if (view.scale > 0.5) drawCaptions(area);
  inPixels();
  drawNames(visible);
  drawHeadings();
  drawMap();
}

function drawFrames(area) {
  context.fillStyle = colours.frame;
  for (const frame of frames) {
    if (frame.x > area.right || frame.x + frame.w < area.left) continue;
    context.setLineDash(frame.exact ? [] : [4, 3]);
    context.beginPath();
    context.roundRect(frame.x, frame.y, frame.w, frame.h, 7);
    context.globalAlpha = 0.08;
    context.fill();
    context.globalAlpha = 1;
    stroke(colours.frame, 1.2);
  }
  context.setLineDash([]);
}

const shortened = (label, most) => label.length <= most ? label : label.slice(0, Math.max(most - 1, 0)) + '…';

// The way of an arrow, as a path of straight lines with round turns.
function trace(arrow, isRound) {
  const a = boxes[arrow.a], b = boxes[arrow.b];
  const x1 = a.x + a.w, y1 = a.y + a.h / 2, x2 = b.x - 1, y2 = b.y + b.h / 2;
  let points;
  if (arrow.way === 0) points = [];
  else if (arrow.way === 1) points = [[x1 + TURN, y1], [x1 + TURN, y2]];
  else points = [[x1 + TURN, y1], [x1 + TURN, arrow.way], [x2 - TURN, arrow.way], [x2 - TURN, y2]];
  context.moveTo(x1, y1);
  points.push([x2, y2]);
  let px = x1, py = y1;
  for (let i = 0; i < points.length; i++) {
    const [x, y] = points[i], next = points[i + 1];
    if (!next || !isRound) context.lineTo(x, y);
    else {
      const before = Math.abs(x - px) + Math.abs(y - py), after = Math.abs(next[0] - x) + Math.abs(next[1] - y);
      context.arcTo(x, y, next[0], next[1], Math.min(ROUND, before / 2, after / 2));
    }
    px = x; py = y;
  }
}

function drawArrows(area) {
  const near = [], lit = [], focus = state.hover >= 0 ? state.hover : state.selected;
  let drawn = -1;
  for (const arrow of arrows) {
    if (arrow.right < area.left || arrow.left > area.right) continue;
    const a = boxes[arrow.a], b = boxes[arrow.b];
    if (Math.max(a.y, b.y) + 80 < area.top || Math.min(a.y, b.y) - 80 > area.bottom) continue;
    const isNear = arrow.a === focus || arrow.b === focus;
    if (isNear || (state.marks && isLit(arrow.a) && isLit(arrow.b))) { lit.push(arrow); continue; }
    // Far away, arrows that begin and end at the same pixels are one.
    const place = Math.floor(screenX(a.x)) * 4096 + a.row * 64 + b.row;
    if (view.scale < 0.15 && place === drawn) continue;
    drawn = place;
    near.push(arrow);
  }
  const isRound = view.scale > 0.3;
  const put = (some, colour, width, alpha) => {
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.beginPath();
    for (const arrow of some) trace(arrow, isRound);
    stroke(colour, width);
    if (view.scale > 0.3) {
      context.beginPath();
      for (const arrow of some) tip(boxes[arrow.b]);
      context.fill();
    }
  };
  put(near.filter((arrow) => !arrow.circular), colours.arrow, 1.5, state.marks ? 0.15 : view.scale < 0.15 ? 0.35 : 1);
  context.setLineDash([5, 3]);
  put(near.filter((arrow) => arrow.circular), colours.circle, 1.8, 1);
  context.setLineDash([]);
  put(lit, colours.accent, 2.6, 1);
  context.globalAlpha = 1;
}

function tip(box) {
  const x = box.x - 0.5, y = box.y + box.h / 2;
  context.moveTo(x, y);
  context.lineTo(x - 8, y - 3.6);
  context.lineTo(x - 8, y + 3.6);
  context.closePath();
}

function drawRow(row, area) {
  const scale = view.scale, isFar = scale < 0.3;
  let last = -1;
  for (let at = firstBehind(row, area.left); at < row.boxes.length; at++) {
    const box = boxes[row.boxes[at]];
    if (box.x > area.right) break;
    const kind = colours.kinds[box.kind];
    if (isFar) {
      const pixel = Math.floor(screenX(box.x));
      if (pixel === last && box.w * scale < 2) continue;
      last = pixel;
      context.globalAlpha = isLit(box.number) ? 1 : 0.15;
      context.fillStyle = kind.strong;
      context.fillRect(box.x, box.y, Math.max(box.w, 1 / scale), box.h);
    } else {
      context.globalAlpha = isLit(box.number) ? 1 : 0.25;
      drawBox(box, kind);
    }
    context.globalAlpha = 1;
    ring(box);
  }
}

function drawBox(box, kind) {
  context.fillStyle = kind.soft;
  if (box.lost) context.setLineDash([3, 2]);
  context.beginPath();
  context.roundRect(box.x, box.y, box.w, box.h, box.pill ? 11 : 5);
  context.fill();
  stroke(kind.strong, 1);
  context.setLineDash([]);
  if (!box.pill) {
    context.fillStyle = kind.strong;
    context.beginPath();
    context.roundRect(box.x, box.y, 5, box.h, 2.5);
    context.fill();
  }
  if (view.scale < 0.45) return;
  context.fillStyle = colours.text;
  context.font = '11px ' + FONT;
  if (box.pill) {
    context.textAlign = 'center';
    context.fillText(box.label, box.x + box.w / 2, box.y + 15, box.w - 8);
    context.textAlign = 'left';
    return;
  }
  context.fillText(box.label, box.x + 12, box.y + (box.detail ? 15 : 21), box.w - 16);
  if (box.detail) {
    context.fillStyle = colours.soft;
    context.font = '9.5px ' + FONT;
    context.fillText(box.detail, box.x + 12, box.y + 27, box.w - 16);
  }
}

// What is selected, under the pointer or found stands out.
function ring(box) {
  const isChosen = box.number === state.selected || box.number === state.hover;
  const isFound = state.matches && state.matches[box.number];
  if (!isChosen && !isFound) return;
  context.beginPath();
  context.roundRect(box.x - 2, box.y - 2, box.w + 4, box.h + 4, box.pill ? 13 : 7);
  stroke(isFound ? colours.find : colours.accent, 2.4);
}

// Above the arrows, which it cuts out.
function drawCaption(label, x, y, colour) {
  context.strokeStyle = colours.page;
  context.lineWidth = 3;
  context.strokeText(label, x, y);
  context.fillStyle = colour;
  context.fillText(label, x, y);
}

function drawCaptions(area) {
  context.font = '9.5px ' + FONT;
  context.lineJoin = 'round';
  for (const caption of captions) {
    if (caption.x <= area.right && caption.x + 200 >= area.left) drawCaption(caption.label, caption.x, caption.y - 21, colours.soft);
  }
  for (const frame of frames) {
    if (frame.x > area.right || frame.x + frame.w < area.left) continue;
    drawCaption(shortened(frame.title, Math.floor((frame.w - 10) / 5.8)), frame.x + 6, frame.y + 11, colours.frame);
  }
}

// The names of streams stay at the left edge.
function drawNames(visible) {
  if (!rows.length) return;
  context.fillStyle = colours.page;
  context.fillRect(0, 0, COLUMN, view.height);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(COLUMN + 0.5, 0);
  context.lineTo(COLUMN + 0.5, view.height);
  context.stroke();
  const height = ROW * tall();
  let last = -99;
  for (const row of visible) {
    const y = screenY(row.middle);
    if (y - last < 12) continue;
    last = y;
    context.fillStyle = colours.text;
    if (height > 22) {
      context.font = '600 12px system-ui, sans-serif';
      context.fillText(row.role, 14, y - 2);
      context.fillStyle = colours.soft;
      context.font = '10px ' + FONT;
      context.fillText(row.streams, 14, y + 11, COLUMN - 20);
    } else {
      context.font = '10px ' + FONT;
      context.fillText(row.streams, 14, y + 4, COLUMN - 20);
    }
  }
}

function drawHeadings() {
  const least = Math.min(Math.max(tall(), 0.8), 1.2);
  for (const heading of headings) {
    const y = screenY(heading.y) + Math.max(16 * tall(), 13);
    if (y < -20 || y > view.height + 20) continue;
    context.fillStyle = colours.page;
    context.fillRect(0, y - 16 * least, view.width, 24 * least);
    context.font = '600 ' + 12 * least + 'px system-ui, sans-serif';
    context.fillStyle = colours.text;
    context.fillText(heading.name, 14, y);
    const width = context.measureText(heading.name).width;
    context.font = 11.5 * least + 'px system-ui, sans-serif';
    context.fillStyle = colours.soft;
    context.fillText(heading.summary + (heading.empty ? ' · nothing to draw' : ''), 24 + width, y);
  }
}

// The whole picture, small; it is drawn once.
function makeMap() {
  mapPicture = document.createElement('canvas');
  mapPicture.width = map.width;
  mapPicture.height = map.height;
  const ink = mapPicture.getContext('2d');
  const x = map.width / Math.max(data.width, 1), y = map.height / Math.max(data.height, 1);
  for (const box of boxes) {
    ink.fillStyle = colours.kinds[box.kind].strong;
    ink.fillRect(box.x * x, box.y * y, Math.max(box.w * x, 1), Math.max(box.h * y, 1));
  }
}

function drawMap() {
  if (map.hidden) return;
  if (!mapPicture) makeMap();
  const x = map.width / Math.max(data.width, 1), y = map.height / Math.max(data.height, 1);
  mapContext.fillStyle = colours.page;
  mapContext.fillRect(0, 0, map.width, map.height);
  mapContext.globalAlpha = state.matches || state.marks ? 0.3 : 0.8;
  mapContext.drawImage(mapPicture, 0, 0);
  mapContext.globalAlpha = 1;
  for (const box of boxes) {
    const isFound = state.matches && state.matches[box.number], isMarked = state.marks && state.marks[box.number];
    if (!isFound && !isMarked) continue;
    mapContext.fillStyle = isFound ? colours.find : colours.accent;
    mapContext.fillRect(box.x * x, box.y * y, Math.max(box.w * x, 2), Math.max(box.h * y, 2));
  }
  mapContext.strokeStyle = colours.text;
  mapContext.lineWidth = 2;
  const left = worldX(COLUMN) * x, right = worldX(view.width) * x, top = worldY(0) * y, bottom = worldY(view.height) * y;
  mapContext.strokeRect(Math.max(left, 1), Math.max(top, 1), Math.max(Math.min(right, map.width - 1) - Math.max(left, 1), 4), Math.min(bottom, map.height - 1) - Math.max(top, 1));
}
