'use strict';

const $ = (id) => document.getElementById(id);
const readJson = (element) => JSON.parse(element.textContent);

const page = readJson($('page'));
const [sheetWidth, sheetHeight] = page.canvas;
const sources = [...document.querySelectorAll('script.scale')];
const tiles = new Map(readJson($('tiles')).map((tile) => [tile.number, tile]));
const scales = new Map();  // those looked at last, by their place on the slider
const kMostRead = 12;      // there may be hundreds, and a phone has little memory

const stage = $('stage');
const sheet = $('sheet');
const slider = $('scale');

let shown = 0;      // place on the slider; 0 is the original
let picked = null;  // a place on the sheet
let zoom = 1;       // 1: the whole sheet fits
let left = 0;       // of the sheet on the stage
let top_ = 0;

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer;
}

function scaleAt(place) {
  if (place === 0) return null;
  if (!scales.has(place)) {
    const scale = readJson(sources[place - 1]);
    scale.tiles = new Int32Array(bytesOf(scale.tiles));
    scale.distances = new Uint16Array(bytesOf(scale.distances));
    scales.set(place, scale);
    if (scales.size > kMostRead) scales.delete(scales.keys().next().value);
  }
  return scales.get(place);
}

// Looking

function fitFactor() {
  return Math.min(stage.clientWidth / sheetWidth, stage.clientHeight / sheetHeight);
}

function place() {
  const factor = fitFactor() * zoom;
  const clamped = (at, room, length) =>
      length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
  left = clamped(left, stage.clientWidth, sheetWidth * factor);
  top_ = clamped(top_, stage.clientHeight, sheetHeight * factor);
  sheet.style.transform = `translate(${left}px, ${top_}px) scale(${factor})`;
  sheet.style.setProperty('--zoom', factor);
}

function zoomTo(wanted, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const most = Math.max(1, 8 / fitFactor());
  const next = Math.min(most, Math.max(1, wanted));
  left = x - (x - left) * next / zoom;
  top_ = y - (y - top_) * next / zoom;
  zoom = next;
  place();
}

function pan(x, y) {
  left += x;
  top_ += y;
  place();
}

// Choosing

function countOf(scale) {
  return scale.cells ? `${scale.cells.length} cells` : `${scale.columns} × ${scale.rows} cells`;
}

async function show(place) {
  shown = Math.min(sources.length, Math.max(0, place));
  slider.value = shown;
  const scale = scaleAt(shown);
  const text = scale ? `${scale.scale}` : 'original';
  const cells = scale ? countOf(scale) : '';
  $('scale-text').replaceChildren();
  $('scale-text').append(text);
  if (cells) {
    const wide = document.createElement('span');
    wide.className = 'wide';
    wide.textContent = ` (${cells})`;
    $('scale-text').append(wide);
  }
  slider.setAttribute('aria-valuetext', scale ? `${text}, ${cells}` : text);
  stage.setAttribute('aria-label', scale ? `${page.title}: mosaic at scale ${text}, ${cells}`
                                         : `${page.title}: the original`);
  const mosaic = $('mosaic');
  mosaic.hidden = !scale;
  if (scale) {
    mosaic.src = scale.picture;
    // Until it is decoded the browser goes on showing the one before.
    await mosaic.decode().catch(() => {});
  }
  tell();
}

function setOpacity(percent) {
  $('opacity').value = percent;
  $('opacity-text').textContent = `${percent} %`;
  $('mosaic').style.opacity = percent / 100;
}

// The cell between two lines of the grid.
function between(lines, at) {
  let low = 0;
  let high = lines.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lines[middle] <= at) low = middle; else high = middle;
  }
  return low;
}

function pick(x, y) {
  const factor = fitFactor() * zoom;
  const at = {x: (x - left) / factor, y: (y - top_) / factor};
  const inside = at.x >= 0 && at.y >= 0 && at.x < sheetWidth && at.y < sheetHeight;
  picked = inside && shown > 0 ? at : null;
  tell();
}

// Telling

// The cell that is seen in a field (-1: none), and the fields that it covers.
function cellAt(scale, column, row) {
  const field = {x: column, y: row, width: 1, height: 1};
  if (!scale.cells) return [row * scale.columns + column, field];
  const cell = scale.cells.findLastIndex(([x, y, width, height]) =>
    column >= x && column < x + width && row >= y && row < y + height);
  if (cell < 0) return [cell, field];
  const [x, y, width, height] = scale.cells[cell];
  return [cell, {x, y, width, height}];
}

function tell() {
  const scale = scaleAt(shown);
  $('card').hidden = $('mark').hidden = !picked || !scale;
  if ($('card').hidden) return;
  const column = between(scale.x, picked.x);
  const row = between(scale.y, picked.y);
  const [cell, fields] = cellAt(scale, column, row);
  const number = scale.tiles[cell];
  const box = {
    x: scale.x[fields.x],
    y: scale.y[fields.y],
    width: scale.x[fields.x + fields.width] - scale.x[fields.x],
    height: scale.y[fields.y + fields.height] - scale.y[fields.y],
  };
  Object.assign($('mark').style, {
    left: `${box.x}px`,
    top: `${box.y}px`,
    width: `${box.width}px`,
    height: `${box.height}px`,
  });
  keepClearOf(box);
  const tile = tiles.get(number);
  const uses = scale.tiles.reduce((sum, other) => sum + (other === number), 0);
  $('name').textContent = tile ? tile.name : 'no picture: the target is transparent here';
  $('date').textContent = tile ? tile.date : '';
  $('distance').textContent = tile ? `${(scale.distances[cell] / 100).toFixed(1)} ΔE` : '–';
  $('distance').title = 'How far its colours are from the target’s, after CIE 1976: 0 is equal';
  $('cell').textContent = `column ${column + 1}, row ${row + 1}`;
  $('uses').textContent = !tile ? '–' : uses === 1 ? 'once' : `${uses} times`;
  showPicture(tile, scale, box);
}

// Puts the card to the side where the cell is not.
function keepClearOf(box) {
  const factor = fitFactor() * zoom;
  const {classList} = $('card');
  classList.toggle('left', left + (box.x + box.width / 2) * factor > stage.clientWidth / 2);
  classList.toggle('top', top_ + (box.y + box.height / 2) * factor > stage.clientHeight / 2);
}

function frame(width, height) {
  const most = matchMedia('(max-width: 640px), (max-height: 560px)').matches ? 110 : 264;
  const factor = most / Math.max(width, height);
  Object.assign($('thumb').style, {width: `${width * factor}px`, height: `${height * factor}px`});
  return factor;
}

async function showPicture(tile, scale, box) {
  const picture = $('picture');
  $('thumb').hidden = !tile;
  if (!tile) return;
  const whole = Boolean(tile.picture);
  picture.alt = tile.name;
  picture.src = whole ? tile.picture : scale.picture;
  await picture.decode().catch(() => {});
  // Of pictures that the page has no room for, what the mosaic shows.
  const factor = whole ? frame(picture.naturalWidth, picture.naturalHeight) : frame(box.width, box.height);
  picture.style.transform =
      whole ? `scale(${factor})` : `scale(${factor}) translate(${-box.x}px, ${-box.y}px)`;
  const [x, y, width, height] = tile.crop;
  const partly = whole && (width < picture.naturalWidth || height < picture.naturalHeight);
  $('crop').hidden = !partly;
  Object.assign($('crop').style, {
    left: `${x * factor}px`,
    top: `${y * factor}px`,
    width: `${width * factor}px`,
    height: `${height * factor}px`,
  });
}

// Mouse and touch

// What the hint speaks of. Of what a device has, browsers know less than of what is used.
function hintFor(touch) {
  document.body.dataset.pointer = touch ? 'touch' : 'mouse';
}
hintFor(matchMedia('(hover: none)').matches);
for (const type of ['pointerdown', 'pointermove'])
  document.addEventListener(type, (event) => hintFor(event.pointerType === 'touch'));

const fingers = new Map();
let moved = 0;

function onStage(event) {
  const box = stage.getBoundingClientRect();
  return {x: event.clientX - box.left, y: event.clientY - box.top};
}

function spread() {
  const [a, b] = [...fingers.values()];
  return {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y)};
}

stage.addEventListener('pointerdown', (event) => {
  if (event.pointerType === 'mouse' && event.button !== 0) return;
  if (fingers.size === 0) moved = 0;
  fingers.set(event.pointerId, onStage(event));
  stage.setPointerCapture(event.pointerId);
  stage.classList.add('dragging');
});

stage.addEventListener('pointermove', (event) => {
  const before = fingers.get(event.pointerId);
  if (!before || fingers.size > 2) return;
  const now = onStage(event);
  moved += Math.hypot(now.x - before.x, now.y - before.y);
  if (fingers.size === 1) {
    fingers.set(event.pointerId, now);
    if (moved > 6) pan(now.x - before.x, now.y - before.y);
    return;
  }
  const old = spread();
  fingers.set(event.pointerId, now);
  const pinch = spread();
  moved = Infinity;
  pan(pinch.x - old.x, pinch.y - old.y);
  zoomTo(zoom * pinch.apart / Math.max(1, old.apart), pinch.x, pinch.y);
});

function lift(event) {
  if (!fingers.delete(event.pointerId)) return;
  if (fingers.size > 0) return;
  stage.classList.remove('dragging');
  const at = onStage(event);
  if (event.type === 'pointerup' && moved <= 6) pick(at.x, at.y);
}
stage.addEventListener('pointerup', lift);
stage.addEventListener('pointercancel', lift);

stage.addEventListener('wheel', (event) => {
  event.preventDefault();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 30;
  const at = onStage(event);
  zoomTo(zoom * Math.exp(-event.deltaY * lines * 0.002), at.x, at.y);
}, {passive: false});

// Keys and buttons

const kPanStep = 80;
const arrows = {ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

function closeCard() {
  picked = null;
  tell();
  stage.focus();
}

function toggleTheme() {
  prefersDark.removeEventListener('change', followPreference);
  const {dataset} = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
}

function onArrow(event) {
  const [x, y] = arrows[event.key];
  if (event.shiftKey) pan(x * kPanStep, y * kPanStep); else show(shown - x - y);
}

const keys = {
  '+': () => zoomTo(zoom * 1.5),
  '=': () => zoomTo(zoom * 1.5),
  '-': () => zoomTo(zoom / 1.5),
  '0': () => zoomTo(1),
  'f': () => zoomTo(1),
  't': toggleTheme,
  'Home': () => show(0),
  'End': () => show(sources.length),
  'Escape': closeCard,
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inSlider = event.target instanceof HTMLInputElement;
  if (event.key in arrows) {
    if (inSlider && !event.shiftKey) return;  // it moves by itself
    onArrow(event);
  } else if (event.key === 'Enter' && event.target === stage) {
    pick(stage.clientWidth / 2, stage.clientHeight / 2);
  } else if (event.key in keys && !(inSlider && (event.key === 'Home' || event.key === 'End'))) {
    keys[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

slider.addEventListener('input', () => show(Number(slider.value)));
$('opacity').addEventListener('input', () => setOpacity(Number($('opacity').value)));
$('in').addEventListener('click', keys['+']);
$('out').addEventListener('click', keys['-']);
$('fit').addEventListener('click', keys['0']);
$('theme').addEventListener('click', toggleTheme);
$('close').addEventListener('click', closeCard);
new ResizeObserver(() => { place(); tell(); }).observe(stage);

document.title = `${page.title} – mosaics`;
$('title').textContent = page.title;
$('original').src = page.original;
Object.assign(sheet.style, {width: `${sheetWidth}px`, height: `${sheetHeight}px`});
slider.max = sources.length;
setOpacity(page.opacity);
place();
show(Math.ceil(sources.length / 2));
