import { shapes, side } from './mark.mjs';

/**
 * Draws the icon with smooth edges.
 * @param {number} size Width and height in pixels.
 * @returns {Buffer} RGBA, row by row
 */
export function drawIcon(size) {
  const pixels = Buffer.alloc(size * size * 4);
  const scale = size / side;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const px = (x + 0.5) / scale;
      const py = (y + 0.5) / scale;
      const pixel = [0, 0, 0, 0];
      for (const shape of shapes) {
        const coverage = Math.min(1, Math.max(0, 0.5 - distance(shape, px, py) * scale));
        if (coverage > 0) blend(pixel, shape.fill, coverage);
      }
      pixels.set(
        pixel.map((value, channel) => Math.round(channel === 3 ? value * 255 : value)),
        (y * size + x) * 4,
      );
    }
  }
  return pixels;
}

/**
 * How far a point is outside of a shape; negative inside.
 * @param {import('./mark.mjs').Shape} shape
 * @param {number} x
 * @param {number} y
 */
function distance(shape, x, y) {
  if (shape.kind === 'circle') return Math.hypot(x - shape.at[0], y - shape.at[1]) - shape.radius;
  if (shape.kind === 'tile') {
    const half = side / 2 - shape.inset - shape.radius;
    const dx = Math.abs(x - side / 2) - half;
    const dy = Math.abs(y - side / 2) - half;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - shape.radius;
  }
  const [fromX, fromY] = shape.from;
  const lineX = shape.to[0] - fromX;
  const lineY = shape.to[1] - fromY;
  const along = ((x - fromX) * lineX + (y - fromY) * lineY) / (lineX ** 2 + lineY ** 2);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part * lineX, y - fromY - part * lineY) - shape.width / 2;
}

/**
 * @param {number[]} pixel Red, green, blue to 255 and alpha to 1.
 * @param {string} colour
 * @param {number} coverage
 */
function blend(pixel, colour, coverage) {
  const below = pixel[3] ?? 0;
  const alpha = coverage + below * (1 - coverage);
  for (let channel = 0; channel < 3; channel += 1) {
    const top = Number.parseInt(colour.slice(1 + channel * 2, 3 + channel * 2), 16);
    pixel[channel] = (top * coverage + (pixel[channel] ?? 0) * below * (1 - coverage)) / alpha;
  }
  pixel[3] = alpha;
}
