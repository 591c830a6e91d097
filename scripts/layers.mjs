#!/usr/bin/env node
// Checks the layer rules of docs/architecture.md. dependency-cruiser reads TypeScript through the compiler's API, which
// TypeScript 7 does not have any more, so it finds version 5 as its own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const own = join(modules, 'dependency-cruiser/node_modules');
if (!existsSync(join(own, 'typescript'))) {
  mkdirSync(own, { recursive: true });
  symlinkSync(join(modules, 'typescript-5'), join(own, 'typescript'), 'junction');
}
const folders = ['src-shared', 'src-main', 'src-cli', 'src-preload', 'src-renderer'];
const cruise = join(modules, 'dependency-cruiser/bin/dependency-cruise.mjs');
const { status } = spawnSync(process.execPath, [cruise, '--config', '.dependency-cruiser.mjs', ...folders], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
