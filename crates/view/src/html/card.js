// The card under the pointer, and the panel of what is selected. Texts are only ever set as text.

const card = document.getElementById('card'), panel = document.getElementById('panel');

function element(tag, content, into) {
  const made = document.createElement(tag);
  if (content !== undefined) made.textContent = content;
  if (into) into.append(made);
  return made;
}

function describe(box, into) {
  element('h2', box.name, into);
  const list = element('dl', undefined, into);
  for (let i = 0; i < box.attributes.length; i += 2) {
    element('dt', text(box.attributes[i]), list);
    element('dd', text(box.attributes[i + 1]), list);
  }
}

// Shows what is known of a box, or of the task group at the point.
function showCard(number, x, y) {
  const frame = number < 0 && x >= COLUMN ? frameAt(worldX(x), worldY(y)) : undefined;
  card.hidden = !frame && (number < 0 || number === state.selected);
  if (card.hidden) return;
  card.replaceChildren();
  if (frame) element('div', frame.explanation, card);
  else describe(boxes[number], card);
  const bounds = card.getBoundingClientRect();
  card.style.left = Math.max(4, Math.min(x + 16, view.width - bounds.width - 8)) + 'px';
  card.style.top = (y + 20 + bounds.height > view.height ? Math.max(4, y - bounds.height - 14) : y + 20) + 'px';
}

function links(title, numbers, into) {
  element('h3', title + (numbers.length ? '' : ': nothing'), into);
  for (const number of numbers.slice(0, 50)) {
    const box = boxes[number], link = element('a', box.label + ' ', into);
    element('small', rows[box.row].streams, link);
    link.tabIndex = 0;
    link.onclick = () => { select(number); show(number); };
    link.onkeydown = (event) => { if (event.key === 'Enter') link.onclick(); };
  }
  if (numbers.length > 50) element('small', 'and ' + (numbers.length - 50) + ' more', into);
}

// Selects a box, or nothing: what it comes after and what comes after it is lit.
function select(number) {
  state.selected = number;
  state.marks = null;
  card.hidden = true;
  panel.hidden = number < 0;
  if (number >= 0) {
    state.marks = new Uint8Array(boxes.length);
    mark(number, false, state.marks, 2);
    mark(number, true, state.marks, 3);
    state.marks[number] = 1;
    let before = 0, behind = 0;
    for (const value of state.marks) { before += value === 2; behind += value === 3; }
    panel.replaceChildren();
    const close = element('button', '×', panel);
    close.className = 'close';
    close.title = 'Close (Esc)';
    close.onclick = () => select(-1);
    describe(boxes[number], panel);
    links('comes right after', neighbours(number, false), panel);
    links('right before', neighbours(number, true), panel);
    const free = boxes.length - 1 - before - behind;
    const isRight = screenX(boxes[number].x + boxes[number].w) > view.width - panel.offsetWidth - 24;
    panel.style.left = isRight ? COLUMN + 12 + 'px' : 'auto';
    panel.style.right = isRight ? 'auto' : '12px';
    element('h3', before + ' boxes come before it, ' + behind + ' after it, ' + free + ' in any order', panel);
  }
  ask();
}
