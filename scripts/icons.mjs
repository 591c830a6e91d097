import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { toSvg } from './icons/mark.mjs';
import { encodePng } from './icons/png.mjs';
import { drawIcon } from './icons/raster.mjs';

const folder = fileURLToPath(new URL('../resources/icons/', import.meta.url));
const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];

await mkdir(folder, { recursive: true });
await writeFile(`${folder}icon.svg`, toSvg());
for (const size of sizes) await writeFile(`${folder}${size}x${size}.png`, encodePng(drawIcon(size), size));
process.stdout.write(`${sizes.length} sizes and icon.svg are in ${folder}\n`);
