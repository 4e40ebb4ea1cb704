const SIDE = 512;
const STEP = 16;

/** Choosing the square of a picture that is kept; the server draws it anew in any case. */
export function cropPictures() {
  for (const form of document.querySelectorAll('[data-cropper]')) new Cropper(form);
}

class Cropper {
  constructor(form) {
    this.form = form;
    this.file = form.querySelector('[data-cropper-file]');
    this.stage = form.querySelector('[data-cropper-stage]');
    this.canvas = form.querySelector('[data-cropper-canvas]');
    this.zoom = form.querySelector('[data-cropper-zoom]');
    this.file.addEventListener('change', () => this.open());
    this.zoom.addEventListener('input', () => this.draw());
    this.canvas.addEventListener('pointerdown', (event) => this.drag(event));
    this.canvas.addEventListener('keydown', (event) => this.nudge(event));
    form.addEventListener('submit', (event) => this.send(event));
  }

  async open() {
    const [chosen] = this.file.files;
    this.stage.hidden = true;
    this.image = null;
    this.image = chosen && (await createImageBitmap(chosen).catch(() => null));
    // What this browser cannot read, the server will answer for.
    if (!this.image) return;
    this.name = chosen.name;
    this.zoom.value = 1;
    this.x = this.image.width / 2;
    this.y = this.image.height / 2;
    this.stage.hidden = false;
    this.draw();
  }

  /** Pixels of the picture that fit into the square. */
  get span() {
    return Math.min(this.image.width, this.image.height) / Number(this.zoom.value);
  }

  draw() {
    const half = this.span / 2;
    this.x = Math.min(Math.max(this.x, half), this.image.width - half);
    this.y = Math.min(Math.max(this.y, half), this.image.height - half);
    const context = this.canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, SIDE, SIDE);
    const [left, top] = [this.x - half, this.y - half];
    context.drawImage(this.image, left, top, this.span, this.span, 0, 0, SIDE, SIDE);
  }

  /** The square, as it is seen at this moment, in the place of the file that was chosen. */
  async send(event) {
    if (!this.image) return;
    event.preventDefault();
    const square = await new Promise((done) => this.canvas.toBlob(done, 'image/png'));
    const files = new DataTransfer();
    files.items.add(new File([square], this.name, { type: square.type }));
    this.file.files = files.files;
    // Past the submit event, which has been answered already.
    this.form.submit();
  }

  drag(event) {
    event.preventDefault();
    this.canvas.focus();
    this.canvas.setPointerCapture(event.pointerId);
    const scale = this.span / this.canvas.clientWidth;
    const [x, y] = [this.x + event.clientX * scale, this.y + event.clientY * scale];
    const move = (moved) => this.moveTo(x - moved.clientX * scale, y - moved.clientY * scale);
    this.canvas.addEventListener('pointermove', move);
    const stop = () => this.canvas.removeEventListener('pointermove', move);
    this.canvas.addEventListener('lostpointercapture', stop, { once: true });
  }

  nudge(event) {
    const step = (STEP * this.span) / SIDE;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    this.moveTo(this.x + way[0] * step, this.y + way[1] * step);
  }

  moveTo(x, y) {
    this.x = x;
    this.y = y;
    this.draw();
  }
}
